import { isAlive, type JoinSituation, replacesNode } from '../join/index.ts'
import { type Change, formatDuration } from '../report/index.ts'
import { type KubeadmChange, type KubeadmInstallation, paths } from './model.ts'
import { isOurs, joinState } from './state.ts'
import { endpointOf } from './target.ts'
import { installedVersion } from './version.ts'

/** True when this start is a `kubeadm join`: nothing of this cluster is there, or only what an interrupted run of this project left. */
export function joinsBy(situation: JoinSituation, found: KubeadmInstallation): boolean {
  return ['fresh', 'unfinished', 'leftover'].includes(joinState(situation, found))
}

/** What `systemctl daemon-reload` can do to a GPU that containers use, in the words of every plan. */
const reloads = 'can take the GPU from running containers'

function joinChanges(situation: JoinSituation, found: KubeadmInstallation): readonly Change[] {
  const endpoint = endpointOf(situation.server)
  const changes: Change[] = []
  const add = (id: KubeadmChange, rest: Omit<Change, 'id'>): void => {
    changes.push({ id, ...rest })
  }
  if (!situation.hasGivenToken) {
    add('mint-token', {
      kind: 'mint',
      target: `bootstrap token, ${formatDuration(situation.tokenLifetimeMs)}`,
      reason: 'a node needs one to join; deleted at the end',
      undo: 'deleted in every ending',
    })
  }
  if (joinState(situation, found) === 'unfinished') {
    const runs = found.interrupted.map((one) => one.runId).join(', ')
    add('reset', {
      kind: 'delete',
      target: `what an interrupted join left (kubeadm reset): ${found.files.join(', ') || 'nothing yet'}`,
      reason: `run ${runs} of this project began to join and did not end`,
      undo: 'not needed: it was never a node',
    })
  }
  if (found.unit?.isEnabled === false)
    add('enable', {
      kind: 'install',
      target: 'start of kubelet at boot, without daemon-reload',
      reason: 'not enabled',
      undo: 'link deleted',
    })
  add('reload', {
    kind: 'reload',
    target: 'systemd (daemon-reload), by kubeadm join itself',
    // kubernetes cmd/kubeadm/app/util/initsystem/initsystem_unix.go, ServiceStart
    reason: 'kubeadm has systemd read its units again before it starts the kubelet, and cannot be kept from it',
    disrupts: reloads,
    undo: 'not needed: no unit file is changed',
  })
  add('start', {
    kind: 'start',
    target: `kubelet, by kubeadm join ${endpoint}`,
    reason: 'joins the cluster',
    undo: 'kubeadm reset, and what it leaves is deleted where it was not there before',
  })
  return changes
}

/** Why a kubelet that belongs to this cluster has to be started or restarted; empty: it need not. */
function startReasons(situation: JoinSituation, found: KubeadmInstallation, isForeign: boolean): readonly string[] {
  const { node } = situation.reading
  const state = found.unit?.activeState ?? ''
  if (state !== 'active') return [`the unit is ${state || 'not there'}`]
  const reasons: string[] = []
  if (replacesNode(situation) || !node) reasons.push('registers anew')
  else if (!isAlive(situation))
    reasons.push(node.ready === 'True' ? 'the node has no fresh heartbeat' : 'the node is not Ready')
  const installed = installedVersion(found)
  if (node && installed === situation.version && node.kubeletVersion !== installed)
    reasons.push(`${node.kubeletVersion} is still running, ${installed} is installed`)
  // What was changed under a kubelet that somebody else set up is the owner's business.
  const changed = found.unit?.changedSinceStart ?? []
  if (!isForeign && changed.length > 0) reasons.push(`${changed.join(', ')} changed after it was started`)
  return reasons
}

function nodeChanges(situation: JoinSituation, found: KubeadmInstallation): readonly Change[] {
  // A node that somebody joined by hand waits until it is adopted; so does everything that disturbs its pods.
  const isForeign = !isOurs(situation) && found.interrupted.length === 0
  const reasons = startReasons(situation, found, isForeign)
  const state = found.unit?.activeState ?? ''
  const isResting = ['inactive', 'failed', ''].includes(state)
  const waits =
    isForeign && situation.consent.adopt === 'plan' && situation.reading.node !== undefined && !isResting
      ? { waitsFor: 'adopt: apply' }
      : {}
  const changes: Change[] = []
  // kubeadm deletes it at its own end, which an interrupted run of ours never saw; of a join by hand it is the owner's.
  if (found.interrupted.length > 0 && found.files.includes(paths.bootstrapConfig))
    changes.push({
      id: 'forget-token',
      kind: 'delete',
      target: paths.bootstrapConfig,
      reason: 'an interrupted join left it, with its token; a kubelet that has a certificate needs it no more',
      undo: 'none: the token in it is deleted',
    })
  const isReloading = found.unit?.needsReload === true && !isForeign && reasons.length > 0
  if (found.unit?.isEnabled === false && !isForeign)
    changes.push({
      id: 'enable',
      kind: 'install',
      target: 'start of kubelet at boot, without daemon-reload',
      reason: 'not enabled',
      undo: 'link deleted',
    })
  if (isReloading)
    changes.push({
      id: 'reload',
      kind: 'reload',
      target: 'systemd (daemon-reload)',
      reason: 'the unit file has changed since systemd read it',
      disrupts: reloads,
      undo: 'not needed: no unit file is changed',
    })
  if (reasons.length > 0)
    changes.push({
      ...(isResting
        ? { id: 'start', kind: 'start', undo: 'stopped' }
        : { id: 'restart', kind: 'restart', undo: 'restarted with what was there before' }),
      target: 'kubelet',
      reason: reasons.join('; '),
      ...(state === 'active' ? { disrupts: 'restarts kubelet; containers keep running' } : {}),
      ...waits,
    })
  return changes
}

/**
 * Changes of the host, in the order in which they are carried out, and the token they need. Nothing is planned for a host that belongs to
 * another cluster or runs a control plane: `plan.kubeadm-cluster` says so, and nobody may ignore it. Pure.
 */
export function planHost(situation: JoinSituation, found: KubeadmInstallation): readonly Change[] {
  const state = joinState(situation, found)
  if (state === 'foreign' || state === 'control-plane') return []
  return joinsBy(situation, found) ? joinChanges(situation, found) : nodeChanges(situation, found)
}
