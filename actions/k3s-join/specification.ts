import { checkId } from '../../src/cluster-file/index.ts'
import { hostInputs } from '../host-inputs.ts'
import type { InputSpecification } from '../input-specification.ts'

/** Seconds and minutes in milliseconds. */
const minute = 60_000
const second = 1_000

/** Every input of k3s-join. Values of hosts, labels, versions … are judged together with those of the cluster file. */
export const specification = {
  ...hostInputs,
  state: {
    type: 'enum',
    choices: ['present', 'absent'],
    default: 'present',
    description:
      'present: the machine is a node of the cluster. absent: it leaves the cluster, drained first, and its agent is uninstalled.',
  },
  distribution: {
    type: 'enum',
    choices: ['k3s', 'kubeadm'],
    description: 'Distribution of Kubernetes that the cluster runs. Default: k3s.',
    twin: 'distribution',
  },
  server: {
    type: 'string',
    description:
      "Address that the machine joins through, https://host:port. Default: the kubeconfig's server, unless that is a loopback address.",
    twin: 'api.server',
  },
  version: {
    type: 'string',
    description:
      "Exact version, e.g. v1.33.4+k3s1, or match-server: the server's own. With kubeadm nothing is downloaded: match-server takes the installed packages where they go with the server. Default: match-server.",
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
    description: 'External address that the node advertises. Not with kubeadm, whose kubelet has no such argument.',
    twin: 'nodes.<node>.node-external-ip',
  },
  'extra-config': {
    type: 'yaml',
    description:
      "Further keys of the agent's own configuration, as a YAML mapping; with kubeadm the kubelet's own arguments, e.g. max-pods: 50. Keys that have an input of their own, and secrets, are refused.",
    twin: 'nodes.<node>.extra-config',
  },
  profile: {
    type: 'enum',
    choices: ['longhorn'],
    description:
      'What the node is for, in one word. longhorn: its packages, services, modules and labels, and a disk that is checked and never formatted.',
    twin: 'nodes.<node>.profile',
  },
  packages: {
    type: 'list',
    description:
      'Packages that the machine needs, by their Debian names, one a line; installed only where missing. Names of other families are mapped.',
    twin: 'nodes.<node>.packages',
  },
  services: {
    type: 'list',
    description: 'Units that run on the machine and start at boot, e.g. iscsid, one a line.',
    twin: 'nodes.<node>.services',
  },
  modules: {
    type: 'list',
    description: 'Kernel modules that are loaded, now and at boot, e.g. iscsi_tcp, one a line.',
    twin: 'nodes.<node>.modules',
  },
  sysctl: {
    type: 'list',
    description: 'Kernel settings, key=value, one a line, now and at boot, e.g. net.ipv4.ip_forward=1.',
    twin: 'nodes.<node>.sysctl',
  },
  'storage-disk': {
    type: 'string',
    description:
      'Folder on a mounted disk that storage of the cluster may use, e.g. /mnt/longhorn/sdb1. It is checked, never made, mounted or formatted.',
    twin: 'nodes.<node>.storage.disk',
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
  'remove-node': {
    type: 'string',
    description: 'Name of the node, typed again, to allow that it leaves the cluster; needed with state: absent.',
  },
  'drain-timeout': {
    type: 'duration',
    minimum: 10 * second,
    maximum: 2 * 60 * minute,
    description: 'How long pods may take to leave the node, e.g. 5m. Default: 5m.',
    twin: 'nodes.<node>.join.drain-timeout',
  },
  'ignore-daemonsets': {
    type: 'boolean',
    default: 'true',
    description: 'Pods of DaemonSets stay where they are until the node goes. With false they stop a removal.',
  },
  'delete-emptydir-data': {
    type: 'boolean',
    default: 'false',
    description: 'Evict pods whose emptyDir volumes, and what is in them, go with them.',
  },
  'delete-unmanaged-pods': {
    type: 'boolean',
    default: 'false',
    description: 'Evict pods that nothing brings back elsewhere.',
  },
  'host-gone': {
    type: 'boolean',
    default: 'false',
    description:
      'The machine is gone for good: only the cluster is cleared of it. Refused while its node has a heartbeat.',
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
    description:
      'How long a started agent may take to become Ready, or with `state: absent` its uninstaller to end, e.g. 90s or 5m. Default: 180s.',
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
