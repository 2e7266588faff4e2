/** The shipped manifest, the rights that are asked for, and the requests that are really made are the same. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { nodePasswordSecret, startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import { tokenAccessRequests } from '../../src/join/index.ts'
import { documentAccessRequests } from '../../src/kubeadm/inspect.ts'
import {
  type AccessRequest,
  accessQuestions,
  type Cluster,
  identityAccessRequest,
  joinAccessRequests,
  nodePasswordAccessRequests,
  openCluster,
  optionalAccessRequests,
  removeAccessRequests,
  storageAccessRequests,
  verifyAccessRequests,
} from '../../src/kubernetes/index.ts'

const never = new AbortController().signal
const requested = [...joinAccessRequests, ...tokenAccessRequests, ...nodePasswordAccessRequests]
const all = [...requested, ...optionalAccessRequests, ...documentAccessRequests]

let folder = ''
let world: World
let cluster: Cluster
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rights-'))
  world = await startCluster({ directory: folder, faults: new Set(), calypso: 'fresh' })
  const kubeconfigPath = join(folder, 'join.yaml')
  await writeFile(kubeconfigPath, world.kubeconfig(`https://127.0.0.1:${world.port}`))
  cluster = await openCluster({ kubeconfigPath, signal: never })
})
afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

/** `delete nodes`, `list leases.coordination.k8s.io in kube-node-lease`, sorted. */
function inWords(rights: readonly AccessRequest[]): readonly string[] {
  const said = rights.map(
    ({ verb, group, resource, namespace, name }) =>
      `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`,
  )
  return [...new Set(said)].sort()
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete' }

/** What a request needs, as the API server's RequestInfo reads it. Undefined: open to everybody who is authenticated. */
function rightOf(request: string): AccessRequest | undefined {
  const [method = '', target = ''] = request.split(' ')
  const { pathname, searchParams } = new URL(target, 'https://x')
  const [, group = '', namespace, resource = '', name] =
    /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?$/.exec(pathname) ?? []
  if (resource === '' || resource === 'selfsubjectaccessreviews') return undefined
  const read = searchParams.get('watch') === 'true' ? 'watch' : name === undefined ? 'list' : 'get'
  return {
    verb: method === 'GET' ? read : (verbs[method] ?? method),
    group,
    resource,
    ...(namespace && { namespace }),
    // Granted by name, as other rights cannot be.
    ...(resource === 'configmaps' && name && { name }),
  }
}

async function manifestRights(path: string): Promise<readonly AccessRequest[]> {
  interface Rule {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
    readonly resourceNames?: readonly string[]
  }
  interface Document {
    readonly metadata: { readonly namespace?: string }
    readonly rules?: readonly Rule[]
  }
  const text = await readFile(path, 'utf8')
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Document)
  return documents.flatMap(({ metadata: { namespace }, rules = [] }) =>
    rules.flatMap((rule) =>
      (rule.resourceNames ?? [undefined]).flatMap((name) =>
        rule.apiGroups.flatMap((group) =>
          rule.resources.flatMap((resource) =>
            rule.verbs.map((verb) => ({
              verb,
              group,
              resource,
              ...(namespace && { namespace }),
              ...(name && { name }),
            })),
          ),
        ),
      ),
    ),
  )
}

/** Every method of a Cluster once, as the user of the manifest. */
async function useEverything(): Promise<void> {
  await cluster.read('srv712695', never)
  await cluster.nodes(never)
  await cluster.describeNode('srv712695', never)
  const change = { labels: { a: 'b' }, taints: () => [{ key: 'a', effect: 'NoSchedule' as const }] }
  const { uid } = await cluster.changeNode('srv712695', change, never)
  const token = {
    id: 'abc123',
    secret: '0123456789abcdef',
    description: 'join of calypso',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    extraGroups: 'system:bootstrappers:k3s:default-node-token',
    labels: { 'k3s-gpu-actions/node': 'calypso' },
  }
  await cluster.createBootstrapToken(token, never)
  await cluster.bootstrapTokens(token.labels, never)
  await cluster.deleteBootstrapToken(token.id, never)
  world.objects.put('secrets/kube-system/calypso.node-password.k3s', nodePasswordSecret('calypso', 'x'))
  const stored = await cluster.nodePassword('calypso.node-password.k3s', never)
  await cluster.deleteNodePassword('calypso.node-password.k3s', stored!, never)
  await cluster.configMap('kube-public', 'cluster-info', never)
  for (const name of ['kubeadm-config', 'kubelet-config']) await cluster.configMap('kube-system', name, never)
  const stop = new AbortController()
  const { promise: seen, resolve: see } = Promise.withResolvers<void>()
  const types = new Set<string>()
  const watching = cluster.watch('srv712695', ({ type }) => types.add(type).size === 2 && see(), stop.signal)
  await seen
  while (world.requests.filter((request) => request.includes('watch=true')).length < 2)
    await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  await watching
  await cluster.deleteNode('srv712695', uid, never)
}

describe('the rights of a join', () => {
  it('are those of the manifest, no more and no less', async () => {
    // The cluster's identity is asked for by kubeconfig-esc, with the same kubeconfig.
    expect(inWords(await manifestRights('manifests/k3s-join-rbac.yaml'))).toEqual(
      inWords([...all, ...storageAccessRequests, identityAccessRequest]),
    )
  })

  it('are those that its requests need, no more and no less', async () => {
    await useEverything()
    expect(world.requests.filter((request) => /\D40[13]$/.test(request))).toEqual([])
    expect(inWords(world.requests.flatMap((request) => rightOf(request) ?? []))).toEqual(inWords(all))
  })

  it('are all granted to the user of the manifest when they are asked for', async () => {
    const answers = await cluster.canI(requested, never)
    expect(inWords(answers.filter((answer) => !answer.allowed))).toEqual([])
    expect(answers).toHaveLength(requested.length)
    // Nobody needs to read one Secret by its name.
    const [one] = await cluster.canI([{ verb: 'get', group: '', resource: 'secrets', namespace: 'kube-system' }], never)
    expect(one?.allowed).toBe(false)
  })
})

describe('the rights of a removal', () => {
  it('are those of its own manifest, no more and no less', async () => {
    const granted = await manifestRights('manifests/remove-node-rbac.yaml')
    expect(inWords(granted)).toEqual(
      inWords([...removeAccessRequests, ...nodePasswordAccessRequests, identityAccessRequest]),
    )
    expect(inWords(accessQuestions('remove'))).toEqual(inWords(removeAccessRequests))
  })

  it('delete no pod: no budget can be passed by', async () => {
    const granted = await manifestRights('manifests/remove-node-rbac.yaml')
    expect(granted.filter(({ verb, resource }) => verb === 'delete' && resource === 'pods')).toEqual([])
  })

  it('are no part of those of a join', async () => {
    const granted = inWords(await manifestRights('manifests/k3s-join-rbac.yaml'))
    expect(granted.filter((one) => one.includes('eviction'))).toEqual([])
  })
})

describe('the rights that kubeconfig-esc asks for', () => {
  it('are for a join those of the join', () => {
    expect(inWords(accessQuestions('join'))).toEqual(inWords(requested))
    expect(new Set(inWords(accessQuestions('join'))).size).toBe(accessQuestions('join').length)
  })

  it('are for a job that looks those of its manifest, which changes nothing and reads no Secret', async () => {
    const granted = await manifestRights('manifests/verify-rbac.yaml')
    // What verify-cluster asks besides is compared with the same manifest in verify-api.test.ts.
    expect(inWords(granted)).toEqual(
      expect.arrayContaining([...inWords([...verifyAccessRequests, identityAccessRequest])]),
    )
    expect(granted.filter(({ verb }) => verb !== 'get' && verb !== 'list')).toEqual([])
    expect(granted.filter(({ resource }) => /secrets|\*|configmaps/.test(resource))).toEqual([])
    // Whether it may do more is asked, too: that is a warning.
    expect(inWords(accessQuestions('verify'))).toEqual(inWords([...verifyAccessRequests, ...accessQuestions('deploy')]))
  })
})
