import { beforeAll, describe, expect, it } from '@jest/globals'
import type { ServerProbe } from '../../src/kubeconfig/index.ts'
import { accessQuestions, type ProbeOptions, probeServer } from '../../src/kubernetes/index.ts'
import {
  type Answerer,
  everythingPasses,
  type Issued,
  inWords,
  patient,
  probeServerWorld,
  selectedKubeconfig,
  type TestAuthority,
  testAuthority,
} from './kubernetes-probe-world.ts'

const never = new AbortController().signal
let ca: TestAuthority
let good: Issued
beforeAll(async () => {
  ca = await testAuthority()
  good = await ca.issue({ names: ['127.0.0.1'] })
})

const probe = (port: number, options: Partial<ProbeOptions> = {}): Promise<ServerProbe> =>
  probeServer(
    selectedKubeconfig(`https://127.0.0.1:${port}`, ca.caPem),
    { access: [], limits: patient, ...options },
    never,
  )

describe('credentials', () => {
  it('that are not accepted end the questions', async () => {
    const answer: Answerer = () => ({ status: 401, body: { kind: 'Status', message: 'Unauthorized' } })
    await using server = await probeServerWorld(good, answer)
    const seen = await probe(server.port, { access: accessQuestions('join') })
    expect(inWords(seen)).toContain('http pass, authentication fail unauthorised')
    expect(server.requests).toEqual(['GET /version'])
    expect(seen).toMatchObject({ clusterUidReason: 'unauthorised', access: [] })
  })

  it('that a proxy took away make us nobody', async () => {
    const message = 'namespaces "kube-system" is forbidden: User "system:anonymous" cannot get resource "namespaces"'
    const answer: Answerer = ({ url }) => (url === '/version' ? undefined : { status: 403, body: { message } })
    await using server = await probeServerWorld(good, answer)
    expect(inWords(await probe(server.port))).toContain('http pass, authentication fail anonymous')
  })

  it('that may not read kube-system are accepted all the same, and named', async () => {
    const message = 'namespaces "kube-system" is forbidden: User "system:serviceaccount:kube-system:x" cannot get'
    const answer: Answerer = ({ url }) => (url?.includes('namespaces') ? { status: 403, body: { message } } : undefined)
    await using server = await probeServerWorld(good, answer)
    const seen = await probe(server.port)
    expect(inWords(seen)).toBe(everythingPasses)
    expect(seen.authentication.evidence.join()).toContain('system:serviceaccount:kube-system:x')
    expect(seen).toMatchObject({ clusterUidReason: 'forbidden' })
    expect(seen.clusterUid).toBeUndefined()
  })

  it('that would have to be executed are not, and nothing is sent in their place', async () => {
    const sent: string[] = []
    await using server = await probeServerWorld(good, ({ headers }) => {
      sent.push(...Object.keys(headers).filter((name) => /auth|impersonate|cookie/.test(name)))
      return undefined
    })
    const credentials = { kind: 'exec', command: '/bin/false' } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, credentials, {
      user: { as: 'x', exec: { command: '/bin/false' } },
    })
    const seen = await probeServer(selected, { access: accessQuestions('join'), limits: patient }, never)
    expect(inWords(seen)).toContain('http pass, authentication skip exec')
    expect(server.requests).toEqual(['GET /version'])
    expect(sent).toEqual([])
  })

  it('whose certificate the server refuses in the handshake are told as such', async () => {
    const client = await (await testAuthority('another')).issue({ isClient: true })
    await using server = await probeServerWorld(good, undefined, { clientCaPem: ca.caPem, rejectsClients: true })
    const credentials = { kind: 'client-certificate', certificatePem: client.certPem, keyPem: client.keyPem } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, credentials)
    const seen = await probeServer(selected, { access: [], limits: patient }, never)
    // Node's own server cuts the connection; Go's sends an alert.
    expect(inWords(seen)).toMatch(/tls pass, http fail (reset|client-certificate-refused)/)
  })

  it('that cannot be a header do not reach the wire or the evidence', async () => {
    await using server = await probeServerWorld(good)
    const credentials = { kind: 'token', token: 'broken\r\nX-Evil: 1' } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, credentials)
    const seen = await probeServer(selected, { access: [], limits: patient }, never)
    expect(inWords(seen)).toContain('tls fail credentials-unusable')
    expect(server.requests).toEqual([])
    expect(JSON.stringify(seen)).not.toContain('X-Evil')
  })
})

describe('what answers', () => {
  it.each([
    ['a login page', 200, '<html>Sign in</html>', 'not-kubernetes'],
    ['a redirect', 302, '', 'not-kubernetes'],
    ['nothing of that name', 404, 'not found', 'not-kubernetes'],
    ['a starting server', 503, { message: 'apiserver not ready' }, 'server-error'],
    ['a busy server', 429, '', 'overloaded'],
  ])('%s is not a healthy API server', async (_what, status, body, reason) => {
    await using server = await probeServerWorld(good, () => ({ status, body, headers: { Location: '/login' } }))
    expect(inWords(await probe(server.port))).toContain(`tls pass, http fail ${reason}, authentication skip`)
  })

  it('recovers in the time of the stage', async () => {
    let tries = 0
    const answer: Answerer = ({ url }) => (url === '/version' && ++tries < 3 ? { status: 503, body: '' } : undefined)
    await using server = await probeServerWorld(good, answer)
    expect(inWords(await probe(server.port))).toBe(everythingPasses)
  })

  it('never ends, or never begins', async () => {
    const endless: Answerer = (_request, _body, response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write(Buffer.alloc(256 * 1024)), 1)
      response.on('close', () => clearInterval(more))
      return 'taken'
    }
    await using server = await probeServerWorld(good, endless)
    expect(inWords(await probe(server.port))).toContain('http fail not-http')
    await using silent = await probeServerWorld(good, () => 'taken')
    expect(inWords(await probe(silent.port, { limits: { ...patient, http: 300 } }))).toContain('http fail timeout')
  })

  it('rules nothing by hostile text: one line, bounded, and no UID that is none', async () => {
    const answer: Answerer = ({ url }) =>
      url === '/version'
        ? { status: 200, body: { gitVersion: 'v1.33.4+k3s1\n::error::evil' } }
        : { status: 200, body: { metadata: { uid: 'x\n::set-output name=a::b' } } }
    await using server = await probeServerWorld(good, answer)
    const seen = await probe(server.port)
    expect(seen.version).toBe('v1.33.4+k3s1error evil'.replace(' ', ''))
    expect(seen.clusterUid).toBeUndefined()
    expect(JSON.stringify(seen)).not.toContain('\\n')
  })

  it('gets no credentials into the log by saying them back', async () => {
    const token = 'sesame-0123456789'
    const answer: Answerer = ({ url }) =>
      url === '/version'
        ? { status: 200, body: { gitVersion: token } }
        : { status: 403, body: { message: `User "${token}" may not; you sent Bearer ${token}` } }
    await using server = await probeServerWorld(good, answer)
    const seen = await probe(server.port, { access: accessQuestions('join') })
    expect(JSON.stringify(seen)).not.toContain(token)
    expect(seen.version).toBe('***')
    const password = { kind: 'password', username: 'u', password: 'open sesame' } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, password)
    expect((await probeServer(selected, { access: [], limits: patient }, never)).server).toBe(selected.server)
    expect(server.authorizations.at(-1)).toBe('Basic dTpvcGVuIHNlc2FtZQ==')
  })

  it('answers some questions about rights and not others', async () => {
    const answer: Answerer = ({ url }, body) => {
      if (!url?.endsWith('selfsubjectaccessreviews')) return undefined
      if (body.includes('"secrets"')) return { status: 201, body: { status: { allowed: false, reason: 'no\nrule' } } }
      return body.includes('"leases"') ? { status: 500, body: { message: 'webhook down' } } : undefined
    }
    await using server = await probeServerWorld(good, answer)
    const { access } = await probe(server.port, { access: accessQuestions('join') })
    const of = (resource: string) => access.filter((one) => one.resource === resource)
    expect(
      of('secrets').every((one) => !one.allowed && one.isUnanswered === undefined && one.reason === 'no rule'),
    ).toBe(true)
    expect(of('leases').every((one) => !one.allowed && one.isUnanswered === true)).toBe(true)
    expect(of('nodes').every((one) => one.allowed)).toBe(true)
  })
})
