import type { Check } from '../../report/index.ts'
import { type K3sInstallation, paths } from '../model.ts'
import { isLongLived } from '../plan.ts'

export function roleCheck(found: K3sInstallation): Check {
  const question = 'Is this host free of a k3s server?'
  return found.hasServerUnit
    ? {
        id: 'k3s.role',
        verdict: 'fail',
        question,
        found: 'it has the unit k3s (a server)',
        cause: 'a host is either a server or an agent',
        remedy: 'name another host; a server is not turned into an agent',
      }
    : { id: 'k3s.role', verdict: 'pass', question, found: found.unit ? 'an agent is installed' : 'no unit' }
}

export function templateChecks(found: K3sInstallation): readonly Check[] {
  const checks: Check[] = []
  for (const template of found.templates) {
    checks.push(
      template.hasBaseTemplate
        ? {
            id: 'k3s.containerd-template',
            verdict: 'pass',
            question: 'Does the containerd template extend the built-in one?',
            found: template.path,
          }
        : {
            id: 'k3s.containerd-template',
            verdict: 'warn',
            question: 'Does the containerd template extend the built-in one?',
            found: `${template.path} replaces it`,
            cause:
              'without {{ template "base" . }} it drops k3s\'s CNI folders, snapshotter and runtimes: the node never becomes Ready',
            remedy:
              'k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it',
          },
    )
  }
  return checks
}

/** What lies elsewhere would be surveyed and never changed: better to say so than to edit files that nothing reads. */
export function placeChecks(found: K3sInstallation): readonly Check[] {
  const places: [string | undefined, string][] = [
    [found.binary?.path, paths.binary],
    [found.unit?.path, paths.unit],
  ]
  return places
    .filter(([path, expected]) => path !== undefined && path !== expected && !found.hasServerUnit)
    .map(([path, expected]) => ({
      id: 'k3s.place',
      verdict: 'fail' as const,
      question: 'Is k3s installed where its installer puts it?',
      found: `${path}, expected ${expected}`,
      cause: 'only the places of the official installer are changed',
      remedy: `move it to ${expected}, or uninstall it and press the button again`,
    }))
}

export function tokenChecks(found: K3sInstallation): readonly Check[] {
  const question = "Is the host free of the cluster's long-lived tokens?"
  const checks: Check[] = []
  if (isLongLived(found)) {
    checks.push({
      id: 'k3s.server-token',
      verdict: 'warn',
      question,
      found: `K3S_TOKEN in ${found.environment?.path ?? found.unit?.path ?? 'the unit'} is ${found.environment?.tokenKind === 'agent' ? "the cluster's agent token" : "the server's own token"}`,
      cause:
        found.environment?.tokenKind === 'agent'
          ? 'whoever reads it can join machines for ever'
          : 'whoever reads it owns the cluster',
      remedy:
        'press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)',
    })
  }
  const tokenKeys = ['token', 'agent-token', 'token-file', 'agent-token-file']
  for (const file of found.configFiles) {
    const keys = file.keys.filter((key) => tokenKeys.includes(key))
    if (keys.length === 0) continue
    checks.push({
      id: 'k3s.server-token',
      verdict: 'warn',
      question,
      found: `${file.path} (mode ${file.mode}) sets ${keys.join(', ')}`,
      cause: 'a token in a configuration file stays on the host and is often readable by everybody',
      remedy: `take ${keys.join(', ')} out of ${file.path}; the agent has its own certificate and needs it no more`,
    })
  }
  return checks
}
