/** What a check is, before it is asked. The page docs/checks.md and the ids that `ignore-checks` knows come from these. */
export interface CheckEntry {
  /** A part in angle brackets stands for something of the host or cluster, e.g. `host.disk.<path>`. */
  readonly id: string
  readonly stage: 'preflight' | 'plan' | 'handshake' | 'confirm'
  readonly asks: string
  /** The worst answer that it gives: `info` never stops or warns. */
  readonly severity: 'fail' | 'warn' | 'info'
  /** Whether `ignore-checks` may name it; `partly` where the answer can be one that nobody may ignore. */
  readonly isIgnorable: boolean | 'partly'
  /** In one line; the check itself says it for the host at hand. */
  readonly remedy: string
}

/** The regular expression of an id: the part in angle brackets is any word of an id. */
function patternOf(id: string): RegExp {
  const escaped = id.split(/<[^>]*>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('[a-z0-9_.:-]+')}$`, 'i')
}

/** The entry that an id belongs to; undefined when there is no such check. */
export function entryOf(registry: readonly CheckEntry[], id: string): CheckEntry | undefined {
  return registry.find((entry) => entry.id === id) ?? registry.find((entry) => patternOf(entry.id).test(id))
}

const preflight = (
  id: string,
  severity: CheckEntry['severity'],
  asks: string,
  remedy: string,
  isIgnorable: CheckEntry['isIgnorable'] = true,
): CheckEntry => ({ id, stage: 'preflight', severity, asks, remedy, isIgnorable })

/** Checks of any distribution, in the order in which they are asked. */
export const joinCheckRegistry: readonly CheckEntry[] = [
  preflight(
    'host.sudo',
    'fail',
    'May the user become root?',
    'give `sudo-password`, or let the user become root without one',
  ),
  preflight(
    'host.os',
    'fail',
    'Is this a Linux on which programs and units can be installed?',
    'use a system whose /usr/local/bin and /etc/systemd/system are writable',
  ),
  preflight('host.architecture', 'fail', 'Is the processor amd64 or arm64?', 'use such a machine'),
  preflight('host.init', 'fail', 'Is systemd the init system?', 'use a host with systemd'),
  preflight(
    'host.cgroup',
    'fail',
    'Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?',
    'change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot',
  ),
  preflight(
    'host.clock',
    'fail',
    'Is the clock of the host within 30 s of the API server?',
    '`sudo timedatectl set-ntp true`',
  ),
  preflight(
    'host.disk.<path>',
    'fail',
    'Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free',
    'free what the check says; for data 2 GiB and 10000 inodes',
  ),
  preflight(
    'host.route',
    'fail',
    'Is there a default route? A warning when `node-ip` is given',
    'add one; through a dummy interface is enough',
  ),
  preflight(
    'host.forwarding',
    'warn',
    'May connections be forwarded over SSH?',
    'none needed where the host has curl; else `AllowTcpForwarding local` for the user',
  ),
  preflight(
    'cluster.node-name',
    'fail',
    'Is the name valid for a node (RFC 1123, lower case)?',
    'give another `node` name',
  ),
  preflight(
    'cluster.name',
    'fail',
    "Is the name free, or this machine's own? One that a live machine has is never given away",
    '`replace-node` for a dead node; another `node` name for a live one',
    'partly',
  ),
  preflight(
    'cluster.machine',
    'fail',
    'Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied',
    'use the name it has, or remove the other node',
  ),
  preflight(
    'cluster.address',
    'fail',
    'Is the address of the node its own? A warning where pods are isolated anyway',
    'give `node-ip` with another address',
  ),
  preflight(
    'cluster.topology',
    'warn',
    'Can pods on this host and pods on the servers reach each other?',
    'declare `pod-network: isolated`, or use an overlay network',
  ),
  preflight(
    'host.gpu',
    'warn',
    'Which GPUs does the host have, and who uses them?',
    'none needed; repair the driver where it does not answer',
  ),
  {
    id: 'plan.gpu-in-use',
    stage: 'plan',
    severity: 'fail',
    asks: 'Does the plan disturb a process outside the cluster that uses the GPU?',
    remedy: '`allow-gpu-disruption`, or stop the process first',
    isIgnorable: false,
  },
  ...(
    [
      ['unit', 'Does the agent’s unit run?', 'see the journal in the evidence'],
      ['ready', 'Is the node Ready, with a fresh heartbeat?', 'see the node’s conditions in the evidence'],
      ['version', 'Does the node run the wanted version?', 'press the button again; another agent may answer for it'],
      ['metadata', 'Are labels and taints as wanted?', 'press the button again; find who else changes them'],
      [
        'gpu-processes',
        'Do the processes that used the GPU before still run?',
        'start them again; the report names them',
      ],
    ] as const
  ).map(
    ([id, asks, remedy]): CheckEntry => ({
      id: `confirm.${id}`,
      stage: 'confirm',
      severity: 'fail',
      asks,
      remedy,
      isIgnorable: false,
    }),
  ),
]
