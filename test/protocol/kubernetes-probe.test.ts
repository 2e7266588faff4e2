import { mkdtemp, rm } from 'node:fs/promises'
import type { LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { startCluster } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import type { ServerProbe } from '../../src/kubeconfig/index.ts'
import { suggestedName } from '../../src/kubeconfig/server-words.ts'
import { accessQuestions, type ProbeOptions, probeServer } from '../../src/kubernetes/index.ts'
import {
  type Answerer,
  everythingPasses,
  freePort,
  type Issued,
  inWords,
  kubeSystemUid,
  patient,
  probeServerWorld,
  quick,
  rawServer,
  selectedKubeconfig,
  type TestAuthority,
  testAuthority,
} from './kubernetes-probe-world.ts'

const never = new AbortController().signal
let ca: TestAuthority
let good: Issued
beforeAll(async () => {
  ca = await testAuthority()
  good = await ca.issue({ names: ['127.0.0.1', 'kubernetes.default.svc', 'kubernetes', 'localhost'] })
})

const probe = (
  port: number,
  options: Partial<ProbeOptions> & {
    readonly host?: string
    readonly caPem?: string
    readonly tlsServerName?: string
  } = {},
): Promise<ServerProbe> =>
  probeServer(
    selectedKubeconfig(`https://${options.host ?? '127.0.0.1'}:${port}`, options.caPem ?? ca.caPem, undefined, {
      ...(options.tlsServerName !== undefined && { tlsServerName: options.tlsServerName }),
    }),
    { access: [], limits: patient, ...options },
    never,
  )

const resolvesTo =
  (address: string): LookupFunction =>
  (_name, options, callback) =>
    setImmediate(() => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)))
const failsWith =
  (code: string): LookupFunction =>
  (name, _options, callback) =>
    setImmediate(() => callback(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), ''))

describe('a healthy server', () => {
  it('answers every stage, and says version, identity, names, time and rights', async () => {
    await using server = await probeServerWorld(good)
    const seen = await probe(server.port, { access: accessQuestions('join') })
    expect(inWords(seen)).toBe(everythingPasses)
    expect(seen).toMatchObject({ version: 'v1.33.4+k3s1', clusterUid: kubeSystemUid })
    expect(seen.certificateNames).toEqual(['127.0.0.1', 'kubernetes.default.svc', 'kubernetes', 'localhost'])
    expect(seen.serverCertificateExpiresAtMs).toBeGreaterThan(Date.now() + 364 * 24 * 3600_000)
    expect(Math.abs((seen.serverTimeMs ?? 0) - (seen.runnerTimeMs ?? 1e9))).toBeLessThan(5_000)
    expect(seen.access.length).toBeGreaterThan(8)
    expect(seen.access.every(({ allowed }) => allowed)).toBe(true)
    expect(server.authorizations.every((header) => header === 'Bearer sesame-0123456789')).toBe(true)
  })

  it('is reached by the resolver of the system, at whichever of its addresses it listens', async () => {
    await using server = await probeServerWorld(good)
    const seen = await probe(server.port, { host: 'localhost' })
    expect(inWords(seen)).toBe('dns pass, tcp pass, tls pass, http pass, authentication pass')
    expect(seen.tcp.evidence).toEqual([`connected to 127.0.0.1:${server.port}`])
  })

  it('is met with one connection when nothing but its identity is asked', async () => {
    await using server = await probeServerWorld(good)
    await probe(server.port)
    expect(server.requests).toEqual(['GET /version', 'GET /api/v1/namespaces/kube-system'])
    expect(server.connections()).toBe(1)
  })

  it('is resolved by name, and reached below a path', async () => {
    const answer: Answerer = (request) =>
      request.url === '/k8s/clusters/c-1/version' ? { status: 200, body: { gitVersion: 'v1.31.0' } } : undefined
    await using server = await probeServerWorld(good, answer)
    const selected = selectedKubeconfig(`https://localhost:${server.port}/k8s/clusters/c-1`, ca.caPem)
    const seen = await probeServer(selected, { access: [], limits: patient, resolve: resolvesTo('127.0.0.1') }, never)
    expect(inWords(seen)).toBe('dns pass, tcp pass, tls pass, http pass, authentication pass')
    expect(seen.dns.evidence).toEqual(['localhost is 127.0.0.1'])
  })

  it('is verified against tls-server-name, a name or an address, and addressed by names only', async () => {
    await using server = await probeServerWorld(await ca.issue({ names: ['kubernetes', '10.43.0.1'] }))
    expect(inWords(await probe(server.port, { tlsServerName: 'kubernetes' }))).toBe(everythingPasses)
    expect(inWords(await probe(server.port, { tlsServerName: '10.43.0.1' }))).toBe(everythingPasses)
    expect(inWords(await probe(server.port, { tlsServerName: '10.43.0.2' }))).toContain('tls fail certificate-name')
    // An address there is what Node warns of (DEP0123).
    expect(new Set(server.serverNames)).toEqual(new Set(['kubernetes']))
  })

  it('knows us by a client certificate, and by whom we speak for', async () => {
    const client = await ca.issue({ isClient: true, names: [], commonName: 'system:admin' })
    const impersonated: unknown[] = []
    const answer: Answerer = (request) => {
      const socket = request.socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } }
      impersonated.push(request.headers['impersonate-user'])
      return socket.getPeerCertificate().subject?.CN === 'system:admin' ? undefined : { status: 401, body: {} }
    }
    await using server = await probeServerWorld(good, answer, { clientCaPem: ca.caPem })
    const credentials = { kind: 'client-certificate', certificatePem: client.certPem, keyPem: client.keyPem } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, credentials, {
      user: { as: 'joiner' },
    })
    const seen = await probeServer(selected, { access: accessQuestions('verify'), limits: patient }, never)
    expect(inWords(seen)).toBe(everythingPasses)
    expect(new Set(impersonated)).toEqual(new Set(['joiner']))
  })
})

describe('a name', () => {
  it.each([
    ['ENOTFOUND', 'name-unknown'],
    ['EAI_AGAIN', 'resolver-silent'],
    ['ENODATA', 'name-without-address'],
    ['EAI_FAIL', 'resolver-failed'],
    ['EAI_SYSTEM', 'failed'],
  ])('whose lookup ends with %s is told apart', async (code, reason) => {
    const seen = await probe(6443, { host: 'localhost', resolve: failsWith(code) })
    expect(inWords(seen)).toBe(`dns fail ${reason}, tcp skip, tls skip, http skip, authentication skip`)
    expect(seen.dns.evidence.join()).toContain(code)
  })

  it('without an address, and one about which nobody answers', async () => {
    const empty: LookupFunction = (_name, _options, callback) => setImmediate(() => callback(null, []))
    expect(inWords(await probe(6443, { host: 'localhost', resolve: empty }))).toContain('dns fail name-without-address')
    const silent = await probe(6443, { host: 'localhost', resolve: () => undefined, limits: quick })
    expect(inWords(silent)).toContain('dns fail timeout, tcp skip')
  })
})

describe('a server that cannot be reached', () => {
  it('refuses, although its name resolves', async () => {
    const seen = await probe(await freePort(), { host: 'localhost', resolve: resolvesTo('127.0.0.1') })
    expect(inWords(seen)).toBe('dns pass, tcp fail refused, tls skip, http skip, authentication skip')
    expect(seen.tcp.evidence.join()).toContain('ECONNREFUSED')
  })

  it('takes the connection and says nothing, in the time of the stage', async () => {
    await using server = await rawServer(() => undefined)
    const begun = Date.now()
    expect(inWords(await probe(server.port, { limits: { ...patient, tls: 300 } }))).toContain(
      'tcp pass, tls fail timeout, http skip',
    )
    expect(Date.now() - begun).toBeLessThan(12_000)
  })

  it('speaks something else, or hangs up', async () => {
    await using plain = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(inWords(await probe(plain.port))).toContain('tls fail not-tls')
    await using cut = await rawServer((socket) => socket.once('data', () => socket.destroy()))
    expect(inWords(await probe(cut.port))).toContain('tls fail reset')
  })
})

describe('a server that is not trusted', () => {
  const tried = async (certificate: Issued, caPem = ca.caPem) => {
    await using server = await probeServerWorld(certificate)
    const seen = await probe(server.port, { caPem })
    // Whoever it is: no credentials cross a connection that was not verified.
    expect(server.requests).toEqual([])
    return seen
  }

  it('has a certificate for other names, which are shown', async () => {
    const seen = await tried(await ca.issue({ names: ['kubernetes', '10.43.0.1', '*.example'] }))
    expect(inWords(seen)).toContain('tcp pass, tls fail certificate-name, http skip, authentication skip')
    expect(seen.certificateNames).toEqual(['kubernetes', '10.43.0.1', '*.example'])
  })

  it('has one of another authority, and its issuer and names are shown', async () => {
    const other = await testAuthority('somebody-else')
    const seen = await tried(await other.issue({ names: ['evil'] }))
    expect(inWords(seen)).toContain('tls fail ca-unknown')
    expect(seen.tls.evidence.join()).toContain('CN=somebody-else')
    expect(seen.certificateNames).toEqual(['evil'])
  })

  it('has one that has expired, or is not valid yet', async () => {
    expect(inWords(await tried(await ca.issue({ from: -10, to: -1 })))).toContain('tls fail certificate-expired')
    expect(inWords(await tried(await ca.issue({ from: 1, to: 10 })))).toContain('tls fail certificate-not-yet-valid')
  })

  it('is asked nothing when certificate and key of the kubeconfig do not fit', async () => {
    const [one, other] = [await ca.issue({ isClient: true }), await ca.issue({ isClient: true })]
    await using server = await probeServerWorld(good)
    const credentials = { kind: 'client-certificate', certificatePem: one.certPem, keyPem: other.keyPem } as const
    const selected = selectedKubeconfig(`https://127.0.0.1:${server.port}`, ca.caPem, credentials)
    const seen = await probeServer(selected, { access: [], limits: patient }, never)
    expect(inWords(seen)).toBe('dns skip, tcp skip, tls fail credentials-unusable, http skip, authentication skip')
    expect(server.connections()).toBe(0)
  })
})

describe('the end', () => {
  it('comes with the reason of the signal, at once, wherever the probe stands', async () => {
    await using silent = await rawServer(() => undefined)
    await using slow = await probeServerWorld(good, () => 'taken')
    await using half = await probeServerWorld(good, ({ url }) => (url === '/version' ? undefined : 'taken'))
    for (const port of [silent.port, slow.port, half.port]) {
      const stop = new AbortController()
      const selected = selectedKubeconfig(`https://127.0.0.1:${port}`, ca.caPem)
      const running = probeServer(selected, { access: [] }, stop.signal)
      setTimeout(() => stop.abort(new Error('cancelled')), 50)
      await expect(running).rejects.toThrow('cancelled')
    }
    await expect(
      probe(1, { limits: patient }).then(() =>
        probeServer(
          selectedKubeconfig('https://127.0.0.1:1', ca.caPem),
          { access: [] },
          AbortSignal.abort(new Error('gone')),
        ),
      ),
    ).rejects.toThrow('gone')
  })

  it('comes for all stages together, and what was seen until then is kept', async () => {
    await using server = await probeServerWorld(good, ({ url }) => (url === '/version' ? undefined : 'taken'))
    const begun = Date.now()
    const seen = await probe(server.port, {
      limits: { ...patient, http: 60_000, overall: 3_000 },
      access: accessQuestions('deploy'),
    })
    expect(Date.now() - begun).toBeLessThan(12_000)
    expect(inWords(seen)).toContain('http pass, authentication fail no-answer')
    expect(seen).toMatchObject({ version: 'v1.33.4+k3s1', clusterUidReason: 'no-answer' })
    expect(seen.access).toMatchObject([{ verb: '*', allowed: false, isUnanswered: true }])
  })

  it('leaves no socket behind', async () => {
    const handles = () =>
      process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|Timeout/.test(name)).length
    await using server = await probeServerWorld(good)
    const before = handles()
    await probe(server.port, { access: accessQuestions('join') })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(handles()).toBeLessThanOrEqual(before + 1)
  })
})

describe('the embedded cluster', () => {
  const seenBy = async (faults: readonly FaultName[]): Promise<ServerProbe> => {
    const directory = await mkdtemp(join(tmpdir(), 'probe-'))
    const world = await startCluster({ directory, faults: new Set(faults), calypso: 'fresh' })
    try {
      const url = `https://127.0.0.1:${world.port}`
      const { clusters, users } = parse(world.kubeconfig(url)) as {
        readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[]
        readonly users: readonly { readonly user: { readonly token: string } }[]
      }
      const caPem = Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString()
      const selected = selectedKubeconfig(url, caPem, { kind: 'token', token: users[0]?.user.token ?? '' })
      return await probeServer(selected, { access: accessQuestions('join'), limits: patient }, never)
    } finally {
      await world.close()
      await rm(directory, { recursive: true })
    }
  }

  it('gives the user of the manifest what a join needs', async () => {
    const seen = await seenBy([])
    expect(inWords(seen)).toBe(everythingPasses)
    expect(seen.access.filter(({ allowed }) => !allowed)).toEqual([])
    expect(suggestedName(seen.certificateNames)).toBe('kubernetes')
    expect(seen.clusterUid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('says what is missing where the manifest was applied in part', async () => {
    const { access } = await seenBy(['no-rbac'])
    expect(new Set(access.filter(({ allowed }) => !allowed).map(({ resource }) => resource))).toEqual(
      new Set(['secrets']),
    )
    expect(access.some(({ isUnanswered }) => isUnanswered)).toBe(false)
  })
})
