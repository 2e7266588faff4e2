/** The embedded cluster with calypso in it, whose kubelet runs here: what the runtime and the GPU do there is the test's. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaseObject, startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import type { ContainerGround } from '../../rehearsal/kubelet/model.ts'
import { type PodReport, Pods } from '../../rehearsal/kubelet/pods.ts'
import { gpuAnnotation, renderDevicePlugin } from '../../src/gpu/index.ts'
import { type Cluster, openCluster } from '../../src/kubernetes/index.ts'
import type { VerifyPorts } from '../../src/verify/index.ts'
import { openLists } from '../../src/verify/lists.ts'
import { gpuOf, gpuTaint, image } from '../unit/gpu-cluster-world.ts'
import { tritonImage, uuid } from '../unit/verify-gpu-world.ts'

type Json = Record<string, unknown>
export const namespace = 'k3s-gpu-actions-verify'

const well: ContainerGround = {
  handlers: new Set(['runc', 'nvidia']),
  defaultHandler: 'runc',
  hasFile: () => false,
  gpu: {
    driver: 'ok',
    uuids: [uuid],
    migProfiles: [],
    card: {
      name: 'NVIDIA GeForce RTX 4090',
      driver: '575.51.03',
      memoryMiB: 24564,
      usedMiB: 312,
      capability: '8.9',
      cuda: '12.9',
    },
  },
}

export interface Ground {
  readonly world: World
  readonly cluster: Cluster
  /** Over what is well; set before a question. */
  ground: Partial<ContainerGround>
  /** Changes the Node: a patch of its parts. */
  node(change: (node: { metadata: Json; spec: Json; status: Json }) => void): void
  ports(runId: string, signal?: AbortSignal): VerifyPorts
  /** Jobs and pods of the probes' namespace that are still there. */
  left(): readonly string[]
  close(): Promise<void>
}

const nodeOf = (object: Json): string => String((object.spec as Json | undefined)?.nodeName ?? '')

/** As an agent's kubelet tells its server (rehearsal/cluster/agents.ts). */
async function tell(world: World, report: PodReport): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const call = request(
    {
      host: '127.0.0.1',
      port: world.port,
      path: '/standin/v1/pods/calypso',
      method: 'POST',
      headers: { Authorization: `Bearer ${world.agentKey('calypso')}` },
      ca: world.caPem,
      servername: 'localhost',
      agent: false,
    },
    (response) =>
      response
        .resume()
        .on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`the report was answered ${response.statusCode}`)),
        ),
  )
  call.on('error', reject)
  call.end(JSON.stringify(report))
  await promise
}

export async function startGround(): Promise<Ground> {
  const world = await startCluster({
    directory: '',
    faults: new Set(),
    calypso: 'fresh',
    jobLagMs: 20,
    graceMs: 3_600_000,
  })
  const folder = await mkdtemp(join(tmpdir(), 'verify-gpu-'))
  const kubeconfigPath = join(folder, 'kubeconfig')
  await writeFile(kubeconfigPath, world.adminKubeconfig(`https://127.0.0.1:${world.port}`))
  const ending = new AbortController()
  const cluster = await openCluster({ kubeconfigPath, signal: ending.signal })
  const { objects } = world
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const amounts = { cpu: '16', memory: '64Gi', pods: '110', 'nvidia.com/gpu': '1' }
  const calypso = {
    metadata: {
      name: 'calypso',
      labels: { 'kubernetes.io/hostname': 'calypso', 'nvidia.com/gpu.present': 'true' },
      annotations: { 'k3s-gpu-actions/gpu': gpuAnnotation(gpuOf(), { isLabelOurs: true }) },
    },
    spec: { taints: [gpuTaint] },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: '',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
      images: [{ names: [tritonImage], sizeBytes: 1 }],
    },
  }
  const { uid } = objects.put('nodes/calypso', calypso as never).metadata
  objects.put('leases/kube-node-lease/calypso', leaseObject('calypso', Date.now() + 600_000, uid) as never)

  const self: { ground: Partial<ContainerGround> } = { ground: {} }
  const kubelet = new Pods({
    ground: () => ({ ...well, ...self.ground }),
    hostIp: '192.168.2.80',
    pace: 0.05,
    signal: ending.signal,
    header: (level, place) => `${level} ${place}]`,
    devices: async () => undefined,
    report: async (report) => tell(world, report),
  })
  const classes = () =>
    Object.fromEntries(objects.view('runtimeclasses').map((one) => [one.metadata.name, String(one.handler ?? '')]))
  const stop = objects.listen((event) => {
    if (!event.key.startsWith('pods/')) return
    setImmediate(() => {
      const pods = objects.view('pods').filter((pod) => nodeOf(pod as Json) === 'calypso')
      void kubelet.see({ pods, runtimeClasses: classes(), configMaps: {} })
    })
  })
  await cluster.applyObject(renderDevicePlugin({ image, taints: [gpuTaint] }), ending.signal)

  return Object.assign(self, {
    world,
    cluster,
    node(change: (node: { metadata: Json; spec: Json; status: Json }) => void) {
      const node = structuredClone(objects.get('nodes/calypso')) as unknown as {
        metadata: Json
        spec: Json
        status: Json
      }
      change(node)
      objects.put('nodes/calypso', node as never)
    },
    ports: (runId: string, signal: AbortSignal = ending.signal): VerifyPorts => ({
      cluster,
      lists: openLists(cluster, Date.now, signal),
      openHttp: () => {
        throw new Error('no HTTP here')
      },
      resolve: async () => [],
      certificates: async () => ({ server: [], authority: [] }),
      now: Date.now,
      runId,
      label: 'a test',
      history: [],
      say: () => undefined,
      signal,
    }),
    left: () =>
      [...objects.view(`jobs/${namespace}`), ...objects.view(`pods/${namespace}`)].map(({ metadata }) => metadata.name),
    async close() {
      stop()
      ending.abort(new Error('the test is over'))
      await world.close()
      await rm(folder, { recursive: true })
    },
  }) as Ground
}
