/** The embedded Pulumi Cloud: ESC's REST API and the token exchange, behind one TLS port of 127.0.0.1. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type Call, header, type IssuedCertificate, listen } from '../cluster/index.ts'
import { answers } from './answers.ts'
import { Environments } from './environments.ts'
import { type Exchange, exchange, fieldsOf } from './exchange.ts'
import type { Access, Answer, Definition, Holder, Organization } from './model.ts'
import { answerEsc } from './routes.ts'
import { secretsOf } from './values.ts'

export { answers } from './answers.ts'
export type { Access, Answer, AuthPolicy, Definition, Edition, Holder, Organization, TokenType } from './model.ts'

/** The name that the server answers for. */
export const pulumiName = 'api.pulumi.com'

export interface PulumiOptions {
  readonly certificate: IssuedCertificate
  readonly organizations: readonly Organization[]
  /** See Exchange: whoever knows GitHub's issuer. */
  readonly verify: Exchange['verify']
  readonly nowMs?: () => number
  readonly hasNumericIds?: boolean
  readonly missingProperty?: 'not-found' | 'null'
  /** A path before `/api`, as a self-hosted backend may have one. */
  readonly prefix?: string
  /** Answers what is below `/api/stacks`, where somebody plays stacks. */
  readonly stacks?: (ask: StackCall) => Answer
  /** Whether access tokens open nothing but environments: a command line that logs in is refused. */
  readonly refusesLogin?: () => boolean
}

/** A call below `/api/stacks`. */
export interface StackCall {
  readonly method: string
  /** Percent-decoded, what comes after `/api/stacks`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
  /** Who asks with an access token. */
  readonly holder: Holder | undefined
  /** Token of an update (pulumi/pulumi: pkg/backend/httpstate/client/api.go, accessTokenKindUpdateToken). */
  readonly updateToken: string
}

export interface Pulumi {
  readonly port: number
  /** Every request, `POST /api/oauth/token 200`; without queries. */
  readonly requests: readonly string[]
  /** Every request with its query and what it said of itself, for looking at a client. Tokens are not among it. */
  readonly calls: readonly PulumiCall[]
  /** Every access token and session id that was given out, and every secret of the environments. */
  readonly secrets: readonly string[]
  /** An access token as a person makes one in the console; it does not end. */
  accessToken(holder: Holder): string
  /** Writes the definition of organization/project/environment; gives its revision. */
  put(reference: string, definition: Definition): number
  tag(reference: string, name: string, revision: number): void
  setAccess(reference: string, access: Access): void
  gate(reference: string): void
  /** The next calls whose `METHOD /path` matches get these, one each and in order; afterwards all is as ever. */
  interject(pattern: RegExp, ...given: readonly Answer[]): void
  /** Takes back what calls would still get by that. */
  calm(): void
  close(): Promise<void>
}

export interface PulumiCall {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** More than any request to it has. */
const bodyLimitBytes = 1024 * 1024

async function bodyOf(call: Call): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of call.request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > bodyLimitBytes) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function headersOf(call: Call): Record<string, string> {
  const entries = Object.entries(call.request.headers).map(([name, value]) => [name, String(value)] as const)
  return Object.fromEntries(entries.filter(([name]) => name !== 'authorization'))
}

export async function startPulumi(options: PulumiOptions): Promise<Pulumi> {
  const nowMs = options.nowMs ?? Date.now
  const environments = new Environments(nowMs)
  const tokens = new Map<string, { readonly holder: Holder; readonly endsAtMs: number }>()
  const interjections: { readonly pattern: RegExp; readonly left: Answer[] }[] = []
  const calls: PulumiCall[] = []
  const secrets: string[] = []
  const issue = (holder: Holder, lifetimeSeconds: number): string => {
    const token = `pul-${randomBytes(20).toString('hex')}`
    tokens.set(token, { holder, endsAtMs: nowMs() + lifetimeSeconds * 1000 })
    secrets.push(token)
    return token
  }
  const exchanging: Exchange = {
    organization: (name) => options.organizations.find((organization) => organization.name === name),
    verify: options.verify,
    issue,
  }
  const holderOf = (call: Call): Holder | undefined => {
    const token = /^token (\S+)$/.exec(header(call, 'Authorization'))?.[1] ?? ''
    const found = tokens.get(token)
    return found !== undefined && found.endsAtMs > nowMs() ? found.holder : undefined
  }

  const answer = async (call: Call, path: string, body: string): Promise<Answer> => {
    const interjected = interjections.find(
      ({ pattern, left }) => left.length > 0 && pattern.test(`${call.method} ${path}`),
    )
    const next = interjected?.left.shift()
    if (next !== undefined) return next
    if (call.method === 'POST' && path === '/api/oauth/token') {
      const fields = fieldsOf(header(call, 'Content-Type'), body)
      if (fields === undefined) return answers.oauth(400, 'invalid_request', 'the request body cannot be read')
      return await exchange(fields, exchanging)
    }
    const holder = holderOf(call)
    const all = call.segments.slice(call.segments.indexOf('api'))
    if (all[1] === 'stacks' && options.stacks !== undefined) {
      const updateToken = /^update-token (\S+)$/.exec(header(call, 'Authorization'))?.[1] ?? ''
      const { method, query } = call
      return options.stacks({ method, segments: all.slice(2), query, body, holder, updateToken })
    }
    if (holder === undefined) return answers.unauthorised()
    if (path === '/api/user' && options.refusesLogin?.() === true) return answers.unauthorised()
    if (path === '/api/user') return answers.ok(userOf(holder))
    if (path === '/api/user/organizations/default') return answers.ok({ GitHubLogin: holder.organization })
    const [api, esc, kind, ...segments] = all
    if (api !== 'api' || esc !== 'esc' || kind !== 'environments') return answers.notFound('page')
    return answerEsc(
      { method: call.method, segments, query: call.query, body, holder },
      {
        environments,
        hasNumericIds: options.hasNumericIds ?? false,
        missingProperty: options.missingProperty ?? 'not-found',
      },
    )
  }

  const prefix = options.prefix ?? ''
  const listener = await listen({
    certificate: options.certificate,
    nowMs,
    routes: [
      async (call) => {
        const body = await bodyOf(call)
        calls.push({ method: call.method, url: call.request.url ?? '/', headers: headersOf(call), body })
        const isBelow = call.path.startsWith(`${prefix}/`)
        const given = isBelow ? await answer(call, call.path.slice(prefix.length), body) : answers.notFound('page')
        // A stack has an id, too: its name.
        if (call.path.includes('/esc/')) noteSession(given, secrets)
        const bytes = Buffer.from(given.body)
        call.response.writeHead(given.status, {
          'X-Pulumi-Request-ID': randomUUID(),
          ...given.headers,
          'Content-Length': bytes.length,
        })
        call.response.end(call.method === 'HEAD' ? undefined : bytes)
        return true
      },
    ],
  })
  const existing = (reference: string) => {
    const environment = environments.get(reference)
    if (environment === undefined) throw new Error(`there is no environment ${reference}`)
    return environment
  }
  return {
    port: listener.port,
    requests: listener.requests,
    calls,
    secrets,
    accessToken: (holder) => issue(holder, Number.POSITIVE_INFINITY),
    put(reference, definition) {
      secrets.push(...secretsOf(definition))
      return environments.put(reference, definition)
    },
    tag: (reference, name, revision) => existing(reference).tags.set(name, revision),
    setAccess(reference, access) {
      existing(reference).access = access
    },
    gate(reference) {
      existing(reference).isGated = true
    },
    interject: (pattern, ...given) => interjections.push({ pattern, left: [...given] }),
    calm() {
      interjections.length = 0
    },
    close: listener.close,
  }
}

function userOf(holder: Holder): unknown {
  const login = holder.name === '' ? holder.organization : holder.name
  return {
    githubLogin: login,
    name: login,
    organizations: [{ githubLogin: holder.organization, name: holder.organization }],
    tokenInfo: { name: 'oidc', organization: holder.organization },
  }
}

/** Whoever has a session's id and a token reads everything. Numbers are too short to look for. */
function noteSession(answer: Answer, secrets: string[]): void {
  const id = /^\{"id":"([^"]+)"/.exec(answer.body)?.[1]
  if (id !== undefined && answer.status === 200) secrets.push(id)
}
