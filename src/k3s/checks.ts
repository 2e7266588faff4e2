import type { JoinSituation } from '../join/index.ts'
import type { Check } from '../report/index.ts'
import { type K3sInstallation, paths } from './model.ts'
import { passwordChecks } from './password-checks.ts'
import { isLongLived } from './plan.ts'

/** Preflight questions about k3s itself. Pure. */
export function k3sChecks(situation: JoinSituation, found: K3sInstallation, version: Check): readonly Check[] {
  const checks: Check[] = [version]
  checks.push(
    found.hasServerUnit
      ? {
          id: 'k3s.role',
          verdict: 'fail',
          question: 'Is this host free of a k3s server?',
          found: 'it has the unit k3s (a server)',
          cause: 'a host is either a server or an agent',
          remedy: 'name another host; a server is not turned into an agent',
        }
      : {
          id: 'k3s.role',
          verdict: 'pass',
          question: 'Is this host free of a k3s server?',
          found: found.unit ? 'an agent is installed' : 'no unit',
        },
  )
  const isRunning = found.unit?.activeState === 'active' || found.unit?.activeState === 'activating'
  for (const port of [10250, 6444]) {
    const holder = situation.facts.ports.find((one) => one.port === port)
    const isOwn =
      isRunning && (holder === undefined || holder.process === '' || /^(k3s|k3s-agent|kubelet)/.test(holder.process))
    checks.push(
      holder === undefined || isOwn
        ? {
            id: `host.port.${port}`,
            verdict: 'pass',
            question: `Is port ${port} free for the agent?`,
            found: holder ? 'held by k3s itself' : 'free',
          }
        : {
            id: `host.port.${port}`,
            verdict: 'fail',
            question: `Is port ${port} free for the agent?`,
            found: `held by ${holder.process || 'an unknown process'} (pid ${holder.pid || 'unknown'})`,
            cause: 'the agent listens there and would loop',
            remedy: `stop that process: sudo ss -lntp 'sport = :${port}'`,
          },
    )
  }
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
  checks.push(...placeChecks(found), ...tokenChecks(found), ...passwordChecks(situation, found))
  return checks
}

/** What lies elsewhere would be surveyed and never changed: better to say so than to edit files that nothing reads. */
function placeChecks(found: K3sInstallation): readonly Check[] {
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

function tokenChecks(found: K3sInstallation): readonly Check[] {
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
