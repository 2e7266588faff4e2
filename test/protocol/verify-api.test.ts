/** Suite api and the rights that verification needs: manifests, questions and requests are the same. */
import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import {
  type AccessRequest,
  type AccessRule,
  identityAccessRequest,
  verifyAccessRequests,
} from '../../src/kubernetes/index.ts'
import {
  isGranted,
  missingRights,
  probeManifest,
  rightInWords,
  rightsOf,
  verifyManifest,
} from '../../src/verify/access.ts'
import { suiteNames, type VerifyWish } from '../../src/verify/model.ts'
import { suites } from '../../src/verify/suites/index.ts'
import { nodesSuite } from '../../src/verify/suites/nodes/index.ts'
import { workloadsSuite } from '../../src/verify/suites/workloads/index.ts'
import { wishOf } from '../unit/verify-wish.ts'
import { openText, portsOf, verifyManifests } from './verify-world.ts'

const never = new AbortController().signal
const { api, ...byName } = suites
const others = Object.values(byName)
const everything = wishOf({ suites: new Set(suiteNames) })

interface Granted extends AccessRule {
  readonly namespace?: string
}

async function rulesOf(path: string): Promise<readonly Granted[]> {
  interface Document {
    readonly kind: string
    readonly metadata: { readonly namespace?: string }
    readonly rules?: readonly {
      readonly apiGroups: readonly string[]
      readonly resources: readonly string[]
      readonly verbs: readonly string[]
      readonly resourceNames?: readonly string[]
    }[]
  }
  const documents = parseAllDocuments(await readFile(path, 'utf8')).map((document) => document.toJS() as Document)
  // Each right by itself, so that one that nobody needs is seen.
  return documents.flatMap(({ metadata: { namespace }, rules = [] }) =>
    rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.map((verb) => ({
            verbs: [verb],
            groups: [group],
            resources: [resource],
            names: resourceNames,
            ...(namespace && { namespace }),
          })),
        ),
      ),
    ),
  )
}

const allows = (rule: Granted, request: AccessRequest): boolean =>
  (rule.namespace === undefined || rule.namespace === request.namespace) && isGranted(rule, request)
const notGranted = (rules: readonly Granted[], requests: readonly AccessRequest[]): readonly string[] =>
  requests.filter((request) => !rules.some((rule) => allows(rule, request))).map(rightInWords)
const notNeeded = (rules: readonly Granted[], requests: readonly AccessRequest[]): readonly Granted[] =>
  rules.filter((rule) => !requests.some((request) => allows(rule, request)))

describe('the manifests', () => {
  const asked = (wish: Partial<VerifyWish>) => rightsOf(others, { ...everything, ...wish })

  it('grant what observing asks, and nothing else', async () => {
    const rules = await rulesOf(verifyManifest)
    const requests = [...asked({}), ...verifyAccessRequests, identityAccessRequest]
    expect(notGranted(rules, requests)).toEqual([])
    expect(notNeeded(rules, requests)).toEqual([])
    expect(rules.filter(({ verbs: [verb] }) => verb !== 'get' && verb !== 'list')).toEqual([])
    expect(rules.filter(({ resources }) => /secrets|configmaps|\*/.test(resources.join()))).toEqual([])
  })

  it('grant what probing asks besides, in its own namespace', async () => {
    const rules = await rulesOf(probeManifest)
    const requests = asked({ mode: 'load', storageClass: 'longhorn' })
    expect(notGranted([...(await rulesOf(verifyManifest)), ...rules], requests)).toEqual([])
    expect(notNeeded(rules, requests)).toEqual([])
    expect(new Set(rules.map(({ namespace }) => namespace))).toEqual(new Set([everything.namespace]))
    expect(await readFile(probeManifest, 'utf8')).toContain('pod-security.kubernetes.io/enforce: restricted')
  })

  it('tell how to allow the one right that depends on where a Prometheus runs', async () => {
    const missing = notGranted(await rulesOf(verifyManifest), asked({ prometheus: 'monitoring/prometheus:9090' }))
    expect(missing).toEqual(['get services/proxy prometheus:9090 in namespace monitoring'])
    expect(await readFile(verifyManifest, 'utf8')).toContain('-n monitoring create role')
  })
})

describe('a rule', () => {
  const rule = (changes: Partial<AccessRule>): AccessRule => ({
    verbs: ['list'],
    groups: [''],
    resources: ['pods'],
    names: [],
    ...changes,
  })
  const pods: AccessRequest = { verb: 'list', group: '', resource: 'pods' }
  it.each([
    ['of the same', rule({}), pods, true],
    ['of another verb', rule({ verbs: ['get'] }), pods, false],
    ['of another group', rule({ groups: ['apps'] }), pods, false],
    ['of everything', rule({ verbs: ['*'], groups: ['*'], resources: ['*'] }), { ...pods, resource: 'pods/log' }, true],
    ['of a kind, for its subresource', rule({}), { ...pods, resource: 'pods/log' }, false],
    ['of that subresource of everything', rule({ resources: ['*/log'] }), { ...pods, resource: 'pods/log' }, true],
    ['of pods with a star behind', rule({ resources: ['pods/*'] }), { ...pods, resource: 'pods/log' }, false],
    ['for one name, for all', rule({ names: ['a'] }), pods, false],
    ['for one name, for that name', rule({ names: ['a'] }), { ...pods, name: 'a' }, true],
  ])('%s: %s', (_of, granted, request, is) => expect(isGranted(granted, request)).toBe(is))
})

describe('suite api', () => {
  let world: World | undefined
  afterEach(async () => await world?.close())

  async function start(manifest: string): Promise<World> {
    world = await startCluster({ directory: '', faults: new Set(), calypso: 'fresh', manifest })
    return world
  }
  const kubeconfigOf = (one: World): string => one.kubeconfig(`https://127.0.0.1:${one.port}`)
  const rightsAsked = (one: World) =>
    one.requests.filter((request) => request.includes('selfsubjectaccessreviews')).length

  it('passes with the rights of its manifest, which cost one list of rules a namespace', async () => {
    const one = await start(await verifyManifests('verify-rbac.yaml'))
    const { checks, facts } = await api.verify(portsOf(await openText(kubeconfigOf(one))), everything)
    expect(checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'api.reachable pass',
      'api.ready pass',
      'api.version pass',
      'api.rights pass',
      // To list Secrets is to read them: nobody gets that right for this.
      'api.join-tokens skip',
    ])
    expect(facts).toEqual({ 'server version': 'v1.33.4+k3s1' })
    expect(rightsAsked(one)).toBe(0)
    expect(one.requests.length).toBeLessThanOrEqual(8)
  })

  it('names the rules that are missing, and the file that grants them', async () => {
    const manifest = (await verifyManifests('verify-rbac.yaml')).replace('"deployments", ', '')
    const one = await start(manifest)
    const wish = wishOf({ suites: new Set(['api', 'workloads']), version: 'v1.33.9+k3s1' })
    const { checks } = await api.verify(portsOf(await openText(kubeconfigOf(one))), wish)
    expect(checks.find(({ id }) => id === 'api.rights')).toMatchObject({
      verdict: 'warn',
      found: 'list deployments.apps: is not allowed',
      cause: 'rules for the kubeconfig’s user are missing: list deployments.apps',
      remedy: 'kubectl apply -f manifests/verify-rbac.yaml (as an administrator)',
    })
    expect(checks.find(({ id }) => id === 'api.version')).toMatchObject({
      verdict: 'fail',
      found: 'server: has v1.33.4+k3s1, wanted is v1.33.9+k3s1',
    })
    expect(rightsAsked(one)).toBe(1)
  })

  it('fails where hardly anything may be read: a run that skips everything must not look well', async () => {
    const one = await start('')
    const cluster = await openText(kubeconfigOf(one))
    const { checks } = await api.verify(portsOf(cluster), { ...everything, mode: 'probe' })
    const rights = checks.find(({ id }) => id === 'api.rights')
    expect(rights?.verdict).toBe('fail')
    expect(rights?.cause).toContain('list pods')
    expect(rights?.remedy).toBe(
      'kubectl apply -f manifests/verify-probe-rbac.yaml && kubectl apply -f manifests/verify-rbac.yaml (as an administrator)',
    )
    // Kinds that this cluster does not have are nothing that anybody lacks.
    expect(JSON.stringify(rights)).not.toContain('longhorn')
  })

  it('asks one by one where the server lists no rules', async () => {
    const one = await start(await verifyManifests('verify-rbac.yaml'))
    one.answerWith(
      /selfsubjectrulesreviews$/,
      404,
      '{"kind":"Status","message":"the server could not find the resource"}',
    )
    const requests = rightsOf([nodesSuite], everything)
    expect(await missingRights(await openText(kubeconfigOf(one)), requests, never)).toEqual([])
    expect(rightsAsked(one)).toBe(requests.length)
  })

  it('lets the other suites skip what may not be asked, and judge the rest', async () => {
    const manifest = (await verifyManifests('verify-rbac.yaml')).replaceAll(/"(jobs|statefulsets|leases)"/g, '"none"')
    const one = await start(manifest)
    const ports = portsOf(await openText(kubeconfigOf(one)))
    const found = [await nodesSuite.verify(ports, everything), await workloadsSuite.verify(ports, everything)]
    const checks = found.flatMap((outcome) => outcome.checks)
    const skipped = checks.filter((check) => check.found.startsWith('may not be asked'))
    expect(skipped.map(({ id, verdict, found: said }) => `${id} ${verdict} ${said}`)).toEqual([
      'nodes.heartbeat skip may not be asked: list leases.coordination.k8s.io in namespace kube-node-lease',
      'workloads.controllers skip may not be asked: list statefulsets.apps',
      'workloads.jobs skip may not be asked: list jobs.batch',
    ])
    expect(checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')).toEqual([])
  })

  it('finds join tokens that nobody deleted, and reads no Secret for it', async () => {
    const one = await start('')
    const put = (id: string, ageMs: number, labels: Record<string, string> = { 'k3s-gpu-actions/node': 'calypso' }) =>
      one.objects.put(`secrets/kube-system/bootstrap-token-${id}`, {
        metadata: {
          name: `bootstrap-token-${id}`,
          labels,
          creationTimestamp: new Date(Date.now() - ageMs).toISOString(),
        },
        type: 'bootstrap.kubernetes.io/token',
        data: { 'token-secret': Buffer.from('0123456789abcdef').toString('base64') },
      } as never)
    put('old000', 3.5 * 86_400_000)
    put('young0', 60_000)
    put('other0', 3.5 * 86_400_000, {})
    const cluster = await openText(one.adminKubeconfig(`https://127.0.0.1:${one.port}`))
    const { checks } = await api.verify(portsOf(cluster), everything)
    expect(checks.find(({ id }) => id === 'api.join-tokens')).toMatchObject({
      verdict: 'warn',
      found: 'bootstrap-token-old000 (for calypso): left behind for 3 days',
      remedy: expect.stringContaining('kubectl -n kube-system delete secret bootstrap-token-old000'),
    })
    // An administrator may do everything.
    expect(checks.find(({ id }) => id === 'api.rights')?.verdict).toBe('pass')
  })

  it('fails when the server calls itself not ready, and is an error when nobody answers', async () => {
    const one = await start(await verifyManifests('verify-rbac.yaml'))
    one.answerWith(/readyz/, 500, '[+]ping ok\n[-]etcd failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n')
    const kubeconfig = kubeconfigOf(one)
    const { checks } = await api.verify(portsOf(await openText(kubeconfig)), everything)
    expect(checks.find(({ id }) => id === 'api.ready')).toMatchObject({ verdict: 'fail', found: 'etcd: not ready' })
    await one.close()
    world = undefined
    const wish = { ...everything, tunnel: 'tethys' }
    const gone = await api.verify(portsOf(await openText(kubeconfig)), wish)
    expect(gone.checks.map(({ verdict }) => verdict)).toEqual(['error', 'skip', 'skip', 'skip', 'skip'])
    expect(gone.checks[0]?.cause).toContain('it is reached through the tunnel of tethys')
    expect(gone.checks[1]?.found).toBe('blocked by api.reachable')
  })
})
