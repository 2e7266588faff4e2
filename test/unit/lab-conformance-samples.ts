/** For every rule of lab/conformance/rules.ts: two values that it makes equal, and two at the same place that it must not. */
import type { Plain } from '../../lab/conformance/normaliser.ts'

export interface Sample {
  readonly place: string
  readonly agree: readonly [Plain, Plain]
  readonly differ: readonly [Plain, Plain]
}

export const samples: Readonly<Record<string, Sample>> = {
  gateway: {
    place: 'report.checks[host.route].found',
    agree: ['via 192.168.2.1', 'via 192.0.2.1'],
    differ: ['via eth0', 'none'],
  },
  'address-of-the-server': {
    place: 'report.host',
    agree: ['157.173.210.123:6443', '192.0.2.1:6443'],
    differ: ['157.173.210.123:6443', '192.0.2.80:6443'],
  },
  'address-of-calypso': {
    place: 'report.host',
    agree: ['oceanid@192.168.2.80', 'oceanid@192.0.2.80'],
    differ: ['oceanid@192.168.2.80', 'root@192.0.2.80'],
  },
  'address-of-another-calypso': {
    place: 'report.failure.evidence[0]',
    agree: ['node: 192.168.2.81, Ubuntu', 'node: 192.0.2.81, Ubuntu'],
    differ: ['node: 192.168.2.81, Ubuntu', 'node: 192.0.2.80, Ubuntu'],
  },
  'moment-of-a-secret': {
    place: 'report.checks[k3s.node-password].evidence[0]',
    agree: [
      'secret kube-system/calypso.node-password.k3s of 2026-11-21T16:10:52Z',
      'secret kube-system/calypso.node-password.k3s of 2026-11-21T16:10:47Z',
    ],
    differ: [
      'secret kube-system/calypso.node-password.k3s of 2026-11-21T16:10:52Z',
      'secret kube-system/calypso.node-password.k3s',
    ],
  },
  'files-of-the-agent': {
    place: 'report.failure.state',
    agree: [
      'left as it is: /var/lib/rancher/k3s/agent (2 of its former files were changed by the agent)',
      'left as it is: /var/lib/rancher/k3s/agent (11 of its former files were changed by the agent)',
    ],
    differ: [
      'left as it is: /var/lib/rancher/k3s/agent (2 of its former files were changed by the agent)',
      'left as it is: /var/lib/rancher/k3s/agent (in use)',
    ],
  },
  topology: {
    place: 'report.checks[cluster.topology].found',
    agree: [
      '192.168.2.80 is private, the servers are public (157.173.210.123): pods here will not reach pods there (declared: pod-network isolated)',
      '192.0.2.80 beside 192.0.2.1',
    ],
    differ: [
      '192.168.2.80 is private, the servers are public (157.173.210.123): pods here will not reach pods there',
      '192.0.2.80 beside no known server address',
    ],
  },
  resolver: {
    place: 'report.checks[host.resolver].found',
    agree: ['192.168.2.1 (/run/systemd/resolve/resolv.conf)', '192.0.2.1 (/etc/resolv.conf)'],
    differ: ['192.168.2.1 (/run/systemd/resolve/resolv.conf)', '127.0.0.53 (/etc/resolv.conf)'],
  },
  moment: {
    place: 'report.startedAt',
    agree: ['2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    differ: [undefined, '2026-01-01T00:00:00.000Z'],
  },
  milliseconds: { place: 'report.durationMs', agree: [1730, 11400], differ: [undefined, 11400] },
  'size-of-evidence': {
    place: 'report.evidence[journal.txt].bytes',
    agree: [1200, 98],
    differ: [1200, undefined],
  },
  'skew-of-the-clock': {
    place: 'report.checks[host.clock].found',
    agree: ['600 s ahead', '601 s ahead'],
    differ: ['600 s ahead', '600 s behind'],
  },
  'duration-in-a-sentence': {
    place: 'report.failure.evidence[0]',
    agree: ['no answer in 5 s (tried 3 times in 16.0 s)', 'no answer in 5 s (tried 3 times in 15.1 s)'],
    differ: ['no answer in 5 s (tried 3 times in 16.0 s)', 'no answer in 6 s (tried 3 times in 16.0 s)'],
  },
  'elapsed-time-in-the-log': {
    place: 'log[0]',
    agree: ['▸ Apply                   0.2 s', '▸ Apply                  13.1 s'],
    differ: ['▸ Apply                   0.2 s', '▸ Apply'],
  },
  'three-witnesses': {
    place: 'log',
    agree: [
      ['     0.6 s  node registered', '     0.6 s  agent up', '     0.6 s  containerd up'],
      ['     0.6 s  containerd up', '     0.7 s  agent up', '     0.7 s  node registered'],
    ],
    differ: [['     0.6 s  node registered', '     0.6 s  containerd up'], ['     0.6 s  containerd up']],
  },
  'up-for-an-instant': {
    place: 'log',
    agree: [
      ['     0.6 s  containerd up', '     0.7 s  agent up', '     0.7 s  unit activating (auto-restart), 0 restarts'],
      ['     0.6 s  containerd up', '     0.8 s  unit activating (auto-restart), 0 restarts'],
    ],
    differ: [
      ['     0.6 s  containerd up', '     0.7 s  agent up', '     0.7 s  unit active (running), 0 restarts'],
      ['     0.6 s  containerd up', '     0.7 s  unit active (running), 0 restarts'],
    ],
  },
  'moment-in-a-line-of-a-journal': {
    place: 'report.failure.evidence[0]',
    agree: [
      'time="2026-11-21T13:14:26Z" level=info msg="E1121 12:54:46.051936     409 run.go:72] failed"',
      'time="2027-01-02T03:04:05Z" level=info msg="E0102 03:04:05.000001 1234567 run.go:72] failed"',
    ],
    differ: ['time="2026-11-21T13:14:26Z" level=info msg=""', 'time="2026-11-21T13:14:26Z" level=error msg=""'],
  },
  'crash-in-the-making': {
    place: 'report.failure.evidence[1]',
    agree: [
      'k3s-agent: activating (start), 0 restarts',
      'k3s-agent: activating (auto-restart), 0 restarts, result exit-code, exit status 1',
    ],
    differ: ['k3s-agent: activating (start), 0 restarts', 'k3s-agent: active (running), 0 restarts'],
  },
  uid: {
    place: 'outputs.node-uid',
    agree: ['c9aa043b-f418-4e2e-a2b9-8965364f9cee', '65ada4aa-8793-4053-a279-c7b3dcb5ff79'],
    differ: [
      '4c4c4544-0034-3510-8051-c4c04f583935 and 4c4c4544-0034-3510-8051-c4c04f583935',
      '4c4c4544-0034-3510-8051-c4c04f583935 and 48055e09-93f9-40fe-b8b3-1b0fd83f45d8',
    ],
  },
  'host-key': {
    place: 'report.facts.host key',
    agree: ['SHA256:H0DBtiVRkJQtAkZLs0pfyz1EushVbuP56tN9hV9Ef84', 'SHA256:cBB3pnw7XEobNlqLg1AC8Ek0LgKht/2o5h7XoN9tXpM'],
    differ: ['SHA256:H0DBtiVRkJQtAkZLs0pfyz1EushVbuP56tN9hV9Ef84', 'SHA256:short'],
  },
  'hash-of-the-authority': {
    place: 'report.failure.evidence[0]',
    agree: [`kubeconfig: ${'a1'.repeat(32)}`, `kubeconfig: ${'b2'.repeat(32)}`],
    differ: [`published: ${'a1'.repeat(32)}`, `published: ${'b2'.repeat(32)}`],
  },
  'short-hash-of-the-authority': {
    place: 'report.checks[handshake.ca].found',
    agree: ['d720…0f', 'ce55…d7'],
    differ: ['k3s v1.33.4+k3s1 amd64 5d77cccbb0b2…', 'k3s v1.33.4+k3s1 amd64 5d77cccbb0b3…'],
  },
  'folder-of-the-runner': {
    place: 'outputs.report',
    agree: ['/tmp/a/press-1/temp/k3s-gpu-actions/report.json', '/var/b/press-2/temp/k3s-gpu-actions/report.json'],
    differ: ['/tmp/a/press-1/temp/k3s-gpu-actions/report.json', '/tmp/a/press-1/home/k3s-gpu-actions/report.json'],
  },
  'process-number': {
    place: 'report.checks[host.gpu].found',
    agree: ['tritonserver (pid 2143, docker) is using the GPU', 'tritonserver (pid 77, docker) is using the GPU'],
    differ: ['tritonserver (pid 2143, docker) is using the GPU', 'python3 (pid 2143, docker) is using the GPU'],
  },
  'room-on-disk': {
    place: 'report.checks[host.disk.etc].found',
    agree: ['664.4 GiB and 60242631 inodes free', '18.0 GiB and 0 inodes free'],
    differ: ['664.4 GiB and 60242631 inodes free', 'unknown'],
  },
  'cgroup-version': {
    place: 'report.checks[host.cgroup].found',
    agree: ['cgroup v1', 'cgroup v2'],
    differ: ['cgroup v2', 'unknown'],
  },
  'operating-system': {
    place: 'report.facts.host',
    agree: ['Ubuntu 22.04.5 LTS, amd64', 'Debian GNU/Linux 12 (bookworm), amd64'],
    differ: ['Ubuntu 22.04.5 LTS, amd64', 'Ubuntu 22.04.5 LTS, arm64'],
  },
  memory: {
    place: 'report.facts.host',
    agree: [
      'Ubuntu 22.04.5 LTS, amd64, systemd, 63 GiB, 1 × A',
      'Debian GNU/Linux 12 (bookworm), amd64, systemd, 24 GiB, 1 × A',
    ],
    differ: ['Ubuntu 22.04.5 LTS, amd64, systemd, 63 GiB, 1 × A', 'Ubuntu 22.04.5 LTS, amd64, systemd, 63 GiB'],
  },
  kernel: { place: 'report.facts.kernel', agree: ['6.8.0-60-generic', '6.1.0+'], differ: ['6.8.0-60-generic', ''] },
  'folder-of-the-agent': {
    place: 'treesChanged',
    agree: [['+ var/lib/rancher/k3s/agent/a', '+ var/lib/rancher/k3s/agent/b'], ['+ var/lib/rancher/k3s/agent/c']],
    differ: [['+ var/lib/rancher/k3s/agent/a'], ['+ var/lib/rancher/k3s/agent/a', '+ var/lib/rancher/k3s/other']],
  },
}
