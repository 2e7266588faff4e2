import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered, passed, unanswered } from './check.ts'

/** Codes of src/host for a sudo that does not let the user become root, in words. */
const sudoProblems: Readonly<Record<string, string>> = {
  'sudo-password-required': 'sudo asks for a password, and none was given',
  'sudo-password-wrong': 'sudo refused the password that was given',
  'sudo-not-allowed': 'the user may not use sudo',
  'sudo-needs-tty': 'sudo demands a terminal (requiretty)',
  'sudo-missing': 'there is no sudo on the host',
}

export function privilegeCheck({ facts }: Pick<JoinSituation, 'facts'>): Check {
  const { state, problem } = facts.privilege
  const none = sudoProblems[problem] ?? (problem || 'no sudo')
  const found = {
    root: 'logged in as root',
    passwordless: 'sudo without a password',
    password: 'sudo with the password given',
    none,
  }[state]
  return answered('host.sudo', `May ${facts.user || 'the user'} become root?`, state !== 'none', found, {
    cause: 'files, units and packages of the host belong to root',
    remedy: `give \`sudo-password\`, or let the user become root without one: echo '${facts.user || 'USER'} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`,
  })
}

export function osCheck({ facts }: JoinSituation): Check {
  const id = 'host.os'
  const question = 'Is this a Linux on which programs and units can be installed?'
  const name = facts.os.prettyName || facts.os.id
  if (facts.readOnly.length > 0) {
    return answered(
      id,
      question,
      false,
      `${facts.readOnly.join(' and ')} cannot be written${name ? ` (${name})` : ''}`,
      {
        cause: 'the program and its unit are installed there, and on this system not even root can write to it',
        remedy:
          'use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr',
      },
    )
  }
  if (name === '' && facts.kernel === '') return unanswered(id, question, 'the host does not say what it runs')
  return passed(id, question, [name, facts.kernel && `kernel ${facts.kernel}`].filter(Boolean).join(', '))
}

export function architectureCheck({ facts }: JoinSituation): Check {
  const isSupported = ['amd64', 'arm64'].includes(facts.architecture)
  const question = 'Is the processor architecture supported?'
  return answered('host.architecture', question, isSupported, facts.architecture || 'unknown', {
    cause: 'programs are fetched and checked for amd64 and arm64 only',
    remedy: 'use a 64-bit x86 or Arm machine',
  })
}

export function initCheck({ facts }: JoinSituation): Check {
  return answered('host.init', 'Is systemd the init system?', facts.init === 'systemd', facts.init, {
    cause: 'units are written for systemd',
    remedy: 'use a host with systemd; OpenRC is not supported in this version',
  })
}

/** Major and minor of a Kubernetes version as one number, e.g. 135 for v1.35.0; undefined when it is none. */
export function minorOf(version: string): number | undefined {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})\./.exec(version) ?? []
  return major === undefined || minor === undefined ? undefined : Number(major) * 100 + Number(minor)
}

/** From here on a kubelet does not start on cgroup v1 unless it is told to (KEP-5573, kubernetes/kubernetes#134298). */
const firstWithoutCgroupV1 = 135

export function cgroupCheck({ facts, version }: JoinSituation): Check {
  const id = 'host.cgroup'
  const question = 'Are the control groups there that a kubelet needs?'
  const { version: cgroupVersion, controllers } = facts.cgroup
  if (cgroupVersion === 0) return unanswered(id, question, 'the host shows no control groups')
  const found = `cgroup v${cgroupVersion}`
  if (!controllers.includes('memory')) {
    return answered(id, question, false, `${found} without the memory controller`, {
      cause: 'the kubelet cannot limit memory without it and stops',
      remedy: 'add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot',
    })
  }
  if (cgroupVersion === 1 && (minorOf(version) ?? 0) >= firstWithoutCgroupV1) {
    return answered(id, question, false, `${found}, and ${version} is wanted`, {
      cause: 'a kubelet from 1.35 on refuses to run on cgroup v1',
      remedy:
        'boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35',
    })
  }
  // Without cpu and cpuset k3s stops on v2 only; without pids on both (k3s pkg/cgroups, pkg/daemons/agent).
  const missing = (cgroupVersion === 2 ? ['cpu', 'cpuset', 'pids'] : ['pids']).filter(
    (one) => !controllers.includes(one),
  )
  return answered(
    id,
    question,
    missing.length === 0,
    missing.length === 0 ? found : `${found} without ${missing.join(', ')}`,
    {
      cause: 'the agent looks for these controllers when it starts, and stops',
      remedy: `take what disables ${missing.join(', ')} off the kernel command line (cgroup_disable=…) and reboot; a realtime kernel may lack cpu`,
    },
  )
}
