import type { Row } from './model.ts'

/** What the kernel says through whoever met it: disk, ports, files, programs. */
export const hostRows: readonly Row[] = [
  {
    id: 'port-in-use',
    code: 'port-in-use',
    strength: 'cause',
    matches: [/listen tcp[46]? \S{0,60}:(?<port>10250|10248|10249|10256|10010): bind: address already in use/],
    title: 'port {port} is taken on this host',
    cause: 'another program, often a second kubelet or an older installation, listens on {port}',
    remedy: 'find it with sudo ss -ltnp sport = :{port} and stop it, then press the button again',
    link: 'https://docs.k3s.io/installation/requirements#networking',
    provenance: 'observed',
    seen: 'kubelet/port-taken; k3s-io/k3s-ansible#122',
    recorded: [
      'E1121 15:25:33.239688      28 server.go:202] "Failed to listen and serve" err="listen tcp 0.0.0.0:10250: bind: address already in use"',
    ],
  },
  {
    id: 'port-6444',
    code: 'port-in-use',
    strength: 'cause',
    matches: [/listen tcp[46]? \S{0,60}:(?<port>6443|6444): bind: address already in use/],
    title: 'port {port} is taken on this host: another k3s runs here',
    cause: 'only a k3s server or agent listens on {port}; a machine that is a server already needs no agent',
    remedy:
      'see sudo ss -ltnp sport = :{port} and systemctl list-units "k3s*"; stop the older one (k3s-uninstall.sh removes it), then press the button again',
    link: 'https://github.com/k3s-io/k3s/issues/5973',
    provenance: 'reported',
    seen: 'k3s-io/k3s#5973; words of Go’s net package',
    recorded: ['level=fatal msg="Error: listen tcp 127.0.0.1:6444: bind: address already in use"'],
  },
  {
    id: 'disk-full',
    code: 'disk-full',
    strength: 'cause',
    // The same words for a used up limit of inotify have a row of their own.
    matches: [/no space left on device(?<!(?:inotify|watch cni conf dir).{0,400})/i],
    title: 'the disk is full',
    cause: 'a file could not be written: no space, or no inodes, are left',
    remedy: 'look with df -h and df -i /var/lib; free some space below /var/lib, then press the button again',
    provenance: 'observed',
    seen: 'containerd/root-inodes; kairos-io/kairos#2682',
    recorded: [
      'level=warning msg="failed to load plugin" error="mkdir /var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt: no space left on device" id=io.containerd.metadata.v1.bolt type=io.containerd.metadata.v1',
      'level=fatal msg="extracting data: error writing to /var/lib/rancher/k3s/data/019fb8bac4d619f2f3682a8aef4f460c4759bd4d1510b12b05b498936e75da14-tmp/bin/k3s: write /var/lib/rancher/k3s/data/019fb8bac4d619f2f3682a8aef4f460c4759bd4d1510b12b05b498936e75da14-tmp/bin/k3s: no space left on device"',
    ],
  },
  {
    id: 'read-only-file-system',
    code: 'read-only-file-system',
    strength: 'cause',
    matches: [
      /(?:\/var\/lib\/(?:rancher|kubelet|cni)|\/etc\/rancher|\/run\/k3s|\/etc\/cni)[\w./-]{0,200}: read-only file system/,
    ],
    title: 'a folder that the agent writes to is read-only',
    cause: 'the file system is mounted so, or the kernel made it so after an error of the disk',
    remedy:
      'see findmnt -T /var/lib/rancher and sudo dmesg | grep -iE "remount|i/o error"; repair the disk or mount it for writing; on an immutable system put the folder on a writable partition',
    provenance: 'observed',
    seen: 'containerd/root-read-only',
    recorded: ['containerd: chmod /var/lib/rancher/k3s/agent/containerd: read-only file system'],
  },
  {
    id: 'file-table-full',
    code: 'file-table-full',
    strength: 'cause',
    matches: [/too many open files in system/],
    title: 'the whole host has no open file left',
    cause: 'fs.file-max is reached: some program here does not close its files',
    remedy:
      'cat /proc/sys/fs/file-nr; find the program with sudo lsof | cut -d" " -f1 | sort | uniq -c | sort -n | tail; raise fs.file-max in /etc/sysctl.d',
    provenance: 'invented',
    seen: 'words of the kernel (ENFILE)',
    recorded: ['open /var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json: too many open files in system'],
  },
  {
    id: 'data-dir-noexec',
    code: 'data-dir-noexec',
    strength: 'cause',
    matches: [/exec \/var\/lib\/rancher\/k3s\/data\/[\w.-]{1,80}\/bin\/[\w-]{1,30} failed: permission denied/],
    title: 'nothing may be executed below /var/lib/rancher',
    cause: 'k3s unpacks its programs there; the file system is mounted noexec, or SELinux or fapolicyd forbids it',
    remedy:
      'findmnt -no OPTIONS -T /var/lib/rancher must not say noexec: sudo mount -o remount,exec <mount point> and correct /etc/fstab; with SELinux install k3s-selinux',
    link: 'https://github.com/k3s-io/k3s/issues/7501',
    provenance: 'reported',
    seen: 'k3s-io/k3s#7501, #6474',
    recorded: [
      'level=fatal msg="exec /var/lib/rancher/k3s/data/3a5a046ca7504505788f8ab75ca8189219b088c6700b1e19a7aa5e755eb5bde9/bin/k3s-server failed: permission denied"',
    ],
  },
  {
    id: 'data-dir-broken',
    code: 'data-dir-broken',
    strength: 'cause',
    matches: [/exec: "(?<program>k3s-server|k3s-agent|containerd|k3s)": executable file not found in \$PATH/],
    title: 'the programs that k3s unpacked are incomplete: {program} is missing',
    cause:
      'an unpacking below /var/lib/rancher/k3s/data was interrupted (full disk, power), and k3s takes it for complete',
    remedy:
      'on the host, with the agent stopped: sudo rm -r /var/lib/rancher/k3s/data; then press the button again: it unpacks anew',
    link: 'https://github.com/k3s-io/k3s/issues/2854',
    provenance: 'reported',
    seen: 'k3s-io/k3s#2854, #10294, #1113',
    recorded: ['level=fatal msg="exec: \\"k3s-server\\": executable file not found in $PATH"'],
  },
  {
    id: 'wrong-architecture',
    code: 'wrong-architecture',
    strength: 'cause',
    // modprobe says it too, of a module for another kernel.
    matches: [/[Ee]xec format error(?<!could not insert.{0,400})/],
    title: 'the program is for another architecture',
    cause: 'the kernel cannot execute the installed binary',
    remedy: 'press the button again: the binary is replaced by one for this host’s architecture',
    provenance: 'reported',
    seen: 'words of the kernel (ENOEXEC) as systemd prints them (src/core/exec-invoke.c)',
    recorded: ['k3s-agent.service: Failed at step EXEC spawning /usr/local/bin/k3s: Exec format error'],
  },
  {
    id: 'program-busy',
    code: 'program-busy',
    strength: 'cause',
    matches: [/[Tt]ext file busy/],
    title: 'the program was being written when it was to start',
    cause:
      'something replaces /usr/local/bin/k3s in place (another installer, a copy), instead of moving a new file there',
    remedy: 'wait until it is done and press the button again; sudo fuser -v /usr/local/bin/k3s says who writes',
    provenance: 'invented',
    seen: 'words of the kernel (ETXTBSY)',
    recorded: ['k3s-agent.service: Failed at step EXEC spawning /usr/local/bin/k3s: Text file busy'],
  },
]
