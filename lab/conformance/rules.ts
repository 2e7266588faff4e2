/**
 * In what two worlds cannot agree: the only differences between outcomes that count as none. Everything else is compared
 * letter by letter. A rule is as narrow as its reason.
 */

export interface Rule {
  readonly name: string
  /** Why the worlds cannot agree here. */
  readonly reason: string
  /** Places it applies to, e.g. `report.checks[host.disk.etc].found`; absent: everywhere. */
  readonly at?: RegExp
  /** What is replaced in a text, every time it occurs; absent: the whole value. */
  readonly pattern?: RegExp
  /** What stands there instead. `#` is a number: the same original has the same one throughout an outcome. */
  readonly becomes?: string
  /** Neighbours in a list that this rule has touched and made equal count as one. */
  readonly collapses?: true
  /** Elements of the lists at these places that match are put last, in the order of their texts: their moment is chance. */
  readonly last?: RegExp
  /** Elements of the lists at these places that match, where the next one matches `before`, are left out: too short to be seen for sure. */
  readonly missable?: { readonly element: RegExp; readonly before: RegExp }
}

/** As src/report writes durations. */
const duration = String.raw`\d+(?:\.\d+)? (?:ms|s|min|h|days)(?: \d+ (?:s|min))?`

export const rules: readonly Rule[] = [
  {
    name: 'gateway',
    reason: 'the address of calypso’s router is a fact of its network, and not among those of the cluster',
    at: /\.checks\[host\.route\]\.found$/,
    pattern: /(?<=^via )\d+\.\d+\.\d+\.\d+$/g,
    becomes: 'GATEWAY',
  },
  {
    name: 'address-of-the-server',
    reason: 'the lab has addresses of RFC 5737, because the real ones are somebody’s machines',
    pattern: /(?<!\d\.?)(?:157\.173\.210\.123|192\.0\.2\.1)(?![\d]|\.\d)/g,
    becomes: 'SERVER',
  },
  {
    name: 'address-of-calypso',
    reason: 'the lab has addresses of RFC 5737, because the real ones are somebody’s machines',
    pattern: /(?<!\d\.?)(?:192\.168\.2\.80|192\.0\.2\.80)(?![\d]|\.\d)/g,
    becomes: 'CALYPSO',
  },
  {
    name: 'address-of-another-calypso',
    reason: 'the lab has addresses of RFC 5737, because the real ones are somebody’s machines',
    pattern: /(?<!\d\.?)(?:192\.168\.2\.81|192\.0\.2\.81)(?![\d]|\.\d)/g,
    becomes: 'OTHER',
  },
  {
    name: 'topology',
    reason:
      'calypso’s real address is private and its servers’ are public; all addresses of RFC 5737 are neither, so the check has nothing to report',
    at: /\.checks\[cluster\.topology\]\.found$/,
    pattern:
      /^CALYPSO is private, the servers are public \(SERVER\): pods here will not reach pods there \(declared: pod-network isolated\)$|^CALYPSO beside SERVER$/g,
    becomes: 'CALYPSO and SERVER',
  },
  {
    name: 'resolver',
    reason:
      'who resolves names is a fact of the network, and which file says so one of the system; that it is not the host itself is compared',
    at: /\.checks\[host\.resolver\]\.found$/,
    pattern: /^192\.168\.2\.1 \(\/run\/systemd\/resolve\/resolv\.conf\)$|^SERVER \(\/etc\/resolv\.conf\)$/g,
    becomes: 'RESOLVER',
  },
  {
    name: 'moment',
    reason: 'two runs begin at two times',
    at: /^report\.startedAt$/,
    becomes: 'MOMENT',
  },
  {
    name: 'milliseconds',
    reason: 'how long something takes depends on the machine',
    at: /^report\.(?:durationMs|stages\[[^\]]*\]\.(?:startedMs|endedMs)|milestones\[[^\]]*\]\.atMs)$/,
    becomes: 'MILLISECONDS',
  },
  {
    name: 'size-of-evidence',
    reason:
      'how much a host has to say of its sockets, mounts and journal is its own; which files there are is compared',
    at: /^report\.evidence\[[^\]]*\]\.bytes$/,
    becomes: 'BYTES',
  },
  {
    name: 'duration-in-a-sentence',
    reason: 'how long something takes depends on the machine; how often it was tried, and what a deadline is, does not',
    pattern: new RegExp(
      String.raw`(?<=\b(?:joined oceanid in|times in|yes, in|heartbeat|seen|named|changes?,) )${duration}\b`,
      'g',
    ),
    becomes: 'DURATION',
  },
  {
    name: 'skew-of-the-clock',
    reason: 'how far a clock is ahead is measured through a connection, which takes its time',
    pattern: /\b(?:599|60[0-2]) s(?= ahead\b)/g,
    becomes: 'TEN MINUTES',
  },
  {
    name: 'elapsed-time-in-the-log',
    reason: 'how long a stage takes depends on the machine',
    at: /^log\[/,
    pattern: new RegExp(String.raw`(?<=^[▸a-z].*\S)(?: {2,})${duration}$|^ +${duration}(?=  \S)`, 'gu'),
    becomes: ' DURATION',
  },
  {
    name: 'three-witnesses',
    reason:
      'the Node is seen by a watch of the API, the unit by asking systemd, what the agent does by its journal: which is heard first is chance',
    at: /^(?:log|report\.milestones)$/,
    last: /^(?: DURATION {2})?(?:node registered|agent up)$/,
  },
  {
    name: 'up-for-an-instant',
    reason:
      'an agent that reports itself up and loses its kubelet at once is active for milliseconds: whether systemd is asked just then is chance',
    at: /^(?:log|report\.milestones)$/,
    missable: {
      element: /^(?: DURATION {2})?agent up$/,
      before: /^(?: DURATION {2})?unit activating /,
    },
  },
  {
    name: 'moment-in-a-line-of-a-journal',
    reason: 'programs put the time in front of their lines, and Kubernetes’ own also the process number',
    pattern: /(?<=\btime=\\?")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|(?<=\b[IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+/g,
    becomes: 'MOMENT',
  },
  {
    name: 'moment-of-a-secret',
    reason: 'the password of another installation is put into the cluster when the world begins',
    pattern: /(?<=\b(?:a password|node-password\.k3s) of )\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g,
    becomes: 'MOMENT',
  },
  {
    name: 'crash-in-the-making',
    reason:
      'a program’s last line is in the journal before systemd has seen it end: what the unit’s state is when the line is read is chance',
    at: /^(?:log\[|report\.(?:milestones|failure\.evidence)\[)/,
    pattern:
      /(?<=\bactivating )\((?:start-pre|start|auto-restart)\)(, \d+ restarts)(?:, result exit-code, exit status \d+)?/g,
    becomes: '(ENDING)',
  },
  {
    name: 'uid',
    reason: 'UIDs of objects and machines are random; which of them are the same is compared',
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
    becomes: 'UID-#',
  },
  {
    name: 'host-key',
    reason: 'every world makes keys of its own; which of them are the same is compared',
    pattern: /\bSHA256:[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/])/g,
    becomes: 'SHA256:KEY-#',
  },
  {
    name: 'hash-of-the-authority',
    reason: 'every world makes a certificate authority of its own; which of the hashes are the same is compared',
    pattern: /(?<=\b(?:served through the host|kubeconfig): )[0-9a-f]{64}\b/g,
    becomes: 'CA-#',
  },
  {
    name: 'short-hash-of-the-authority',
    reason: 'every world makes a certificate authority of its own',
    pattern: /(?<=^|\bCA )[0-9a-f]{4}…[0-9a-f]{2}(?= ✓|$)/g,
    becomes: 'CA',
  },
  {
    name: 'folder-of-the-runner',
    reason: 'the runner’s temporary folder is another one for every run',
    pattern: /\/[^\s:'"]*\/press-\d+\/temp(?=\/)/g,
    becomes: 'RUNNER_TEMP',
  },
  {
    name: 'process-number',
    reason: 'the kernel gives out process numbers as it likes',
    pattern: /(?<=\(pid )\d+(?=, )/g,
    becomes: 'PID',
  },
  {
    name: 'room-on-disk',
    reason: 'how much room there is, is a fact of the machine; whether it is enough is compared',
    pattern: /\b\d+\.\d GiB and \d+ inodes(?= free\b)/g,
    becomes: 'ROOM',
  },
  {
    name: 'cgroup-version',
    reason: 'control groups are the kernel’s: the embedded host plays version 2, the lab has what its machine has',
    at: /\.checks\[host\.cgroup\]\.found$/,
    pattern: /^cgroup v[12]$/g,
    becomes: 'cgroup',
  },
  {
    name: 'operating-system',
    reason: 'the embedded calypso plays its owner’s Ubuntu, the lab boots a Debian',
    pattern: /Ubuntu 22\.04\.5 LTS|Debian GNU\/Linux \d+ \([a-z]+\)/g,
    becomes: 'SYSTEM',
  },
  {
    name: 'memory',
    reason: 'the lab’s host has the memory of the machine',
    at: /^(?:report\.facts\.host|log\[\d+\])$/,
    pattern: /(?<=^(?: {2})?SYSTEM, [a-z0-9]+, systemd, )\d+ GiB(?=,|$)/g,
    becomes: 'MEMORY',
  },
  {
    name: 'kernel',
    reason: 'the lab’s host has the kernel of the machine',
    at: /^report\.(?:facts\.kernel|checks\[host\.os\]\.found)$/,
    pattern: /(?<=^|, kernel )\d+\.\d+\.\d+\S*$/g,
    becomes: 'KERNEL',
  },
  {
    name: 'files-of-the-agent',
    reason: 'real kubelet and containerd write more files than their doubles, also into a folder that was there before',
    pattern: /(?<=\/var\/lib\/rancher\/k3s\/agent \()\d+(?= of its former files)/g,
    becomes: 'SOME',
  },
  {
    name: 'folder-of-the-agent',
    reason:
      'real kubelet and containerd keep far more there than their doubles; it is the agent’s own, and k3s-join writes nothing into it',
    at: /^treesChanged\[/,
    pattern: /^[+~-] var\/lib\/rancher\/k3s\/agent\/.*$/g,
    becomes: 'var/lib/rancher/k3s/agent/…',
    collapses: true,
  },
]
