import { annotations, changeIds, isAlive, type JoinSituation, type ReleaseSketch, replacesNode } from '../join/index.ts'
import type { Change } from '../report/index.ts'
import { formatBytes, formatDuration } from '../report/index.ts'
import { renderConfig, restartRelevant } from './config.ts'
import { type ApplyStep, type K3sInstallation, paths } from './model.ts'
import { passwordChange } from './password-checks.ts'

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
  readonly isReloadPending: boolean
  readonly start: readonly string[]
}

const argumentName = (word: string): string => word.split('=')[0] ?? word

/** Anything but a bootstrap token lives until somebody rotates it, and joins whoever reads it. */
export function isLongLived(found: K3sInstallation): boolean {
  const kind = found.environment?.tokenKind ?? 'none'
  const hasTokenArgument = found.unit?.arguments.some((word) => ['--token', '-t'].includes(argumentName(word))) ?? false
  return hasTokenArgument || (kind !== 'none' && kind !== 'bootstrap')
}

const describeKind = (found: K3sInstallation): string =>
  found.environment?.tokenKind === 'agent'
    ? "the token on the host is the cluster's agent token: whoever reads it can join machines for ever"
    : "the token on the host is the server's own: whoever reads it owns the cluster"

function tokenReason(
  situation: JoinSituation,
  found: K3sInstallation,
  isFresh: boolean,
  isDown: boolean,
): string | undefined {
  if (isFresh) return 'a node needs one to join; deleted at the end'
  if (isLongLived(found) && !situation.consent.allowServerToken) return describeKind(found)
  // After its first registration an agent uses its client certificate; without a Node object it needs a token again (k3s#7797).
  if (!situation.reading.node || replacesNode(situation) || isDown) {
    return 'the agent is not connected and may need one to register again'
  }
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

/**
 * Ours: a run of ours has ended well here, or one was interrupted that had nothing of the owner's left to replace.
 * Our drop-in alone says little, because an interrupted adoption leaves it too.
 */
function isOurs(situation: JoinSituation, found: K3sInstallation): boolean {
  if (found.ownConfig === undefined) return false
  if (situation.reading.node?.annotations[annotations.desired] !== undefined) return true
  return movableNames(found).length === 0 && (!isLongLived(found) || situation.consent.allowServerToken)
}

function movableNames(found: K3sInstallation): readonly string[] {
  const names = (found.unit?.arguments ?? []).map(argumentName)
  return [...new Set(names)].filter((name) => movableArguments.includes(name))
}

/** The first systemd whose systemctl leaves the manager alone when SYSTEMD_OFFLINE is set (its NEWS, CHANGES WITH 237). */
const firstOfflineSystemd = 237

/**
 * The official installer disables its unit before it writes it, and `systemctl disable` makes systemd reload its configuration. The
 * apply script keeps systemctl from that with SYSTEMD_OFFLINE, where it is heard. An unknown version is taken for one that is deaf.
 */
function installerEffect(systemdVersion: number | undefined): Pick<Change, 'reason' | 'disrupts'> {
  if (systemdVersion !== undefined && systemdVersion >= firstOfflineSystemd)
    return { reason: 'not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)' }
  const which = systemdVersion === undefined ? 'of unknown version' : String(systemdVersion)
  return {
    reason: 'not installed',
    disrupts: `its systemctl disable makes systemd ${which} reload (SYSTEMD_OFFLINE is heard from ${firstOfflineSystemd} on): can take the GPU from running containers`,
  }
}

/** Why the agent has to be started or restarted although no file changes now; empty when it need not. */
function startReasons(situation: JoinSituation, found: K3sInstallation, isForeign: boolean): readonly string[] {
  const { unit, changedSinceStart } = found
  const { node } = situation.reading
  if (!unit) return ['joins the cluster']
  if (unit.activeState !== 'active') return [`the unit is ${unit.activeState || 'not running'}`]
  const reasons: string[] = []
  if (replacesNode(situation)) reasons.push('registers anew')
  else if (!isAlive(situation))
    reasons.push(node?.ready === 'True' ? 'the node has no fresh heartbeat' : 'the node is not Ready')
  if (node && node.kubeletVersion !== situation.version && found.binary?.version === situation.version) {
    reasons.push(`${node.kubeletVersion} is still running, ${situation.version} is installed`)
  }
  // An interrupted run wrote files that the running agent has not read. In a foreign installation that is the owner's business.
  if (!isForeign && changedSinceStart.length > 0)
    reasons.push(`${changedSinceStart.join(', ')} changed after it was started`)
  return reasons
}

function findNeeds(situation: JoinSituation, found: K3sInstallation, release: ReleaseSketch | undefined): Needs {
  const isFresh = found.unit === undefined
  const isDown = !isFresh && found.unit?.activeState !== 'active'
  // What neither runs nor has a node is nobody's: left by a run that was killed, or by an uninstalled cluster.
  const isLiving = situation.reading.node !== undefined || found.unit?.activeState === 'active'
  const isForeign = !isFresh && isLiving && !isOurs(situation, found)
  const wantedConfig = renderConfig(situation.desired)
  // A node that was joined by hand runs under its own name already; only what goes beyond that needs a restart.
  const bare = { labels: {}, taints: [], extraConfig: {}, nodeIp: undefined, nodeExternalIp: undefined }
  const assumedConfig = isFresh ? '' : renderConfig({ ...situation.desired, ...bare })
  const names = movableNames(found)
  return {
    isFresh,
    isForeign,
    binary: binaryReason(situation, found, release),
    url:
      found.environment?.url === situation.server
        ? undefined
        : `the host joins through ${found.environment?.url || 'no server'}, wanted ${situation.server}`,
    token: tokenReason(situation, found, isFresh, isDown),
    argumentNames: names,
    isReloadPending: names.length > 0 || (!isForeign && (found.unit?.needsReload ?? false)),
    config:
      found.ownConfig === wantedConfig
        ? undefined
        : found.ownConfig === undefined
          ? 'not there yet'
          : 'differs from the cluster file and inputs',
    isConfigRestartRelevant: restartRelevant(found.ownConfig ?? assumedConfig) !== restartRelevant(wantedConfig),
    start: startReasons(situation, found, isForeign),
  }
}

/** True when a released program or installer is needed, or its hash to compare with, so that the runner has to ask for it. */
export function needsRelease(situation: JoinSituation, found: K3sInstallation): boolean {
  return situation.isDeep || found.unit === undefined || found.binary?.version !== situation.version
}

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
    id: ApplyStep | 'mint-token' | 'upload-binary' | 'start' | 'restart' | typeof changeIds.deletePassword,
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
  const password = passwordChange(situation, found)
  if (password) add(changeIds.deletePassword, password)
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
      ...installerEffect(situation.facts.systemdVersion),
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
  }
  if (needs.isReloadPending) {
    add('reload', {
      kind: 'reload',
      target: 'systemd (daemon-reload)',
      reason:
        needs.argumentNames.length > 0 ? 'the unit file changes' : 'the unit file has changed since systemd read it',
      disrupts: 'can take the GPU from running containers',
      undo: 'reloaded again after restoring',
    })
  }
  if (needs.isFresh || (!needs.isForeign && found.unit?.isEnabled === false))
    add('enable', {
      kind: 'install',
      target: 'start of k3s-agent at boot, without daemon-reload',
      reason: 'not enabled',
      undo: 'link deleted',
    })

  const fileReasons = [
    needs.binary ? `k3s ${situation.version}` : '',
    needs.url || needs.token ? 'changed env file' : '',
    needs.isReloadPending ? 'changed unit' : '',
    needs.config && needs.isConfigRestartRelevant ? 'changed configuration' : '',
  ].filter(Boolean)
  if (needs.isFresh || needs.start.length > 0 || fileReasons.length > 0) add(...startChange(found, needs, fileReasons))
  return changes
}

/**
 * A unit that rests is started. Any other one is restarted, also when it is only trying to start: starting it once more
 * would do nothing, and the process with the old token would go on.
 */
function startChange(
  found: K3sInstallation,
  needs: Needs,
  fileReasons: readonly string[],
): ['start' | 'restart', Omit<Change, 'id' | 'waitsFor'>] {
  const target = found.unit?.name ?? 'k3s-agent'
  const reason = [...needs.start, ...(needs.isFresh ? [] : fileReasons)].join('; ')
  const state = found.unit?.activeState ?? 'inactive'
  const isResting = ['inactive', 'failed', ''].includes(state)
  if (isResting) return ['start', { kind: 'start', target, reason, undo: 'stopped' }]
  // An agent that is not up disrupts nothing when it is stopped.
  if (state !== 'active')
    return ['restart', { kind: 'start', target, reason, undo: 'restarted with what was there before' }]
  const disrupts = `restarts ${target}; containers keep running`
  return ['restart', { kind: 'restart', target, reason, disrupts, undo: 'restarted with what was there before' }]
}
