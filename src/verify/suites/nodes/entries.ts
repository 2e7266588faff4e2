import type { VerifyEntry } from '../../model.ts'

const entry = (id: string, asks: string, severity: VerifyEntry['severity'], remedy: string): VerifyEntry => ({
  id,
  suite: 'nodes',
  asks,
  severity,
  mode: 'observe',
  remedy,
})

/** What is asked about nodes, in this order. */
export const nodeEntries = [
  entry(
    'nodes.expected',
    'Are the nodes there that the cluster file names, and no others?',
    'fail',
    'join the missing node (workflow join-node), or take it out of the cluster file',
  ),
  entry('nodes.ready', 'Is every node Ready?', 'fail', '`kubectl describe node <node>`; then the log of its agent'),
  entry(
    'nodes.heartbeat',
    'Did every Ready node renew its Lease in the last 40 s?',
    'fail',
    '`journalctl -u k3s-agent` (kubeadm: `-u kubelet`) on that machine: its agent is dead or cut off, and the node is Ready only until the server notices',
  ),
  entry('nodes.cordoned', 'May pods be scheduled on every node?', 'warn', '`kubectl uncordon <node>`'),
  entry(
    'nodes.pressure',
    'Has every node memory, disk, process ids and a network?',
    'fail',
    '`kubectl describe node <node>`; free what is short there',
  ),
  entry(
    'nodes.conditions',
    'Does no other condition of a node tell of a problem, e.g. those of node-problem-detector?',
    'warn',
    '`kubectl describe node <node>`, and the kernel log of that machine',
  ),
  entry(
    'nodes.version',
    'Has every node the wanted version, one that works with the server?',
    'fail',
    'press the join workflow for that node: it brings the version that the cluster file names',
  ),
  entry(
    'nodes.labels',
    'Has every node the labels that the cluster file names?',
    'fail',
    'press the join workflow for that node, or `kubectl label node <node> <key>=<value> --overwrite`',
  ),
  entry(
    'nodes.taints',
    'Has every node the taints that the cluster file names?',
    'fail',
    'press the join workflow for that node, or `kubectl taint node <node> <key>=<value>:<effect>`',
  ),
  entry(
    'nodes.addresses',
    'Has every node an address of its own, the one that the cluster file names?',
    'fail',
    'set `node-ip` of that node in the cluster file, or correct its address there',
  ),
] as const satisfies readonly VerifyEntry[]
