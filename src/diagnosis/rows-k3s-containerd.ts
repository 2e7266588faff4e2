import type { Row } from './model.ts'

/** What containerd says, in its own log rather than the agent's journal, and what the kubelet says about containerd. */
export const containerdRows: readonly Row[] = [
  {
    id: 'template-drops-runtime',
    code: 'containerd-template-harmful',
    strength: 'cause',
    matches: [/Ignoring unknown key in TOML for plugin.*key="containerd runtimes (?<runtime>[^\s"]+)/],
    title: 'a containerd template is in the way: containerd ignores its runtime {runtime} and loses the pod network',
    cause:
      'config.toml.tmpl sets plugins."io.containerd.grpc.v1.cri" keys of containerd 1; containerd 2 starts with it, drops them silently, and knows neither {runtime} nor the CNI folders',
    remedy:
      'move config.toml.tmpl out of /var/lib/rancher/k3s/agent/etc/containerd and restart the agent: it finds NVIDIA’s runtime by itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-v1-plugins-cri',
  },
  {
    id: 'cni-not-initialised',
    code: 'cni-not-initialised',
    strength: 'symptom',
    // Every healthy start says this for a moment, so it counts only for a node that is registered and stays NotReady.
    when: { nodeReady: false },
    matches: [/cni plugin not initialized/],
    title: 'the pod network of the node does not start',
    cause:
      'containerd finds no CNI configuration: a containerd template without the CNI folders, or flannel could not start',
    remedy:
      'look for a config.toml.tmpl or config-v3.toml.tmpl in /var/lib/rancher/k3s/agent/etc/containerd, and for flannel in the agent’s journal',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-v1-plugins-cri',
  },
  {
    id: 'default-runtime-missing',
    code: 'default-runtime-missing',
    strength: 'cause',
    matches: [
      /default runtime "?(?<runtime>[\w.-]+)"? was not found/,
      /no runtime for "(?<runtime>[^"]+)" is configured/,
    ],
    title: 'containerd has no runtime named {runtime}',
    cause:
      'a configuration or a RuntimeClass asks for {runtime}, but its toolkit is not installed, not on the agent’s PATH, or dropped by a template',
    remedy:
      'install the NVIDIA container toolkit and restart the agent, or take default-runtime out of its configuration',
    link: 'https://docs.k3s.io/advanced#nvidia-container-runtime',
    provenance: 'reported',
    seen: 'k3s pkg/agent/containerd; second form seen on a real kubelet and containerd',
  },
  {
    id: 'containerd-toml',
    code: 'containerd-config-invalid',
    strength: 'cause',
    matches: [
      /failed to unmarshal TOML(?: at row \d+ column \d+)?: (?<reason>.+)/,
      /failed to load TOML from \S+: (?<reason>.+)/,
      /toml: (?<reason>table \S+ already exists)/,
    ],
    title: 'containerd refuses its configuration',
    cause: 'containerd says: {reason}; the configuration is rendered from a template on the host',
    remedy:
      'repair or move away the template in /var/lib/rancher/k3s/agent/etc/containerd; without one the agent writes a good configuration itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-toml',
  },
  {
    id: 'containerd-version',
    code: 'containerd-config-invalid',
    strength: 'cause',
    matches: [/expected containerd config version equal to or less than `(?<highest>\d+)`, got `(?<version>\d+)`/],
    stages: ['start', 'confirm'],
    title: 'containerd refuses its configuration: it is of version {version}',
    cause:
      'this containerd understands configurations up to version {highest}; the template on the host says {version}',
    remedy:
      'repair or move away the template in /var/lib/rancher/k3s/agent/etc/containerd; without one the agent writes a good configuration itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-version',
  },
  {
    id: 'overlayfs',
    code: 'overlayfs-unavailable',
    strength: 'cause',
    matches: [/"?overlayfs"? snapshotter cannot be enabled/],
    title: 'the file system of this host cannot carry container images (overlayfs)',
    cause:
      'an old kernel, or /var/lib/rancher on a file system that overlayfs does not work on, e.g. ZFS or a container',
    remedy: 'put /var/lib/rancher on ext4 or xfs, or set snapshotter: native (slower) in extra-config',
    link: 'https://docs.k3s.io/installation/requirements',
    provenance: 'reported',
    seen: 'words collected from public reports',
  },
  {
    id: 'containerd-exits',
    code: 'containerd-exits',
    strength: 'symptom',
    matches: [/containerd exited: exit status/],
    title: 'containerd does not start',
    cause: 'it exits at once; why is in its own log, which was not among the evidence',
    remedy:
      'on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; most often a template beside config.toml is the reason',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'reported',
    seen: 'the words are those of the stand-in; k3s supervises containerd in the same way',
  },
]
