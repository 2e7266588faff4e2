/**
 * What looking at a large cluster costs: `npm run bench -- --verify`. For 10, 100 and 1000 nodes with ten pods each: requests, time and
 * memory, as a ratio to the smallest. The embedded API answers from a process of its own, so that its memory is not counted; the
 * machine's speed is in every number, and the ratio is what to compare. Not a test.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bigWorld } from '../rehearsal/cluster/big-world.ts'
import { openCluster } from '../src/kubernetes/index.ts'
import { openLists } from '../src/verify/lists.ts'
import type { Suite, VerifyPorts, VerifyWish } from '../src/verify/model.ts'
import { makeApiSuite } from '../src/verify/suites/api/index.ts'
import { nodesSuite } from '../src/verify/suites/nodes/index.ts'
import { workloadsSuite } from '../src/verify/suites/workloads/index.ts'

const sizes = [10, 100, 1000]
const podsOfNode = 10
const rounds = 3

/** A child's answer, one line of JSON. */
interface Measured {
  readonly requests: number
  readonly ms: number
  readonly peakMiB: number
  readonly checks: number
}

const wish: VerifyWish = {
  cluster: 'bench',
  mode: 'observe',
  suites: new Set(['api', 'nodes', 'workloads']),
  distribution: 'k3s',
  nodes: [],
  joining: '',
  version: '',
  tunnel: '',
  flux: 'ignored',
  triton: [],
  endpoints: [],
  certificateWarnMs: 0,
  certificateFailMs: 0,
  freePercent: 0,
  storageClass: '',
  prometheus: '',
  nodeJobs: [],
  gpuImage: '',
  probeImage: '',
  namespace: 'bench',
  timeoutMs: 0,
  severities: [],
}

/** The child: one look at the cluster of a kubeconfig. */
async function look(kubeconfigPath: string): Promise<Measured> {
  const { signal } = new AbortController()
  // To load the client is the start-up of an action, which is measured by itself.
  const cluster = await openCluster({ kubeconfigPath, signal })
  const startedAt = performance.now()
  const nobody = () => Promise.reject(new Error('not asked here'))
  const ports: VerifyPorts = {
    cluster,
    lists: openLists(cluster, Date.now, signal),
    openHttp: () => {
      throw new Error('not asked here')
    },
    resolve: nobody,
    certificates: nobody,
    now: Date.now,
    runId: 'benchbenchbe',
    label: 'bench',
    history: [],
    say: () => undefined,
    signal,
  }
  const others: readonly Suite[] = [nodesSuite, workloadsSuite]
  let checks = 0
  for (const suite of [makeApiSuite(others), ...others]) checks += (await suite.verify(ports, wish)).checks.length
  const ms = performance.now() - startedAt
  return { requests: cluster.requests, ms, peakMiB: process.resourceUsage().maxRSS / 1024, checks }
}

async function measure(kubeconfigPath: string): Promise<Measured> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', import.meta.filename, kubeconfigPath],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  return JSON.parse(text) as Measured
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'k3s-gpu-actions-bench-'))
  let base: { readonly ms: number; readonly peakMiB: number } | undefined
  try {
    for (const nodes of sizes) {
      const world = await bigWorld(nodes, nodes * podsOfNode)
      try {
        const path = join(folder, `${nodes}.yaml`)
        await writeFile(path, world.adminKubeconfig(`https://127.0.0.1:${world.port}`), { mode: 0o600 })
        const seen: Measured[] = []
        for (let round = 0; round < rounds; round++) seen.push(await measure(path))
        const ms = median(seen.map((one) => one.ms))
        const peakMiB = median(seen.map((one) => one.peakMiB))
        base ??= { ms, peakMiB }
        const [first] = seen
        process.stdout.write(
          `${`verify ${nodes} nodes, ${nodes * podsOfNode} pods`.padEnd(34)} ${ms.toFixed(0).padStart(5)} ms ${(ms / base.ms).toFixed(2)} ×   ` +
            `${peakMiB.toFixed(0).padStart(4)} MiB ${(peakMiB / base.peakMiB).toFixed(2)} ×   ${first?.requests} requests, ${first?.checks} checks\n`,
        )
      } finally {
        await world.close()
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [given] = process.argv.slice(2)
if (given?.endsWith('.yaml')) process.stdout.write(JSON.stringify(await look(given)))
else await compare()
