import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from '../host/index.ts'
import type { Check } from '../report/index.ts'
import { caHash, isSameAuthority } from './ca-hash.ts'
import { faultCheck } from './handshake-fault.ts'
import {
  authority,
  type HostAnswer,
  type HostHttps,
  HostHttpsFault,
  type HostRequest,
  hostHttps,
  oneLine,
} from './host-https.ts'
import type { HandshakeResult } from './model.ts'
import { authorizationFor, parseToken } from './token.ts'

export interface HandshakeOptions {
  /** `https://host:port` that the host will join through. */
  readonly server: string
  /** Certificate authority of the kubeconfig. */
  readonly caPem: string
  /** The token that the agent will get. Undefined: dry-run, the token is not exercised. Secret. */
  readonly token?: string
  /** API servers that are known otherwise, `host:port`; tried when the server cannot be asked for want of a token. */
  readonly knownApiServers?: readonly string[]
  /** Text of handshake.sh, for hosts that do not allow forwarding. */
  readonly script?: string
  /** Whether the runner itself can reach an address; asked only when the host cannot. */
  readonly probe?: (address: string, port: number, signal: AbortSignal) => Promise<boolean>
  readonly signal: AbortSignal
}

/** Waits before the second and third try after a fault of the connection. */
const retryWaitsMs = [250, 750]
/** A token that was minted a moment ago may not have reached the server's cache yet. */
const tokenGraceMs = 3_000
const tokenPollMs = 300
/** More addresses than any control plane has: the list is somebody else's text. */
const maximumApiServers = 16

interface Target {
  readonly address: string
  readonly port: number
}

function targetOf(text: string): Target | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.hostname === '') return undefined
  return { address: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || 443) }
}

/** Ids of checks are dotted words: `[2001:db8::1]:6443` becomes `handshake.apiserver.2001-db8-1-6443`. */
function apiServerCheckId(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
  return `handshake.apiserver.${word}`
}

/** The join tried through the host's own network, question by question, before anything on the host is touched. */
class Attempt {
  readonly checks: Check[] = []
  readonly #host: Host
  readonly #options: HandshakeOptions
  readonly #onCheck: (check: Check) => void
  readonly #https: HostHttps
  readonly #server: Target

  constructor(host: Host, options: HandshakeOptions, server: Target, onCheck: (check: Check) => void) {
    this.#host = host
    this.#options = options
    this.#server = server
    this.#onCheck = onCheck
    this.#https = hostHttps(host, options.script)
  }

  get via(): HostHttps['via'] {
    return this.#https.via
  }

  #say(check: Check): boolean {
    this.checks.push(check)
    this.#onCheck(check)
    return check.verdict === 'pass' || check.verdict === 'warn'
  }

  /** Three tries for faults that may pass. The last fault says how often and how long it was tried. */
  async #tried<T>(attempt: () => Promise<T>): Promise<T> {
    const startedMs = performance.now()
    for (let tries = 1; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof HostHttpsFault) || !error.isPassing) throw error
        const waitMs = retryWaitsMs[tries - 1]
        if (waitMs === undefined) {
          const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
          throw new HostHttpsFault(error.kind, `${error.message} (tried ${tries} times in ${seconds} s)`)
        }
        await delay(waitMs, undefined, { signal: this.#options.signal })
      }
    }
  }

  async #get(path: string, more: Pick<HostRequest, 'caPem' | 'authorization'>): Promise<HostAnswer> {
    return await this.#tried(async () => {
      const answer = await this.#https.get({ ...this.#server, path, ...more }, this.#options.signal)
      // k3s answers 503 while it is starting.
      if (answer.status >= 500)
        throw new HostHttpsFault('connect', `GET ${path}: HTTP ${answer.status} ${oneLine(answer.body)}`)
      return answer
    })
  }

  async #faultCheck(id: string, question: string, target: Target, error: unknown): Promise<Check> {
    if (!(error instanceof HostHttpsFault)) throw error
    const { probe, signal } = this.#options
    const runnerReaches = error.isPassing
      ? await probe?.(target.address, target.port, signal).catch(() => false)
      : undefined
    return faultCheck({ id, question, ...target, host: this.#host.label, fault: error, runnerReaches })
  }

  /** The CA as the host sees it, against the kubeconfig's and the token's. Resolves with its hash when it is the right one. */
  async askAuthority(): Promise<string | undefined> {
    const { caPem, token } = this.#options
    const id = 'handshake.ca'
    const question = "Does the host see the cluster's own certificate authority?"
    let served: string
    try {
      // Like the agent: first whatever is served, unverified and with nothing secret, then once more verified.
      const answer = await this.#get('/cacerts', {})
      if (answer.status !== 200 || !answer.body.includes('-----BEGIN CERTIFICATE-----')) {
        throw new HostHttpsFault('protocol', `GET /cacerts: HTTP ${answer.status}, no certificate`)
      }
      served = answer.body
    } catch (error) {
      const isUnreachable = error instanceof HostHttpsFault && (error.isPassing || error.kind === 'name')
      const address = authority(this.#server.address, this.#server.port)
      this.#say(
        isUnreachable
          ? await this.#faultCheck(apiServerCheckId(address), `Does ${address} answer the host?`, this.#server, error)
          : await this.#faultCheck(id, question, this.#server, error),
      )
      return undefined
    }
    let hash: string
    let isKnown: boolean
    try {
      hash = caHash(served)
      isKnown = isSameAuthority(served, caPem)
    } catch (error) {
      this.#say(
        await this.#faultCheck(id, question, this.#server, new HostHttpsFault('protocol', oneLine(String(error)))),
      )
      return undefined
    }
    const evidence = [`served through the host: ${hash}`, `kubeconfig: ${caHash(caPem)}`]
    if (!isKnown) {
      this.#say({
        id,
        verdict: 'fail',
        question,
        found: 'another certificate authority',
        cause:
          'another server answers at that address through the host’s network, or the kubeconfig is from before the CA was changed',
        remedy: 'compare `server` with the kubeconfig; fetch the kubeconfig again from the server',
        evidence,
      })
      return undefined
    }
    const pinned = token === undefined ? undefined : parseToken(token).caHash
    if (pinned !== undefined && pinned !== hash) {
      const isLayout = pinned === caHash(caPem)
      this.#say({
        id,
        verdict: 'fail',
        question,
        found: isLayout
          ? 'the hash of the token is of another text'
          : 'the token was made for another certificate authority',
        cause: isLayout
          ? 'the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte'
          : 'token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed',
        remedy: isLayout
          ? 'store the kubeconfig again exactly as the server has it'
          : 'give no token, so that one is minted, or fetch a fresh one from the server',
        evidence: [...evidence, `token: ${pinned}`],
      })
      return undefined
    }
    try {
      await this.#get('/cacerts', { caPem })
    } catch (error) {
      this.#say(await this.#faultCheck(id, question, this.#server, error))
      return undefined
    }
    this.#say({ id, verdict: 'pass', question, found: `${hash.slice(0, 4)}…${hash.slice(-2)}`, evidence })
    return hash
  }

  /** Shows the token to the supervisor as the agent will. */
  async askToken(): Promise<boolean> {
    const { caPem, token, signal } = this.#options
    const id = 'handshake.token'
    const question = 'Does the server accept the token?'
    if (token === undefined) return this.#say({ id, verdict: 'skip', question, found: 'token not exercised' })
    const parsed = parseToken(token)
    const startedMs = performance.now()
    for (;;) {
      let answer: HostAnswer
      try {
        answer = await this.#get('/v1-k3s/readyz', { caPem, authorization: authorizationFor(parsed) })
      } catch (error) {
        return this.#say(await this.#faultCheck(id, question, this.#server, error))
      }
      if (answer.status === 200)
        return this.#say({ id, verdict: 'pass', question, found: `accepted (${parsed.kind} token)` })
      const isRefused = answer.status === 401 || answer.status === 403
      if (isRefused && performance.now() - startedMs + tokenPollMs < tokenGraceMs) {
        await delay(tokenPollMs, undefined, { signal })
        continue
      }
      const evidence = [`GET /v1-k3s/readyz: HTTP ${answer.status}`]
      if (isRefused) {
        return this.#say({
          id,
          verdict: 'fail',
          question,
          found: `refused (${parsed.kind} token)`,
          cause:
            parsed.kind === 'bootstrap'
              ? 'the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster'
              : "it is not this cluster's token, or the token was changed since",
          remedy:
            parsed.kind === 'bootstrap'
              ? 'press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters'
              : 'give no token, so that one is minted through the kubeconfig; or fetch the current one from the server',
          evidence,
        })
      }
      return this.#say({
        id,
        verdict: 'fail',
        question,
        found: `the server answers HTTP ${answer.status} instead`,
        cause:
          'what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s',
        remedy: 'set `server` to the address of a k3s server, where its supervisor listens',
        evidence,
      })
    }
  }

  /** The addresses that the agent will use after the join: every server's own, not the one it joined through. */
  async #apiServers(): Promise<readonly string[]> {
    const { caPem, token, knownApiServers = [] } = this.#options
    const own = authority(this.#server.address, this.#server.port)
    if (token === undefined) return [own, ...knownApiServers]
    const answer = await this.#get('/v1-k3s/apiservers', { caPem, authorization: authorizationFor(parseToken(token)) })
    let listed: unknown
    try {
      listed = JSON.parse(answer.body)
    } catch {
      listed = undefined
    }
    if (answer.status !== 200 || !Array.isArray(listed)) {
      throw new HostHttpsFault('protocol', `GET /v1-k3s/apiservers: HTTP ${answer.status}, no list`)
    }
    return listed.length === 0 ? [own] : listed.map(String)
  }

  /** Resolves with the addresses when all of them can be reached. */
  async askApiServers(): Promise<readonly string[] | undefined> {
    let listed: readonly string[]
    try {
      listed = await this.#apiServers()
    } catch (error) {
      this.#say(
        await this.#faultCheck('handshake.apiserver', 'Which API servers does the server name?', this.#server, error),
      )
      return undefined
    }
    const targets = new Map<string, Target>()
    for (const text of listed.slice(0, maximumApiServers)) {
      const target = targetOf(text.startsWith('https://') ? text : `https://${text}`)
      if (target !== undefined) targets.set(authority(target.address, target.port), target)
    }
    const answers: boolean[] = []
    const ask = async ([name, target]: readonly [string, Target]): Promise<void> => {
      answers.push(await this.#askApiServer(name, target))
    }
    if (this.via === 'forwarding') await Promise.all([...targets].map(ask))
    // One session channel after the other: sshd allows only a few at a time.
    else for (const entry of targets) await ask(entry)
    return answers.length > 0 && answers.every(Boolean) ? [...targets.keys()] : undefined
  }

  async #askApiServer(name: string, target: Target): Promise<boolean> {
    const { caPem, signal } = this.#options
    const id = apiServerCheckId(name)
    const question = `Does ${name} answer the host?`
    const startedMs = performance.now()
    try {
      // The authority only: the agent speaks to these addresses as 127.0.0.1, through a balancer of its own.
      await this.#tried(() => this.#https.reach(target.address, target.port, caPem, signal))
    } catch (error) {
      return this.#say(await this.#faultCheck(id, question, target, error))
    }
    return this.#say({
      id,
      verdict: 'pass',
      question,
      found: `yes, in ${Math.round(performance.now() - startedMs)} ms`,
    })
  }
}

/**
 * Tries the join through the host's own network: certificate authority, token, every API server's address.
 * `onCheck` hears each answer as it comes. `result` is there when all of them are pass or warn, or skipped because there is no token.
 * Rejects with the signal's reason, or with HostError when the host itself fails.
 */
export async function handshake(
  host: Host,
  options: HandshakeOptions,
  onCheck: (check: Check) => void = () => undefined,
): Promise<{ checks: readonly Check[]; result?: HandshakeResult }> {
  const server = targetOf(options.server)
  if (server === undefined)
    throw new RangeError(`server ${JSON.stringify(options.server)} is not an address like https://host:6443`)
  const attempt = new Attempt(host, options, server, onCheck)
  const hash = await attempt.askAuthority()
  if (hash === undefined) return { checks: attempt.checks }
  const isTokenFine = (await attempt.askToken()) || options.token === undefined
  if (!isTokenFine) return { checks: attempt.checks }
  const apiServers = await attempt.askApiServers()
  if (apiServers === undefined) return { checks: attempt.checks }
  return { checks: attempt.checks, result: { caHash: hash, apiServers, via: attempt.via } }
}
