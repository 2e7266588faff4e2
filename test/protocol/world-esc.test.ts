/** The embedded Pulumi Cloud: what a client of ESC's REST API meets. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { answers, type Pulumi, pulumiName, startPulumi } from '../../rehearsal/esc/index.ts'
import { type Answered, authority, send } from './world-esc-client.ts'

const reference = 'ryan-taylor/default/oceanid-cluster'
const base = `https://${pulumiName}/api/esc/environments/${reference}`
const holder = { organization: 'ryan-taylor', tokenType: 'personal', name: 'ryan-taylor' } as const
const kubeconfig = 'apiVersion: v1\nkind: Config\n'
const definition = {
  pulumiConfig: {
    'oceanid-cluster:kubeconfig': { 'fn::secret': kubeconfig },
    'oceanid-cluster:size': 3,
    'oceanid-cluster:"odd"': { list: [true, null, { deep: { 'fn::secret': 'inner' } }] },
  },
}

let pulumi: Pulumi
let token = ''
const open: Pulumi[] = []
async function start(options: Partial<Parameters<typeof startPulumi>[0]> = {}): Promise<Pulumi> {
  const started = await startPulumi({
    certificate: await authority.issue([pulumiName]),
    organizations: [],
    verify: () => Promise.reject(new Error('nobody signs here')),
    ...options,
  })
  open.push(started)
  return started
}
beforeAll(async () => {
  pulumi = await start()
  pulumi.put(reference, definition)
  token = pulumi.accessToken(holder)
})
afterAll(async () => {
  await Promise.all(open.map((world) => world.close()))
})

const ask = (method: string, path: string, given = token, world = pulumi): Promise<Answered> =>
  send(world.port, method, path.startsWith('/') ? `https://${pulumiName}${path}` : `${base}/${path}`, {
    Authorization: `token ${given}`,
  })
const opened = async (path = 'open?duration=5m0s', given = token, world = pulumi): Promise<string> =>
  String((await ask('POST', path, given, world)).json().id)

describe('reading an open environment', () => {
  it('gives one property as a bare value, in every form of a path, with the secrets below a secret marked', async () => {
    const id = await opened()
    const read = async (path: string): Promise<unknown> => {
      const { trace: _trace, ...value } = (await ask('GET', `open/${id}?property=${encodeURIComponent(path)}`)).json()
      return value
    }
    expect(await read('pulumiConfig["oceanid-cluster:kubeconfig"]')).toEqual({ value: kubeconfig, secret: true })
    expect(await read('pulumiConfig.oceanid-cluster:kubeconfig')).toEqual({ value: kubeconfig, secret: true })
    expect(await read('pulumiConfig["oceanid-cluster:size"]')).toEqual({ value: 3 })
    expect(await read('pulumiConfig["oceanid-cluster:\\"odd\\""].list[2].deep')).toEqual({
      value: 'inner',
      secret: true,
    })
  })

  it('gives all of it under properties, never under values', async () => {
    const body = (await ask('GET', `open/${await opened()}`)).json()
    expect(Object.keys(body)).toEqual(['properties', 'executionContext'])
    expect(body.properties).toMatchObject({
      pulumiConfig: { value: { 'oceanid-cluster:kubeconfig': { value: kubeconfig, secret: true } } },
    })
  })

  it('has both answers for a property that is not there, because no source tells which one is real', async () => {
    const missing = `property=${encodeURIComponent('pulumiConfig["oceanid-cluster:kube_config"]')}`
    expect((await ask('GET', `open/${await opened()}?${missing}`)).code).toBe(404)
    const other = await start({ missingProperty: 'null' })
    other.put(reference, definition)
    const given = other.accessToken(holder)
    const id = await opened('open', given, other)
    expect(await ask('GET', `open/${id}?${missing}`, given, other)).toMatchObject({ code: 200, body: 'null' })
  })

  it('gives ids as numbers where it is told to, with diagnostics that are a text', async () => {
    const world = await start({ hasNumericIds: true })
    world.put(reference, definition)
    const given = world.accessToken(holder)
    const body = (await ask('POST', 'open', given, world)).json()
    expect(body).toEqual({ id: expect.any(Number), diagnostics: '' })
    expect((await ask('GET', `open/${String(body.id)}`, given, world)).code).toBe(200)
  })

  it('ends a session when its duration is over, and takes none that Go would not', async () => {
    let nowMs = Date.now()
    const world = await start({ nowMs: () => nowMs })
    world.put(reference, definition)
    const given = world.accessToken(holder)
    const id = await opened('open?duration=5m0s', given, world)
    nowMs += 299_000
    expect((await ask('GET', `open/${id}`, given, world)).code).toBe(200)
    nowMs += 2000
    expect((await ask('GET', `open/${id}`, given, world)).code).toBe(404)
    expect((await ask('POST', 'open?duration=300', given, world)).code).toBe(400)
  })
})

describe('revisions and tags', () => {
  it('opens the latest, a number or a tag, and tells the revision of a definition without its secrets', async () => {
    const world = await start()
    world.put(reference, { a: 'first' })
    world.put(reference, { a: { 'fn::secret': 'second' } })
    world.tag(reference, 'stable', 1)
    const given = world.accessToken(holder)
    const valueAt = async (path: string): Promise<unknown> => {
      const id = await opened(path, given, world)
      return (await ask('GET', `open/${id}?property=a`, given, world)).json().value
    }
    expect(await valueAt('open')).toBe('second')
    expect(await valueAt('versions/latest/open')).toBe('second')
    expect(await valueAt('versions/1/open')).toBe('first')
    expect(await valueAt('versions/stable/open')).toBe('first')
    expect((await ask('POST', 'versions/3/open', given, world)).code).toBe(404)
    expect((await ask('GET', 'versions/tags/stable', given, world)).json()).toMatchObject({ revision: 1 })
    const latest = await send(world.port, 'GET', base, { Authorization: `token ${given}` })
    expect(latest.headers['pulumi-esc-revision']).toBe('2')
    expect(latest.body).toContain('ciphertext')
    expect(latest.body).not.toContain('second')
  })
})

describe('what goes wrong', () => {
  it('knows no token but its own, and hides what a token may not see', async () => {
    expect((await ask('POST', 'open', 'pul-0000')).code).toBe(401)
    expect((await send(pulumi.port, 'POST', `${base}/open`, { Authorization: `Bearer ${token}` })).code).toBe(401)
    const stranger = pulumi.accessToken({ ...holder, organization: 'somebody-else' })
    expect((await ask('POST', 'open', stranger)).code).toBe(404)
    expect((await ask('POST', '/api/esc/environments/ryan-taylor/default/other/open')).code).toBe(404)
  })

  it('tells a lack of permission as a diagnostic with the code 0, and a gate as one', async () => {
    const world = await start()
    world.put(reference, definition)
    const given = world.accessToken(holder)
    world.setAccess(reference, 'read')
    const refused = await ask('POST', 'open', given, world)
    expect(refused).toMatchObject({ code: 400 })
    expect(refused.json()).toEqual({
      code: 0,
      message: '',
      diagnostics: [{ summary: 'You do not have permission to perform this operation.' }],
    })
    expect((await ask('POST', 'open/request', given, world)).code).toBe(400)
    world.setAccess(reference, 'open')
    world.gate(reference)
    expect((await ask('POST', 'open', given, world)).code).toBe(403)
    expect((await ask('POST', 'open/request', given, world)).json()).toMatchObject({
      changeRequests: [{ environmentName: 'oceanid-cluster' }],
    })
  })

  it('says whatever it is told to, once each and in order, and then the truth', async () => {
    const at = new Date(Date.now() + 2000).toUTCString()
    pulumi.interject(
      /^POST .*\/open$/,
      answers.rateLimited('1'),
      answers.rateLimited(at),
      answers.unavailable(503),
      answers.html(502),
      answers.invalidEnvironment('oceanid-cluster', 'unknown property "nodes"'),
      answers.openedWithWarning('id-1', 'the value is deprecated'),
    )
    const seen: Answered[] = []
    for (let count = 0; count < 7; count++) seen.push(await ask('POST', 'open'))
    expect(seen.map(({ code }) => code)).toEqual([429, 429, 503, 502, 400, 200, 200])
    expect(seen.map(({ headers }) => headers['retry-after'])).toEqual(['1', at, ...Array(5).fill(undefined)])
    expect(seen[3]?.headers['content-type']).toBe('text/html')
    expect(seen.every(({ headers }) => headers['x-pulumi-request-id'] !== undefined)).toBe(true)
  })

  it('takes no secret that is no text, in the words of ESC', () => {
    expect(() => pulumi.put(reference, { kubeconfig: { 'fn::secret': { kind: 'Config' } } })).toThrow(
      'secret values must be string literals',
    )
  })

  it('answers below the path of a self-hosted backend only', async () => {
    const world = await start({ prefix: '/pulumi' })
    world.put(reference, definition)
    const given = world.accessToken(holder)
    expect((await ask('GET', '/pulumi/api/user', given, world)).json()).toMatchObject({ githubLogin: 'ryan-taylor' })
    expect((await ask('GET', '/api/user', given, world)).code).toBe(404)
    const path = `/pulumi/api/esc/environments/${reference}/open`
    expect((await ask('POST', path, given, world)).code).toBe(200)
  })
})
