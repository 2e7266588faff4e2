import type { Row } from './model.ts'

const requirements = 'https://docs.k3s.io/installation/requirements'

/** What the kubelet says about the host it runs on: cgroups, swap, its address, its runtime. */
export const kubeletRows: readonly Row[] = [
  {
    id: 'cgroup-memory',
    code: 'memory-cgroup-missing',
    strength: 'cause',
    matches: [/failed to find memory cgroup/i],
    title: 'the kernel has no memory cgroup',
    cause: 'the memory controller is off, as on Raspberry Pi OS by default',
    remedy:
      'add cgroup_memory=1 cgroup_enable=memory to the one line of /boot/firmware/cmdline.txt (elsewhere: to the kernel’s command line) and reboot',
    link: requirements,
    provenance: 'reported',
    seen: 'k3s-io/k3s#8890; pkg/cgroups/cgroups_linux.go',
    recorded: [
      'level=fatal msg="failed to find memory cgroup, you may need to add \\"cgroup_memory=1 cgroup_enable=memory\\" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)"',
      'level=fatal msg="failed to find memory cgroup (v2)"',
    ],
  },
  {
    id: 'cgroup-controller',
    code: 'cgroup-controller-missing',
    strength: 'cause',
    matches: [
      /failed to find (?<controller>cpu|cpuset|pids|hugetlb) cgroup/,
      /(?<controller>\w{2,10}) cgroup controller not found/,
    ],
    title: 'the cgroup controller {controller} is missing on this host',
    cause: 'the kernel has it switched off, or, in a container, it was not handed in from outside',
    remedy:
      'see cat /sys/fs/cgroup/cgroup.controllers; on a real machine switch to cgroup v2 and a kernel of the distribution, in a container (LXC) allow nesting and delegate {controller}',
    link: 'https://github.com/k3s-io/k3s/issues/7023',
    provenance: 'reported',
    seen: 'k3s-io/k3s#6241, #7023; pkg/cgroups/cgroups_linux.go',
    recorded: [
      'level=fatal msg="failed to find cpu cgroup (v2)"',
      'level=fatal msg="failed to find cpuset cgroup (v2)"',
      'level=fatal msg="pids cgroup controller not found"',
    ],
  },
  {
    id: 'cgroup-v1',
    code: 'cgroup-v1-refused',
    strength: 'cause',
    matches: [/kubelet is configured to not run on a host using cgroup v1/],
    title: 'the kubelet refuses cgroup v1',
    cause: 'from Kubernetes 1.35 on a kubelet does not start on a host that still uses cgroup v1',
    remedy: 'switch the host to cgroup v2 (systemd.unified_cgroup_hierarchy=1) and reboot, or join an older version',
    link: 'https://kubernetes.io/docs/concepts/architecture/cgroups/',
    provenance: 'observed',
    seen: 'kubelet/cgroup-v1 and kubernetes-sigs/kubespray#13090',
    recorded: [
      'E1121 15:25:53.640412       7 run.go:72] "command failed" err="failed to validate kubelet configuration, error: kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is in maintenance mode, path: &TypeMeta{Kind:,APIVersion:,}"',
    ],
  },
  {
    id: 'cgroup-root',
    code: 'cgroup-root-missing',
    strength: 'cause',
    matches: [/failed to initialize top level QOS containers: (?<why>root container \[\w{1,40}\] doesn't exist)/],
    title: 'the kubelet cannot set up its cgroups',
    cause: 'it says: {why}; cgroups of an earlier run, of another driver, or of a mixed v1 and v2 host are in the way',
    remedy: 'reboot the host and press the button again; take cgroup-driver and cgroup-root out of kubelet-arg',
    link: 'https://github.com/k3s-io/k3s/issues/6318',
    provenance: 'reported',
    seen: 'k3s-io/k3s#6318',
    recorded: [
      '"Failed to start ContainerManager" err="failed to initialize top level QOS containers: root container [kubepods] doesn\'t exist"',
    ],
  },
  {
    id: 'swap-on',
    code: 'swap-on',
    strength: 'cause',
    matches: [/running with swap on is not supported, please disable swap/i],
    title: 'the kubelet refuses to run with swap on',
    cause:
      'a kubelet runs beside swap only where it is told so: k3s does unless kubelet-arg fail-swap-on says otherwise, kubeadm does not, and only warns of it',
    remedy:
      'sudo swapoff -a and remove swap from /etc/fstab, or, with k3s, take fail-swap-on=true out; then press the button again',
    link: 'https://github.com/kubernetes/kubernetes/issues/50373',
    provenance: 'reported',
    seen: 'kubernetes/kubernetes#50373; pkg/kubelet/cm/container_manager_linux.go',
    recorded: [
      'running with swap on is not supported, please disable swap or set --fail-swap-on flag to false',
      'error: failed to run Kubelet: Running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false.',
    ],
  },
  {
    id: 'node-ip-absent',
    code: 'node-ip-not-here',
    strength: 'cause',
    matches: [/node IP: "(?<address>[^"]{1,60})" not found in the host's network interfaces/],
    title: 'node-ip is {address}, and this host has no such address',
    cause: 'the address changed (DHCP), belongs to an interface that is down, or is the one the host has outside a NAT',
    remedy: 'compare with ip -br address; correct node-ip, or use node-external-ip for an address outside a NAT',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'observed',
    seen: 'kubelet/node-ip',
    recorded: [
      'E1121 15:34:32.969827      28 kubelet_node_status.go:719] "Failed to set some node status fields" err="failed to validate nodeIP: node IP: \\"10.99.0.5\\" not found in the host\'s network interfaces" node="calypso"',
    ],
  },
  {
    id: 'containerd-not-answering',
    code: 'containerd-not-answering',
    strength: 'symptom',
    matches: [/validate CRI v1 (?:runtime|image) API for endpoint "(?<socket>[^"]{1,200})": (?<why>[^"]{0,300})/],
    title: 'the kubelet gets no answer from containerd',
    cause: 'at {socket}: {why}; containerd does not run, or its CRI part did not load',
    remedy: 'on the host: sudo tail -n 50 /var/lib/rancher/k3s/agent/containerd/containerd.log says why',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'kubelet/runtime-socket',
    recorded: [
      'E1121 15:23:17.538732       8 run.go:72] "command failed" err="failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/k3s/containerd/containerd.sock\\": rpc error: code = Unavailable desc = connection error',
    ],
  },
  {
    id: 'kubelet-exits',
    code: 'kubelet-exits',
    strength: 'symptom',
    matches: [
      /level=\w{4,7} msg="(?:Error: )?kubelet exited: (?!exit status)(?<why>.{1,400}?)"?$/,
      // Nor the kubelet of a machine that kubeadm has not joined yet: without a configuration it waits for one.
      /run\.go:\d{1,4}\] "command failed" err="(?!failed to run Kubelet: validate service)(?!failed to load kubelet config file, path: \/var\/lib\/kubelet\/config\.yaml,.{0,600}no such file)(?<why>.{1,400}?)"?$/,
    ],
    title: 'the kubelet exits',
    cause: 'it says: {why}',
    remedy: 'read its words; what stands under kubelet-arg in /etc/rancher/k3s is the first thing to take out',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'observed',
    seen: 'kubelet/no-client; in the agent’s own frame: k3s-io/k3s#11781',
    recorded: [
      'level=fatal msg="kubelet exited: failed to run Kubelet: no client provided, cannot use webhook authentication"',
      'E1121 15:25:54.977750       7 run.go:72] "command failed" err="failed to run Kubelet: no client provided, cannot use webhook authentication"',
    ],
  },
]
