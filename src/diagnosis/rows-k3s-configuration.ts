import type { Row } from './model.ts'

const files = '/etc/rancher/k3s/config.yaml, config.yaml.d and the unit'
const configuration = 'https://docs.k3s.io/installation/configuration'
const restrictedLabel = {
  code: 'restricted-label',
  strength: 'cause',
  matches: [/unknown 'kubernetes\.io' or 'k8s\.io' labels specified with --node-labels: \[(?<labels>[^\]]{0,600})\]/],
  remedy:
    'take {labels} out of the unit’s or the config files’ node-label; give it as labels of this action, which sets it through the API',
  link: 'https://github.com/k3s-io/k3s/issues/10916',
  provenance: 'observed',
  recorded: [
    "failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/gpu]",
  ],
} as const

/** What k3s and the kubelet say to a configuration that they do not accept: flags, files, labels, taints. */
export const configurationRows: readonly Row[] = [
  {
    id: 'k3s-flag-unknown',
    code: 'k3s-flag-unknown',
    strength: 'cause',
    matches: [/flag provided but not defined: (?<flag>-[\w-]{1,100})/],
    title: 'k3s does not know the flag {flag}',
    cause: `{flag} is misspelt, belongs to k3s server, or came with another version; it stands in ${files}`,
    remedy:
      'take it out (or, when it came from extra-config, out of there) and press the button again; k3s agent --help on the host lists what there is',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'reported',
    seen: 'k3s-io/k3s#6565, #9598',
    recorded: ['Incorrect Usage: flag provided but not defined: -disable'],
  },
  {
    id: 'registries-yaml',
    code: 'registries-yaml-invalid',
    strength: 'cause',
    matches: [/level=fatal msg="(?:Error: )?(?<reason>yaml: [^"]{1,300})/],
    also: [/Using private registry config file at /],
    title: 'registries.yaml is no valid YAML',
    cause: 'k3s says: {reason}, after it began with the file of private registries',
    remedy:
      'repair /etc/rancher/k3s/registries.yaml: no tabs, a space after every colon, two spaces per step; then press the button again',
    link: 'https://docs.k3s.io/installation/private-registry',
    provenance: 'reported',
    seen: 'rancher/rke2#4744',
    recorded: [
      'level=info msg="Using private registry config file at /etc/rancher/k3s/registries.yaml"',
      'level=fatal msg="yaml: line 3: mapping values are not allowed in this context"',
    ],
  },
  {
    id: 'config-yaml',
    code: 'config-yaml-invalid',
    strength: 'cause',
    matches: [/level=fatal msg="(?:Error: )?(?<reason>yaml: [^"]{1,300})/],
    title: 'a configuration file of k3s is no valid YAML',
    cause: 'k3s says: {reason}; it reads /etc/rancher/k3s/config.yaml and then the files of config.yaml.d',
    remedy:
      'repair the file: no tabs, a space after every colon, a list under a key that takes one; what this action wrote stands in a file of its own there',
    link: configuration,
    provenance: 'reported',
    seen: 'rancher/tf-rancher-up#209; k3s-io/k3s#7932',
    recorded: [
      'level=fatal msg="yaml: line 8: could not find expected \':\'"',
      'level=fatal msg="Error: yaml: unmarshal errors:\\n  line 1: cannot unmarshal !!str `node-la...` into yaml.MapSlice"',
    ],
  },
  {
    id: 'kubelet-flag-unknown',
    code: 'kubelet-flag-unknown',
    strength: 'cause',
    matches: [
      /(?:failed to parse kubelet flag|kubelet exited): (?:failed to parse kubelet flag: )?unknown (?:shorthand )?flag: (?<flag>[^\s"]{1,100})/,
    ],
    title: 'the kubelet does not know the flag {flag} and exits',
    cause: `{flag} is misspelt, or was removed in this version; it stands under kubelet-arg in ${files}`,
    remedy: 'take it out of kubelet-arg (or out of extra-config) and press the button again',
    link: 'https://github.com/k3s-io/k3s/issues/11781',
    provenance: 'observed',
    seen: 'join/unknown-kubelet-flag, kubelet/unknown-flag; k3s-io/k3s#11781, #3057',
    recorded: [
      'E1121 15:23:16.758161       8 run.go:72] "command failed" err="failed to parse kubelet flag: unknown flag: --no-such-flag"',
      'level=fatal msg="kubelet exited: failed to parse kubelet flag: unknown flag: --single-Process-OOM-Kill"',
      'level=fatal msg="kubelet exited: unknown flag: --event-ttl"',
    ],
  },
  {
    id: 'kubelet-taint-invalid',
    code: 'node-taint-invalid',
    strength: 'cause',
    matches: [/invalid argument "(?<value>[^"]{0,300})" for "--register-with-taints" flag: (?<why>[^"]{1,200})/],
    title: 'the kubelet does not understand the taint {value}',
    cause: 'it says: {why}; a taint is key=value:NoSchedule, :PreferNoSchedule or :NoExecute',
    remedy: `correct node-taint in ${files}; taints of this action go through the API and are checked before`,
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'observed',
    seen: 'kubelet/taint-invalid',
    recorded: [
      'E1121 15:25:54.303584       7 run.go:72] "command failed" err="failed to parse kubelet flag: invalid argument \\"workload-type=gpu:Never\\" for \\"--register-with-taints\\" flag: invalid taint effect: Never, unsupported taint effect"',
    ],
  },
  {
    id: 'kubelet-flag-invalid',
    code: 'kubelet-flag-invalid',
    strength: 'cause',
    matches: [
      /invalid argument "(?<value>[^"]{0,300})" for "(?<flag>--(?!register-with-taints)[\w-]{1,80})" flag: (?<why>[^"]{1,200})/,
    ],
    title: 'the kubelet does not understand {flag}={value} and exits',
    cause: `it says: {why}; the flag stands under kubelet-arg in ${files}`,
    remedy: 'correct the value (or extra-config) and press the button again',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'observed',
    seen: 'kubelet/flag-value, kubelet/eviction-value',
    recorded: [
      'E1121 15:23:16.943832       8 run.go:72] "command failed" err="failed to parse kubelet flag: invalid argument \\"many\\" for \\"--max-pods\\" flag: strconv.ParseInt: parsing \\"many\\": invalid syntax"',
      'E1121 15:25:55.129491       7 run.go:72] "command failed" err="failed to parse kubelet flag: invalid argument \\"memory.available=lots\\" for \\"--eviction-hard\\" flag: malformed pair, expect string<string"',
    ],
  },
  {
    id: 'kubelet-label-invalid',
    code: 'node-label-invalid',
    strength: 'cause',
    matches: [/invalid node labels: '(?<label>[^']{1,300})' - /],
    title: 'the kubelet refuses the label {label} and exits',
    cause: `{label} is no label: letters, digits, - _ . only, at most 63 characters per part; it stands under node-label in ${files}`,
    remedy: 'correct it and press the button again; labels of this action go through the API and are checked before',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'observed',
    seen: 'kubelet/label-invalid',
    recorded: [
      'E1121 15:25:54.548270       7 run.go:72] "command failed" err="failed to validate kubelet flags: invalid node labels: \'oceanid node/gpu\' - prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters',
    ],
  },
  {
    ...restrictedLabel,
    id: 'restricted-label-new-node',
    title: 'the kubelet refuses the label {labels} and exits',
    cause:
      'a node may not give itself labels of kubernetes.io or k8s.io, except a few; the agent restarts every few seconds',
    seen: 'join/restricted-label-new-node',
  },
  {
    ...restrictedLabel,
    id: 'restricted-label-existing-node',
    when: { nodeExists: true },
    title: 'the kubelet refuses the label {labels} and exits, although the start looked good',
    cause:
      'the Node already exists, so the agent said that it is up before its kubelet died; it restarts every few seconds, and the Node stays Ready for about a minute',
    seen: 'join/restricted-label-existing-node',
  },
  {
    id: 'kubelet-feature-gate',
    code: 'kubelet-feature-gate-unknown',
    strength: 'cause',
    matches: [/unrecognized feature gate: (?<gate>\w{1,100})/],
    title: 'the kubelet does not know the feature gate {gate} and exits',
    cause: `gates come and go with versions; {gate} stands under kubelet-arg feature-gates in ${files}`,
    remedy: 'take {gate} out and press the button again',
    link: 'https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/',
    provenance: 'observed',
    seen: 'kubelet/feature-gate',
    recorded: [
      'E1121 15:25:54.761007       7 run.go:72] "command failed" err="failed to set feature gates from initial flags-based config: unrecognized feature gate: NoSuchGate"',
    ],
  },
  {
    id: 'kubelet-config-invalid',
    code: 'kubelet-config-invalid',
    strength: 'cause',
    matches: [
      // Not the kubelet of a machine that kubeadm has not joined yet: it has no configuration, and waits for it (seen on real parts).
      /(?<why>failed to load kubelet config file, path: (?!\/var\/lib\/kubelet\/config\.yaml,.{0,600}no such file or directory)(?<path>[^\s",]{1,300})[^"]{0,300})/,
      /failed to validate kubelet configuration, error: (?!kubelet is configured to not run on a host using cgroup v1)(?<why>[^"]{1,300})/,
    ],
    title: 'the kubelet refuses its configuration and exits',
    cause: 'it says: {why}',
    remedy: `correct or remove the file that kubelet-arg config names in ${files}, or what lies in /var/lib/rancher/k3s/agent/etc/kubelet.conf.d, and press the button again`,
    link: configuration,
    provenance: 'observed',
    seen: 'kubelet/config-missing; the second form is that of kubernetes cmd/kubelet/app/server.go',
    recorded: [
      'E1121 15:23:17.091556       8 run.go:72] "command failed" err="failed to load kubelet config file, path: /var/lib/rancher/k3s/agent/etc/kubelet.conf, error: failed to load Kubelet config file /var/lib/rancher/k3s/agent/etc/kubelet.conf',
      'E1121 15:23:17.091556       8 run.go:72] "command failed" err="failed to validate kubelet configuration, error: invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) 90 must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) 80',
    ],
  },
  {
    id: 'kubelet-kernel-flag',
    code: 'kernel-setting-refused',
    strength: 'cause',
    matches: [
      /invalid kernel flag: (?<flag>[\w./-]{1,100}), expected value: (?<wanted>-?\d+), actual value: (?<value>-?\d+)/,
    ],
    title: 'the kubelet wants the kernel setting {flag} = {wanted}, and it is {value}',
    cause: 'protect-kernel-defaults is on: then the kubelet changes no kernel setting, and exits where one differs',
    remedy:
      'write {flag} = {wanted} into a file of /etc/sysctl.d (with dots for slashes), run sudo sysctl --system, and press the button again; or take protect-kernel-defaults out',
    link: 'https://docs.k3s.io/security/hardening-guide',
    provenance: 'reported',
    seen: 'canonical/microk8s#3091; kubernetes pkg/kubelet/cm/container_manager_linux.go',
    recorded: ['invalid kernel flag: vm/overcommit_memory, expected value: 1, actual value: 0'],
  },
  {
    id: 'cpu-manager-state',
    code: 'cpu-manager-state',
    strength: 'cause',
    matches: [
      /configured policy "(?<policy>[\w-]{1,40})" differs from state checkpoint policy "(?<before>[\w-]{1,40})"/,
    ],
    title: 'the kubelet’s CPU or memory manager was changed from {before} to {policy}, and its old state is in the way',
    cause: 'the kubelet refuses to start with a state that another policy wrote',
    remedy:
      'on the host, with the agent stopped: sudo rm /var/lib/kubelet/cpu_manager_state /var/lib/kubelet/memory_manager_state; then press the button again',
    link: 'https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/',
    provenance: 'reported',
    seen: 'kubernetes-sigs/kubespray#8535',
    recorded: ['configured policy "static" differs from state checkpoint policy "none"'],
  },
]
