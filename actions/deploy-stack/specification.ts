import { stackName, workspaceFolder } from '../../src/cluster-file/index.ts'
import type { InputSpecification } from '../input-specification.ts'
import { identityInputs } from '../pulumi-identity.ts'
import { digest, packageManagers, pullRequestNumber, uid, variableName } from './grammars.ts'

/** Minutes, hours and days in milliseconds. */
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const commands = ['install', 'guard', 'preview', 'up', 'drift', 'comment'] as const

/** Every input of deploy-stack. What a cluster file can say has no default here. */
export const specification = {
  command: {
    type: 'enum',
    choices: commands,
    required: true,
    description:
      'install: the packages of the program; guard: may this job change this cluster; preview: what would be changed; up: change it; drift: does the cluster differ from what was deployed; comment: tell a pull request what an earlier run found.',
  },
  'cluster-file': {
    type: 'path',
    description:
      'Path of the cluster file in the workspace, e.g. clusters/oceanid.yaml. An input wins over what the file says; the summary tells where each value came from.',
  },
  stack: {
    type: 'string',
    grammar: stackName,
    description: 'The stack, organization/project/stack. The program gets it as DEPLOY_TARGET.',
    twin: 'deploy.stack',
  },
  'working-directory': {
    type: 'path',
    grammar: workspaceFolder,
    description: 'Folder of the Pulumi program in the workspace, with Pulumi.yaml in it. Default: cluster.',
    twin: 'deploy.working-directory',
  },
  'package-manager': {
    type: 'enum',
    choices: packageManagers,
    description:
      'What installs the packages of the program, exactly as its lock file says and without their scripts. Default: npm.',
    twin: 'deploy.package-manager',
  },
  kubeconfig: {
    type: 'path',
    description:
      'Path of a kubeconfig with one cluster on the runner: the output kubeconfig of kubeconfig-esc, never its content. Default: $KUBECONFIG.',
  },
  'cluster-uid': {
    type: 'string',
    grammar: uid,
    description:
      'UID of the namespace kube-system as the API server said it: the output cluster-uid of kubeconfig-esc. The program gets it as CLUSTER_UID.',
  },
  'expect-ca-sha256': {
    type: 'string',
    grammar: digest,
    description:
      "SHA-256 of the cluster's CA certificate, in hex: another cluster is refused. Without any nothing is deployed. Default: caSha256 in the stack's own configuration.",
    twin: 'kubeconfig.expect-ca-sha256',
  },
  'expect-cluster-uid': {
    type: 'string',
    grammar: uid,
    description:
      "UID of the namespace kube-system: another cluster is refused. Default: clusterUid in the stack's own configuration.",
    twin: 'kubeconfig.expect-cluster-uid',
  },
  'bind-plan': {
    type: 'boolean',
    description:
      'up makes a plan first, and then does nothing that is not in it; Pulumi calls its plans experimental. Default: false.',
    twin: 'deploy.bind-plan',
  },
  refresh: {
    type: 'boolean',
    default: 'false',
    description: 'preview and up look at what the resources really are before they compare; drift always does.',
  },
  ...identityInputs,
  expiration: {
    type: 'duration',
    minimum: minute,
    maximum: day,
    default: '2h',
    description: 'How long the exchanged token lives: longer than timeout.',
  },
  'config-passphrase': {
    type: 'string',
    secret: true,
    description:
      "Passphrase of the stack's configuration, from a secret, where the stack encrypts with one instead of Pulumi Cloud's key.",
  },
  'pass-environment': {
    type: 'list',
    grammar: variableName,
    description:
      'Names of further environment variables that the program needs. Everything but the few that the README names is kept from it.',
  },
  timeout: {
    type: 'duration',
    minimum: minute,
    maximum: 5 * hour,
    default: '30m',
    description:
      'How long installation, preview or update may take; then Pulumi is asked to end the update in good order.',
  },
  'report-directory': {
    type: 'path',
    description:
      'Folder on the runner for report.json and summary.md. Default: one in the temporary folder of the job.',
  },
  'from-report': {
    type: 'path',
    description:
      'Path of the report.json whose findings comment tells, for a job that may write to pull requests and reaches no cluster.',
  },
  'pull-request': {
    type: 'string',
    grammar: pullRequestNumber,
    description: 'Number of the pull request that comment writes to. Default: that of the event.',
  },
  'github-token': {
    type: 'string',
    secret: true,
    description: 'Token for the comment (pull-requests: write).',
  },
  'dry-run': {
    type: 'boolean',
    default: 'false',
    description:
      'Nothing is changed: up only previews; install and guard ask only for what a preview needs; comment is only shown.',
  },
} as const satisfies InputSpecification
