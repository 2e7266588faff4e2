import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isAlive, type ProcessIdentity, portHolders } from '../ownership/index.ts'
import { explainBusy, settlePort } from './busy.ts'
import { claimEnvironment, claimOf } from './claim.ts'
import { TunnelError, type TunnelFault } from './error.ts'
import type { Destination, Tunnel, TunnelPlace, TunnelRequest, TunnelState } from './model.ts'
import { proveReadiness } from './readiness.ts'
import { closeTunnel } from './reap.ts'
import { validate } from './ssh-arguments.ts'
import { createPrivately, destinationOf, fileNames, readState, stateFileOf, writeState } from './state.ts'

/** The supervisor gives up before this; it is for a supervisor that does not. */
const standDeadlineMs = 40_000

function failed(to: Destination, cause: string, remedy: string, evidence: readonly string[]): TunnelError {
  return new TunnelError({
    code: 'tunnel-failed',
    title: `the tunnel over ${to.host} did not come to be`,
    cause,
    remedy,
    evidence,
  })
}

function tailOf(file: string): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    // Of a crash the words count, not where in the bundle it was.
    return lines.filter((line) => line.trim() !== '' && !/^\s+at /.test(line)).slice(-8)
  } catch {
    return []
  }
}

/** Starts the supervisor on its own, with nothing of this process: inherited pipes would keep the step from ending. */
function startSupervisor(place: TunnelPlace, to: Destination): ChildProcess {
  const log = createPrivately(join(place.folder, fileNames.log))
  try {
    const [program, ...words] = place.supervisor
    return spawn(program, [...words, stateFileOf(place.folder), place.nonce], {
      cwd: place.folder,
      detached: true,
      env: { ...place.environment, ...claimEnvironment(place, to) },
      stdio: ['pipe', log, log],
    })
  } finally {
    closeSync(log)
  }
}

async function give(child: ChildProcess, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    // One that ended already says why in its log.
    child.stdin?.once('error', () => resolve()).end(text, () => resolve())
  })
  child.unref()
}

/** Records the supervisor, and only then lets it begin: whoever finds the folder can always find the process. */
async function launch(request: TunnelRequest, place: TunnelPlace, to: Destination): Promise<ProcessIdentity> {
  const child = startSupervisor(place, to)
  child.on('error', () => undefined)
  const supervisor = child.pid === undefined ? undefined : identify(child.pid)
  if (supervisor === undefined) {
    const remedy = 'look whether the bundle is complete, and whether this runner may start processes'
    throw failed(to, `its supervisor ${place.supervisor[0]} could not be started`, remedy, [])
  }
  const now = Date.now()
  const state: TunnelState = {
    schema: 'k3s-gpu-actions/tunnel/v1',
    nonce: place.nonce,
    label: place.label,
    ...to,
    ...(place.worker ? { worker: place.worker } : {}),
    supervisor,
    startedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + request.lifetimeMs).toISOString(),
    phase: 'starting',
  }
  try {
    writeState(stateFileOf(place.folder), state)
    await give(child, JSON.stringify({ privateKey: request.privateKey, knownHosts: request.knownHosts }))
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return supervisor
}

/** Why the tunnel is not there any more; undefined: it is, or is on its way. */
function faultOf(place: TunnelPlace, to: Destination, supervisor: ProcessIdentity): TunnelFault | undefined {
  const hasEnded = !isAlive(supervisor)
  // Read after the look at the process: what it wrote last is there then.
  const state = readState(stateFileOf(place.folder))
  if (state?.nonce !== place.nonce) {
    return failed(to, 'its state file was removed or replaced while it was opened', 'run the job again', [])
  }
  if (state.ended?.code === 'tunnel-port-busy') {
    const [holder] = portHolders(to.localPort)
    const claim = holder?.process && claimOf(holder.process.pid)
    const busy = explainBusy(to.localPort, holder, claim)
    return { ...busy, evidence: [...busy.evidence, ...state.ended.evidence] }
  }
  if (state.ended) return state.ended
  if (!hasEnded) return undefined
  const evidence = tailOf(join(place.folder, fileNames.log))
  return failed(to, 'its supervisor ended without a word: it was killed, or it is broken', 'see the evidence', evidence)
}

async function standing(
  place: TunnelPlace,
  to: Destination,
  supervisor: ProcessIdentity,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + standDeadlineMs
  for (;;) {
    const fault = faultOf(place, to, supervisor)
    if (fault) throw new TunnelError(fault)
    if (readState(stateFileOf(place.folder))?.phase === 'connected') return
    if (performance.now() > until) {
      const evidence = tailOf(join(place.folder, fileNames.log))
      throw failed(to, `it did not stand after ${standDeadlineMs / 1000} s`, 'see the evidence', evidence)
    }
    await sleep(20, undefined, { signal })
  }
}

/**
 * Opens a tunnel that outlives this process, and returns when the API server has answered through it: the supervisor's ssh holds
 * the port, TCP, TLS against the kubeconfig's CA, `/version`. When it throws, nothing is left of it.
 * @throws TunnelError; the signal's reason
 */
export async function openTunnel(request: TunnelRequest, place: TunnelPlace, signal: AbortSignal): Promise<Tunnel> {
  const begun = performance.now()
  const milestones: Tunnel['milestones'][number][] = []
  const onMilestone = (text: string): void => {
    if (milestones.some((one) => one.text === text)) return
    milestones.push({ text, atMs: Math.round(performance.now() - begun) })
  }
  signal.throwIfAborted()
  validate(request)
  const to = destinationOf(request)
  const { folder, worker } = place
  const reused = await settlePort({ folder, worker, to, expiresAtMs: Date.now() + request.lifetimeMs })
  signal.throwIfAborted()
  const stateFile = reused?.borrowedFrom ?? stateFileOf(folder)
  // What an earlier step of this job opened or borrowed in this folder is not this call's to record, nor to end.
  const isOurs = reused === undefined || (reused.borrowedFrom !== undefined && reused.borrowedBy === undefined)
  try {
    let here = place
    let supervisor = reused?.supervisor
    if (reused === undefined || supervisor === undefined) {
      supervisor = await launch(request, place, to)
      await standing(place, to, supervisor, signal)
    } else {
      here = { ...place, nonce: reused.nonce, folder: dirname(stateFile) }
      if (isOurs) writeState(stateFileOf(folder), { ...reused, borrowedBy: place.nonce })
    }
    onMilestone(reused ? `the tunnel of ${reused.label} is used again` : 'ssh is alive and holds the port')
    const since = Date.now()
    const owner = supervisor
    const fault = await proveReadiness({
      to,
      server: request.server,
      refusal: () => {
        const refusal = readState(stateFile)?.refusal
        return refusal && Date.parse(refusal.at) >= since ? refusal.text : undefined
      },
      ended: () => faultOf(here, to, owner),
      onMilestone,
      signal,
    })
    if (fault) throw new TunnelError(fault)
  } catch (error) {
    if (isOurs) await closeTunnel(folder)
    throw error
  }
  return { server: `https://127.0.0.1:${to.localPort}`, milestones }
}
