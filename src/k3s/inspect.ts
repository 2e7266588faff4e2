import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from '../host/index.ts'
import type { JoinSituation } from '../join/index.ts'
import { type Cluster, ClusterError } from '../kubernetes/index.ts'
import type { K3sInstallation } from './model.ts'
import { type NodePasswordFinding, nodePasswordSecret, nodePasswordState, verifyPassword } from './node-password.ts'
import { planHost } from './plan.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

const readTimeoutMs = 20_000

/** True when this plan gives the agent a new start, as far as it is known before the release is. */
function startsAgent(situation: JoinSituation, found: K3sInstallation): boolean {
  return planHost(situation, found, undefined).some(
    (change) => (change.id === 'start' || change.id === 'restart') && change.waitsFor === undefined,
  )
}

/** The password on the host, over one channel, as root. Undefined: gone meanwhile. Throws when it cannot be read. */
async function readPassword(
  host: Host,
  mask: (secret: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const result = await host.run({
    name: 'node-password',
    script: scripts['node-password'],
    privilege: 'root',
    timeoutMs: readTimeoutMs,
    signal,
  })
  const line = result.lines.find((one) => typeof one.password === 'string')
  const password = typeof line?.password === 'string' ? line.password.trim() : undefined
  if (password) mask(password)
  const error = errorOfScript(host.label, 'reading the node password', result)
  if (error) throw error
  return line?.present === true ? password : undefined
}

/**
 * Compares the password that the cluster keeps for the node's name with the one on the host, when the agent is going to be started:
 * a server that finds another one rejects the agent for ever (403). Without a Secret, or without a file, no channel is opened.
 */
export async function inspectPassword(
  host: Host,
  cluster: Cluster,
  situation: JoinSituation,
  found: K3sInstallation,
  mask: (secret: string) => void,
  signal: AbortSignal,
): Promise<NodePasswordFinding | undefined> {
  if (!startsAgent(situation, found)) return undefined
  let stored: Awaited<ReturnType<Cluster['nodePassword']>>
  try {
    stored = await cluster.nodePassword(nodePasswordSecret(situation.desired.node), signal)
  } catch (error) {
    // Which right is missing is said before anything is changed; a look that is not allowed stops nothing by itself.
    if (error instanceof ClusterError && error.code === 'forbidden') return { state: 'unknown', problem: error.message }
    throw error
  }
  if (!stored) return { state: 'none' }
  const { hash, ...secret } = stored
  const known = { hasSecret: true, hasFile: found.hasNodePassword }
  if (!found.hasNodePassword)
    return { state: nodePasswordState({ ...known, password: undefined, isMatch: undefined }), secret }
  let password: string | undefined
  try {
    password = await readPassword(host, mask, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { state: 'unknown', secret, problem: (error as Error).message }
  }
  if (password === undefined) return { state: 'missing', secret }
  const isMatch = password === '' ? undefined : await verifyPassword(hash, password)
  const state = nodePasswordState({ ...known, password, isMatch })
  return {
    state,
    secret,
    ...(state === 'unknown' ? { problem: 'the hash in the Secret is none that can be checked' } : {}),
  }
}

/**
 * How long a Secret may outlive its Node. k3s deletes it when it hears of the Node's end, within a second; a server that was busy or
 * restarting then may never do it (before k3s PR 13095, November 2025), or after ten minutes.
 */
const collectedWithinMs = 5_000
const lookAgainMs = 200

/**
 * Deletes the node's password: the very Secret that was looked at, and no other. `isNodeGone`: the cluster takes it away by itself, so
 * it is deleted only when it does not. Rejects with ClusterError `conflict` when another one has taken its place.
 */
export async function freeName(
  cluster: Cluster,
  secret: string,
  looked: NonNullable<NodePasswordFinding['secret']>,
  isNodeGone: boolean,
  signal: AbortSignal,
  withinMs = collectedWithinMs,
): Promise<void> {
  const deadline = performance.now() + (isNodeGone ? withinMs : 0)
  for (;;) {
    const stored = await cluster.nodePassword(secret, signal)
    if (!stored) return
    // Beside a Node that is gone the Secret may have been edited (an owner was added), and is still what was looked at.
    const isSame = stored.uid === looked.uid && (isNodeGone || stored.resourceVersion === looked.resourceVersion)
    if (!isSame || performance.now() >= deadline)
      return await cluster.deleteNodePassword(secret, isSame ? stored : looked, signal)
    await delay(lookAgainMs, undefined, { signal })
  }
}
