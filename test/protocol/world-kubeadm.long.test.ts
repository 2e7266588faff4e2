/** The stand-ins of kubeadm and its kubelet say what the real ones were recorded to say (test/fixtures/kubeadm), and do what they did. */
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { Endpoint, FaultName } from '../../rehearsal/contract.ts'
import { type StartedHost, startHost } from '../../rehearsal/host/index.ts'
import { networkOf, startWorld } from '../../rehearsal/world.ts'
import { Connection, forget, type Outcome, scratch } from './world-host-client.ts'

const api = { host: '10.4.0.10', port: 6443 }
const fixtures = join(process.cwd(), 'test', 'fixtures', 'kubeadm')
const pace = 0.01

let cluster: Cluster
let folder: string
let host: StartedHost | undefined
let way: Endpoint['to'] | undefined
const closed = new AbortController()

beforeAll(async () => {
  folder = scratch()
  cluster = await startCluster({ directory: folder, faults: new Set(), site: 'goldentooth', calypso: 'fresh' })
})
afterEach(async () => {
  await host?.close()
  host = undefined
  way = undefined
  cluster.objects.delete('nodes/karstark')
  await cluster.comeOver(new Set())
})
afterAll(async () => {
  closed.abort()
  await cluster.close()
  forget(folder)
})

/** A bootstrap token as `kubeadm token create` makes it; fields changed or left out. */
function token(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const all: Readonly<Record<string, string | undefined>> = {
    'token-id': 'pqmhow',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
    'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    expiration: new Date(Date.now() + 600_000).toISOString(),
    ...changes,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  cluster.tokens.forget()
  cluster.objects.put('secrets/kube-system/bootstrap-token-pqmhow', {
    metadata: { name: 'bootstrap-token-pqmhow', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(given.map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  })
  return 'pqmhow.0123456789abcdef'
}

function hashOf(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}

async function machine(...faults: readonly FaultName[]): Promise<StartedHost> {
  const seen = (): readonly Endpoint[] => [{ ...api, to: way ?? cluster.port }]
  host = await startHost({
    name: 'karstark',
    directory: join(folder, `host-${Math.random().toString(36).slice(2)}`),
    network: networkOf(seen, closed.signal),
    cluster,
    kubernetes: 'v1.32.7',
    architecture: 'arm64',
    address: '10.4.0.20',
    hasGpu: false,
    faults: new Set(faults),
    leftovers: {
      other: { server: 'https://192.0.2.10:6443', caPem: cluster.caPem },
      own: { server: 'https://10.4.0.10:6443', caPem: cluster.caPem },
    },
    pace,
  })
  return host
}

async function run(command: string, input = ''): Promise<Outcome> {
  if (host === undefined) throw new Error('there is no machine')
  const connection = await Connection.open(host)
  try {
    return await connection.run(command, input)
  } finally {
    await connection.close()
  }
}

const joinWith = async (given: { readonly token?: string; readonly hash?: string; readonly flags?: string } = {}) =>
  await run(
    `sudo -n kubeadm join 10.4.0.10:6443 --token ${given.token ?? token()} --discovery-token-ca-cert-hash ${given.hash ?? hashOf(cluster.caPem)} ${given.flags ?? ''}`,
  )

/** What differs from run to run, and from the lab's machine: control groups of version 1, no ConfigMap of kube-proxy, its own times and names. */
function telling(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/SystemVerification|configset\.go:78|utils\.go:69|common\.go:101/.test(line))
    .join('\n')
    .replace(/^W\d{4} \S+ +\d+ /gm, 'W ')
    .replace(/10\.(77|4)\.0\.\d+:\d+/g, 'SERVER')
    .replace(/\d+\.\d+(ms|s)\b/g, 'TIME')
    .replace(/This can take up to \w+/, 'This can take up to LIMIT')
    .replace(/not healthy after \w*TIME/, 'not healthy after TIME')
    .replace(/sha256:[0-9a-f]{64}/g, 'HASH')
    .replace(/bootstrap:\w{6}/g, 'bootstrap:ID')
    .replace(/token ID "\w{6}"/, 'token ID "ID"')
    .replace(/ \(possibly because of .*\)/, '')
}

function recorded(name: string): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const text = (kind: string): string => {
    const path = join(fixtures, `${name}.${kind}`)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  const code = Number(/(?:rc )?(\d+) [\d.]+\s*$/.exec(text('rc'))?.[1])
  return { code, stdout: telling(text('out')), stderr: telling(text('err')) }
}

const shown = ({ code, stdout, stderr }: Outcome) => ({ code, stdout: telling(stdout), stderr: telling(stderr) })
const isReady = (): boolean =>
  (
    (cluster.objects.get('nodes/karstark')?.status as { conditions?: { type: string; status: string }[] })
      ?.conditions ?? []
  ).some(({ type, status }) => type === 'Ready' && status === 'True')
async function until(is: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000
  while (!is()) {
    if (performance.now() > endMs) throw new Error('not within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

it('joins, is a node of its own kind, refuses a second time, is reset, and refuses while its Node is Ready', async () => {
  const started = await machine()
  // As the package leaves it: enabled, and started again and again, because it has no configuration.
  await until(() =>
    /kubelet\[\d+\]: E.* "command failed" err="failed to load kubelet config file/.test(started.journal()),
  )
  expect(shown(await joinWith())).toEqual(recorded('10-join-ok-first'))
  await until(isReady)
  const node = cluster.objects.get('nodes/karstark')
  expect(JSON.stringify(node)).not.toMatch(/k3s|flannel/)
  expect(node?.metadata.annotations?.['kubeadm.alpha.kubernetes.io/cri-socket']).toBe(
    'unix:///var/run/containerd/containerd.sock',
  )
  expect(node?.spec).toMatchObject({ podCIDR: expect.stringMatching(/^192\.168\./) })
  expect(existsSync(join(started.root, 'etc/kubernetes/bootstrap-kubelet.conf'))).toBe(false)

  expect(shown(await joinWith())).toEqual(recorded('30-already-joined'))

  const reset = await run('sudo -n kubeadm reset -f')
  expect(shown(reset)).toEqual(recorded('40-reset'))
  expect(existsSync(join(started.root, 'etc/kubernetes/kubelet.conf'))).toBe(false)
  expect(existsSync(join(started.root, 'etc/cni/net.d/10-calico.conflist'))).toBe(true)
  expect(shown(await joinWith())).toEqual(recorded('41-rejoin-right-after-reset'))
})

it('reads a configuration from standard input, of both versions, and gives the kubelet its arguments', async () => {
  await machine()
  const config = (version: string, extra: string): string => `apiVersion: kubeadm.k8s.io/${version}
kind: JoinConfiguration
discovery:
  bootstrapToken:
    apiServerEndpoint: 10.4.0.10:6443
    token: ${token()}
    caCertHashes: ["${hashOf(cluster.caPem)}"]
nodeRegistration:
  name: karstark
  kubeletExtraArgs: ${extra}
  taints: [{ key: gpu, value: "true", effect: NoSchedule }]
`
  const four = `${config('v1beta4', '[{ name: node-ip, value: 10.4.0.20 }]')}timeouts: { discovery: 10s, kubeletHealthCheck: 30s }\n`
  expect(shown(await run('sudo -n kubeadm join --config /dev/stdin', four))).toEqual({
    ...recorded('50-join-config-stdin'),
    code: 0,
  })
  expect(cluster.objects.get('nodes/karstark')?.spec).toMatchObject({
    taints: expect.arrayContaining([{ key: 'gpu', value: 'true', effect: 'NoSchedule' }]) as unknown,
  })
  await run('sudo -n kubeadm reset -f')
  cluster.objects.delete('nodes/karstark')
  const three = await run('sudo -n kubeadm join --config /dev/stdin', config('v1beta3', '{ node-ip: 10.4.0.20 }'))
  expect(shown(three)).toEqual(recorded('57-v1beta3-stdin'))
})

it('was joined by hand, as seed 001 tells: a node that is Ready, and whose host belongs to the cluster', async () => {
  const directory = join(folder, 'by-hand')
  const world = await startWorld({
    directory,
    site: 'goldentooth',
    node: 'lipps',
    calypso: 'joined-by-hand',
    faults: new Set(),
  })
  try {
    const node = world.cluster.objects.get('nodes/lipps')?.status as { nodeInfo: object; conditions: object[] }
    expect(node.nodeInfo).toMatchObject({ kubeletVersion: 'v1.32.7', architecture: 'arm64' })
    expect(node.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }))
    expect(world.host.unit('kubelet')).toMatchObject({ activeState: 'active' })
    const kubeconfig = readFileSync(join(world.host.root, 'etc/kubernetes/kubelet.conf'), 'utf8')
    expect(kubeconfig).toContain('server: https://10.4.0.10:6443')
    expect(Object.keys(world.hosts).toSorted()).toEqual(['karstark', 'lipps', 'velaryon'])
  } finally {
    await world.close()
  }
})

describe('what it does not get past', () => {
  it.each<[string, string, Parameters<typeof token>[0]]>([
    ['a token that has ended', '22-expired', { expiration: new Date(Date.now() - 1000).toISOString() }],
    ['one that may not sign', '26-nosign', { 'usage-bootstrap-signing': undefined }],
    ['one without the group', '27-nogroup', { 'auth-extra-groups': undefined }],
    ['one that may not authenticate', '28-noauth', { 'usage-bootstrap-authentication': undefined }],
  ])('%s', async (_what, name, changes) => {
    await machine()
    const given = token(changes)
    expect(shown(await joinWith({ token: given }))).toEqual(recorded(name))
  })

  it('a token that nobody knows, a wrong secret, a wrong hash, no hash', async () => {
    await machine()
    token()
    expect(shown(await joinWith({ token: 'abcdef.0123456789abcdef' }))).toEqual(recorded('20-unknown-token'))
    expect(shown(await joinWith({ token: 'pqmhow.fedcba9876543210' }))).toEqual(recorded('21-wrong-secret'))
    expect(shown(await joinWith({ hash: `sha256:${'0'.repeat(64)}` }))).toEqual(recorded('23-wrong-hash'))
    const bare = await run(`sudo -n kubeadm join 10.4.0.10:6443 --token ${token()}`)
    expect(shown(bare)).toEqual(recorded('68-no-hash'))
  })

  it('a closed port, and an API server that knows nobody without credentials', async () => {
    await machine()
    way = 'refused'
    expect(shown(await joinWith())).toEqual(recorded('25-port-closed'))
    way = undefined
    await cluster.comeOver(new Set<FaultName>(['kubeadm-anonymous-off']))
    expect(shown(await joinWith())).toEqual(recorded('59-anonymous-off'))
  })

  it('a cluster-info that names another CA than the one that serves: seed 001', async () => {
    await machine()
    await cluster.comeOver(new Set<FaultName>(['kubeadm-stale-ca']))
    const map = cluster.objects.get('configmaps/kube-public/cluster-info') as unknown as {
      data: { kubeconfig: string }
    }
    const stale = /certificate-authority-data: (\S+)/.exec(map.data.kubeconfig)?.[1] ?? ''
    // As `kubeadm token create --print-join-command` prints it where that CA still lies.
    const hash = hashOf(Buffer.from(stale, 'base64').toString('utf8'))
    expect(shown(await joinWith({ hash }))).toEqual(recorded('24-stale-ca-in-cluster-info'))
    expect(shown(await joinWith()).stderr).toContain('none of the public keys "HASH" are pinned')
  })

  it('a certificate that nobody approves', async () => {
    await machine()
    await cluster.comeOver(new Set<FaultName>(['kubeadm-csr-pending']))
    expect(shown(await joinWith())).toEqual(recorded('75-csr-never-approved'))
  })
})

describe('what a machine can have', () => {
  it.each<[FaultName, string]>([
    ['kubeadm-ip-forward', '63-ip-forward-0'],
    ['kubeadm-port-taken', '61-port-10250'],
    ['kubeadm-two-sockets', '70-two-crisockets'],
    ['kubeadm-kubelet-crashes', '60-kubelet-crashes'],
    ['kubeadm-unfinished', '43-retry-node-deleted-leftovers'],
  ])('%s', async (fault, name) => {
    await machine(fault)
    expect(shown(await joinWith())).toEqual(recorded(name))
  })

  it('swap: kubeadm warns, and the reason stands in the kubelet’s journal alone', async () => {
    const started = await machine('kubeadm-swap')
    const seen = shown(await joinWith())
    expect([seen.code, seen.stdout]).toEqual([1, recorded('72-swap-join').stdout])
    expect(seen.stderr).toContain('[WARNING Swap]: swap is supported for cgroup v2 only.')
    expect(started.journal()).toContain('running with swap on is not supported')
  })

  it('containerd that does not run: kubeadm warns and waits, and goes with its caller', async () => {
    const started = await machine('kubeadm-containerd-down')
    const seen = shown(
      await run(
        `sudo -n timeout 2 kubeadm join 10.4.0.10:6443 --token ${token()} --discovery-token-ca-cert-hash ${hashOf(cluster.caPem)}`,
      ),
    )
    expect(seen).toEqual(recorded('62-containerd-down'))
    expect(started.journal()).toMatch(/failed to run Kubelet: validate service connection/)
    expect(existsSync(join(started.root, 'etc/kubernetes/bootstrap-kubelet.conf'))).toBe(true)
    expect(started.processes()).toEqual([])
  })

  it('a user who is not root, and no kubelet', async () => {
    const started = await machine()
    expect(
      shown(
        await run(
          `kubeadm join 10.4.0.10:6443 --token ${token()} --discovery-token-ca-cert-hash ${hashOf(cluster.caPem)}`,
        ),
      ),
    ).toEqual(recorded('64-not-root'))
    await run('sudo -n rm "$ROOT/usr/bin/kubelet"')
    expect(shown(await joinWith())).toEqual(recorded('67-kubelet-missing'))
    expect(existsSync(join(started.root, 'etc/kubernetes/pki/ca.crt'))).toBe(false)
  })

  it('a foreign CA stays where it is', async () => {
    const started = await machine('kubeadm-leftover-ca')
    const path = join(started.root, 'etc/kubernetes/pki/ca.crt')
    writeFileSync(path, 'somebody else’s')
    expect((await joinWith({ flags: '--skip-phases=preflight' })).code).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe('somebody else’s')
  })
})
