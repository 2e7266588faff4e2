import { followUnit, holdHost, httpsScript } from '../host/index.ts'
import {
  type Distribution,
  deleteToken,
  readEvidence,
  runnerReaches,
  sweepTokens,
  tokenAccessRequests,
  tokensFor,
} from '../join/index.ts'
import { ignoredPreflightErrors } from './checks/ignored.ts'
import { kubeadmCheckRegistry, kubeadmChecks } from './checks/index.ts'
import { renderJoinConfig } from './config.ts'
import { criSocketOf } from './cri.ts'
import { describeInstallation } from './describe.ts'
import { handshakeKubeadm, handshakeLine } from './handshake.ts'
import { inspectCluster } from './inspect.ts'
import { applyChanges, applySteps } from './install.ts'
import { joinAndFollow, milestoneOf } from './join.ts'
import type { KubeadmInstallation } from './model.ts'
import { joinsBy, planHost } from './plan.ts'
import { undoChanges } from './remove.ts'
import { scripts } from './scripts.generated.ts'
import { surveyFragment, surveyInstallation } from './survey.ts'
import { joinTarget } from './target.ts'
import { acceptGivenToken, mint } from './token.ts'
import { installedVersion, kubeadmMinor, resolveVersion } from './version.ts'

/** What this distribution needs of the runner. */
export interface KubeadmPorts {
  /** Called with every secret before it is used anywhere. */
  readonly mask: (secret: string) => void
}

const unit = 'kubelet'
const program = 'kubeadm'
/** The apply script waits this long for another run on the same host, and then has this long for its own work. */
const applyTimeoutMs = 120_000
const undoTimeoutMs = 60_000

export type Kubeadm = Distribution<KubeadmInstallation, never>

/** The packages of the host decide: there is nothing to bring. */
function bringsNothing(): never {
  throw new Error('kubeadm joins with the packages of the host: there is nothing to download')
}

/** kubeadm behind the interface of `src/join`. */
export function createKubeadm(ports: KubeadmPorts): Kubeadm {
  // An undo knows the host by its run alone; what the survey found of sockets is remembered for it.
  let criSocket: string | undefined

  return {
    name: 'kubeadm',
    unit,
    surveyScript: surveyFragment,
    // Its network plugin comes as pods of the cluster, whose images have to be pulled first: the run's own deadline decides.
    notReadyLimitMs: Number.POSITIVE_INFINITY,
    tokenAccessRequests,
    resolveVersion,
    installedVersion,
    survey(lines) {
      const found = surveyInstallation(lines)
      criSocket = criSocketOf(found)
      return found
    },
    async inspect(host, cluster, situation, found, signal) {
      return await inspectCluster(host, cluster, situation, found, signal)
    },
    describe: describeInstallation,
    checkRegistry: kubeadmCheckRegistry,
    checks: kubeadmChecks,
    plan: (situation, found) => planHost(situation, found),
    needsRelease: () => false,
    sketchRelease: bringsNothing,

    async mint(cluster, node, run, ttlMs, record, signal) {
      return await mint(cluster, node, run, ttlMs, record, ports.mask, signal)
    },
    revoke: deleteToken,
    tokens: tokensFor,
    async sweep(cluster, node, signal) {
      // The host is held, so whatever is there for its node belongs to a dead run.
      // The Date header counts whole seconds: the next one includes tokens of this very second.
      const { serverTimeMs } = await cluster.read(node, signal)
      return await sweepTokens(cluster, { node, olderThan: serverTimeMs + 1_000 }, signal)
    },
    acceptToken: acceptGivenToken,

    async hold(host, run, limits, onWaiting, signal) {
      return await holdHost(host, { ...limits, runId: run.runId, holder: run.label, onWaiting, signal })
    },

    async handshake(host, server, caPem, credential, signal) {
      const { checks, result } = await handshakeKubeadm(host, {
        server,
        caPem,
        ...(credential ? { token: credential.text } : {}),
        script: httpsScript,
        probe: runnerReaches,
        signal,
      })
      return { checks, passed: result !== undefined, line: handshakeLine(checks, credential !== undefined) }
    },

    // A cluster of kubeadm keeps nothing against a machine that comes back under its name, but its Node.
    freeName: async () => {},
    forgetNode: async () => false,

    prepare: bringsNothing,
    describePrepared: bringsNothing,

    async install(host, _situation, request, run, onDone, signal) {
      const planned = new Set(request.changes.map((change) => change.id))
      // kubeadm has systemd read its units again by itself, and a start that is none of its own follows no apply script.
      const joins = planned.has('start') && request.program !== undefined
      const steps = applySteps.filter((step) => planned.has(step) && !(joins && step === 'reload'))
      if (steps.length === 0) return { needsSettling: false, notes: [] }
      const interrupted = await applyChanges(host, {
        runId: run.runId,
        holder: run.label,
        steps,
        criSocket,
        joins,
        signal,
        timeoutMs: applyTimeoutMs,
        onStep: onDone,
      })
      const notes = interrupted.map(
        ({ runId, step }) =>
          `run ${runId} was interrupted here (${step || 'before its first step'}); what it left is gone`,
      )
      return { needsSettling: false, notes }
    },

    startProgram: (situation, found) => (joinsBy(situation, found) ? program : undefined),
    async start(host, request, onEvent, signal) {
      const { action, situation, installation, credential, caPem, run, timeoutMs } = request
      if (action !== 'start' || !joinsBy(situation, installation)) {
        await followUnit(host, { unit, log: '', action, signal, onEvent, timeoutMs })
        return
      }
      if (credential === undefined) throw new Error('a join needs a token, and none was minted or given')
      const target = joinTarget(situation.server, caPem)
      const config = renderJoinConfig({
        desired: situation.desired,
        target,
        token: credential.text,
        kubeadmMinor: kubeadmMinor(installation),
        criSocket: criSocketOf(installation),
        ignoredErrors: ignoredPreflightErrors(situation, installation, situation.ignoredChecks ?? []),
        limitMs: timeoutMs,
      })
      const options = { runId: run.runId, holder: run.label, unit, config, endpoint: target.endpoint, timeoutMs }
      await joinAndFollow(host, options, onEvent, signal)
    },
    milestone: milestoneOf,
    // Nothing of what was replaced is kept on the host.
    settle: async () => {},
    evidence: (host, run, signal) =>
      readEvidence(host, { script: scripts.evidence, unit, startedAgoMs: run.startedAgoMs }, signal),
    async remove(host, run, signal) {
      return await undoChanges(host, { runId: run.runId, criSocket, signal, timeoutMs: undoTimeoutMs })
    },
  }
}
