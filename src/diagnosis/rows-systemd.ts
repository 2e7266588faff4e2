import type { Row } from './model.ts'

/** What systemd says about the unit. Its usual frame (exited, scheduled restart) is no reason; these are. */
export const systemdRows: readonly Row[] = [
  {
    id: 'program-not-executable',
    code: 'program-not-executable',
    strength: 'cause',
    matches: [/Failed at step EXEC spawning (?<program>\S{1,200}): Permission denied/],
    title: 'systemd may not execute {program}',
    cause: 'it is not executable, lies on a file system mounted noexec, or has the wrong SELinux label',
    remedy:
      'sudo chmod 755 {program}; with SELinux: sudo restorecon -v {program}; findmnt -T {program} must not say noexec; then press the button again',
    link: 'https://github.com/kube-hetzner/terraform-hcloud-kube-hetzner/issues/1148',
    provenance: 'reported',
    seen: 'kube-hetzner/terraform-hcloud-kube-hetzner#1148',
    recorded: ['k3s-agent.service: Failed at step EXEC spawning /usr/local/bin/k3s: Permission denied'],
  },
  {
    id: 'program-missing',
    code: 'program-missing',
    strength: 'cause',
    matches: [/Failed at step EXEC spawning (?<program>\/\S{0,100}\/k3s): No such file or directory/],
    title: 'the unit starts {program}, and it is not there',
    cause: 'it was removed or never arrived; or its file system is not mounted when the unit starts',
    remedy: 'press the button again: the plan sees that it is missing and brings it',
    provenance: 'reported',
    seen: 'words of systemd (src/core/exec-invoke.c)',
    recorded: ['k3s-agent.service: Failed at step EXEC spawning /usr/local/bin/k3s: No such file or directory'],
  },
  {
    id: 'nm-cloud-setup',
    code: 'nm-cloud-setup',
    strength: 'cause',
    // The unit's first step says its command on every start; only together with a failed step before the program it is the reason.
    matches: [/is-enabled --quiet nm-cloud-setup\.service/],
    also: [/Control process exited, code=exited, status=1\/FAILURE/],
    title: 'nm-cloud-setup is enabled on this host, and the unit refuses to start beside it',
    cause: 'that service rewrites routes under the pod network’s feet; k3s’s unit checks for it before it starts',
    remedy:
      'sudo systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer, reboot, and press the button again',
    link: 'https://docs.k3s.io/installation/requirements',
    provenance: 'reported',
    seen: 'k3s-io/k3s#3465, #7098',
    recorded: [
      '+ /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service',
      'k3s-agent.service: Control process exited, code=exited, status=1/FAILURE',
    ],
  },
  {
    id: 'oom-killed',
    code: 'oom-killed',
    strength: 'cause',
    matches: [
      /\.service: (?:Failed with result 'oom-kill'|A process of this unit has been killed by the OOM killer)/,
      /Out of memory: Killed process \d{1,9} \((?:k3s|containerd|kubelet)[\w-]{0,20}\)/,
    ],
    title: 'the kernel killed the agent, because the host has no memory left',
    cause: 'an agent needs about 512 MiB for itself; what runs here besides took the rest',
    remedy:
      'see free -h and sudo dmesg | grep -i "killed process"; stop something, add memory or swap, then press the button again',
    link: 'https://docs.k3s.io/installation/requirements',
    provenance: 'reported',
    seen: 'k3s-io/k3s#11346; words of systemd and of the kernel (mm/oom_kill.c)',
    recorded: [
      "k3s-agent.service: Failed with result 'oom-kill'.",
      'k3s-agent.service: A process of this unit has been killed by the OOM killer.',
      'Out of memory: Killed process 2064 (k3s-agent) total-vm:5571080kB, anon-rss:412345kB, file-rss:0kB, shmem-rss:0kB',
    ],
  },
  {
    id: 'unit-masked',
    code: 'unit-masked',
    strength: 'cause',
    matches: [/Unit (?<name>[\w@.-]{1,80}) is masked/],
    title: 'the unit {name} is masked on this host',
    cause: 'somebody forbade it to start: systemctl mask',
    remedy: 'find out who and why; sudo systemctl unmask {name}; then press the button again',
    provenance: 'reported',
    seen: 'words of systemd (src/shared/bus-util.c)',
    recorded: ['Failed to start k3s-agent.service: Unit k3s-agent.service is masked.'],
  },
  {
    id: 'unit-broken',
    code: 'unit-broken',
    strength: 'cause',
    matches: [/Unit (?<name>[\w@.-]{1,80}) has a bad unit file setting/],
    title: 'systemd does not accept the unit {name}',
    cause: 'a line of it, or of a drop-in below /etc/systemd/system/{name}.d, is wrong',
    remedy:
      'sudo systemd-analyze verify {name} names the line; correct or remove the drop-in and press the button again',
    provenance: 'reported',
    seen: 'words of systemd (src/core/dbus-unit.c)',
    recorded: ['Failed to start k3s-agent.service: Unit k3s-agent.service has a bad unit file setting.'],
  },
  {
    id: 'unit-start-limit',
    code: 'unit-start-limit',
    strength: 'symptom',
    matches: [/Start request repeated too quickly/, /Failed with result 'start-limit-hit'/],
    title: 'systemd gave up starting {unit}: it failed too often in a short time',
    cause: 'why it failed stands before these lines; k3s’s own unit has no such limit, so a drop-in set one',
    remedy:
      'read journalctl -u {unit}; when the reason is gone: sudo systemctl reset-failed {unit}, and press the button again',
    provenance: 'reported',
    seen: 'words of systemd (src/core/unit.c)',
    recorded: [
      'k3s-agent.service: Start request repeated too quickly.',
      "k3s-agent.service: Failed with result 'start-limit-hit'.",
    ],
  },
]
