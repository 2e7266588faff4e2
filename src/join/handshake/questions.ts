import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from '../../host/index.ts'
import type { Check } from '../../report/index.ts'
import { type FaultContext, faultCheck } from './fault.ts'
import {
  authority,
  type HostAnswer,
  type HostHttps,
  HostHttpsFault,
  type HostRequest,
  hostHttps,
  oneLine,
} from './host-https.ts'

/** Waits before the second and third try after a fault of the connection. */
const retryWaitsMs = [250, 750]
/** More addresses than any control plane has: the list is somebody else's text. */
const maximumApiServers = 16

/** Where a server listens. */
export interface Target {
  readonly address: string
  readonly port: number
}

export function targetOf(text: string): Target | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.hostname === '') return undefined
  return { address: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || 443) }
}

/** Ids of checks are dotted words: `[2001:db8::1]:6443` becomes `handshake.apiserver.2001-db8-1-6443`. */
export function apiServerCheckId(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
  return `handshake.apiserver.${word}`
}

/** Whether the runner itself reaches an address: asked only when the host does not, to tell a firewall from a server that is down. */
export async function runnerReaches(address: string, port: number, signal: AbortSignal): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port, signal: AbortSignal.any([signal, AbortSignal.timeout(3_000)]) })
    const end = (reached: boolean): void => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

export interface QuestionsOptions {
  /** `https://host:port` that the host will join through. */
  readonly server: string
  /** Text of https.sh of src/host, for hosts that do not allow forwarding. */
  readonly script?: string
  /** Whether the runner itself can reach an address; asked only when the host cannot. */
  readonly probe?: (address: string, port: number, signal: AbortSignal) => Promise<boolean>
  /** What should answer, in words for people. */
  readonly words: Pick<FaultContext, 'server' | 'namesIn'>
  readonly onCheck: (check: Check) => void
  readonly signal: AbortSignal
}

/**
 * Questions asked of servers through the host's own network, before anything on the host is touched. A distribution asks its own; this
 * knows how they are asked, how often, and what a fault of the way means.
 */
export class HostQuestions {
  readonly checks: Check[] = []
  readonly server: Target
  readonly #host: Host
  readonly #options: QuestionsOptions
  readonly #https: HostHttps

  /** Throws RangeError when `server` is no https address. */
  constructor(host: Host, options: QuestionsOptions) {
    const server = targetOf(options.server)
    if (server === undefined)
      throw new RangeError(`server ${JSON.stringify(options.server)} is not an address like https://host:6443`)
    this.server = server
    this.#host = host
    this.#options = options
    this.#https = hostHttps(host, options.script)
  }

  get via(): HostHttps['via'] {
    return this.#https.via
  }

  get signal(): AbortSignal {
    return this.#options.signal
  }

  /** Keeps the answer and tells it. True when nothing stands in the way. */
  say(check: Check): boolean {
    this.checks.push(check)
    this.#options.onCheck(check)
    return check.verdict === 'pass' || check.verdict === 'warn'
  }

  /** Three tries for faults that may pass. The last fault says how often and how long it was tried. */
  async tried<T>(attempt: () => Promise<T>): Promise<T> {
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
        await delay(waitMs, undefined, { signal: this.signal })
      }
    }
  }

  /** GET of the server that the host will join through. A server that is still starting (5xx) is asked again. */
  async get(path: string, more: Pick<HostRequest, 'caPem' | 'authorization'>): Promise<HostAnswer> {
    return await this.tried(async () => {
      const answer = await this.#https.get({ ...this.server, path, ...more }, this.signal)
      if (answer.status >= 500)
        throw new HostHttpsFault('connect', `GET ${path}: HTTP ${answer.status} ${oneLine(answer.body)}`)
      return answer
    })
  }

  /** A fault as a check; anything else that was thrown is thrown again. */
  async faultCheck(id: string, question: string, target: Target, error: unknown): Promise<Check> {
    if (!(error instanceof HostHttpsFault)) throw error
    const { probe, words } = this.#options
    const runnerReaches = error.isPassing
      ? await probe?.(target.address, target.port, this.signal).catch(() => false)
      : undefined
    return faultCheck({ id, question, ...target, ...words, host: this.#host.label, fault: error, runnerReaches })
  }

  /** A fault of the first question: the server cannot be reached at all, or the question has no answer. */
  async firstFault(id: string, question: string, error: unknown): Promise<Check> {
    const isUnreachable = error instanceof HostHttpsFault && (error.isPassing || error.kind === 'name')
    if (!isUnreachable) return await this.faultCheck(id, question, this.server, error)
    const address = authority(this.server.address, this.server.port)
    return await this.faultCheck(apiServerCheckId(address), `Does ${address} answer the host?`, this.server, error)
  }

  /**
   * Tries every address of API servers, `host:port` or URLs. Resolves with the addresses when all of them can be reached.
   * `checksNames`: the certificate has to name the address, because whoever joins connects to it under that name.
   */
  async reachAll(
    listed: readonly string[],
    caPem: string,
    checksNames = false,
  ): Promise<readonly string[] | undefined> {
    const targets = new Map<string, Target>()
    for (const text of listed.slice(0, maximumApiServers)) {
      const target = targetOf(text.startsWith('https://') ? text : `https://${text}`)
      if (target !== undefined) targets.set(authority(target.address, target.port), target)
    }
    const answers: boolean[] = []
    const ask = async ([name, target]: readonly [string, Target]): Promise<void> => {
      answers.push(await this.#reach(name, target, caPem, checksNames))
    }
    if (this.via === 'forwarding') await Promise.all([...targets].map(ask))
    // One session channel after the other: sshd allows only a few at a time.
    else for (const entry of targets) await ask(entry)
    return answers.length > 0 && answers.every(Boolean) ? [...targets.keys()] : undefined
  }

  async #reach(name: string, target: Target, caPem: string, checksNames: boolean): Promise<boolean> {
    const id = apiServerCheckId(name)
    const question = `Does ${name} answer the host?`
    const startedMs = performance.now()
    try {
      await this.tried(async () => {
        if (checksNames) await this.#https.get({ ...target, path: '/version', caPem }, this.signal)
        // The authority only: an agent may speak to these addresses under another name.
        else await this.#https.reach(target.address, target.port, caPem, this.signal)
      })
    } catch (error) {
      return this.say(await this.faultCheck(id, question, target, error))
    }
    return this.say({
      id,
      verdict: 'pass',
      question,
      found: `yes, in ${Math.round(performance.now() - startedMs)} ms`,
    })
  }
}
