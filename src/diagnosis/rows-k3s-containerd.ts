import type { Row } from './model.ts'

/** What containerd says, in its own log rather than the agent's journal, and what the kubelet says about containerd. */
export const containerdRows: readonly Row[] = [
  {
    id: 'template-drops-runtime',
    code: 'containerd-template-harmful',
    strength: 'cause',
    matches: [/Ignoring unknown key in TOML for plugin.{0,400}?key="containerd runtimes (?<runtime>[^\s"]{1,60})/],
    title: 'a containerd template is in the way: containerd ignores its runtime {runtime} and loses the pod network',
    cause:
      'config.toml.tmpl sets plugins."io.containerd.grpc.v1.cri" keys of containerd 1; containerd 2 starts with it, drops them silently, and knows neither {runtime} nor the CNI folders',
    remedy:
      'move config.toml.tmpl out of /var/lib/rancher/k3s/agent/etc/containerd and restart the agent: it finds NVIDIA’s runtime by itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-v1-plugins-cri',
    recorded: [
      'time="2026-11-21T08:05:39.808505642Z" level=warning msg="Ignoring unknown key in TOML for plugin" error="strict mode: fields in the document are missing in the target struct" key="containerd runtimes nvidia" plugin=io.containerd.grpc.v1.cri',
    ],
  },
  {
    id: 'cni-not-initialised',
    code: 'cni-not-initialised',
    strength: 'symptom',
    // Every healthy start says this for a moment, so it counts only for a node that is registered and stays NotReady.
    when: { nodeExists: true, nodeReady: false },
    matches: [/cni plugin not initialized/],
    title: 'the pod network of the node does not start',
    cause:
      'containerd finds no CNI configuration: a containerd template without the CNI folders, or flannel could not start',
    remedy:
      'look for a config.toml.tmpl or config-v3.toml.tmpl in /var/lib/rancher/k3s/agent/etc/containerd, and for flannel in the agent’s journal',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-v1-plugins-cri',
    recorded: [
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    ],
  },
  {
    id: 'default-runtime-missing',
    code: 'default-runtime-missing',
    strength: 'cause',
    matches: [
      /default runtime "?(?<runtime>[\w.-]{1,60})"? was not found/,
      /no runtime for "(?<runtime>[^"]{1,60})" is configured/,
      /no corresponding runtime configured in `containerd\.runtimes` for `containerd` `default_runtime_name = "(?<runtime>[^"]{1,60})"/,
    ],
    title: 'containerd has no runtime named {runtime}',
    cause:
      'a configuration or a RuntimeClass asks for {runtime}, but its toolkit is not installed, not on the agent’s PATH, or dropped by a template',
    remedy:
      'install the NVIDIA container toolkit and restart the agent, or take default-runtime out of its configuration',
    link: 'https://docs.k3s.io/advanced#nvidia-container-runtime',
    provenance: 'observed',
    seen: 'containerd/default-runtime; k3s pkg/agent/containerd; the second form on a real kubelet and containerd',
    recorded: [
      'default runtime nvidia was not found',
      'E1121 08:05:09.621957    1422 log.go:32] "RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = no runtime for \\"nvidia\\" is configured"',
      'level=warning msg="failed to load plugin" error="invalid plugin config: no corresponding runtime configured in `containerd.runtimes` for `containerd` `default_runtime_name = \\"nvidia\\"" id=io.containerd.cri.v1.runtime type=io.containerd.cri.v1',
    ],
  },
  {
    id: 'containerd-toml',
    code: 'containerd-config-invalid',
    strength: 'cause',
    matches: [
      /failed to unmarshal TOML(?: at row \d{1,6} column \d{1,6})?: (?<reason>(?!toml: table)[^"]{1,300})/,
      /failed to load TOML from \S{1,200}: (?<reason>(?!toml: table)[^"]{1,300})/,
      /toml: (?<reason>table \S{1,100} already exists)/,
      /(?<reason>`mirrors` cannot be set when `config_path` is provided)/,
    ],
    title: 'containerd refuses its configuration',
    cause: 'containerd says: {reason}; the configuration is rendered from a template on the host',
    remedy:
      'repair or move away the template in /var/lib/rancher/k3s/agent/etc/containerd; without one the agent writes a good configuration itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-toml, containerd/table-twice, containerd/registry-twice',
    recorded: [
      'containerd: failed to unmarshal TOML at row 1 column 13: toml: expected character ]',
      'containerd: failed to unmarshal TOML: toml: table runc already exists',
      'level=warning msg="failed to load plugin" error="invalid cri image config: `mirrors` cannot be set when `config_path` is provided" id=io.containerd.cri.v1.images type=io.containerd.cri.v1',
    ],
  },
  {
    id: 'containerd-version',
    code: 'containerd-config-invalid',
    strength: 'cause',
    matches: [/expected containerd config version equal to or less than `(?<highest>\d+)`, got `(?<version>\d{1,6})`/],
    stages: ['start', 'confirm'],
    title: 'containerd refuses its configuration: it is of version {version}',
    cause:
      'this containerd understands configurations up to version {highest}; the template on the host says {version}',
    remedy:
      'repair or move away the template in /var/lib/rancher/k3s/agent/etc/containerd; without one the agent writes a good configuration itself',
    link: 'https://docs.k3s.io/advanced#configuring-containerd',
    provenance: 'observed',
    seen: 'join/bad-template-version',
    recorded: [
      'containerd: failed to load TOML from /var/lib/rancher/k3s/agent/etc/containerd/config.toml: expected containerd config version equal to or less than `3`, got `99`',
    ],
  },
  {
    id: 'overlayfs',
    code: 'overlayfs-unavailable',
    strength: 'cause',
    matches: [
      /"?overlayfs"? snapshotter cannot be enabled/,
      /does not support d_type\. If the backing filesystem is xfs/,
    ],
    title: 'the file system of this host cannot carry container images (overlayfs)',
    cause:
      'an old kernel, or /var/lib/rancher on a file system that overlayfs does not work on, e.g. ZFS, xfs made with ftype=0, or a container',
    remedy:
      'put /var/lib/rancher on ext4 or on xfs made with ftype=1, or set snapshotter: native (slower) in extra-config',
    link: 'https://github.com/k3s-io/k3s/issues/3266',
    provenance: 'reported',
    seen: 'k3s-io/k3s#3266, #12673; kairos-io/kairos#3666',
    recorded: [
      'Failed to retrieve agent config: \\"overlayfs\\" snapshotter cannot be enabled for \\"/var/lib/rancher/k3s/agent/containerd\\", try using \\"fuse-overlayfs\\" or \\"native\\": failed to mount overlay: invalid argument',
      '/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs does not support d_type. If the backing filesystem is xfs, please reformat with ftype=1 to enable d_type support',
    ],
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
    seen: 'the words are those of a stand-in; k3s supervises containerd in the same way',
    recorded: ['level=error msg="containerd exited: exit status 1"'],
  },
]
