import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  kubeconfigCheckRegistry,
  type ProbeStage,
  questionOf,
  type ServerCheckContext,
  type ServerProbe,
  serverChecks,
} from '../../src/kubeconfig/index.ts'
import { suggestedName } from '../../src/kubeconfig/server-words.ts'
import { accessQuestions } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const now = Date.parse('2026-03-01T12:00:00Z')
const uid = '3f0f3b6e-6f3c-4a57-9f53-0a6d3c2f5b11'
const pass: ProbeStage = { outcome: 'pass', reason: '', evidence: [] }
const skip: ProbeStage = { outcome: 'skip', reason: '', evidence: [] }
const fail = (reason: string, ...evidence: string[]): ProbeStage => ({ outcome: 'fail', reason, evidence })

const reached: ServerProbe = {
  server: 'https://157.173.210.123:6443',
  dns: { outcome: 'skip', reason: 'address', evidence: [] },
  tcp: pass,
  tls: pass,
  http: pass,
  authentication: pass,
  certificateNames: ['kubernetes', 'localhost', '157.173.210.123'],
  serverCertificateExpiresAtMs: now + 200 * 24 * 3600_000,
  version: 'v1.33.4+k3s1',
  serverTimeMs: now,
  runnerTimeMs: now + 300,
  clusterUid: uid,
  access: accessQuestions('join').map((question) => ({ ...question, allowed: true, reason: '' })),
}
const context: ServerCheckContext = { expectClusterUid: '', purpose: 'join', isTunnel: false, connect: 'direct' }

const unreached = { tls: skip, http: skip, authentication: skip, access: [], certificateNames: [] }
const silent = { serverTimeMs: undefined, runnerTimeMs: undefined, clusterUid: undefined }

function checksOf(
  changes: Partial<Record<keyof ServerProbe, unknown>>,
  given: Partial<ServerCheckContext> = {},
): Map<string, Check> {
  const probe = { ...reached, ...changes } as ServerProbe
  return new Map(serverChecks(probe, { ...context, ...given }).map((check) => [check.id, check]))
}
const verdicts = (checks: ReadonlyMap<string, Check>): string =>
  [...checks.values()].map(({ id, verdict }) => `${id.split('.')[1]} ${verdict}`).join(', ')

describe('a server that answers', () => {
  it('passes every check', () => {
    expect(verdicts(checksOf({}))).toBe(
      'dns pass, tcp pass, tls pass, http pass, authentication pass, access pass, clock pass, uid pass',
    )
    expect(checksOf({}).get('server.http')?.found).toBe('Kubernetes v1.33.4+k3s1 answers')
  })

  it('whose certificate ends soon is a warning that says how it is renewed', () => {
    const check = checksOf({ serverCertificateExpiresAtMs: now + 5 * 24 * 3600_000 }).get('server.tls')
    expect(check).toMatchObject({ verdict: 'warn', found: expect.stringContaining('5 days') })
    expect(check?.remedy).toContain('restart the k3s server')
  })
})

describe('a stage that fails', () => {
  it('is told once, and what is behind it was not asked because of it', () => {
    const checks = checksOf({ ...unreached, ...silent, tcp: fail('timeout', 'connect ETIMEDOUT 157.173.210.123:6443') })
    expect(verdicts(checks)).toBe(
      'dns pass, tcp fail, tls skip, http skip, authentication skip, access skip, clock skip, uid skip',
    )
    for (const id of ['server.tls', 'server.http', 'server.authentication'])
      expect(checks.get(id)?.found).toBe('not asked: server.tcp failed')
    expect(checks.get('server.tcp')?.evidence).toEqual(['connect ETIMEDOUT 157.173.210.123:6443'])
  })

  const stages: readonly (readonly [keyof ServerProbe & string, string, readonly string[]])[] = [
    [
      'server.dns',
      'dns',
      ['name-unknown', 'name-without-address', 'resolver-silent', 'resolver-failed', 'timeout', 'failed'],
    ],
    ['server.tcp', 'tcp', ['refused', 'timeout', 'no-route', 'reset', 'not-permitted', 'failed']],
    [
      'server.tls',
      'tls',
      [
        ...[
          'certificate-name',
          'certificate-expired',
          'certificate-not-yet-valid',
          'certificate-too-large',
          'ca-unknown',
        ],
        ...[
          'client-certificate-refused',
          'credentials-unusable',
          'not-tls',
          'handshake-refused',
          'reset',
          'timeout',
          'failed',
        ],
      ],
    ],
    ['server.http', 'http', ['server-error', 'overloaded', 'not-kubernetes', 'not-http', 'timeout', 'reset', 'failed']],
    ['server.authentication', 'authentication', ['unauthorised', 'anonymous', 'client-certificate-refused']],
  ].map(([id, stage, reasons]) => [id, stage, reasons] as never)

  it.each(stages)('%s says what it found, why, and what to do, for every reason', (id, stage, reasons) => {
    const told = reasons.map((reason) => {
      const server = 'https://k3s.example:6443'
      const check = checksOf({ ...silent, server, [stage]: fail(reason) }).get(id)
      expect(check).toMatchObject({ verdict: 'fail', question: questionOf(id) })
      expect(check?.cause).toMatch(/\w/)
      expect(check?.remedy).toMatch(/\w/)
      return `${check?.found} ${check?.cause}`
    })
    // Reasons that have words of their own are not told with those of another.
    expect(new Set(told).size).toBeGreaterThanOrEqual(Math.ceil(reasons.length * 0.6))
  })

  it('without an entry is told all the same', () => {
    for (const stage of ['dns', 'tcp', 'tls', 'http'])
      expect(checksOf({ [stage]: fail('something-new', 'EWHAT') }).get(`server.${stage}`)).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/\w/),
        evidence: ['EWHAT'],
      })
  })
})

describe('the way to the server decides what to do', () => {
  const refused = { ...unreached, ...silent, tcp: fail('refused') }

  it('a kubeconfig as the k3s server writes it for itself needs a tunnel or an address', () => {
    const check = checksOf({ ...refused, server: 'https://127.0.0.1:6443' }).get('server.tcp')
    expect(check?.cause).toContain('writes for itself')
    expect(check?.remedy).toMatch(/connect: tunnel.*server/)
  })

  it('in front of a tunnel the tunnel is to blame', () => {
    const check = checksOf({ ...refused, server: 'https://127.0.0.1:16443' }, { isTunnel: true }).get('server.tcp')
    expect(check?.cause).toContain('the tunnel has ended')
    expect(check?.remedy).toContain('tunnel.ready')
  })

  it('a tunnel is offered only where none is tried', () => {
    expect(checksOf(refused).get('server.tcp')?.remedy).toContain('connect: tunnel')
    expect(checksOf(refused, { connect: 'auto' }).get('server.tcp')?.remedy).not.toContain('connect: tunnel')
  })

  it('shows addresses of the sixth version in brackets, and the port that is meant', () => {
    expect(checksOf({ ...refused, server: 'https://[2001:db8::1]' }).get('server.tcp')?.found).toContain(
      '[2001:db8::1]:443',
    )
  })
})

describe('a name for tls-server-name', () => {
  it.each([
    [
      'what every cluster has, the most telling first',
      ['10.43.0.1', 'localhost', 'kubernetes', 'kubernetes.default.svc'],
      'kubernetes.default.svc',
    ],
    ['of an old k3s', ['localhost', 'kubernetes', '127.0.0.1'], 'kubernetes'],
    ['of the server itself', ['localhost', 'tethys', 'k3s.boathou.se'], 'k3s.boathou.se'],
    ['nothing but localhost', ['localhost', '127.0.0.1'], 'localhost'],
  ])('is %s', (_what, names, expected) => {
    expect(suggestedName(names)).toBe(expected)
    const checks = checksOf({ tls: fail('certificate-name'), certificateNames: names })
    expect(checks.get('server.tls')?.remedy).toContain(`tls-server-name: ${expected} `)
  })

  it('is never an address, a wildcard or something that is no name', () => {
    const names = ['10.43.0.1', '::1', '*.example', 'a b', '-x', `${'a'.repeat(300)}.b`, 'evil`; rm', '']
    expect(suggestedName(names)).toBeUndefined()
    const checks = checksOf({ tls: fail('certificate-name'), certificateNames: names })
    expect(checks.get('server.tls')?.remedy).toMatch(/^add 157\.173\.210\.123 to tls-san/)
  })
})

describe('credentials', () => {
  it('that are refused are renewed at the server, and stored with the command for it', () => {
    const setCommand = "esc env set a/b/c 'files.KUBECONFIG' --secret --string --file k3s.yaml"
    const probe = {
      authentication: fail('unauthorised'),
      access: [],
      clusterUid: undefined,
      clusterUidReason: 'unauthorised',
    }
    const check = checksOf(probe, { setCommand }).get('server.authentication')
    expect(check?.remedy).toContain('renews when it restarts within 120 days')
    expect(check?.remedy).toContain(setCommand)
    expect(checksOf(probe).get('server.authentication')?.remedy).not.toContain('esc env set')
  })

  it('that would run a program are skipped, and said', () => {
    const checks = checksOf({
      authentication: { outcome: 'skip', reason: 'exec', evidence: [] },
      access: [],
      clusterUid: undefined,
    })
    expect(checks.get('server.authentication')).toMatchObject({
      verdict: 'skip',
      found: expect.stringContaining('runs none'),
    })
    expect(checks.get('server.access')?.verdict).toBe('skip')
  })

  it('about which the server says nothing are an error, no refusal', () => {
    const checks = checksOf({
      authentication: fail('no-answer', 'socket hang up'),
      clusterUid: undefined,
      clusterUidReason: 'no-answer',
    })
    expect(checks.get('server.authentication')).toMatchObject({ verdict: 'error', evidence: ['socket hang up'] })
  })

  it('whose certificate was refused in the handshake are told under authentication', () => {
    const refused = fail('client-certificate-refused')
    const checks = checksOf({ http: refused, authentication: refused, access: [], clusterUid: undefined })
    expect(verdicts(checks)).toContain('http skip, authentication fail')
  })
})

describe('rights', () => {
  const answers = (
    purpose: 'join' | 'verify' | 'deploy',
    allowed: (verb: string, resource: string) => boolean | undefined,
  ) =>
    accessQuestions(purpose).map((question) => {
      const answer = allowed(question.verb, question.resource)
      return { ...question, allowed: answer === true, reason: '', ...(answer === undefined && { isUnanswered: true }) }
    })
  const access = (
    purpose: 'join' | 'verify' | 'deploy',
    allowed: (verb: string, resource: string) => boolean | undefined,
  ) => checksOf({ access: answers(purpose, allowed) }, { purpose }).get('server.access')

  it('that are missing are named, with the manifest that grants them', () => {
    const check = access('join', (_verb, resource) => resource !== 'secrets')
    expect(check).toMatchObject({ verdict: 'fail' })
    expect(check?.found).toBe(
      'may not: create secrets in kube-system, delete secrets in kube-system, list secrets in kube-system',
    )
    expect(check?.remedy).toContain('kubectl apply -f manifests/k3s-join-rbac.yaml')
    expect(access('verify', (verb) => verb === 'get')?.remedy).toContain('manifests/verify-rbac.yaml')
    expect(access('deploy', () => false)).toMatchObject({ verdict: 'fail', found: 'may not: everything' })
  })

  it('of an administrator in the hands of a job that reads are a warning', () => {
    expect(access('verify', () => true)).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringContaining('read-only-property'),
    })
    expect(access('verify', (verb) => verb !== '*')).toMatchObject({ verdict: 'pass' })
  })

  it('about which the server is silent are an error; what it denies counts more', () => {
    expect(access('join', (verb) => (verb === 'patch' ? undefined : true))).toMatchObject({ verdict: 'error' })
    expect(access('join', (verb) => (verb === 'patch' ? undefined : verb !== 'delete'))).toMatchObject({
      verdict: 'fail',
    })
    // Nobody needs an administrator's rights here, so silence about them is no obstacle.
    expect(access('verify', (verb) => (verb === '*' ? undefined : true))).toMatchObject({ verdict: 'pass' })
  })

  it('are not asked without a purpose', () => {
    expect(checksOf({ access: [] }, { purpose: 'any' }).get('server.access')?.verdict).toBe('skip')
  })
})

describe('the clock', () => {
  it.each([
    [-252_000, 'warn', 'the runner is 4 min 12 s behind the API server'],
    [31_500, 'warn', 'the runner is 30.5 s ahead of the API server'],
    [30_900, 'pass', 'runner and server agree'],
    [-30_000, 'pass', 'runner and server agree'],
    [-30_001, 'warn', 'the runner is 30.0 s behind the API server'],
  ])('of a runner that is %s ms off is told as %s', (off, verdict, found) => {
    expect(checksOf({ runnerTimeMs: now + off }).get('server.clock')).toMatchObject({ verdict, found })
  })
})

describe('the identity of the cluster', () => {
  it('is compared without regard to case, and another one is refused', () => {
    expect(checksOf({}, { expectClusterUid: ` ${uid.toUpperCase()}\n` }).get('cluster.uid')?.verdict).toBe('pass')
    const other = checksOf({}, { expectClusterUid: '00000000-0000-4000-8000-000000000000' }).get('cluster.uid')
    expect(other).toMatchObject({ verdict: 'fail', found: `another cluster: ${uid}` })
    expect(checksOf({}, { expectClusterUid: uid.slice(0, 8) }).get('cluster.uid')?.verdict).toBe('fail')
  })

  it.each(['forbidden', 'not-found', 'unauthorised', 'no-answer', undefined])(
    'that cannot be read (%s) fails when one was expected, and else is only said',
    (clusterUidReason) => {
      const probe = { clusterUid: undefined, clusterUidReason }
      expect(checksOf(probe, { expectClusterUid: uid }).get('cluster.uid')?.verdict).toBe('fail')
      expect(checksOf(probe).get('cluster.uid')?.verdict).toBe('skip')
    },
  )
})

describe('the registry of kubeconfig-esc', () => {
  it('has each id once, and nobody may ignore that it is another cluster', () => {
    const ids = kubeconfigCheckRegistry.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(kubeconfigCheckRegistry.filter(({ isIgnorable }) => !isIgnorable).map(({ id }) => id)).toEqual([
      'kubeconfig.ca',
      'tunnel.ready',
      'cluster.uid',
    ])
    for (const { asks, remedy } of kubeconfigCheckRegistry) {
      expect(asks).toContain('?')
      expect(remedy).not.toMatch(/^$|\n/)
    }
    expect(() => questionOf('server.nonsense')).toThrow('there is no check server.nonsense')
  })

  it('holds every id that stands in its sources, and no severity that is exceeded', () => {
    const known = new Map(kubeconfigCheckRegistry.map((entry) => [entry.id, entry]))
    const texts = globSync('src/{kubeconfig,tunnel,esc}/**/*.ts', { cwd: root }).map((file) =>
      readFileSync(join(root, file), 'utf8'),
    )
    const used = texts.flatMap((text) =>
      [...text.matchAll(/\bid(?:: | = )'([a-z.-]+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(used.filter((id) => !known.has(id))).toEqual([])
    expect(used.length).toBeGreaterThan(4)
    for (const check of [...checksOf({ runnerTimeMs: now + 1e6 }).values()])
      if (check.verdict === 'fail') expect(known.get(check.id)?.severity).toBe('fail')
  })
})
