/**
 * GitHub's OIDC issuer: the address at which a job asks for an ID token, and the public keys behind token.actions.githubusercontent.com.
 * The tokens are real JWTs of RS256; their claims are those that GitHub's reference of OpenID Connect lists.
 */
import {
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import { type Call, header, type IssuedCertificate, listen } from '../cluster/index.ts'
import type { IdTokenIssuer } from '../contract.ts'

const issuer = 'https://token.actions.githubusercontent.com'
const requestHost = 'pipelines.actions.githubusercontent.com'

/** The names that the server answers for. */
export const idTokenNames = ['token.actions.githubusercontent.com', requestHost] as const

export interface IdTokenOptions {
  /** For `idTokenNames`. */
  readonly certificate: IssuedCertificate
  /**
   * How `sub` names the repository: `names`, as for repositories from before July 2026; `immutable`, with the ids of owner and
   * repository, as for those that were made, renamed or transferred since.
   */
  readonly subject?: 'names' | 'immutable'
  readonly nowMs?: () => number
}

export interface IdTokens extends IdTokenIssuer {
  readonly port: number
  readonly requests: readonly string[]
  /** Every token that was signed, and every request token. */
  readonly secrets: readonly string[]
  /** From now on this is the answer to every request for a token; undefined: it is signed again. */
  answerWith(given: { readonly status: number; readonly body: string } | undefined): void
  /** Claims of a token that is valid for the audience now. @throws Error with the reason */
  verify(token: string, audience: string): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

interface Admitted {
  readonly claims: Readonly<Record<string, string>>
  readonly path: string
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  readonly jwk: JsonWebKey
}
let signingKey: Promise<SigningKey> | undefined

/** One pair for all issuers of a process, made when the first token is asked for: it takes longer than everything else here. */
async function keyPair(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return { id: randomUUID(), privateKey, jwk: createPublicKey(privateKey).export({ format: 'jwk' }) }
}

/**
 * `repo:OWNER/NAME:…` with the environment of the job, or else what the run is about.
 * A colon within a value is written %3A.
 */
export function subjectOf(claims: Readonly<Record<string, string>>, form: 'names' | 'immutable'): string {
  const [owner = '', name = ''] = (claims.repository ?? '').split('/')
  const repository =
    form === 'names'
      ? `${owner}/${name}`
      : `${owner}@${claims.repository_owner_id ?? ''}/${name}@${claims.repository_id ?? ''}`
  const escaped = (text: string): string => text.replaceAll(':', '%3A')
  if (claims.environment) return `repo:${repository}:environment:${escaped(claims.environment)}`
  if (claims.event_name === 'pull_request') return `repo:${repository}:pull_request`
  return `repo:${repository}:ref:${escaped(claims.ref ?? '')}`
}

/** Signs for five minutes, as GitHub does; a clock that is five minutes behind may still believe it. */
async function signed(
  claims: Readonly<Record<string, string>>,
  audience: string,
  options: IdTokenOptions,
): Promise<string> {
  signingKey ??= keyPair()
  const { id, privateKey } = await signingKey
  const seconds = Math.floor((options.nowMs ?? Date.now)() / 1000)
  const content = {
    jti: randomUUID(),
    sub: subjectOf(claims, options.subject ?? 'immutable'),
    aud: audience,
    ...claims,
    iss: issuer,
    nbf: seconds - 300,
    exp: seconds + 300,
    iat: seconds,
  }
  const text = `${base64url({ typ: 'JWT', alg: 'RS256', x5t: id, kid: id })}.${base64url(content)}`
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
}

async function verified(
  token: string,
  audience: string,
  nowSeconds: number,
): Promise<Readonly<Record<string, unknown>>> {
  const [head = '', content = '', signature = ''] = token.split('.')
  const key = signingKey === undefined ? undefined : createPublicKey((await signingKey).privateKey)
  const isSigned =
    key !== undefined &&
    verify('RSA-SHA256', Buffer.from(`${head}.${content}`), key, Buffer.from(signature, 'base64url'))
  if (!isSigned) throw new Error('the signature is not the issuer’s')
  const claims = JSON.parse(Buffer.from(content, 'base64url').toString('utf8')) as Record<string, unknown>
  if (claims.iss !== issuer) throw new Error('the issuer is not registered')
  if (claims.aud !== audience) throw new Error('the audience is another')
  if (Number(claims.exp) <= nowSeconds) throw new Error('it has expired')
  if (Number(claims.nbf) > nowSeconds) throw new Error('it is not valid yet')
  return claims
}

export async function startIdTokens(options: IdTokenOptions): Promise<IdTokens> {
  const nowMs = options.nowMs ?? Date.now
  const admitted = new Map<string, Admitted>()
  const secrets: string[] = []
  let instead: { readonly status: number; readonly body: string } | undefined

  const send = (call: Call, status: number, body: string): void => {
    call.response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    })
    call.response.end(body)
  }
  const sendToken = async (call: Call): Promise<void> => {
    const token = /^bearer (\S+)$/i.exec(header(call, 'Authorization'))?.[1] ?? ''
    const job = admitted.get(token)
    if (job === undefined || job.path !== call.path) return send(call, 401, '{"message":"Unauthorized"}')
    if (instead !== undefined) return send(call, instead.status, instead.body)
    // Without an audience it is the address of the repository's owner.
    const audience = call.query.get('audience') ?? `https://github.com/${job.claims.repository_owner ?? ''}`
    const value = await signed(job.claims, audience, options)
    secrets.push(value)
    send(call, 200, JSON.stringify({ count: value.length, value }))
  }
  const sendDocument = async (call: Call): Promise<void> => {
    signingKey ??= keyPair()
    const { id, jwk } = await signingKey
    if (call.path === '/.well-known/jwks')
      return send(call, 200, JSON.stringify({ keys: [{ ...jwk, use: 'sig', kid: id, x5t: id, alg: 'RS256' }] }))
    if (call.path !== '/.well-known/openid-configuration') return send(call, 404, '{"message":"Not Found"}')
    const document = {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }
    send(call, 200, JSON.stringify(document))
  }
  const listener = await listen({
    certificate: options.certificate,
    nowMs,
    routes: [
      async (call) => {
        const host = header(call, 'Host').replace(/:\d+$/, '').toLowerCase()
        await (host === requestHost ? sendToken(call) : sendDocument(call))
        return true
      },
    ],
  })
  return {
    port: listener.port,
    requests: listener.requests,
    secrets,
    admit(claims) {
      const [plan, job] = [randomUUID(), randomUUID()]
      const path = `/rehearsal/_apis/distributedtask/hubs/Actions/plans/${plan}/jobs/${job}/idtoken`
      const requestToken = `${base64url({ typ: 'JWT', alg: 'RS256' })}.${base64url({ plan, job })}.${randomUUID().replaceAll('-', '')}`
      admitted.set(requestToken, { claims, path })
      secrets.push(requestToken)
      return {
        requestUrl: `https://${requestHost}${path}?api-version=2.0`,
        requestToken,
        end: () => {
          admitted.delete(requestToken)
        },
      }
    },
    answerWith(given) {
      instead = given
    },
    verify: (token, audience) => verified(token, audience, nowMs() / 1000),
    close: listener.close,
  }
}
