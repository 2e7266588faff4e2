/** The CLI's client of Pulumi Cloud: pkg/backend/httpstate/client/{api,client}.go (v3.259.0), as far as an update needs it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import type { Deployment, UpdateKind } from '../model.ts'
import { exitCodes, Stop } from './stop.ts'

export interface CloudOptions {
  readonly url: string
  readonly caPem: string
  readonly token: string
}

export interface StartedUpdate {
  readonly id: string
  readonly kind: UpdateKind
  readonly version: number
  readonly token: string
}

interface Answered {
  readonly code: number
  readonly body: unknown
}

/** More than any answer to it has. */
const timeoutMs = 30_000

export class Cloud {
  readonly #options: CloudOptions
  readonly #path: string

  constructor(options: CloudOptions, reference: string) {
    this.#options = options
    this.#path = `/api/stacks/${reference}`
  }

  /** @throws Stop in the CLI's words */
  async login(): Promise<string> {
    const { code, body } = await this.#send('GET', '/api/user')
    // ErrUnauthorized (pkg/backend/httpstate/backend.go).
    if (code === 401) throw new Stop('Unauthorized: No credentials provided or are invalid.')
    return String((this.#expect(code, body) as { githubLogin?: unknown }).githubLogin)
  }

  /** @param given the name of the stack as it was given */
  async requireStack(given: string): Promise<void> {
    const { code, body } = await this.#send('GET', this.#path)
    if (code === 404) throw new Stop(`no stack named '${given}' found`, exitCodes.stackNotFound)
    this.#expect(code, body)
  }

  async deployment(): Promise<Deployment> {
    return ((await this.#call('GET', `${this.#path}/export`)) as { deployment: Deployment }).deployment
  }

  async begin(
    kind: UpdateKind,
    isDryRun: boolean,
    metadata: { readonly message: string; readonly environment: Readonly<Record<string, string>> },
  ): Promise<StartedUpdate> {
    const request = { options: { dryRun: isDryRun }, metadata }
    const created = (await this.#call('POST', `${this.#path}/${kind}`, request)) as { updateID: string }
    const { code, body } = await this.#send('POST', `${this.#path}/update/${created.updateID}`, {})
    if (code === 409)
      throw new Stop(
        `${messageOf(code, body)}\nTo learn more about possible reasons and resolution, visit https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/`,
      )
    const started = this.#expect(code, body) as { version: number; token: string }
    return { id: created.updateID, kind, ...started }
  }

  async save(update: StartedUpdate, deployment: Deployment): Promise<void> {
    await this.#call('PATCH', `${this.#path}/update/${update.id}/checkpoint`, { version: 3, deployment }, update.token)
  }

  async complete(update: StartedUpdate, status: 'succeeded' | 'failed'): Promise<void> {
    await this.#call('POST', `${this.#path}/update/${update.id}/complete`, { status }, update.token)
  }

  async cancel(): Promise<void> {
    const { activeUpdate } = (await this.#call('GET', this.#path)) as { activeUpdate: string }
    await this.#call('POST', `${this.#path}/update/${activeUpdate}/cancel`)
  }

  async #call(method: string, path: string, body?: unknown, updateToken?: string): Promise<unknown> {
    const answered = await this.#send(method, path, body, updateToken)
    return this.#expect(answered.code, answered.body)
  }

  #expect(code: number, body: unknown): unknown {
    if (code === 401)
      throw new Stop('this command requires logging in; try running `pulumi login` first', exitCodes.authentication)
    if (code === 429) throw new Stop('pulumi service: request rate-limit exceeded')
    if (code >= 400) throw new Stop(messageOf(code, body), code === 403 ? exitCodes.authentication : exitCodes.error)
    return body
  }

  #send(method: string, path: string, body?: unknown, updateToken?: string): Promise<Answered> {
    const { url, caPem, token } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<Answered>()
    const sent = request(
      new URL(path, url),
      {
        method,
        ca: caPem,
        timeout: timeoutMs,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/vnd.pulumi+9',
          'User-Agent': 'pulumi-cli/1 (v3.259.0; linux)',
          Authorization: updateToken === undefined ? `token ${token}` : `update-token ${updateToken}`,
        },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          resolve({ code: response.statusCode ?? 0, body: jsonOf(text) })
        })
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', (error) =>
      reject(
        new Stop(`performing HTTP request: ${method === 'GET' ? 'Get' : 'Post'} "${url}${path}": ${error.message}`),
      ),
    )
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    return promise
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `[409] Conflict: …`, from the answer's own shape (apitype/errors.go) or its raw text. */
function messageOf(code: number, body: unknown): string {
  if (typeof body === 'object' && body !== null) {
    const { code: own, message } = body as { code?: unknown; message?: unknown }
    return `[${own ?? code}] ${message ?? ''}`
  }
  return `[${code}] ${String(body).trim()}`
}

/**
 * The token in the environment is written to `credentials.json` of PULUMI_HOME, in clear (pkg/backend/httpstate/backend.go, Current).
 * @returns whether the CLI says that it logs in: not when the same token is there already
 */
export function storeCredentials(home: string, url: string, token: string): boolean {
  const file = join(home, 'credentials.json')
  if (existsSync(file) && readFileSync(file, 'utf8').includes(JSON.stringify(token))) return false
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(
    file,
    JSON.stringify(
      { current: url, accessTokens: { [url]: token }, accounts: { [url]: { accessToken: token } } },
      null,
      4,
    ),
    { mode: 0o600 },
  )
  return true
}
