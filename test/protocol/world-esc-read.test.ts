/** What reads ESC in the actions, in front of the embedded Pulumi Cloud: how often it asks, and what it says when it is refused. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AuthPolicy, answers, type Pulumi, pulumiName, startPulumi } from '../../rehearsal/esc/index.ts'
import { type IdTokens, idTokenNames, startIdTokens } from '../../rehearsal/github/id-tokens.ts'
import { audienceOf, createEscClient, exchangeIdToken } from '../../src/esc/index.ts'
import type { Http } from '../../src/runner/index.ts'
import { authority, send } from './world-esc-client.ts'

const reference = { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' }
const kubeconfig = ['pulumiConfig', 'oceanid-cluster:kubeconfig']
const backendUrl = `https://${pulumiName}`
const { signal } = new AbortController()

const policy: AuthPolicy = {
  decision: 'allow',
  tokenType: 'personal',
  userLogin: 'ryan-taylor',
  authorizedPermissions: [],
  rules: { environment: 'oceanid' },
}
const claims = { repository: 'ryan-taylor/oceanid', repository_id: '7', repository_owner: 'ryan-taylor' }

let idTokens: IdTokens
let pulumi: Pulumi
beforeAll(async () => {
  idTokens = await startIdTokens({ certificate: await authority.issue(idTokenNames) })
  const certificate = await authority.issue([pulumiName])
  const organization = {
    name: 'ryan-taylor',
    edition: 'individual',
    members: ['ryan-taylor'],
    policies: [policy],
  } as const
  pulumi = await startPulumi({ certificate, organizations: [organization], verify: idTokens.verify })
  pulumi.put('ryan-taylor/default/oceanid-cluster', {
    pulumiConfig: { 'oceanid-cluster:kubeconfig': { 'fn::secret': 'kind: Config\n' } },
  })
})
afterAll(async () => {
  await Promise.all([idTokens.close(), pulumi.close()])
})

const http: Http = async ({ method, url, headers, body }) => {
  const answered = await send(pulumi.port, method, url, headers, body)
  const named = Object.entries(answered.headers).map(([name, value]) => [name, String(value)] as const)
  return { status: answered.code, headers: Object.fromEntries(named), body: answered.body }
}
const events: string[] = []
const asking = { http, onEvent: (text: string) => events.push(text), delay: () => Promise.resolve() }

async function exchanged(environment: string): Promise<string> {
  const { requestUrl, requestToken } = idTokens.admit({ ...claims, environment })
  const url = `${requestUrl}&audience=${encodeURIComponent(audienceOf('ryan-taylor'))}`
  const given = await send(idTokens.port, 'GET', url, { Authorization: `bearer ${requestToken}` })
  const request = { organization: 'ryan-taylor', tokenType: 'personal', scope: 'user:ryan-taylor' } as const
  const idToken = String(given.json().value)
  const { accessToken } = await exchangeIdToken(
    { ...request, expirationSeconds: 900, idToken },
    { backendUrl, ...asking },
    signal,
  )
  return accessToken
}

describe('reading a kubeconfig', () => {
  it('takes one request to Pulumi for the token, one to open and one to read', async () => {
    const before = pulumi.requests.length
    const client = createEscClient({ backendUrl, accessToken: await exchanged('oceanid'), ...asking })
    const environment = await client.open(reference, signal)
    expect(await environment.read(kubeconfig, signal)).toEqual({ value: 'kind: Config\n', isSecret: true })
    expect(pulumi.requests.slice(before).map((line) => line.replace(environment.sessionId, 'ID'))).toEqual([
      'POST /api/oauth/token 200',
      'POST /api/esc/environments/ryan-taylor/default/oceanid-cluster/open 200',
      'GET /api/esc/environments/ryan-taylor/default/oceanid-cluster/open/ID 200',
    ])
    expect(pulumi.calls.at(-2)).toMatchObject({ headers: { accept: 'application/vnd.pulumi+8' }, body: '' })
    expect(pulumi.calls.at(-2)?.url).toContain('?duration=5m0s')
  })

  it('tells which claims were not trusted', async () => {
    await expect(exchanged('production')).rejects.toMatchObject({
      code: 'oidc-rejected',
      evidence: expect.arrayContaining([expect.stringMatching(/environment.*production/)]),
    })
  })

  it.each([
    ['nothing in its way', [], undefined],
    ['busy, for seconds', [answers.rateLimited('1')], undefined],
    ['busy, until a time', [answers.rateLimited(new Date(Date.now() + 1000).toUTCString())], undefined],
    ['busy, without an end', [answers.rateLimited('')], 'esc-rate-limited'],
    ['unavailable, twice', [answers.unavailable(503), answers.html(502)], undefined],
    ['a lack of permission', [answers.permissionInDiagnostics()], 'esc-permission'],
    ['a gate', [answers.gated()], 'esc-gated'],
    ['a definition that is broken', [answers.invalidEnvironment('oceanid-cluster', 'x')], 'esc-invalid-environment'],
    ['no such token', [answers.unauthorised()], 'esc-unauthorised'],
  ] as const)('meets %s', async (_, given, code) => {
    pulumi.interject(/^POST .*\/open$/, ...given)
    const holder = { organization: 'ryan-taylor', tokenType: 'personal', name: 'ryan-taylor' } as const
    const client = createEscClient({ backendUrl, accessToken: pulumi.accessToken(holder), ...asking })
    const opened = client.open(reference, signal)
    if (code === undefined) expect((await opened).sessionId).toMatch(/^[0-9a-f-]{36}$/)
    else await expect(opened).rejects.toMatchObject({ code })
  })
})
