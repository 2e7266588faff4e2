/**
 * What Flux's objects say, and what follows. Their shapes: fluxcd/kustomize-controller:docs/spec/v1/kustomizations.md,
 * fluxcd/source-controller:api/v1/gitrepository_types.go, fluxcd/helm-controller:docs/spec/v2/helmreleases.md.
 */
import { describe, expect, it } from '@jest/globals'
import type { ApiObject } from '../../src/kubernetes/index.ts'
import { fluxSuite } from '../../src/verify/suites/flux/index.ts'
import { type AskedWorld, ago, askedWorld, condition, dayMs, minuteMs, wishOf } from './verify-asked-world.ts'

const kustomizations = 'kustomize.toolkit.fluxcd.io/v1/kustomizations'
const releases = 'helm.toolkit.fluxcd.io/v2/helmreleases'
const repositories = 'source.toolkit.fluxcd.io/v1/gitrepositories'
const charts = 'source.toolkit.fluxcd.io/v1/helmcharts'
const commit = (digit: string) => `main@sha1:${digit.repeat(40)}`
const ready = condition('Ready', 'True', 'ReconciliationSucceeded', `Applied revision: ${commit('a')}`)

interface Parts {
  readonly metadata?: ApiObject
  readonly spec?: ApiObject
  readonly status?: ApiObject
}

const object = (name: string, { metadata, spec, status }: Parts): ApiObject => ({
  metadata: { name, namespace: 'flux-system', generation: 3, creationTimestamp: ago(90 * dayMs), ...metadata },
  spec: { interval: '10m0s', ...spec },
  status: { observedGeneration: 3, conditions: [ready], ...status },
})
const kustomization = (parts: Parts = {}, name = 'apps') =>
  object(name, {
    ...parts,
    spec: { sourceRef: { kind: 'GitRepository', name: 'flux-system' }, ...parts.spec },
    status: { lastAppliedRevision: commit('a'), lastAttemptedRevision: commit('a'), ...parts.status },
  })
const repository = (parts: Parts = {}) =>
  object('flux-system', {
    ...parts,
    status: { artifact: { revision: commit('a'), lastUpdateTime: ago(3 * dayMs) }, ...parts.status },
  })
const controller = (name: string, isReady = true): ApiObject => ({
  metadata: { name: `${name}-1`, namespace: 'flux-system', labels: { app: name, 'app.kubernetes.io/part-of': 'flux' } },
  spec: { nodeName: 'srv712429' },
  status: { phase: 'Running', conditions: [condition('Ready', isReady ? 'True' : 'False')] },
})
const controllers = ['source-controller', 'kustomize-controller', 'helm-controller'].map((name) => controller(name))
const healthy = { '/v1/pods': controllers, [kustomizations]: [kustomization()], [repositories]: [repository()] }

async function verdicts(world: AskedWorld, changes: Parameters<typeof wishOf>[0] = {}) {
  const { checks } = await fluxSuite.verify(askedWorld(world), wishOf({ flux: 'required', ...changes }))
  return Object.fromEntries(checks.map((check) => [check.id, check]))
}

describe('whether Flux is there', () => {
  it('says what runs and how much it looks after', async () => {
    const found = await verdicts({ objects: healthy })
    expect(Object.values(found).map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'flux.installed pass',
      'flux.ready pass',
      'flux.suspended pass',
      'flux.current pass',
    ])
    expect(found['flux.installed']?.found).toBe('3 controllers, 2 objects')
  })

  it('fails where it is required and absent, and blocks what builds on it', async () => {
    const found = await verdicts({})
    expect(found['flux.installed']).toMatchObject({ verdict: 'fail' })
    expect(found['flux.ready']).toMatchObject({ verdict: 'skip', found: 'blocked by flux.installed' })
  })

  it('is no question where nobody requires it, or nobody wants to know', async () => {
    const found = await verdicts({}, { flux: 'optional' })
    expect(Object.values(found).map(({ verdict }) => verdict)).toEqual(['skip', 'skip', 'skip', 'skip'])
    expect(await verdicts({ objects: healthy }, { flux: 'ignored' })).toEqual({})
  })

  it('fails when a controller that somebody needs has no ready pod, whatever its objects say', async () => {
    const gone = await verdicts({ objects: { ...healthy, '/v1/pods': [controller('source-controller')] } })
    expect(gone['flux.installed']).toMatchObject({
      verdict: 'fail',
      found: 'kustomize-controller: has no pod',
      remedy: 'kubectl -n flux-system describe deployment kustomize-controller',
    })
    const broken = {
      ...healthy,
      '/v1/pods': [controller('source-controller'), controller('kustomize-controller', false)],
    }
    expect((await verdicts({ objects: broken }))['flux.installed']?.found).toMatch(
      /^kustomize-controller: its pod is not/,
    )
  })

  it('tells kinds that were left behind from a Flux that lives', async () => {
    const left = { '/v1/pods': [], [kustomizations]: [] }
    expect((await verdicts({ objects: left }))['flux.installed']).toMatchObject({ verdict: 'fail' })
    expect((await verdicts({ objects: left }, { flux: 'optional' }))['flux.installed']).toMatchObject({
      verdict: 'warn',
    })
  })

  it('lists kinds in the version that has them, also beside a newer one', async () => {
    // Flux 2.0 to 2.5: source.toolkit.fluxcd.io/v1 has GitRepository, OCIRepository is only in v1beta2.
    const old = 'source.toolkit.fluxcd.io/v1beta2/ocirepositories'
    const world = {
      objects: {
        ...healthy,
        [old]: [object('charts', { status: { conditions: [condition('Ready', 'False', 'X')] } })],
      },
    }
    expect((await verdicts(world))['flux.ready']?.found).toContain('OCIRepository/flux-system/charts')
  })

  it('names the rule that is missing, for each of its questions', async () => {
    const found = await verdicts({ objects: healthy, forbidden: ['helmreleases', 'kustomizations'] })
    expect(Object.values(found).every(({ verdict }) => verdict === 'skip')).toBe(true)
    expect(found['flux.ready']?.found).toBe('may not be asked: list kustomizations')
    const pods = await verdicts({ objects: healthy, forbidden: ['pods'] })
    expect([pods['flux.installed']?.verdict, pods['flux.ready']?.verdict]).toEqual(['skip', 'pass'])
  })
})

describe('whether its objects are ready', () => {
  const failed = (since = ago(dayMs)) =>
    condition('Ready', 'False', 'BuildFailed', 'kustomization path not found: stat /tmp/k/apps: no such file', since)

  it.each([
    [
      'failed',
      'fail',
      kustomization({ status: { conditions: [failed()] } }),
      /^0 of 1 objects are ready; Kustomization\/flux-system\/apps: BuildFailed: kustomization path not found.* since 2026-11-21$/,
    ],
    ['failed a moment ago', 'warn', kustomization({ status: { conditions: [failed(ago(minuteMs))] } }), /BuildFailed/],
    [
      'reconciling',
      'pass',
      kustomization({ status: { conditions: [condition('Ready', 'Unknown', 'Progressing', 'x', ago(minuteMs))] } }),
      /all 1 objects/,
    ],
    [
      'reconciling for ever',
      'fail',
      kustomization({
        status: { conditions: [condition('Ready', 'Unknown', 'Progressing', 'Health check', ago(dayMs))] },
      }),
      /without an end/,
    ],
    [
      'never looked at',
      'fail',
      kustomization({ status: { conditions: [], observedGeneration: -1 } }),
      /no controller has ever reported/,
    ],
    [
      'new',
      'pass',
      kustomization({ metadata: { creationTimestamp: ago(minuteMs) }, status: { conditions: [] } }),
      /all 1/,
    ],
    ['suspended', 'pass', kustomization({ spec: { suspend: true }, status: { conditions: [failed()] } }), /all 0/],
  ])('%s: %s', async (_name, verdict, one, found) => {
    const check = (await verdicts({ objects: { '/v1/pods': controllers, [kustomizations]: [one] } }))['flux.ready']
    expect(check?.verdict).toBe(verdict)
    expect(check?.found).toMatch(found)
  })

  it('says the reason once, and counts what only waits for it', async () => {
    const waits = condition('Ready', 'False', 'DependencyNotReady', "dependency 'flux-system/infra' is not ready")
    const objects = [
      kustomization({ status: { conditions: [failed()] } }, 'infra'),
      ...['a', 'b', 'c'].map((name) => kustomization({ status: { conditions: [waits] } }, name)),
    ]
    const check = (await verdicts({ objects: { '/v1/pods': controllers, [kustomizations]: objects } }))['flux.ready']
    expect(check?.found).toMatch(/^0 of 4 objects are ready, 3 more wait for them; Kustomization\/flux-system\/infra: /)
    expect(check?.remedy).toContain('flux reconcile kustomization infra -n flux-system')
    const alone = { '/v1/pods': controllers, [kustomizations]: [kustomization({ status: { conditions: [waits] } })] }
    expect((await verdicts({ objects: alone }))['flux.ready']).toMatchObject({ verdict: 'fail' })
  })

  it('does not ask kinds without a state', async () => {
    const oci = { metadata: { name: 'charts', namespace: 'x', creationTimestamp: ago(dayMs) }, spec: { type: 'oci' } }
    const world = { objects: { ...healthy, 'source.toolkit.fluxcd.io/v1/helmrepositories': [oci] } }
    expect((await verdicts(world))['flux.ready']?.verdict).toBe('pass')
  })

  it('is lowered where the cluster file says so', async () => {
    const objects = {
      '/v1/pods': controllers,
      [kustomizations]: [kustomization({ status: { conditions: [failed()] } })],
    }
    const severities = [{ check: 'flux.*', namespace: 'flux-system', atMost: 'warn' }] as const
    expect((await verdicts({ objects }, { severities }))['flux.ready']).toMatchObject({ verdict: 'warn' })
  })
})

describe('whether everything is carried out', () => {
  const changed = (time: string) => ({ managedFields: [{ time }, { time: ago(minuteMs), subresource: 'status' }] })
  const newer = { status: { artifact: { revision: commit('b'), lastUpdateTime: ago(2 * dayMs) } } }

  it.each([
    [
      'a generation that nobody reconciled',
      'fail',
      kustomization({ metadata: { generation: 4, ...changed(ago(dayMs)) } }),
      repository(),
      /its generation 4 was never reconciled \(last: 3\)/,
    ],
    [
      'a change of a moment ago',
      'pass',
      kustomization({ metadata: { generation: 4, ...changed(ago(minuteMs)) } }),
      repository(),
      /is applied/,
    ],
    [
      'a revision that nobody applied',
      'fail',
      kustomization(),
      repository(newer),
      /has main@sha1:aaaaaaaa, its source GitRepository\/flux-system main@sha1:bbbbbbbb since 2026-11-20/,
    ],
    [
      'a revision of a moment ago',
      'pass',
      kustomization(),
      repository({ status: { artifact: { revision: commit('b'), lastUpdateTime: ago(minuteMs) } } }),
      /is applied/,
    ],
    [
      'the same commit in the older spelling',
      'pass',
      kustomization({ status: { lastAppliedRevision: `main/${'a'.repeat(40)}` } }),
      repository(),
      /is applied/,
    ],
    ['what is suspended', 'pass', kustomization({ spec: { suspend: true } }), repository(newer), /is applied/],
    [
      'what is not ready says so itself',
      'pass',
      kustomization({ status: { conditions: [condition('Ready', 'False', 'X')] } }),
      repository(newer),
      /is applied/,
    ],
    [
      'a source that is not there',
      'fail',
      kustomization({ spec: { sourceRef: { kind: 'GitRepository', name: 'gone' } } }),
      repository(),
      /its source GitRepository\/flux-system\/gone does not exist/,
    ],
    [
      'a source of a kind that was not listed',
      'pass',
      kustomization({ spec: { sourceRef: { kind: 'ExternalArtifact', name: 'x' } } }),
      repository(),
      /is applied/,
    ],
  ])('%s: %s', async (_name, verdict, one, source, found) => {
    const objects = { '/v1/pods': controllers, [kustomizations]: [one], [repositories]: [source] }
    const check = (await verdicts({ objects }))['flux.current']
    expect(check?.verdict).toBe(verdict)
    expect(check?.found).toMatch(found)
  })

  it('compares a release with the chart that it made, and with a digest', async () => {
    const chart = (revision: string) =>
      object('media-plex', {
        metadata: { namespace: 'media' },
        status: { artifact: { revision, lastUpdateTime: ago(dayMs) } },
      })
    const release = object('plex', {
      metadata: { namespace: 'media' },
      status: { helmChart: 'media/media-plex', lastAttemptedRevision: '6.5.0' },
    })
    const of = (revision: string) => ({ '/v1/pods': controllers, [releases]: [release], [charts]: [chart(revision)] })
    expect((await verdicts({ objects: of('6.5.0') }))['flux.current']?.verdict).toBe('pass')
    expect((await verdicts({ objects: of('6.6.0') }))['flux.current']?.found).toMatch(
      /has 6\.5\.0, its source .* 6\.6\.0/,
    )
    const digest = `sha256:${'c'.repeat(64)}`
    const oci = object('plex', {
      spec: { chartRef: { kind: 'OCIRepository', name: 'plex' } },
      status: { lastAttemptedRevision: '6.5.0+cccccccccccc', lastAttemptedRevisionDigest: digest },
    })
    const source = (revision: string) =>
      object('plex', { status: { artifact: { revision, lastUpdateTime: ago(dayMs) } } })
    const ofOci = (revision: string) => ({
      '/v1/pods': controllers,
      [releases]: [oci],
      'source.toolkit.fluxcd.io/v1/ocirepositories': [source(revision)],
    })
    expect((await verdicts({ objects: ofOci(`6.5.0@${digest}`) }))['flux.current']?.verdict).toBe('pass')
    expect((await verdicts({ objects: ofOci(`6.5.0@sha256:${'d'.repeat(64)}`) }))['flux.current']?.verdict).toBe('fail')
  })
})

it('warns of what is suspended, and says how it goes on', async () => {
  const one = kustomization({ spec: { suspend: true } })
  const { checks, metrics } = await fluxSuite.verify(askedWorld({ objects: { [kustomizations]: [one] } }), wishOf())
  expect(checks.find(({ id }) => id === 'flux.suspended')).toMatchObject({
    verdict: 'warn',
    remedy: 'flux resume kustomization apps -n flux-system',
  })
  expect(metrics).toMatchObject({ flux_suspended: 1 })
})

it('is not misled by objects that are none, nor fills a page with them', async () => {
  const evil = '\u001b[2J::error::x\n\u202e$(reboot)'
  const objects = {
    '/v1/pods': [],
    [kustomizations]: [
      {},
      { metadata: null, spec: 7, status: [] },
      kustomization({
        metadata: { name: evil },
        status: { conditions: [condition('Ready', 'False', evil, 'x'.repeat(1e6))] },
      }),
    ] as ApiObject[],
  }
  const { checks } = await fluxSuite.verify(askedWorld({ objects }), wishOf({ flux: 'required' }))
  const text = JSON.stringify(checks)
  expect(text.length).toBeLessThan(10_000)
  expect(text).not.toMatch(/\\u001b|\\n|\u202e/)
  expect(checks.find(({ id }) => id === 'flux.ready')?.remedy).not.toContain('reboot')
})
