import { describe, expect, it } from '@jest/globals'
import { EscError, type ExchangeRequest, exchangeIdToken } from '../../src/esc/index.ts'
import { httpPort } from '../../src/runner/http.ts'
import { backendThat, deadUrl, type Reply } from './esc-backend.ts'

const accessToken = 'pul-0123456789abcdef0123456789abcdef01234567'
const tokenOf = (claims: object) =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:ryan-taylor/oceanid:environment:production',
  aud: 'urn:pulumi:org:ryan-taylor',
  repository: 'ryan-taylor/oceanid',
  repository_id: '4711',
  environment: 'production',
  job_workflow_ref: 'ryan-taylor/oceanid/.github/workflows/deploy.yml@refs/heads/main',
  runner_environment: 'self-hosted',
}
const request: ExchangeRequest = {
  organization: 'ryan-taylor',
  tokenType: 'personal',
  scope: 'user:ryan-taylor',
  expirationSeconds: 900,
  idToken: tokenOf(claims),
}
const given: Reply = {
  json: {
    access_token: accessToken,
    issued_token_type: 'urn:pulumi:token-type:access_token:personal',
    token_type: 'token',
    expires_in: 900,
    scope: 'user:ryan-taylor',
  },
}

async function exchange(replies: readonly Reply[], more: Partial<ExchangeRequest> = {}) {
  await using backend = await backendThat(replies)
  const events: string[] = []
  const result = await exchangeIdToken(
    { ...request, ...more },
    {
      backendUrl: `${backend.url}/cloud/`,
      http: httpPort({}),
      onEvent: (line) => events.push(line),
      delay: async () => undefined,
    },
    new AbortController().signal,
  ).catch((reason: unknown) => reason)
  if (result instanceof EscError) expect(JSON.stringify({ ...result })).not.toContain(more.idToken ?? request.idToken)
  return { result, events, asked: backend.asked }
}

describe('the exchange of an ID token', () => {
  it('is one request with exactly what Pulumi documents', async () => {
    const { result, asked, events } = await exchange([given])
    expect(result).toEqual({ accessToken, expiresInSeconds: 900 })
    expect(asked.map((one) => `${one.method} ${one.url}`)).toEqual(['POST /cloud/api/oauth/token'])
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      audience: 'urn:pulumi:org:ryan-taylor',
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:pulumi:token-type:access_token:personal',
      subject_token: request.idToken,
      scope: 'user:ryan-taylor',
      expiration: 900,
    })
    expect(asked[0]?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' })
    expect(asked[0]?.headers.authorization).toBeUndefined()
    expect(events).toEqual([])
  })

  it.each([
    ['organization', ''],
    ['team', 'team:ops'],
    ['runner', 'runner:tethys'],
  ] as const)('asks for a token of a %s with the scope %j', async (tokenType, scope) => {
    const { asked } = await exchange([given], { tokenType, scope })
    const body = JSON.parse(asked[0]?.body ?? '') as Record<string, unknown>
    expect(body.requested_token_type).toBe(`urn:pulumi:token-type:access_token:${tokenType}`)
    expect(body.scope).toBe(scope === '' ? undefined : scope)
  })

  it('is asked again after a failure of the service, as jobs of a matrix meet it', async () => {
    const { result, events, asked } = await exchange([
      { status: 500, json: { error: 'server_error' } },
      (response) => response.destroy(),
      { status: 503 },
      given,
    ])
    expect(result).toMatchObject({ accessToken })
    expect(asked).toHaveLength(4)
    expect(events[0]).toMatch(/^POST \/api\/oauth\/token: HTTP 500, again in/)
  })

  it('lives as long as was asked for when the answer does not say', async () => {
    for (const expires_in of [undefined, 'x', -1, null])
      expect((await exchange([{ json: { access_token: accessToken, expires_in } }])).result).toMatchObject({
        expiresInSeconds: 900,
      })
  })

  it('says when another kind of token came', async () => {
    const { events } = await exchange([{ json: { access_token: accessToken, issued_token_type: 'urn:x\n::error::' } }])
    expect(events).toEqual(['Pulumi gave another kind of token than the personal one that was asked for'])
  })
})

describe('a refused exchange', () => {
  const denied: Reply = {
    status: 401,
    json: { error: 'access_denied', error_description: 'no policy matched' },
    headers: { 'x-pulumi-request-id': 'r-9' },
  }

  it('shows the claims that a policy is compared with, and where it stands', async () => {
    const { result } = await exchange([denied])
    expect(result).toMatchObject({
      code: 'oidc-rejected',
      status: 401,
      title: 'Pulumi gave no personal token for GitHub’s ID token',
      cause: expect.stringContaining('a new issuer denies everything'),
      evidence: [
        'POST /api/oauth/token: HTTP 401, access_denied: no policy matched',
        'request id r-9',
        'asked for a personal token of ryan-taylor, scope user:ryan-taylor',
        'claim iss: https://token.actions.githubusercontent.com',
        'claim aud: urn:pulumi:org:ryan-taylor',
        'claim sub: repo:ryan-taylor/oceanid:environment:production',
        'claim repository: ryan-taylor/oceanid',
        'claim repository_id: 4711',
        'claim environment: production',
        'claim job_workflow_ref: ryan-taylor/oceanid/.github/workflows/deploy.yml@refs/heads/main',
        'claim runner_environment: self-hosted',
      ],
    })
    const { remedy } = result as EscError
    expect(remedy).toContain('OIDC Issuers → https://token.actions.githubusercontent.com')
    expect(remedy).toContain('the job has an environment, so sub ends in it')
    expect(remedy).not.toContain('immutable')
  })

  it('explains the immutable subject, a missing environment, and a dot', async () => {
    const sub = 'repo:ryan-taylor@12/oceanid.io@4711:ref:refs/heads/main'
    const { result } = await exchange([denied], { idToken: tokenOf({ sub, repository: 'ryan-taylor/oceanid.io' }) })
    const { remedy } = result as EscError
    expect(remedy).toContain('immutable form')
    expect(remedy).toContain('the job has no environment')
    expect(remedy).toContain('a dot in a rule')
  })

  it.each([
    ['organization', '', /need the Team edition/],
    ['team', 'team:ops', /need the Enterprise edition/],
    ['runner', 'runner:x', /need the Enterprise edition/],
    ['personal', 'user:x', /every edition/],
  ] as const)('for a token of kind %s names its edition', async (tokenType, scope, edition) => {
    expect((await exchange([denied], { tokenType, scope })).result).toMatchObject({
      code: 'oidc-rejected',
      remedy: expect.stringMatching(edition),
    })
  })

  it.each([
    [{ error: 'invalid_grant', error_description: 'token is expired' }, /has expired before/],
    [{ error: 'invalid_request', error_description: 'invalid audience' }, /urn:pulumi:org:ryan-taylor/],
    [{ error: 'invalid_scope' }, /the scope does not fit/],
    [{ code: 400, message: 'requested token type is not available' }, /every edition/],
    [{}, /denies everything/],
  ])('%j: %s', async (json, cause) => {
    expect((await exchange([{ status: 400, json }])).result).toMatchObject({
      code: 'oidc-rejected',
      cause: expect.stringMatching(cause),
    })
  })

  it.each([
    ['500 to the end', { status: 500, text: 'oops' }, 'oidc-failed', 4],
    ['a page', { status: 403, text: '<html><title>Blocked</title>' }, 'oidc-failed', 1],
    ['no token', { json: {} }, 'oidc-failed', 1],
    ['a token of two lines', { json: { access_token: 'pul-1\r\nHost: x' } }, 'oidc-failed', 1],
    ['a number', { json: { access_token: 7 } }, 'oidc-failed', 1],
    ['broken JSON', { text: '{"access_token":' }, 'oidc-failed', 1],
    ['too many', { status: 429 }, 'esc-rate-limited', 1],
  ])('%s', async (_what, reply, code, tries) => {
    const { result, asked } = await exchange([reply])
    expect(result).toMatchObject({ code })
    expect((result as EscError).evidence.join(' ')).not.toMatch(/undefined/)
    expect(asked).toHaveLength(tries)
  })

  it('repeats no ID token that the service repeats', async () => {
    const { result } = await exchange([{ status: 400, json: { error: `bad ${request.idToken}` } }])
    expect((result as EscError).evidence[0]).toContain('bad ***')
  })

  it('follows no redirect with the ID token', async () => {
    await using elsewhere = await backendThat([given])
    const { result } = await exchange([{ status: 307, headers: { location: elsewhere.url } }])
    expect(result).toMatchObject({ code: 'oidc-failed', cause: expect.stringContaining('not followed') })
    expect(elsewhere.asked).toEqual([])
  })

  it('is no refusal when nobody answers', async () => {
    const url = await deadUrl()
    const access = { backendUrl: url, http: httpPort({}), onEvent() {}, delay: async () => undefined }
    await expect(exchangeIdToken(request, access, new AbortController().signal)).rejects.toMatchObject({
      code: 'esc-unreachable',
    })
  })
})
