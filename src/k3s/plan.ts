import type { JoinSituation, ReleaseSketch } from '../join/index.ts'
import type { Change, Check } from '../report/index.ts'
import { formatBytes, formatDuration } from '../report/index.ts'
import { renderConfig, restartRelevant } from './config.ts'
import { type ApplyStep, type K3sInstallation, paths } from './model.ts'

/** Arguments of a unit that belong into our drop-in or the env file: they win over any file and come back at every start. */
export const movableArguments: readonly string[] = ['--node-label', '--node-taint', '--token', '-t']

interface Needs {
  readonly isFresh: boolean
  /** Joined, but not by us: every change of the host waits for adoption. */
  readonly isForeign: boolean
  readonly binary: string | undefined
  readonly url: string | undefined
  readonly token: string | undefined
  readonly argumentNames: readonly string[]
  readonly config: string | undefined
  readonly isConfigRestartRelevant: boolean
  readonly start: string | undefined
}

const argumentName = (word: string): string => word.split('=')[0] ?? word

function tokenReason(
  situation: JoinSituation,
  found: K3sInstallation,
  isFresh: boolean,
  isStopped: boolean,
): string | undefined {
  if (isFresh) return 'a node needs one to join; deleted at the end'
  const hasTokenArgument = found.unit?.arguments.some((word) => ['--token', '-t'].includes(argumentName(word))) ?? false
  if ((found.environment?.tokenKind === 'server' || hasTokenArgument) && !situation.consent.allowServerToken) {
    return "the token on the host is the server's own: whoever reads it owns the cluster"
  }
  // After its first registration an agent uses its client certificate; without a Node object it needs a token again (k3s#7797).
  if (!situation.reading.node || isStopped) return 'the agent is not connected and may need one to register again'
  return undefined
}

function binaryReason(
  situation: JoinSituation,
  found: K3sInstallation,
  release: ReleaseSketch | undefined,
): string | undefined {
  if (!found.binary) return 'not installed'
  if (found.binary.version !== situation.version)
    return `${found.binary.version || 'unknown version'} is installed, ${situation.version} is wanted`
  if (release?.sha256 !== undefined && release.sha256 !== found.binary.sha256)
    return `the installed file is not the released ${situation.version}`
  return undefined
}

function findNeeds(situation: JoinSituation, found: K3sInstallation, release: ReleaseSketch | undefined): Needs {
  const isFresh = found.unit === undefined
  const isForeign = !isFresh && found.ownConfig === undefined
  const isStopped = !isFresh && found.unit?.activeState !== 'active'
  const wantedConfig = renderConfig(situation.desired)
  const names = [...new Set((found.unit?.arguments ?? []).map(argumentName))].filter((name) =>
    movableArguments.includes(name),
  )
  const isConnected = situation.reading.node?.ready === 'True'
  // A node that was joined by hand runs under its own name already; only what goes beyond that needs a restart.
  const assumedConfig = isFresh
    ? ''
    : renderConfig({
        ...situation.desired,
        labels: {},
        taints: [],
        extraConfig: {},
        nodeIp: undefined,
        nodeExternalIp: undefined,
      })
  return {
    isFresh,
    isForeign,
    binary: binaryReason(situation, found, release),
    url:
      found.environment?.url === situation.server
        ? undefined
        : `the host joins through ${found.environment?.url || 'no server'}, wanted ${situation.server}`,
    token: tokenReason(situation, found, isFresh, isStopped),
    argumentNames: names,
    config:
      found.ownConfig === wantedConfig
        ? undefined
        : found.ownConfig === undefined
          ? 'not there yet'
          : 'differs from the cluster file and inputs',
    isConfigRestartRelevant: restartRelevant(found.ownConfig ?? assumedConfig) !== restartRelevant(wantedConfig),
    start: isFresh
      ? 'joins the cluster'
      : isStopped
        ? `the unit is ${found.unit?.activeState}`
        : isConnected
          ? undefined
          : 'the node is not Ready',
  }
}

/** True when a released program or installer is needed, so that the runner has to ask for it. */
export function needsRelease(situation: JoinSituation, found: K3sInstallation): boolean {
  return found.unit === undefined || found.binary?.version !== situation.version
}

const unitOf = (found: K3sInstallation): string => found.unit?.name ?? 'k3s-agent'

/** Changes of the host, in the order in which they are carried out, and the token they need. Pure. */
export function planHost(
  situation: JoinSituation,
  found: K3sInstallation,
  release: ReleaseSketch | undefined,
): readonly Change[] {
  const needs = findNeeds(situation, found, release)
  const waitsFor = needs.isForeign && situation.consent.adopt === 'plan' ? 'adopt: apply' : undefined
  const changes: Change[] = []
  const add = (
    id: ApplyStep | 'mint-token' | 'upload-binary' | 'start' | 'restart',
    rest: Omit<Change, 'id' | 'waitsFor'>,
  ): void => {
    changes.push({ id, ...rest, ...(waitsFor ? { waitsFor } : {}) })
  }

  if (needs.token && !situation.hasGivenToken) {
    add('mint-token', {
      kind: 'mint',
      target: `bootstrap token, ${formatDuration(situation.tokenLifetimeMs)}`,
      reason: needs.token,
      undo: 'deleted in every ending',
    })
  }
  if (needs.binary) {
    const size = release ? `, ${formatBytes(release.sizeBytes)}` : ''
    add('upload-binary', {
      kind: 'upload',
      target: `k3s ${situation.version} ${situation.facts.architecture}${size}`,
      reason: needs.binary,
      undo: 'the staged file is removed',
    })
    add('install-binary', {
      kind: 'install',
      target: paths.binary,
      reason: needs.binary,
      undo: found.binary ? 'the previous program is put back' : 'deleted',
    })
  }
  if (needs.isFresh) {
    add('run-installer', {
      kind: 'install',
      target: `unit k3s-agent, official installer ${situation.version}`,
      reason: 'not installed',
      undo: 'unit, env file and links are deleted',
    })
  }
  if (needs.config)
    add('write-config', {
      kind: 'write',
      target: paths.ownConfig,
      reason: needs.config,
      undo: found.ownConfig === undefined ? 'deleted' : 'restored',
    })
  if (needs.url || needs.token) {
    add('edit-environment', {
      kind: 'edit',
      target: `${paths.environment} (${[needs.url ? 'K3S_URL' : '', needs.token ? 'K3S_TOKEN' : ''].filter(Boolean).join(', ')})`,
      reason: needs.isFresh ? 'tells the agent where to join' : [needs.url, needs.token].filter(Boolean).join('; '),
      undo: needs.isFresh ? 'deleted with the unit' : 'restored',
    })
  }
  if (needs.argumentNames.length > 0) {
    add('edit-unit', {
      kind: 'edit',
      target: `${found.unit?.path ?? paths.unit} (${needs.argumentNames.join(', ')})`,
      reason: 'arguments in ExecStart win over any file and come back at every start: they move to our drop-in',
      undo: 'restored',
    })
    add('reload', {
      kind: 'reload',
      target: 'systemd (daemon-reload)',
      reason: 'the unit file changes',
      disrupts: 'can take the GPU from running containers',
      undo: 'reloaded again after restoring',
    })
  }
  if (needs.isFresh)
    add('enable', {
      kind: 'install',
      target: 'start of k3s-agent at boot, without daemon-reload',
      reason: 'not enabled',
      undo: 'link deleted',
    })

  const unit = unitOf(found)
  const restartReasons = [
    needs.binary ? `k3s ${situation.version}` : '',
    needs.url || (needs.token && !needs.isFresh) ? 'changed env file' : '',
    needs.argumentNames.length > 0 ? 'changed unit' : '',
    needs.config && needs.isConfigRestartRelevant ? 'changed configuration' : '',
  ].filter(Boolean)
  if (needs.isFresh) {
    add('start', { kind: 'start', target: unit, reason: 'joins the cluster', undo: 'stopped' })
  } else if (needs.start || restartReasons.length > 0) {
    const isStopped = found.unit?.activeState !== 'active'
    add(isStopped ? 'start' : 'restart', {
      kind: isStopped ? 'start' : 'restart',
      target: unit,
      reason: [needs.start, ...restartReasons].filter(Boolean).join('; '),
      ...(isStopped ? {} : { disrupts: `restarts ${unit}; containers keep running` }),
      undo: 'restarted with what was there before',
    })
  }
  return changes
}

/** Preflight questions about k3s itself. Pure. */
export function k3sChecks(situation: JoinSituation, found: K3sInstallation, version: Check): readonly Check[] {
  const checks: Check[] = [version]
  checks.push(
    found.unit?.name === 'k3s'
      ? {
          id: 'k3s.role',
          verdict: 'fail',
          question: 'Is this host free of a k3s server?',
          found: `unit k3s (server) is ${found.unit.activeState}`,
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
  if (found.environment?.tokenKind === 'server') {
    checks.push({
      id: 'k3s.server-token',
      verdict: 'warn',
      question: "Is the host free of the server's token?",
      found: `K3S_TOKEN in ${found.environment.path} is the server's own token`,
      cause: 'whoever reads it owns the cluster',
      remedy:
        'press the button with adopt = apply to replace it by a minted one; then rotate the server token (k3s token rotate)',
    })
  }
  return checks
}
