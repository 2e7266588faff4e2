import { followUnit, holdHost, httpsScript } from '../host/index.ts'
import {
  type Distribution,
  deleteToken,
  type Handshake,
  mintToken,
  prepareToken,
  runnerReaches,
  sweepTokens,
  tokenAccessRequests,
  tokensFor,
} from '../join/index.ts'
import type { Check } from '../report/index.ts'
import type { Download, Releases, ToolCache } from '../runner/index.ts'
import { k3sCheckRegistry, k3sChecks } from './checks/index.ts'
import { renderConfig } from './config.ts'
import { describeInstallation } from './describe.ts'
import { readEvidence } from './evidence.ts'
import { acceptGivenToken } from './given-token.ts'
import { handshake } from './handshake.ts'
import { freeName, inspectPassword } from './inspect.ts'
import { applyChanges } from './install.ts'
import { type ApplyMaterial, type ApplyStep, type K3sInstallation, type K3sRelease, paths } from './model.ts'
import { nodePasswordSecret } from './node-password.ts'
import { movableArguments, needsRelease, planHost } from './plan.ts'
import { describeRelease, fetchRelease, type ReleaseDescription } from './release.ts'
import { forgetFormerToken, undoChanges } from './remove.ts'
import { surveyFragment, surveyInstallation } from './survey.ts'
import { caHash, formatBootstrapToken } from './token.ts'
import { checkVersionPair, resolveVersion } from './version.ts'

/** What this distribution needs of the runner. */
export interface K3sPorts {
  readonly releases: Releases
  readonly download: Download
  readonly toolCache: ToolCache
  /** Called with every secret before it is used anywhere. */
  readonly mask: (secret: string) => void
}

const unit = 'k3s-agent'
const applySteps: readonly ApplyStep[] = [
  'install-binary',
  'run-installer',
  'write-config',
  'edit-environment',
  'edit-unit',
  'reload',
  'enable',
]
/** The apply script waits this long for another run on the same host, and then has this long for its own work. */
const applyTimeoutMs = 180_000
const undoTimeoutMs = 60_000
const settleTimeoutMs = 30_000
/** An agent reports itself up only after its network plugin is there, so a node that is not Ready by then will not be. */
const notReadyLimitMs = 15_000

// What an agent's journal says when it gets a step further (k3s' own words as its source prints them; lines of fixtures/join).
const milestones: readonly (readonly [RegExp, string])[] = [
  [/Running load balancer k3s-agent-load-balancer/, 'agent found the server'],
  [/containerd is now running/, 'containerd up'],
]

/** What a line of an agent's journal says of how far it is; undefined: nothing. */
export function milestoneOf(line: string): string | undefined {
  return milestones.find(([pattern]) => pattern.test(line))?.[1]
}

/** k3s gives its own tokens this group (`k3s token create`). */
const extraGroups = 'system:bootstrappers:k3s:default-node-token'

function handshakeLine(checks: readonly Check[], hash: string | undefined, hasToken: boolean): string {
  const mark = (one: Check): string =>
    one.verdict === 'pass' || one.verdict === 'warn' ? '✓' : one.verdict === 'skip' ? 'not exercised' : '✗'
  const parts = checks.map((one) => {
    if (one.id === 'handshake.ca') return `CA ${hash ? `${hash.slice(0, 4)}…${hash.slice(-2)} ` : ''}${mark(one)}`
    if (one.id === 'handshake.token') return hasToken ? `token ${mark(one)}` : 'token not exercised'
    return `${one.id.replace(/^handshake\.(apiserver\.?)?/, '').replace(/-(\d+)$/, ':$1')} ${mark(one)}`
  })
  return parts.join('  ')
}

export type K3s = Distribution<K3sInstallation, K3sRelease>

/** k3s behind the interface of `src/join`. */
export function createK3s(ports: K3sPorts): K3s {
  // The plan needs the size, the download the rest: GitHub is asked once.
  const described = new Map<string, Promise<ReleaseDescription>>()
  const describeOnce = (version: string, architecture: string, signal: AbortSignal): Promise<ReleaseDescription> => {
    const key = `${version} ${architecture}`
    const known = described.get(key) ?? describeRelease({ version, architecture }, ports.releases, signal)
    described.set(key, known)
    return known
  }

  return {
    name: 'k3s',
    unit,
    surveyScript: surveyFragment,
    tokenAccessRequests,
    notReadyLimitMs,
    resolveVersion: (wanted, serverVersion) => resolveVersion(wanted, serverVersion),
    installedVersion: () => undefined,
    survey: surveyInstallation,
    async inspect(host, cluster, situation, found, signal) {
      const nodePassword = await inspectPassword(host, cluster, situation, found, ports.mask, signal)
      return nodePassword === undefined ? found : { ...found, nodePassword }
    },
    describe: describeInstallation,
    checkRegistry: k3sCheckRegistry,
    checks: (situation, found) =>
      k3sChecks(situation, found, checkVersionPair(situation.version, situation.reading.version)),
    plan: planHost,
    needsRelease,
    async sketchRelease(version, architecture, signal) {
      const { sizeBytes, sha256 } = await describeOnce(version, architecture, signal)
      return { sizeBytes, ...(sha256 ? { sha256 } : {}) }
    },

    async mint(cluster, node, run, ttlMs, record, signal) {
      // The server's clock decides when a token expires.
      const { serverTimeMs } = await cluster.read(node, signal)
      const request = { node, runLabel: run.label, ttlMs, extraGroups, now: serverTimeMs }
      const token = prepareToken(request)
      const text = formatBootstrapToken(caHash(cluster.caPem), token.id, token.secret)
      for (const secret of [text, `${token.id}.${token.secret}`, token.secret]) ports.mask(secret)
      await mintToken(cluster, { ...request, record, token }, signal)
      return { id: token.id, text }
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

    async handshake(host, server, caPem, credential, signal): Promise<Handshake> {
      const options = {
        server,
        caPem,
        ...(credential ? { token: credential.text } : {}),
        script: httpsScript,
        probe: runnerReaches,
        signal,
      }
      const { checks, result } = await handshake(host, options)
      return {
        checks,
        passed: result !== undefined,
        line: handshakeLine(checks, result?.caHash, credential !== undefined),
      }
    },

    async freeName(cluster, situation, { nodePassword }, isNodeGone, signal) {
      if (!nodePassword?.secret) throw new Error('there is no node password that was looked at')
      await freeName(cluster, nodePasswordSecret(situation.desired.node), nodePassword.secret, isNodeGone, signal)
    },

    async forgetNode(cluster, situation, { nodePassword }, isNodeGone, signal) {
      // An agent hands over its password with its first question, long before it registers: the Secret then has no Node
      // that it could go with, and would refuse the password that the next agent makes up (k3s pkg/nodepassword).
      if (nodePassword?.state !== 'none') return false
      const name = nodePasswordSecret(situation.desired.node)
      const stored = await cluster.nodePassword(name, signal)
      if (stored) await freeName(cluster, name, stored, isNodeGone, signal)
      return stored !== undefined
    },

    async prepare(version, architecture, signal) {
      return await fetchRelease(await describeOnce(version, architecture, signal), ports, signal)
    },
    describePrepared: (release) => [
      `k3s ${release.version} ${release.architecture} ${release.binary.sha256.slice(0, 12)}… ${release.binary.fromCache ? 'from the tool cache, checked again' : 'downloaded and checked'}`,
      ...release.notes.map((note) => `! ${note}`),
    ],

    async install(host, situation, request, run, onDone, signal) {
      const { prepared, credential } = request
      const planned = new Set(request.changes.map((change) => change.id))
      let stagedPath: string | undefined
      if (planned.has('upload-binary') && prepared) {
        stagedPath = await host.upload(
          { path: prepared.binary.path, name: 'k3s', sizeBytes: prepared.binary.sizeBytes },
          signal,
        )
        onDone('upload-binary')
      }
      const material: ApplyMaterial = {
        runId: run.runId,
        holder: run.label,
        steps: applySteps.filter((step) => planned.has(step)),
        isRestartFollowing: planned.has('start') || planned.has('restart'),
        ...(stagedPath && prepared ? { binary: { stagedPath, sha256: prepared.binary.sha256 } } : {}),
        ...(prepared ? { installer: prepared.installer } : {}),
        ...(planned.has('write-config') ? { config: renderConfig(situation.desired) } : {}),
        ...(planned.has('edit-environment')
          ? { environment: { url: situation.server, ...(credential ? { token: credential.text } : {}) } }
          : {}),
        ...(planned.has('edit-unit') ? { removeArguments: movableArguments } : {}),
      }
      if (material.steps.length === 0) return { needsSettling: false, notes: [] }
      const outcome = await applyChanges(host, material, {
        signal,
        timeoutMs: applyTimeoutMs,
        onStep: (step) => onDone(step),
      })
      const notes = outcome.interrupted.map(
        ({ step }) => `an earlier run was interrupted here (${step}); what it left is as this run wants it`,
      )
      return { needsSettling: outcome.holdsFormerToken, notes }
    },
    async settle(host, run, signal) {
      await forgetFormerToken(host, run.runId, { signal, timeoutMs: settleTimeoutMs })
    },
    startProgram: () => undefined,
    async start(host, { action, timeoutMs }, onEvent, signal) {
      await followUnit(host, { unit, log: paths.containerdLog, action, signal, onEvent, timeoutMs })
    },
    milestone: (line, source) => (source === undefined ? milestoneOf(line) : undefined),
    evidence: (host, run, signal) => readEvidence(host, { unit, startedAgoMs: run.startedAgoMs }, signal),
    async remove(host, run, signal) {
      const { undone, remaining } = await undoChanges(host, run.runId, { unit, signal, timeoutMs: undoTimeoutMs })
      return { changes: undone, remaining }
    },
  }
}
