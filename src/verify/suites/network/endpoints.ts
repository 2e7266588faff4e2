import { setTimeout as pause } from 'node:timers/promises'
import { type HttpAnswer, HttpFault } from '../../../http/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { EndpointWish, Finding, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { line } from '../reading.ts'

export const endpointEntry = {
  id: 'network.endpoint.<host>',
  suite: 'network',
  asks: 'Does this address answer from the runner as it should?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'curl -sv <address> on the runner',
} as const satisfies VerifyEntry

const timeoutMs = 15_000
const usualPauseMs = 3_000
/** Many addresses of one host are asked one after the other; hosts are not waited for. */
const answered = 'answers as it should'

/** Why it could not be asked: nothing about the endpoint. */
interface Unasked {
  readonly unasked: string
  readonly cause: string
  readonly remedy: string
}

const words: Readonly<Record<HttpAnswer['kind'], { readonly cause: string; readonly remedy: string }>> = {
  endpoint: { cause: 'the server answers, with another status', remedy: 'look at the log of that server' },
  page: { cause: 'a web page answers, with another status', remedy: 'look at the log of that server' },
  redirect: { cause: 'it sends the visitor elsewhere', remedy: 'name the address that it leads to' },
  'access-login': {
    cause: 'Cloudflare Access wants a login: no service token was sent, or no policy of action Service Auth knows it',
    remedy: 'give access-client-id and access-client-secret, and a policy with action Service Auth for that token',
  },
  'access-refused': {
    cause: 'Cloudflare Access refuses the service token',
    remedy: 'renew the service token, and check the policy of that application',
  },
  'tunnel-down': {
    cause: 'no cloudflared holds the tunnel (error 1033)',
    remedy: 'start cloudflared: kubectl get pods --all-namespaces -l app=cloudflared, or systemctl status cloudflared',
  },
  'origin-down': {
    cause: 'the tunnel or proxy stands, and what it leads to does not answer',
    remedy: 'start the server behind it, or correct the address in the tunnel’s configuration',
  },
}

/** Without what stands behind `?`, which may hold a key. */
function addressOf({ endpoint, path }: EndpointWish): string {
  return line(`${endpoint.url}${path.split('?')[0] ?? ''}`, 120)
}

/** The wanted status is what counts, also where a page or a refusal is wanted; but a login is no page of ours. */
export function judgeAnswer(wish: EndpointWish, { kind, status }: Pick<HttpAnswer, 'kind' | 'status'>): Finding[] {
  if (status === wish.status && !(kind === 'access-login' && status < 300)) return []
  const { cause, remedy } = words[kind]
  const isLoginPage = status === wish.status
  return [
    {
      namespace: '',
      subject: addressOf(wish),
      found: isLoginPage ? `a login page answers with ${status}` : `${status} in place of ${wish.status}`,
      verdict: 'fail',
      cause,
      remedy,
    },
  ]
}

/** No answer is an answer about the endpoint, except where the runner itself has no network or no name server. */
async function judgeFault(
  { resolve }: VerifyPorts,
  wish: EndpointWish,
  fault: HttpFault,
): Promise<Finding[] | Unasked> {
  const { code, cause, remedy } = fault
  const isRunners =
    /^(unreachable|proxy|unsendable)$/.test(code) || (code === 'name-unknown' && !(await isUnknown(resolve, wish)))
  if (isRunners) return { unasked: line(fault.title), cause, remedy }
  return [{ namespace: '', subject: addressOf(wish), found: line(fault.title, 160), verdict: 'fail', cause, remedy }]
}

/** A name server said that there is no such name; the other errors of a look-up say that none was reached. */
async function isUnknown(resolve: VerifyPorts['resolve'], { endpoint }: EndpointWish): Promise<boolean> {
  try {
    await resolve(new URL(endpoint.url).hostname)
    return true
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
    return code === 'ENOTFOUND' || code === 'ENODATA'
  }
}

const noToken = {
  found: 'not asked: no service token was given',
  verdict: 'warn',
  cause: 'Cloudflare Access guards it, and lets nobody through without one',
  remedy: 'set access-client-id and access-client-secret from secrets',
} as const

async function askOnce(ports: VerifyPorts, wish: EndpointWish): Promise<Finding[] | Unasked> {
  const { guard, credentials } = wish.endpoint
  if (guard === 'cloudflare' && Object.keys(credentials).length === 0)
    return [{ namespace: '', subject: addressOf(wish), ...noToken }]
  const client = ports.openHttp(wish.endpoint)
  try {
    return judgeAnswer(wish, await client.ask({ method: 'GET', path: wish.path, timeoutMs }, ports.signal))
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error
    return await judgeFault(ports, wish, error)
  } finally {
    await client.close()
  }
}

/** Once more after a moment: a restart is no outage. */
async function ask(ports: VerifyPorts, wish: EndpointWish, pauseMs: number): Promise<Finding[] | Unasked> {
  const first = await askOnce(ports, wish)
  if ('length' in first && first.length === 0) return first
  await pause(pauseMs, undefined, { signal: ports.signal }).catch(() => ports.signal.throwIfAborted())
  return await askOnce(ports, wish)
}

async function askHost(
  ports: VerifyPorts,
  [host, wishes]: readonly [string, readonly EndpointWish[]],
  { severities }: VerifyWish,
  pauseMs: number,
): Promise<Check> {
  const id = `network.endpoint.${host}`
  const question = `Does ${wishes.length === 1 && wishes[0] ? addressOf(wishes[0]) : host} answer from the runner?`
  const findings: Finding[] = []
  let unasked: Unasked | undefined
  for (const wish of wishes) {
    const found = await ask(ports, wish, pauseMs)
    if ('unasked' in found) unasked ??= found
    else findings.push(...found)
  }
  if (findings.length === 0 && unasked !== undefined) {
    return { id, verdict: 'error', question, found: unasked.unasked, cause: unasked.cause, remedy: unasked.remedy }
  }
  const passed =
    wishes.length === 1 ? `${answered} (${wishes[0]?.status})` : `${wishes.length} addresses, each ${answered}`
  return gather(id, question, findings, passed, severities)
}

/** One check a host. They do not go through the API server: a broken cluster does not block them. */
export async function askEndpoints(
  ports: VerifyPorts,
  wish: VerifyWish,
  pauseMs = usualPauseMs,
): Promise<readonly Check[]> {
  const hosts = Map.groupBy(wish.endpoints, ({ endpoint }) => idPart(new URL(endpoint.url).host))
  return await Promise.all([...hosts].map((host) => askHost(ports, host, wish, pauseMs)))
}
