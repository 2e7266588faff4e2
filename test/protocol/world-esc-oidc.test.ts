/** GitHub's issuer and Pulumi's exchange: who gets an ID token, what it says, and who gets an access token for it. */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AuthPolicy, type Edition, type Pulumi, pulumiName, startPulumi } from '../../rehearsal/esc/index.ts'
import { isAllowed } from '../../rehearsal/esc/trust.ts'
import { type IdTokens, idTokenNames, startIdTokens, subjectOf } from '../../rehearsal/github/id-tokens.ts'
import { type Answered, authority, send } from './world-esc-client.ts'

const audience = 'urn:pulumi:org:ryan-taylor'
const claims = {
  repository: 'ryan-taylor/oceanid',
  repository_id: '7',
  repository_owner: 'ryan-taylor',
  repository_owner_id: '5',
  environment: 'oceanid',
  event_name: 'workflow_dispatch',
  ref: 'refs/heads/main',
  runner_environment: 'self-hosted',
}

let nowMs = Date.now()
let idTokens: IdTokens
const worlds: { close(): Promise<void> }[] = []
beforeAll(async () => {
  const certificate = await authority.issue(idTokenNames)
  idTokens = await startIdTokens({ certificate, nowMs: () => nowMs })
  worlds.push(idTokens)
})
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()))
})

const decoded = (token: string, part: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()) as Record<string, unknown>

async function tokenFor(job: Record<string, string> = claims, aud = audience): Promise<string> {
  const { requestUrl, requestToken } = idTokens.admit(job)
  const url = `${requestUrl}&audience=${encodeURIComponent(aud)}`
  const given = await send(idTokens.port, 'GET', url, { Authorization: `bearer ${requestToken}` })
  return String(given.json().value)
}

describe('the issuer', () => {
  it('signs the claims of the job for an audience and five minutes, and shows its key', async () => {
    const token = await tokenFor()
    expect(decoded(token, 1)).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      aud: audience,
      sub: 'repo:ryan-taylor@5/oceanid@7:environment:oceanid',
      runner_environment: 'self-hosted',
      exp: Math.floor(nowMs / 1000) + 300,
    })
    const { keys } = (
      await send(idTokens.port, 'GET', 'https://token.actions.githubusercontent.com/.well-known/jwks')
    ).json() as { keys: (JsonWebKey & { kid: string })[] }
    const [head = '', content = '', signature = ''] = token.split('.')
    expect(keys[0]?.kid).toBe(decoded(token, 0).kid)
    const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' })
    expect(verify('RSA-SHA256', Buffer.from(`${head}.${content}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('gives nothing for another request token, another address, or after the job', async () => {
    const job = idTokens.admit(claims)
    const other = idTokens.admit(claims)
    const ask = async (url: string, token: string): Promise<number> =>
      (await send(idTokens.port, 'GET', url, { Authorization: `bearer ${token}` })).code
    expect(await ask(job.requestUrl, 'nobody')).toBe(401)
    expect(await ask(job.requestUrl, other.requestToken)).toBe(401)
    expect(await ask(job.requestUrl, job.requestToken)).toBe(200)
    job.end()
    expect(await ask(job.requestUrl, job.requestToken)).toBe(401)
  })

  it.each([
    ['names', claims, 'repo:ryan-taylor/oceanid:environment:oceanid'],
    ['names', { ...claims, environment: '' }, 'repo:ryan-taylor/oceanid:ref:refs/heads/main'],
    ['names', { ...claims, environment: 'a:b' }, 'repo:ryan-taylor/oceanid:environment:a%3Ab'],
    ['immutable', { ...claims, environment: '' }, 'repo:ryan-taylor@5/oceanid@7:ref:refs/heads/main'],
    [
      'immutable',
      { ...claims, environment: '', event_name: 'pull_request' },
      'repo:ryan-taylor@5/oceanid@7:pull_request',
    ],
  ] as const)('names its subject by %s', (form, job, subject) => {
    expect(subjectOf(job, form)).toBe(subject)
  })
})

const policy: AuthPolicy = {
  decision: 'allow',
  tokenType: 'personal',
  userLogin: 'ryan-taylor',
  authorizedPermissions: [],
  rules: { aud: audience, repository_id: '7', environment: 'oceanid' },
}

async function start(policies: readonly AuthPolicy[] = [policy], edition: Edition = 'individual'): Promise<Pulumi> {
  const started = await startPulumi({
    certificate: await authority.issue([pulumiName]),
    organizations: [{ name: 'ryan-taylor', edition, members: ['ryan-taylor'], policies }],
    verify: idTokens.verify,
    nowMs: () => nowMs,
  })
  worlds.push(started)
  return started
}

function exchange(world: Pulumi, fields: Readonly<Record<string, unknown>>): Promise<Answered> {
  const body = JSON.stringify({
    audience,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:pulumi:token-type:access_token:personal',
    scope: 'user:ryan-taylor',
    ...fields,
  })
  const url = `https://${pulumiName}/api/oauth/token`
  return send(world.port, 'POST', url, { 'Content-Type': 'application/json' }, body)
}

describe('the exchange', () => {
  it('gives an access token that lives as long as was asked for', async () => {
    const world = await start()
    const given = (await exchange(world, { subject_token: await tokenFor(), expiration: 60 })).json()
    expect(given).toMatchObject({ token_type: 'token', expires_in: 60, scope: 'user:ryan-taylor' })
    const user = async (): Promise<number> =>
      (
        await send(world.port, 'GET', `https://${pulumiName}/api/user`, {
          Authorization: `token ${String(given.access_token)}`,
        })
      ).code
    expect(await user()).toBe(200)
    nowMs += 61_000
    expect(await user()).toBe(401)
  })

  it('takes a form as well', async () => {
    const world = await start()
    const fields = {
      audience,
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:pulumi:token-type:access_token:personal',
      scope: 'user:ryan-taylor',
      subject_token: await tokenFor(),
    }
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(fields).toString()
    expect((await send(world.port, 'POST', `https://${pulumiName}/api/oauth/token`, headers, body)).code).toBe(200)
  })

  it('refuses what is not trusted, in the shape of OAuth', async () => {
    const world = await start()
    const token = await tokenFor()
    const refused = async (fields: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const { code, json } = await exchange(world, { subject_token: token, ...fields })
      return [code, json().error]
    }
    const [head, content] = token.split('.')
    expect(await refused({ subject_token: `${head}.${content}.AAAA` })).toEqual([401, 'invalid_grant'])
    expect(await refused({ subject_token: await tokenFor(claims, 'https://github.com') })).toEqual([
      401,
      'invalid_grant',
    ])
    expect(await refused({ audience: 'urn:pulumi:org:nobody' })).toEqual([400, 'invalid_request'])
    expect(await refused({ scope: '' })).toEqual([400, 'invalid_scope'])
    expect(await refused({ scope: 'user:somebody' })).toEqual([401, 'access_denied'])
    expect(await refused({ expiration: 26 * 3600 })).toEqual([400, 'invalid_request'])
    const organization = 'urn:pulumi:token-type:access_token:organization'
    expect(await refused({ requested_token_type: organization, scope: '' })).toEqual([403, 'access_denied'])
    const stranger = await tokenFor({ ...claims, environment: 'production' })
    expect(await refused({ subject_token: stranger })).toEqual([401, 'access_denied'])
    nowMs += 301_000
    expect(await refused({})).toEqual([401, 'invalid_grant'])
  })
})

describe('trust', () => {
  const allows = (policies: readonly AuthPolicy[], job: Record<string, string> = claims): boolean =>
    isAllowed(policies, 'personal', 'ryan-taylor', { aud: audience, ...job })

  it('is given by nobody until a policy allows, and a denial beats every permission', () => {
    expect(allows([])).toBe(false)
    expect(allows([policy])).toBe(true)
    expect(allows([policy, { ...policy, decision: 'deny', rules: { environment: '*' } }])).toBe(false)
    expect(allows([{ ...policy, userLogin: 'somebody' }])).toBe(false)
  })

  it('takes a dot for any character, and a claim that is not there for no match', () => {
    const dotted = { ...policy, rules: { repository: 'ryan-taylor/k3s.gpu' } }
    expect(allows([dotted], { repository: 'ryan-taylor/k3s-gpu' })).toBe(true)
    expect(allows([dotted], { repository: 'ryan-taylor/k3s--gpu' })).toBe(false)
    expect(allows([{ ...policy, rules: { actor: '*' } }], {})).toBe(false)
  })

  it('given to a subject of names alone is lost when the repository gets an immutable one', () => {
    const byName = { ...policy, rules: { sub: 'repo:ryan-taylor/oceanid:*' } }
    expect(allows([byName], { sub: subjectOf(claims, 'names') })).toBe(true)
    expect(allows([byName], { sub: subjectOf(claims, 'immutable') })).toBe(false)
  })
})
