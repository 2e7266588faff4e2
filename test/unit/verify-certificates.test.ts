/** What ends by itself. Words of k3s: k3s-io/k3s:pkg/certmonitor/certmonitor.go and k3s-io/k3s#9898; of cert-manager: its types_certificate.go. */
import { describe, expect, it } from '@jest/globals'
import type { ApiObject } from '../../src/kubernetes/index.ts'
import type { CertificateDates } from '../../src/verify/model.ts'
import { certificatesSuite } from '../../src/verify/suites/certificates/index.ts'
import {
  type AskedWorld,
  ago,
  askedWorld,
  condition,
  dayMs,
  inDays,
  minuteMs,
  nowMs,
  wishOf,
} from './verify-asked-world.ts'

const certificates = 'cert-manager.io/v1/certificates'
const ending = (days: number, subject = 'CN=k3s') => ({ subject, notAfterMs: nowMs + days * dayMs })
const dates = (changes: Partial<CertificateDates> = {}): CertificateDates => ({
  server: [ending(200)],
  client: ending(200, 'CN=system:admin'),
  authority: [ending(3000, 'CN=k3s-server-ca')],
  ...changes,
})
const machine = (name: string, version = 'v1.33.4+k3s1', labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
  status: { nodeInfo: { kubeletVersion: version } },
})

async function asked(world: AskedWorld = {}, changes: Parameters<typeof wishOf>[0] = {}) {
  const ports = askedWorld({ dates: dates(), ...world })
  const nodes = (world.objects?.['/v1/nodes'] ?? []).map((one) => one as ReturnType<typeof machine>)
  const list = async () => {
    if (world.forbidden?.includes('nodes'))
      await ports.cluster.list({ group: '', version: 'v1', resource: 'nodes' }, String, ports.signal)
    return nodes.map(({ metadata, status }) => ({
      name: metadata.name,
      kubeletVersion: status.nodeInfo.kubeletVersion,
      isServer: 'server' in metadata.labels,
    }))
  }
  Object.assign(ports.cluster, { nodes: list })
  const { checks, metrics } = await certificatesSuite.verify(ports, wishOf(changes))
  return { metrics, of: (id: string) => checks.find((check) => check.id === `certificates.${id}`) }
}

describe('certificates of the connection', () => {
  it.each([
    ['server', dates(), 'pass', 'valid until 2027-06-10'],
    ['server', dates({ server: [ending(29)] }), 'warn', 'CN=k3s: ends 2026-12-21'],
    ['server', dates({ server: [ending(6)] }), 'fail', 'CN=k3s: ends 2026-11-28'],
    ['server', dates({ server: [ending(-1)] }), 'fail', 'CN=k3s: ended 2026-11-21'],
    ['server', dates({ server: [] }), 'skip', 'the connection shows no certificate'],
    ['client', dates(), 'pass', 'valid until 2027-06-10'],
    ['client', dates({ client: ending(3, 'CN=system:admin') }), 'fail', 'CN=system:admin: ends 2026-11-25'],
    ['client', { server: [], authority: [] }, 'skip', 'the kubeconfig has none: its user has a token'],
    ['authority', dates(), 'pass', 'valid until 2035-02-08'],
    ['authority', dates({ authority: [ending(170, 'CN=ca')] }), 'warn', 'CN=ca: ends 2027-05-11'],
    ['authority', dates({ server: [ending(200), ending(5, 'CN=between')] }), 'fail', 'CN=between: ends 2026-11-27'],
    ['authority', { server: [], authority: [] }, 'skip', 'the kubeconfig names no authority of its own'],
  ] as const)('%s', async (id, given, verdict, found) => {
    expect((await asked({ dates: given })).of(id)).toMatchObject({ verdict, found })
  })

  it('are renewed by kubeadm where kubeadm made them', async () => {
    const old = dates({ server: [ending(6)], client: ending(3), authority: [ending(9)] })
    const { of } = await asked({ dates: old }, { distribution: 'kubeadm' })
    const remedies = ['server', 'client', 'authority'].map((id) => of(id)?.remedy)
    expect(remedies).toEqual([
      expect.stringMatching(/kubeadm certs renew apiserver/),
      expect.stringMatching(/kubeadm certs renew admin\.conf/),
      expect.stringMatching(/Manual Rotation of CA Certificates/),
    ])
    expect(remedies.join()).not.toMatch(/k3s/)
    const silent = await asked(
      { objects: { '/v1/nodes': [machine('karstark', 'v1.32.7')] } },
      { distribution: 'kubeadm' },
    )
    expect(silent.of('nodes')?.found).toMatch(/a kubelet of kubeadm renews its own$/)
  })

  it('are measured in days, for trends', async () => {
    const { metrics } = await asked()
    expect(metrics).toEqual({
      'certificate_days.server': 200,
      'certificate_days.client': 200,
      'certificate_days.authority': 3000,
    })
  })
})

describe('k3s’ own certificates', () => {
  const event = (reason: string, message: string, changes: ApiObject = {}): ApiObject => ({
    involvedObject: { kind: 'Node', name: 'calypso' },
    reason,
    message,
    lastTimestamp: ago(10 * minuteMs),
    source: { component: 'k3s-cert-monitor' },
    ...changes,
  })
  const complaint = (days: number, changes?: ApiObject) =>
    event(
      'CertificateExpirationWarning',
      `Node certificates require attention - restart k3s on this node to trigger automatic rotation: kube-proxy/client-kube-proxy.crt: certificate CN=system:kube-proxy will expire within 90 days at ${inDays(days + 3).replace('.000', '')}, kubelet/client-kubelet.crt: certificate CN=system:node:calypso,O=system:nodes will expire within 90 days at ${inDays(days).replace('.000', '')}`,
      changes,
    )
  const fine = event('CertificateExpirationOK', 'Node and Certificate Authority certificates managed by k3s are OK')
  const authorities = event(
    'CACertificateExpirationWarning',
    `Certificate Authority certificates require attention - check k3s documentation and begin planning rotation: certificate-authority/server-ca.crt: certificate CN=k3s-server-ca@1712688659 will expire within 365 days at ${inDays(100).replace('.000', '')}`,
  )
  const world = (...events: readonly ApiObject[]) => ({
    objects: { '/v1/nodes': [machine('calypso')], '/v1/events': events },
  })

  it.each([
    ['no complaint', [], 'pass', 'k3s complains on none of 1 nodes'],
    ['all well', [fine], 'pass', 'k3s complains on none of 1 nodes'],
    ['a complaint long before', [complaint(80)], 'pass', 'k3s complains on none of 1 nodes'],
    ['soon', [complaint(20)], 'warn', 'calypso: kubelet/client-kubelet.crt ends 2026-12-12'],
    ['very soon', [complaint(5)], 'fail', 'calypso: kubelet/client-kubelet.crt ends 2026-11-27'],
    [
      'ended',
      [event('CertificateExpirationWarning', `x: kubelet/a.crt: certificate CN=a expired at ${inDays(-2)}`)],
      'fail',
      'calypso: kubelet/a.crt ended 2026-11-20',
    ],
    [
      'renewed since',
      [complaint(5, { lastTimestamp: ago(50 * minuteMs) }), fine],
      'pass',
      'k3s complains on none of 1 nodes',
    ],
    ['an authority', [authorities], 'warn', 'calypso: certificate-authority/server-ca.crt ends 2027-03-02'],
    [
      'words that nobody knows',
      [event('CertificateExpirationWarning', 'please look')],
      'warn',
      'calypso: a certificate of k3s needs attention',
    ],
    [
      'another node',
      [complaint(5, { involvedObject: { kind: 'Node', name: 'gone' } })],
      'pass',
      'k3s complains on none of 1 nodes',
    ],
  ])('%s', async (_name, events, verdict, found) => {
    const check = (await asked(world(...events))).of('nodes')
    expect(check).toMatchObject({ verdict, found })
  })

  it('are renewed by a restart of the right unit', async () => {
    expect((await asked(world(complaint(5)))).of('nodes')?.remedy).toMatch(
      /^on calypso: sudo systemctl restart k3s-agent /,
    )
    const server = {
      objects: { '/v1/nodes': [machine('calypso', 'v1.33.4+k3s1', { server: '' })], '/v1/events': [complaint(5)] },
    }
    expect((await asked(server)).of('nodes')?.remedy).toMatch(/^on calypso: sudo systemctl restart k3s /)
  })

  it('are not asked where nobody tells, or where it may not be asked', async () => {
    for (const version of ['v1.33.13', 'v1.29.1+k3s1', 'v1.31.0+rke2r1', '']) {
      const silent = await asked({ objects: { '/v1/nodes': [machine('a', version)] } })
      expect(silent.of('nodes')).toMatchObject({ verdict: 'skip', found: expect.stringMatching(/^only k3s/) })
    }
    const mixed = { objects: { '/v1/nodes': [machine('a'), machine('b', 'v1.33.13')], '/v1/events': [] } }
    expect((await asked(mixed)).of('nodes')?.found).toBe('k3s complains on none of 1 nodes; 1 more do not tell')
    expect((await asked({ ...world(), forbidden: ['events'] })).of('nodes')?.found).toBe(
      'may not be asked: list events',
    )
    expect((await asked(world(complaint(5)), { nodes: ['other'] })).of('nodes')?.verdict).toBe('skip')
  })

  it('are read in no time from a message of any length', async () => {
    const long = 'a/b: certificate '.repeat(100_000)
    const startedMs = performance.now()
    await asked(world(event('CertificateExpirationWarning', long), complaint(5)))
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })
})

describe('certificates of cert-manager', () => {
  const ready = condition('Ready', 'True', 'Ready', 'Certificate is up to date and has not expired')
  const certificate = (status: ApiObject, metadata: ApiObject = {}): ApiObject => ({
    metadata: { name: 'gpu-tls', namespace: 'cloudflared', creationTimestamp: ago(100 * dayMs), ...metadata },
    status: { conditions: [ready], notAfter: inDays(60), renewalTime: inDays(30), ...status },
  })
  const failing = condition('Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist')
  const issuing = condition(
    'Issuing',
    'False',
    'Failed',
    'The certificate request has failed to complete and will be retried: acme: order errored',
  )

  it.each([
    ['ready', certificate({}), 'pass', /^1 certificates, 0 issuers$/],
    [
      'to be renewed since this morning',
      certificate({ notAfter: inDays(29), renewalTime: inDays(-0.5) }),
      'pass',
      /^1 cert/,
    ],
    ['of 24 hours', certificate({ notAfter: inDays(0.9), renewalTime: inDays(0.5) }), 'pass', /^1 cert/],
    [
      'not renewed',
      certificate({ notAfter: inDays(25), renewalTime: inDays(-5) }),
      'warn',
      /ends 2026-12-17 and was not renewed in time/,
    ],
    ['not renewed for long', certificate({ notAfter: inDays(3), renewalTime: inDays(-27) }), 'fail', /ends 2026-11-25/],
    [
      'ended',
      certificate({ notAfter: inDays(-1), renewalTime: inDays(-31), conditions: [failing, issuing] }),
      'fail',
      /cloudflared\/gpu-tls: ended 2026-11-21/,
    ],
    ['without a plan', certificate({ notAfter: inDays(20), renewalTime: undefined }), 'warn', /ends 2026-12-12/],
    [
      'not ready',
      certificate({ conditions: [failing, issuing], notAfter: undefined, renewalTime: undefined }),
      'fail',
      /not ready since 2026-11-21: Failed: The certificate request has failed/,
    ],
    [
      'just made',
      certificate(
        { conditions: [], notAfter: undefined, renewalTime: undefined },
        { creationTimestamp: ago(minuteMs) },
      ),
      'pass',
      /^1 cert/,
    ],
    [
      'never looked at',
      certificate({ conditions: [], notAfter: undefined, renewalTime: undefined }),
      'fail',
      /not ready/,
    ],
  ])('%s', async (_name, one, verdict, found) => {
    expect((await asked({ objects: { [certificates]: [one] } })).of('cert-manager')).toMatchObject({
      verdict,
      found: expect.stringMatching(found),
    })
  })

  it('come from issuers that answer', async () => {
    const issuer = {
      metadata: { name: 'letsencrypt', creationTimestamp: ago(dayMs) },
      status: {
        conditions: [condition('Ready', 'False', 'ErrRegisterACMEAccount', 'Failed to register ACME account')],
      },
    }
    const objects = { [certificates]: [certificate({})], 'cert-manager.io/v1/clusterissuers': [issuer] }
    expect((await asked({ objects })).of('cert-manager')).toMatchObject({
      verdict: 'warn',
      found: 'ClusterIssuer/letsencrypt: not ready since 2026-11-21',
      cause: 'ErrRegisterACMEAccount: Failed to register ACME account',
    })
  })

  it('are no question without cert-manager, or without the right', async () => {
    expect((await asked()).of('cert-manager')).toMatchObject({
      verdict: 'skip',
      found: 'this cluster has no cert-manager',
    })
    const refused = await asked({ objects: { [certificates]: [] }, forbidden: ['issuers'] })
    expect(refused.of('cert-manager')?.found).toBe('may not be asked: list issuers')
  })
})
