/** Asks one target from the bottom up: server, model, answers, GPU, and what must not be there. */
import { HttpFault } from '../../../http/index.ts'
import type { Check } from '../../../report/index.ts'
import {
  type GpuVerdict,
  openTriton,
  type TritonClient,
  type TritonPatience,
  type TritonTarget,
} from '../../../triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../model.ts'
import { type Answered, orFault, orUnasked, skip } from './answered.ts'
import { type Chain, startChain } from './chain.ts'
import { judgeConfig, judgeModel } from './judge-model.ts'
import { judgeControl, judgeGuarded, judgeMetrics, judgeToken } from './judge-negative.ts'
import { judgeIndex, judgeLive, judgeReady, judgeServer, noToken } from './judge-server.ts'
import { askAnswers } from './measuring.ts'
import { patientClient } from './patient.ts'
import type { SamplingRules } from './sampling.ts'

export interface TritonRules extends TritonPatience, SamplingRules {
  /** Milliseconds before a question is asked again, each time that nothing of Triton came. Not of samples, and not of what strangers ask. */
  readonly repeatAfterMs: readonly number[]
}

export interface TargetOutcome {
  readonly checks: readonly Check[]
  readonly facts: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly verdict: GpuVerdict
}

export async function askTarget(
  ports: VerifyPorts,
  wish: VerifyWish,
  target: TritonTarget,
  rules: TritonRules,
): Promise<TargetOutcome> {
  const http = ports.openHttp(target.endpoint)
  const hasty = openTriton(http, target.model, target.version, rules)
  const triton = openTriton(patientClient(http, rules.repeatAfterMs), target.model, target.version, rules)
  const chain = startChain(target.id, wish.severities)
  try {
    const server = await askServer(chain, triton, target, ports.signal)
    const model = await askModel(chain, triton, target, ports.signal)
    const answers = await askAnswers({ chain, triton, hasty, ports, wish, target, rules, ...model })
    await askStrangers(chain, hasty, ports, wish, target)
    return {
      checks: chain.checks,
      facts:
        server === ''
          ? {}
          : { [`triton ${target.id}`]: [server, answers.words].filter((part) => part !== '').join(', ') },
      metrics: answers.metrics,
      verdict: answers.verdict,
    }
  } finally {
    await http.close()
  }
}

async function askServer(
  chain: Chain,
  triton: TritonClient,
  { endpoint, model, version }: TritonTarget,
  signal: AbortSignal,
): Promise<string> {
  const isDirect = endpoint.guard === 'direct'
  let name = ''
  await chain.ask('live', () =>
    // Asked without one, Access would send to its login: nothing would be known about Triton.
    hasNoToken(endpoint) ? noToken : orFault(async () => judgeLive(await triton.live(signal), endpoint), isDirect),
  )
  await chain.ask('ready', () =>
    orFault(async () => {
      const answer = await triton.ready(signal)
      const index = answer.status === 200 ? undefined : await triton.index(signal).catch(notAnswered)
      const isTold = answer.status === 200 || index?.status === 200
      const own = isTold ? undefined : await triton.modelReady(signal).catch(notAnswered)
      return judgeReady(answer, index, endpoint, model, version, own)
    }, isDirect),
  )
  await chain.ask('server', () =>
    orFault(async () => {
      const answered = judgeServer(await triton.server(signal), endpoint)
      if (answered.verdict === 'pass') name = answered.found
      return answered
    }, isDirect),
  )
  return name
}

function notAnswered(error: unknown): undefined {
  if (!(error instanceof HttpFault)) throw error
}

async function askModel(
  chain: Chain,
  triton: TritonClient,
  { endpoint, model, version }: TritonTarget,
  signal: AbortSignal,
) {
  const isDirect = endpoint.guard === 'direct'
  const seen: {
    model?: ReturnType<typeof judgeModel>['model']
    config?: ReturnType<typeof judgeConfig>['config']
  } = {}
  await chain.ask('index', () =>
    orFault(async () => judgeIndex(await triton.index(signal), endpoint, model, version), isDirect),
  )
  await chain.ask('model', () =>
    orFault(async () => {
      const ready = await triton.modelReady(signal)
      const metadata = ready.kind === 'endpoint' && ready.status === 200 ? await triton.model(signal) : undefined
      const judged = judgeModel(ready, metadata, endpoint, model)
      seen.model = judged.model
      return judged.answered
    }, isDirect),
  )
  await chain.ask('config', () =>
    orFault(async () => {
      const judged = judgeConfig(await triton.config(signal), endpoint)
      seen.config = judged.config
      return judged.answered
    }, isDirect),
  )
  return seen
}

function hasNoToken({ guard, credentials }: TritonTarget['endpoint']): boolean {
  return guard === 'cloudflare' && Object.keys(credentials).length === 0
}

const directly = skip('reached directly: who else reaches it cannot be told from here')

/** Not part of the chain: a server that is down may be open to strangers all the same. */
async function askStrangers(
  chain: Chain,
  triton: TritonClient,
  ports: VerifyPorts,
  wish: VerifyWish,
  { endpoint, tokenExpires }: TritonTarget,
): Promise<void> {
  const isDirect = endpoint.guard === 'direct'
  const { signal } = ports
  await chain.ask('guarded', () =>
    isDirect
      ? directly
      : orUnasked(async () =>
          // A policy may let everybody in at one path alone.
          judgeGuarded([await triton.live(signal, true), await triton.model(signal, true)], endpoint),
        ),
  )
  await chain.ask('token', () =>
    isDirect || hasNoToken(endpoint)
      ? skip(`${isDirect ? 'reached directly' : 'not asked'}, without a service token`)
      : judgeToken(tokenExpires, ports.now(), wish.certificateWarnMs, wish.certificateFailMs),
  )
  if (wish.mode === 'observe') return
  await chain.ask('control', () =>
    orUnasked(async () => {
      if (!chain.isOpen('index')) return skip('nothing answers that could be controlled')
      const name = `k3s-gpu-actions-no-such-model-${ports.runId}`
      const ours = await triton.loadNothing(name, signal, false)
      // Without a guard and without headers we are strangers ourselves.
      const isStranger = isDirect && Object.keys(endpoint.headers).length === 0
      const stranger = isStranger ? undefined : await triton.loadNothing(name, signal, true)
      return judgeControl(ours, stranger, endpoint)
    }),
  )
  await chain.ask('metrics-hidden', () => (isDirect ? directly : askMetrics(triton, ports, endpoint.url)))
}

/** Under its own name, and at the port of its metrics, should the name lead to its machine and not to Cloudflare. */
async function askMetrics(triton: TritonClient, ports: VerifyPorts, url: string): Promise<Answered> {
  const { hostname, host } = new URL(url)
  const atPort = ports.openHttp({ url: `http://${hostname}:8002`, guard: 'direct', credentials: {}, headers: {} })
  try {
    const asked = await Promise.all([
      triton.strangersMetrics(ports.signal).catch(notAnswered),
      atPort
        .ask({ method: 'GET', path: '/metrics', isAnonymous: true, timeoutMs: 3000 }, ports.signal)
        .catch(notAnswered),
    ])
    const places = [`${host}/metrics`, `${hostname}:8002/metrics`]
    return judgeMetrics(
      asked.flatMap((answer, index) => (answer ? [{ at: places[index] ?? '', answer }] : [])),
      asked[0] !== undefined,
    )
  } finally {
    await atPort.close()
  }
}
