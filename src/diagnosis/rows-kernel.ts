import type { Row } from './model.ts'

/** What kube-proxy, modprobe and k3s say when the kernel or its settings are not what they need. */
export const kernelRows: readonly Row[] = [
  {
    id: 'iptables-missing',
    code: 'iptables-missing',
    strength: 'cause',
    matches: [/iptables is not available on this host/],
    title: 'kube-proxy finds no working iptables on this host',
    cause:
      'neither the one that k3s brings nor one of the host works; kernels without the ip_tables modules do that too',
    remedy: 'sudo modprobe ip_tables iptable_nat; install the distribution’s iptables and the modules of its kernel',
    link: 'https://docs.k3s.io/installation/requirements',
    provenance: 'reported',
    seen: 'kubernetes cmd/kube-proxy/app/server_linux.go',
    recorded: ['"Error running ProxyServer" err="iptables is not available on this host"'],
  },
  {
    id: 'conntrack-not-writable',
    code: 'conntrack-not-writable',
    strength: 'cause',
    matches: [
      /could not set conntrack parameters[^"]{0,100}: open (?<file>\/proc\/sys\/net\/\S{1,100}): (?<why>permission denied|no such file or directory|read-only file system)/,
      /server\.go:\d{1,4}\] open (?<file>\/proc\/sys\/net\/\S{0,40}conntrack_max): (?<why>permission denied)/,
    ],
    title: 'kube-proxy may not set the kernel’s connection limits',
    cause: '{file}: {why}; so it is in containers, where the host’s settings belong to somebody else',
    remedy:
      'set net.netfilter.nf_conntrack_max outside, and on the node kube-proxy-arg: conntrack-max-per-core=0 and conntrack-min=0',
    link: 'https://github.com/kubernetes/kubernetes/issues/141943',
    provenance: 'reported',
    seen: 'kubernetes/kubernetes#141943; k3d-io/k3d#612',
    recorded: [
      'could not set conntrack parameters from kube-proxy configuration: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied',
      'server.go:495] open /proc/sys/net/netfilter/nf_conntrack_max: permission denied',
    ],
  },
  {
    id: 'iptables-tables',
    code: 'iptables-broken',
    strength: 'symptom',
    when: { nodeExists: true, nodeReady: false },
    matches: [
      /(?<why>can't initialize ip6?tables table `\w{1,20}': [\w ]{1,60})/,
      /(?<why>Couldn't find match `\w{1,30}')/,
    ],
    title: 'iptables does not work on this host',
    cause:
      'it says: {why}; the kernel lacks modules, or iptables is of another kind (legacy, nft) than the rules there',
    remedy:
      'sudo modprobe ip_tables iptable_filter iptable_nat xt_conntrack; install the modules of this kernel; on 1.8.0 to 1.8.4 start the agent with prefer-bundled-bin: true',
    link: 'https://github.com/k3s-io/k3s/issues/2547',
    provenance: 'reported',
    seen: 'kubernetes/kubernetes#108877; k3s-io/k3s#2547',
    recorded: ["can't initialize iptables table `filter': Table does not exist", "Couldn't find match `conntrack'"],
  },
]

/** Said at every start of some hosts, most of them in good health: worth a word only when a node stays NotReady and nothing else does it. */
export const kernelHintRows: readonly Row[] = [
  {
    id: 'selinux-policy',
    code: 'selinux-policy-missing',
    strength: 'symptom',
    when: { unitActive: true, nodeExists: true, nodeReady: false },
    matches: [/SELinux is enabled for k3s but process is not running in context '(?<context>\w{1,60})'/],
    title: 'SELinux is on, and the policy for k3s is not installed',
    cause: 'k3s runs outside of {context}: containers may be denied what they need',
    remedy:
      'install k3s-selinux for this distribution (sudo dnf install k3s-selinux), or take selinux out of the configuration',
    link: 'https://docs.k3s.io/advanced#selinux-support',
    provenance: 'reported',
    seen: 'k3s pkg/agent/config/config_linux.go',
    recorded: [
      'level=warning msg="SELinux is enabled for k3s but process is not running in context \'container_runtime_t\', k3s-selinux policy may need to be applied"',
    ],
  },
  {
    id: 'kernel-module-missing',
    code: 'kernel-module-missing',
    strength: 'symptom',
    // The unit loads br_netfilter and overlay before every start and goes on without: a kernel may have them built in.
    when: { unitActive: true, nodeExists: true, nodeReady: false },
    matches: [
      /modprobe: FATAL: Module (?<module>br_netfilter|overlay|vxlan|ip_tables|nf_conntrack|wireguard) not found in directory (?<directory>\S{1,100})/,
    ],
    title: 'the kernel module {module} is missing on this host',
    cause: '{directory} does not have it: a kernel without it, or the kernel was updated and the machine not rebooted',
    remedy: 'reboot; then sudo modprobe {module}; install the modules of this kernel, in a container load it outside',
    link: 'https://github.com/k3s-io/k3s-ansible/issues/457',
    provenance: 'reported',
    seen: 'k3s-io/k3s-ansible#457',
    recorded: ['modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.8.12-16-pve'],
  },
]
