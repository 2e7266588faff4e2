import { checkId, httpUrl, imageReference, namespaceName, nodeName } from '../../src/cluster-file/index.ts'
import { suiteNames } from '../../src/verify/index.ts'
import { clusterInputs } from '../host-inputs.ts'
import type { InputSpecification } from '../input-specification.ts'
import { anyVersion, expectedGpus, failOnRule, oneOf, workflowFile } from './grammars.ts'

/** Seconds, minutes, hours and days in milliseconds. */
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Every input of verify-cluster. What a cluster file can say has no default here. */
export const specification = {
  ...clusterInputs,
  mode: {
    type: 'enum',
    choices: ['observe', 'probe', 'load'],
    description:
      'observe reads only; probe also runs pods in one namespace and asks Triton for what it must refuse; load also measures latency under load. Default: observe.',
    twin: 'verify.mode',
  },
  suites: {
    type: 'list',
    grammar: oneOf(suiteNames, 'suite'),
    description: `What is asked: ${suiteNames.join(', ')}. Default: all of them but spread, as far as the mode allows.`,
    twin: 'verify.suites',
  },
  nodes: {
    type: 'list',
    grammar: nodeName,
    description: 'Nodes that the run is about. Default: all.',
  },
  joining: {
    type: 'string',
    grammar: nodeName,
    description:
      'Node that is about to join: nothing is asked about it, neither that it is there nor that it is not. Default: none.',
  },
  'expect-nodes': {
    type: 'list',
    grammar: nodeName,
    description:
      'Nodes that the cluster must have, and no others. Default: those of the cluster file; without one, whatever is there.',
    twin: 'nodes',
  },
  'expect-version': {
    type: 'string',
    grammar: anyVersion,
    description:
      'Version that server and nodes must have, e.g. v1.33.4+k3s1 or v1.32.3, or match-server. Default: match-server.',
    twin: 'version',
  },
  'expect-gpus': {
    type: 'list',
    grammar: expectedGpus,
    description: 'Number of GPUs that nodes must offer, each node=number, e.g. calypso=1.',
    twin: 'nodes.<node>.gpu.count',
  },
  'expect-flux': {
    type: 'enum',
    choices: ['required', 'optional', 'ignored'],
    description:
      'required: Flux must be installed and healthy; optional: healthy where it is installed; ignored: not asked. Default: optional.',
    twin: 'verify.flux',
  },
  'expect-gpu-proof': {
    type: 'enum',
    choices: ['gpu-proved', 'gpu-likely', 'none'],
    description: 'Least evidence that a GPU produced the answer of Triton. Default: gpu-likely.',
    twin: 'verify.triton.<n>.gpu-proof',
  },
  'expect-p95': {
    type: 'duration',
    minimum: 1,
    maximum: 10 * minute,
    description: 'Latency that 95 of 100 answers of Triton must stay below, e.g. 250ms. Default: only measured.',
    twin: 'verify.triton.<n>.p95',
  },
  'triton-url': {
    type: 'string',
    grammar: httpUrl,
    description: "Address of a Triton server's HTTP endpoint, in place of those of the cluster file.",
    twin: 'verify.triton.<n>.url',
  },
  'triton-model': {
    type: 'string',
    description: 'Model of that server which must answer.',
    twin: 'verify.triton.<n>.model',
  },
  'triton-access': {
    type: 'enum',
    choices: ['direct', 'cloudflare'],
    description:
      'What guards that server: nothing (direct), or a Cloudflare Access policy with a service token. Default: cloudflare with access-client-id, else direct.',
    twin: 'verify.triton.<n>.access',
  },
  'triton-headers': {
    type: 'lines',
    secret: true,
    description:
      'Further headers for Triton, one a line as Name: value, e.g. of a restricted API. From a secret; sent to that server alone.',
  },
  'access-client-id': {
    type: 'string',
    secret: true,
    description:
      'Client ID of a service token of Cloudflare Access, from a secret. Sent to the configured addresses alone, never across a redirect.',
  },
  'access-client-secret': {
    type: 'string',
    secret: true,
    description: 'Client secret of that service token, from a secret.',
  },
  'gpu-image': {
    type: 'string',
    grammar: imageReference,
    description:
      "Image in which a GPU computes, with tag or digest: one with python3 or nvidia-smi, or a CUDA sample. Default: a fitting one that is on the node already, else NVIDIA's CUDA sample, which is downloaded once.",
    twin: 'verify.gpu-image',
  },
  'probe-image': {
    type: 'string',
    grammar: imageReference,
    description:
      'Image of the pods that ask about network, volumes and scheduling, with tag or digest: one with busybox or Python, e.g. busybox:stable. It is fetched where it is missing. Default: a fitting one that is on the node already; without one that question is not asked.',
    twin: 'verify.probe-image',
  },
  'storage-class': {
    type: 'string',
    grammar: nodeName,
    description:
      'Storage class in which mode probe makes a small volume on a node, writes to it, reads it back and deletes it. Default: none is made.',
    twin: 'verify.storage.class',
  },
  namespace: {
    type: 'string',
    grammar: namespaceName,
    description: 'Namespace in which pods of a probe run. Default: k3s-gpu-actions-verify.',
    twin: 'verify.namespace',
  },
  'fail-on': {
    type: 'list',
    grammar: failOnRule,
    description:
      'Verdict that makes the run fail: fail, warn (also warnings) or never; and for single checks, each check=verdict, e.g. fail, triton.latency.*=never. Default: fail.',
    twin: 'verify.fail-on',
  },
  'ignore-checks': {
    type: 'list',
    grammar: checkId,
    description:
      'Checks that are reported but count for nothing, by id, e.g. nodes.version; docs/checks.md lists them.',
    twin: 'verify.ignore-checks',
  },
  retries: {
    type: 'integer',
    minimum: 0,
    maximum: 10,
    description:
      'How often a question that could not be asked is asked again, before it is reported as an error. Default: 2.',
    twin: 'verify.retries',
  },
  timeout: {
    type: 'duration',
    minimum: 10 * second,
    maximum: 30 * minute,
    description: 'How long one pod of a probe may take from its creation to its end, e.g. 90s or 5m. Default: 180s.',
    twin: 'verify.timeout',
  },
  'report-directory': {
    type: 'path',
    description:
      'Folder on the runner for report.json, summary.md, junit.xml and metrics.prom. Default: one in the temporary folder of the job.',
  },
  'previous-report': {
    type: 'path',
    description:
      'Path of the report.json of the run before, for what is new, fixed and getting worse. A path where there is no file yet is a first run.',
  },
  'from-report': {
    type: 'path',
    description:
      'Path of a report.json: nothing is asked of any cluster, what it says is published as summary and issue. For a job that may write issues and reaches no cluster.',
  },
  issue: {
    type: 'enum',
    choices: ['none', 'keep'],
    default: 'none',
    description:
      'keep: one issue for the cluster is opened when checks fail, kept up to date, and closed when they pass again. It needs github-token with issues: write.',
  },
  'issue-labels': {
    type: 'list',
    description: 'Labels of that issue. Default: k3s-gpu-actions.',
  },
  'github-token': {
    type: 'string',
    secret: true,
    description: 'Token for the issue (issues: write), or for the workflow that is watched (actions: read).',
  },
  'watch-workflow': {
    type: 'string',
    grammar: workflowFile,
    description:
      'File name of a workflow of this repository, e.g. nightly.yml: nothing is asked of any cluster, only whether its last run came, ended and was not held up.',
  },
  'watch-age': {
    type: 'duration',
    minimum: hour,
    maximum: 90 * day,
    description: 'How old the last run of that workflow may be, e.g. 26h. Default: 26h.',
  },
  'watch-schedule': {
    type: 'boolean',
    default: 'true',
    description:
      'That workflow starts by itself, so that silence is a fault. false: pushes or people start it, and only a run that waits for a runner, or hangs, is one.',
  },
  'dry-run': {
    type: 'boolean',
    default: 'false',
    description:
      'Show what would be asked, and which rights are missing for it; nothing is asked of anybody else, no pod is run, no issue is touched.',
  },
} as const satisfies InputSpecification
