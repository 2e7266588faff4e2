import type { Row } from './model.ts'

/** What containerd says about the host below it: its database, its socket, a second one, the kernel’s limits. */
export const containerdHostRows: readonly Row[] = [
  {
    id: 'containerd-metadata',
    code: 'containerd-metadata-corrupt',
    strength: 'cause',
    matches: [
      /error="(?<why>invalid database|checksum error)" id=io\.containerd\.metadata\.v1\.bolt/,
      /panic: (?<why>invalid page type|freepages: failed to get all reachable pages|page \d{1,20} already freed)/,
    ],
    title: 'containerd’s database is damaged',
    cause:
      '{why} in meta.db: the machine lost power or its disk is failing; containerd forgets nothing but images and pods',
    remedy:
      'on the host, with the agent stopped: sudo mv /var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db /root/, then press the button again; look at dmesg for the disk',
    link: 'https://github.com/k3s-io/k3s/issues/5669',
    provenance: 'observed',
    seen: 'containerd/metadata-corrupt; containerd/containerd#3347; etcd-io/bbolt#883; k3s-io/k3s#5669',
    recorded: [
      'level=warning msg="failed to load plugin" error="invalid database" id=io.containerd.metadata.v1.bolt type=io.containerd.metadata.v1',
      'panic: invalid page type: 4: 10',
      'panic: freepages: failed to get all reachable pages',
    ],
  },
  {
    id: 'inotify-instances',
    code: 'inotify-limit',
    strength: 'cause',
    matches: [
      /failed to create fsnotify watcher: too many open files/,
      /inotify_init1?: too many open files/,
      /error creating (?:a )?(?:new )?inotify(?: instance)?: too many open files/,
    ],
    title: 'this host has no inotify instance left',
    cause: 'the limit per user (fs.inotify.max_user_instances, often 128) is used up by what runs here as root',
    remedy:
      'echo fs.inotify.max_user_instances=1024 | sudo tee /etc/sysctl.d/90-inotify.conf && sudo sysctl --system; then press the button again',
    link: 'https://github.com/kubermatic/kubermatic/issues/7490',
    provenance: 'observed',
    seen: 'containerd/inotify-instances; kubermatic/kubermatic#7490',
    recorded: [
      'level=warning msg="failed to load plugin" error="failed to create CRI service: failed to create cni conf monitor for default: failed to create fsnotify watcher: too many open files" id=io.containerd.grpc.v1.cri type=io.containerd.grpc.v1',
      'inotify_init: too many open files',
    ],
  },
  {
    id: 'inotify-watches',
    code: 'inotify-limit',
    strength: 'cause',
    matches: [
      /failed to watch cni conf dir \S{1,200}: no space left on device/,
      /inotify_add_watch \S{1,300}: no space left on device/,
    ],
    title: 'this host has no inotify watch left',
    cause:
      'the kernel says “no space left on device” also for this; the limit is fs.inotify.max_user_watches, the disk is fine',
    remedy:
      'echo fs.inotify.max_user_watches=524288 | sudo tee /etc/sysctl.d/90-inotify.conf && sudo sysctl --system; then press the button again',
    link: 'https://github.com/kubernetes/kubernetes/issues/8198',
    provenance: 'observed',
    seen: 'containerd/inotify-watches; kubernetes/kubernetes#8198',
    recorded: [
      'level=warning msg="failed to load plugin" error="failed to create CRI service: failed to create cni conf monitor for default: failed to watch cni conf dir /etc/cni/net.d: no space left on device" id=io.containerd.grpc.v1.cri type=io.containerd.grpc.v1',
      'inotify_add_watch /sys/fs/cgroup/cpu,cpuacct: no space left on device',
    ],
  },
  {
    id: 'containerd-socket',
    code: 'containerd-socket',
    strength: 'cause',
    matches: [/failed to get listener for main endpoint: (?<why>[^"]{1,200})/],
    title: 'containerd cannot open its socket',
    cause: 'the kernel says: {why}; something else stands at /run/k3s/containerd/containerd.sock',
    remedy:
      'on the host, with the agent stopped: sudo ls -la /run/k3s/containerd, remove what is no socket of a running program, and press the button again',
    provenance: 'observed',
    seen: 'containerd/socket-taken',
    recorded: ['containerd: failed to get listener for main endpoint: is a directory'],
  },
  {
    id: 'containerd-second',
    code: 'containerd-already-running',
    strength: 'symptom',
    matches: [/waiting for response from boltdb open/],
    title: 'another containerd still holds the agent’s folder',
    cause:
      'its database is locked: a containerd of an earlier run survived, or a second k3s runs on the same folder; this one waits for ever',
    remedy:
      'find it with pgrep -af "containerd .*rancher"; sudo k3s-killall.sh ends everything that k3s left (and every pod here); then press the button again',
    link: 'https://github.com/containerd/containerd/issues/3478',
    provenance: 'observed',
    seen: 'containerd/second-instance; containerd/containerd#3478',
    recorded: ['level=warning msg="waiting for response from boltdb open" plugin=bolt'],
  },
]
