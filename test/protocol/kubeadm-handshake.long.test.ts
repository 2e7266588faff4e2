import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Host, HostError } from '../../src/host/index.ts'
import { detachedSignature } from '../../src/kubeadm/cluster-info.ts'
import { handshakeKubeadm, handshakeLine } from '../../src/kubeadm/handshake.ts'
import { inspectCluster } from '../../src/kubeadm/inspect.ts'
import { type Cluster, ClusterError } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import { foreign, goldentooth, joinedTo, karstark } from '../unit/kubeadm-situations.ts'
import { kubeconfigText, type ScriptedServer, scriptedServer } from './kubernetes-server.ts'

const never = new AbortController().signal
const server = 'https://10.4.0.10:6443'
const token = { id: 'abcdef', secret: '0123456789abcdef', text: 'abcdef.0123456789abcdef' }

const opened: ScriptedServer[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]()
})

/** What an API server that kubeadm set up says to those who join. The words of its refusals are those of fixtures/kubeadm. */
interface Answers {
  clusterInfo?: number
  /** What cluster-info says of the cluster. */
  info?: (own: string) => string
  /** Data of cluster-info besides. */
  data?: (kubeconfig: string) => Readonly<Record<string, string>>
  /** Status of kubeadm-config and kubelet-config for who shows the token. */
  kubeadmConfig?: number
  kubeletConfig?: number
}

const forbidden = (name: string): string =>
  name === 'cluster-info'
    ? 'configmaps "cluster-info" is forbidden: User "system:anonymous" cannot get resource "configmaps" in API group "" in the namespace "kube-public"'
    : `configmaps "${name}" is forbidden: User "system:bootstrap:abcdef" cannot get resource "configmaps" in API group "" in the namespace "kube-system"`
const signed = (kubeconfig: string): Readonly<Record<string, string>> => ({
  'jws-kubeconfig-abcdef': detachedSignature(kubeconfig, token.id, token.secret),
})

async function apiServer(answers: Answers = {}): Promise<ScriptedServer & { seen: string[] }> {
  const seen: string[] = []
  const say = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const bearer = request.headers.authorization
    const name = /configmaps\/(.+)$/.exec(request.url ?? '')?.[1]
    seen.push(`${name ?? request.url} ${bearer ? 'with token' : 'anonymous'}`)
    if (name === undefined) {
      say(response, 200, { gitVersion: 'v1.32.3' })
      return
    }
    const { clusterInfo, kubeadmConfig, kubeletConfig } = answers
    const statuses: Readonly<Record<string, number | undefined>> = {
      'cluster-info': clusterInfo,
      'kubeadm-config': kubeadmConfig,
      'kubelet-config': kubeletConfig,
    }
    const status = statuses[name] ?? 200
    const caPem = scripted.authority.bundlePem
    const kubeconfig = answers.info?.(caPem) ?? kubeconfigText(server, caPem)
    if (status !== 200) say(response, status, { kind: 'Status', message: forbidden(name) })
    else if (name === 'cluster-info')
      say(response, 200, { data: { kubeconfig, ...(answers.data ?? signed)(kubeconfig) } })
    else say(response, 200, { data: { x: 'y' } })
  }
  const scripted = await scriptedServer(answer, ['10.4.0.10', 'api.goldentooth.net'])
  opened.push(scripted)
  return Object.assign(scripted, { seen })
}

function hostThat(routes: Readonly<Record<string, number>>): Host {
  return {
    label: 'root@10.4.0.20',
    counts: { sessions: 0, forwards: 0 },
    forward: async (to: string, port: number) => {
      const route = routes[`${to}:${port}`]
      if (route === undefined)
        throw new HostError('connection-failed', 'root@10.4.0.20', {
          title: 'no',
          cause: 'Connection refused',
          remedy: 'open it',
        })
      const socket = connect(route, '127.0.0.1')
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      return socket
    },
  } as unknown as Host
}

async function tried(
  answers: Answers,
  more: { caPem?: string; token?: string; routes?: Readonly<Record<string, number>> } = {},
) {
  const api = await apiServer(answers)
  const { checks, result } = await handshakeKubeadm(hostThat(more.routes ?? { '10.4.0.10:6443': api.port }), {
    server,
    caPem: more.caPem ?? api.authority.bundlePem,
    ...('token' in more ? (more.token ? { token: more.token } : {}) : { token: token.text }),
    signal: never,
  })
  expect(JSON.stringify(checks)).not.toContain(token.secret)
  return { api, checks, result, last: checks.at(-1) as Check }
}

const outline = (checks: readonly Check[]): string[] => checks.map((check) => `${check.id} ${check.verdict}`)

describe('the handshake of a kubeadm join', () => {
  it('passes, asks what kubeadm will ask, and shows the token to nobody before the authority is known', async () => {
    const { api, checks, result } = await tried({})
    expect(outline(checks)).toEqual([
      'handshake.ca pass',
      'handshake.cluster-info pass',
      'handshake.token pass',
      'handshake.kubeadm-config pass',
      'handshake.apiserver.10.4.0.10-6443 pass',
    ])
    expect(result).toEqual({ apiServers: ['10.4.0.10:6443'], via: 'forwarding' })
    expect(api.seen).toEqual([
      '/version anonymous',
      'cluster-info anonymous',
      'kubeadm-config with token',
      'kubelet-config with token',
      '/version anonymous',
    ])
    expect(handshakeLine(checks, true)).toMatch(
      /^CA [0-9a-f]{8}….{4} ✓ {2}cluster-info ✓ {2}token ✓ {2}kubeadm-config ✓ {2}10\.4\.0\.10:6443 ✓$/,
    )
  })

  it.each(['http://10.4.0.10:6443', 'not an address', '', 'https://', 'file:///etc/shadow'])(
    'ends at a cluster-info whose server is %j: there the kubelet would connect for good',
    async (address) => {
      const { api, last, result } = await tried({ info: (caPem) => kubeconfigText(address, caPem) })
      expect(result).toBeUndefined()
      expect(last).toMatchObject({ id: 'handshake.cluster-info', verdict: 'fail' })
      expect(last.remedy).toContain('kubeadm init phase bootstrap-token')
      expect(api.seen.join(' ')).not.toContain('with token')
    },
  )

  it('ends at a cluster-info with two clusters, which kubeadm refuses', async () => {
    const two = (caPem: string): string =>
      `clusters:\n${[server, server].map((one, at) => `- name: c${at}\n  cluster: { server: '${one}', certificate-authority-data: ${Buffer.from(caPem).toString('base64')} }\n`).join('')}`
    const { last, result } = await tried({ info: two })
    expect(result).toBeUndefined()
    expect(last).toMatchObject({ id: 'handshake.cluster-info', verdict: 'fail' })
  })

  it('warns of an authority that only cluster-info names, and goes on', async () => {
    const { checks, result } = await tried({
      info: (caPem) => kubeconfigText(server, `${foreign.certPem}\n${caPem}`),
    })
    expect(outline(checks)).toContain('handshake.cluster-info warn')
    expect(result).toBeDefined()
  })

  it('without a token (dry-run) asks everything else', async () => {
    const { api, checks, result } = await tried({}, { token: '' })
    expect(outline(checks)).toContain('handshake.token skip')
    expect(result).toBeDefined()
    expect(api.seen.join(' ')).not.toContain('with token')
  })

  it('does not show the token to another authority behind the address', async () => {
    const { api, checks, result } = await tried({}, { caPem: foreign.certPem })
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(result).toBeUndefined()
    expect(api.seen).toEqual([])
  })

  // Seed 001: kubeadm says "x509: certificate signed by unknown authority" after 301 s (fixtures/kubeadm/24-stale-ca-in-cluster-info).
  it('names the stale authority in cluster-info at once, and how it is mended', async () => {
    const { checks, last } = await tried({ info: () => kubeconfigText(server, foreign.certPem) })
    expect(outline(checks)).toEqual(['handshake.ca pass', 'handshake.cluster-info fail'])
    expect(last.found).toContain('kube-public/cluster-info names another authority')
    expect(last.remedy).toContain('kubeadm init phase bootstrap-token')
    expect(last.evidence?.join('\n')).toMatch(/kubeconfig: .*\n.*cluster-info: /)
  })

  it.each<[string, Answers, string, RegExp, string | undefined]>([
    [
      '20-unknown-token, 22-expired, 26-nosign',
      { data: () => ({}) },
      'handshake.token',
      /not signed for token abcdef/,
      undefined,
    ],
    [
      '21-wrong-secret',
      {
        data: (kubeconfig) => ({
          'jws-kubeconfig-abcdef': detachedSignature(kubeconfig, 'abcdef', 'fedcba9876543210'),
        }),
      },
      'handshake.token',
      /another secret/,
      undefined,
    ],
    ['28-noauth', { kubeadmConfig: 401 }, 'handshake.token', /HTTP 401/, undefined],
    [
      '27-nogroup',
      { kubeadmConfig: 403 },
      'handshake.kubeadm-config',
      /kube-system\/kubeadm-config: HTTP 403/,
      'is forbidden',
    ],
    [
      'kubelet-config is gone',
      { kubeletConfig: 404 },
      'handshake.kubeadm-config',
      /kube-system\/kubelet-config: HTTP 404/,
      undefined,
    ],
    ['59-anonymous-off', { clusterInfo: 401 }, 'handshake.cluster-info', /HTTP 401/, undefined],
    ['58-against-k3s-shaped', { clusterInfo: 403 }, 'handshake.cluster-info', /HTTP 403/, 'is forbidden'],
    ['no cluster-info', { clusterInfo: 404 }, 'handshake.cluster-info', /there is no cluster-info/, undefined],
    [
      'cluster-info that was edited',
      { info: () => 'clusters: 7' },
      'handshake.cluster-info',
      /holds no kubeconfig/,
      undefined,
    ],
  ])('tells of %s', async (_, answers, id, found, evidence) => {
    const { last, result } = await tried(answers)
    expect(last).toMatchObject({ id, verdict: 'fail' })
    expect(last.found).toMatch(found)
    expect(last.cause).toBeTruthy()
    expect(last.remedy).toBeTruthy()
    if (evidence) expect(last.evidence?.join()).toContain(evidence)
    expect(result).toBeUndefined()
  })

  it('tries the address that the kubelet will keep, which is what cluster-info says', async () => {
    const { checks, result } = await tried({ info: (own) => kubeconfigText('https://10.4.0.11:6443', own) })
    expect(outline(checks).slice(-2).sort()).toEqual([
      'handshake.apiserver.10.4.0.10-6443 pass',
      'handshake.apiserver.10.4.0.11-6443 fail',
    ])
    expect(result).toBeUndefined()
  })

  it('tells of an address that the certificate does not name, which the kubelet would refuse', async () => {
    const api = await apiServer({ info: (own) => kubeconfigText('https://10.4.0.11:6443', own) })
    const routes = { '10.4.0.10:6443': api.port, '10.4.0.11:6443': api.port }
    const { checks } = await handshakeKubeadm(hostThat(routes), {
      server,
      caPem: api.authority.bundlePem,
      signal: never,
    })
    const refused = checks.find((check) => check.id === 'handshake.apiserver.10.4.0.11-6443')
    expect(refused).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('apiServer.certSANs') })
  })

  it('ends in seconds where nothing answers', async () => {
    const startedMs = performance.now()
    const { checks } = await tried({}, { routes: {} })
    expect(outline(checks)).toEqual(['handshake.apiserver.10.4.0.10-6443 fail'])
    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })
})

describe('the second look', () => {
  const documents = (caPem: string): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
    'kube-public/cluster-info': { kubeconfig: kubeconfigText(server, caPem) },
    'kube-system/kubeadm-config': {
      ClusterConfiguration: 'kubernetesVersion: v1.32.3\ncontrolPlaneEndpoint: 10.4.0.10:6443\n',
    },
    'kube-system/kubelet-config': { kubelet: 'cgroupDriver: systemd\n' },
  })
  const cluster = (caPem: string, read: (name: string) => Readonly<Record<string, string>> | undefined): Cluster =>
    ({
      caPem,
      configMap: async (namespace: string, name: string) => read(`${namespace}/${name}`),
    }) as unknown as Cluster

  it('reads what the cluster keeps for those who join, and whose certificate the host is shown', async () => {
    const api = await apiServer()
    const own = api.authority.bundlePem
    const host = hostThat({ '10.4.0.10:6443': api.port })
    const look = async (kubeconfig: string, info: string) =>
      (
        await inspectCluster(
          host,
          cluster(kubeconfig, (name) => documents(info)[name]),
          goldentooth(),
          karstark(),
          never,
        )
      ).cluster
    expect(await look(own, own)).toEqual({
      clusterInfo: { state: 'read', server, caPem: own },
      kubeadmConfig: { state: 'read', version: 'v1.32.3', controlPlaneEndpoint: '10.4.0.10:6443' },
      kubeletConfig: { state: 'read', cgroupDriver: 'systemd', failSwapOn: true },
      served: 'kubeconfig',
    })
    expect((await look(own, foreign.certPem))?.served).toBe('kubeconfig')
    expect((await look(foreign.certPem, own))?.served).toBe('cluster-info')
    expect((await look(foreign.certPem, foreign.certPem))?.served).toBe('neither')
  })

  it('stops at nothing that it may not read or cannot reach', async () => {
    const refused = (): never => {
      throw new ClusterError('forbidden', {
        title: 'no',
        cause: 'configmaps "cluster-info" is forbidden',
        remedy: 'apply the manifest',
      })
    }
    const found = await inspectCluster(
      hostThat({}),
      cluster(foreign.certPem, refused),
      goldentooth(),
      karstark(),
      never,
    )
    expect(found.cluster).toMatchObject({
      clusterInfo: { state: 'unreadable' },
      kubeadmConfig: { state: 'unreadable' },
      kubeletConfig: { state: 'unreadable' },
      served: 'unknown',
    })
    const absent = await inspectCluster(
      hostThat({}),
      cluster(foreign.certPem, () => undefined),
      goldentooth(),
      karstark(),
      never,
    )
    expect(absent.cluster?.clusterInfo.state).toBe('missing')
  })

  it('asks nobody where no join is ahead', async () => {
    const ask = (): never => {
      throw new Error('nobody is asked')
    }
    const node = karstark(joinedTo(foreign))
    const found = await inspectCluster(
      hostThat({}),
      cluster(foreign.certPem, ask),
      goldentooth(),
      { ...node, cluster: undefined as never },
      never,
    )
    expect(found.cluster).toBeUndefined()
    expect(found.authorityPem).toBe(foreign.certPem)
  })
})
