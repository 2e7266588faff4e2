/** One night in the embedded oceanid: the suites of verification, without Triton, as somebody runs them who has the shipped rights. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import { shippedManifest } from '../../rehearsal/cluster/manifests.ts'
import type { VerifyFault } from '../../rehearsal/contract.ts'
import { openCluster, readCertificateDates } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import { openLists } from '../../src/verify/lists.ts'
import type { ExpectedNode, SuiteName, VerifyPorts, VerifyWish } from '../../src/verify/model.ts'
import { runSuite } from '../../src/verify/run-suite.ts'
import { suites } from '../../src/verify/suites/index.ts'

const dayMs = 24 * 3600 * 1000
const all: readonly SuiteName[] = [
  'api',
  'nodes',
  'workloads',
  'gpu',
  'gpu-job',
  'flux',
  'storage',
  'certificates',
  'network',
  'monitoring',
]

const node = (wish: Partial<ExpectedNode>): ExpectedNode => ({
  role: 'agent',
  address: '',
  version: '',
  labels: {},
  taints: [],
  podNetwork: 'shared',
  ...wish,
})

/** As clusters/oceanid.yaml has it, and with what it does not name: a Prometheus, and how full a disk may be. */
const wish: VerifyWish = {
  cluster: 'oceanid',
  mode: 'probe',
  suites: new Set(all),
  distribution: 'k3s',
  nodes: [],
  joining: '',
  expected: {
    srv712429: node({ role: 'server', address: '157.173.210.123' }),
    srv712695: node({ address: '191.101.1.3' }),
    calypso: node({
      labels: { 'oceanid.node/name': 'calypso', 'oceanid.node/gpu': 'nvidia-rtx-4090' },
      taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
      podNetwork: 'isolated',
      gpu: { count: 1, product: 'NVIDIA GeForce RTX 4090' },
    }),
  },
  version: 'v1.33.4+k3s1',
  tunnel: '',
  flux: 'required',
  triton: [],
  endpoints: [],
  certificateWarnMs: 30 * dayMs,
  certificateFailMs: 7 * dayMs,
  freePercent: 15,
  storageClass: '',
  prometheus: 'monitoring/prometheus:9090',
  nodeJobs: [],
  gpuImage: '',
  probeImage: '',
  namespace: 'k3s-gpu-actions-verify',
  timeoutMs: 30_000,
  severities: [],
}

export interface Night {
  readonly checks: ReadonlyMap<string, Check>
  /** Requests that it took. */
  readonly requests: number
}

export interface Nights {
  readonly world: World
  /** Verifies, with these faults and no others. */
  night(faults: readonly VerifyFault[], suites?: readonly SuiteName[], wish?: Partial<VerifyWish>): Promise<Night>
  close(): Promise<void>
}

/** What the shipped manifests leave to whoever wants it: the Prometheus, and Secrets that may be join tokens. */
const further = ['monitoring:services/proxy:get', 'kube-system:secrets:list']
  .map((text) => {
    const [namespace = '', resource, verb] = text.split(':')
    const subject = { kind: 'ServiceAccount', name: 'k3s-gpu-actions-verify', namespace: 'kube-system' }
    const metadata = { name: `further-${namespace}`, namespace }
    const role = { kind: 'Role', metadata, rules: [{ apiGroups: [''], resources: [resource], verbs: [verb] }] }
    const binding = {
      kind: 'RoleBinding',
      metadata,
      roleRef: { kind: 'Role', name: metadata.name },
      subjects: [subject],
    }
    return `${JSON.stringify(role)}\n---\n${JSON.stringify(binding)}`
  })
  .join('\n---\n')

export async function openNights(faults: readonly VerifyFault[] = []): Promise<Nights> {
  const manifest = `${shippedManifest()}\n---\n${further}`
  const world = await startCluster({ directory: '', faults: new Set(faults), calypso: 'in-service', manifest })
  const folder = mkdtempSync(join(tmpdir(), 'nights-'))
  const kubeconfigPath = join(folder, 'kubeconfig')
  writeFileSync(kubeconfigPath, world.verifyKubeconfig(`https://127.0.0.1:${world.port}`), { mode: 0o600 })
  let number = 0
  const nobody = () => Promise.reject(new Error('nobody may be asked but the API server'))
  return {
    world,
    async night(present, names = all, changed = {}) {
      await world.comeOver(new Set(present))
      const { signal } = new AbortController()
      const cluster = await openCluster({ kubeconfigPath, signal })
      number += 1
      const ports: VerifyPorts = {
        cluster,
        lists: openLists(cluster, Date.now, signal),
        openHttp: () => {
          throw new Error('nobody may be asked but the API server')
        },
        resolve: nobody,
        certificates: () => readCertificateDates({ path: kubeconfigPath, context: '' }, signal),
        now: Date.now,
        runId: `night${String(number).padStart(7, '0')}`,
        label: `night ${number}`,
        history: [],
        say: () => undefined,
        signal,
      }
      const patience = { retries: 0, wait: nobody }
      const asked = { ...wish, suites: new Set(names), ...changed }
      const outcomes = await Promise.all(names.map((name) => runSuite(suites[name], ports, asked, patience)))
      const checks = outcomes.flatMap((outcome) => outcome.checks)
      return { checks: new Map(checks.map((check) => [check.id, check])), requests: cluster.requests }
    },
    async close() {
      rmSync(folder, { recursive: true, force: true })
      await world.close()
    },
  }
}
