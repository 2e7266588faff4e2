import { checkId } from '../../src/cluster-file/index.ts'
import { hostInputs } from '../host-inputs.ts'
import type { InputSpecification } from '../input-specification.ts'

/** Seconds and minutes in milliseconds. */
const minute = 60_000
const second = 1_000

/** Every input of k3s-join. Values of hosts, labels, versions … are judged together with those of the cluster file. */
export const specification = {
  ...hostInputs,
  server: {
    type: 'string',
    description:
      "Address that the machine joins through, https://host:port. Default: the kubeconfig's server, unless that is a loopback address.",
    twin: 'api.server',
  },
  version: {
    type: 'string',
    description: "Exact version, e.g. v1.33.4+k3s1, or match-server: the server's own. Default: match-server.",
    twin: 'nodes.<node>.version',
  },
  labels: {
    type: 'list',
    description:
      'Labels of the node, key=value, one a line. Only labels that this action has set are ever removed again.',
    twin: 'nodes.<node>.labels',
  },
  taints: {
    type: 'list',
    description: 'Taints of the node, key=value:Effect or key:Effect, one a line.',
    twin: 'nodes.<node>.taints',
  },
  'node-ip': {
    type: 'string',
    description:
      'Address that the node advertises; one IPv4 and one IPv6 address with a comma between for a dual-stack node.',
    twin: 'nodes.<node>.node-ip',
  },
  'node-external-ip': {
    type: 'string',
    description: 'External address that the node advertises.',
    twin: 'nodes.<node>.node-external-ip',
  },
  'extra-config': {
    type: 'yaml',
    description:
      "Further keys of the agent's own configuration, as a YAML mapping. Keys that have an input of their own, and secrets, are refused.",
    twin: 'nodes.<node>.extra-config',
  },
  token: {
    type: 'string',
    secret: true,
    description: 'Join token from a secret. Default: a bootstrap token is minted for this run and deleted at its end.',
  },
  'allow-server-token': {
    type: 'boolean',
    default: 'false',
    description: "Accept a token that is the server's own. Whoever reads it on the machine owns the cluster.",
  },
  adopt: {
    type: 'enum',
    choices: ['plan', 'apply'],
    default: 'plan',
    description:
      'What to do with the host of a node that was joined by hand: show the changes it needs (plan), or make them (apply).',
  },
  'allow-gpu-disruption': {
    type: 'boolean',
    default: 'false',
    description: 'Allow restarts while a process outside the cluster uses the GPU.',
  },
  'replace-node': {
    type: 'string',
    description: 'Name of the node, typed again, to allow that a dead node of that name is deleted and replaced.',
  },
  'ignore-checks': {
    type: 'list',
    grammar: checkId,
    description: 'Checks that are reported but stop nothing, by id, e.g. host.clock; docs/checks.md lists them.',
    twin: 'nodes.<node>.join.ignore-checks',
  },
  'fail-on': {
    type: 'enum',
    choices: ['fail', 'warn', 'never'],
    description:
      'Verdict of a check that stops the run: fail; warn also stops at warnings; never only reports. Default: fail.',
    twin: 'nodes.<node>.join.fail-on',
  },
  timeout: {
    type: 'duration',
    minimum: 10 * second,
    maximum: 30 * minute,
    description: 'How long a started agent may take to become Ready, e.g. 90s or 5m. Default: 180s.',
    twin: 'nodes.<node>.join.timeout',
  },
  'dry-run': {
    type: 'boolean',
    default: 'false',
    description: 'Show the plan and change nothing.',
  },
  verify: {
    type: 'enum',
    choices: ['fast', 'deep'],
    description:
      "fast believes the API that nothing is to be done, and opens no SSH session; deep compares the host's files too. Default: fast.",
    twin: 'nodes.<node>.join.verify',
  },
  'github-token': {
    type: 'string',
    secret: true,
    default: '${{ github.token }}',
    description: 'Token that reads public release metadata, so that the rate limit is that of the repository.',
  },
} as const satisfies InputSpecification
