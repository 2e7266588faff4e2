import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { RunFailure } from '../../actions/failure.ts'
import { confirmHost } from '../../actions/gpu-runtime/change-host.ts'
import type { Gpu, Planned } from '../../actions/gpu-runtime/context.ts'
import { type Tracks, undo } from '../../actions/gpu-runtime/undo.ts'
import { Run } from '../../actions/run.ts'
import type { ContainerCall } from '../../src/gpu/index.ts'
import { type Host, HostError } from '../../src/host/index.ts'
import type { Cluster, NodeEvent } from '../../src/kubernetes/index.ts'
import type { Runner } from '../../src/runner/index.ts'
import { nodeOf } from './gpu-cluster-world.ts'
import { gpuSituation, program, renderedText } from './gpu-situations.ts'
import { tritonInDocker } from './situations.ts'

const folder = mkdtempSync(join(tmpdir(), 'gpu-confirm-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Line = Readonly<Record<string, unknown>>
type Answers = Readonly<Record<string, () => Promise<readonly Line[]>>>

/** What a host says whose k3s runs with the runtime, as it was planned. */
const wellPrepared: readonly Line[] = [
  { fact: 'k3s.unit', name: 'k3s-agent', active: 'active' },
  { fact: 'k3s.binary', version: 'v1.33.4+k3s1' },
  { fact: 'gpu.runtimes', search: '/usr/local/bin:/usr/bin', paths: program.path },
  { fact: 'gpu.containerd', name: 'config.toml', path: '/c', text: renderedText({ nvidia: program.path }) },
  { fact: 'gpu.handlers', names: 'runc\nnvidia' },
]
const triton: ContainerCall = {
  runtime: 'docker',
  id: 'a'.repeat(64),
  name: '/triton',
  outcome: 'ok',
  said: 'GPU 0: …',
}
const fine: Answers = {
  survey: async () => wellPrepared,
  'container-calls': async () => [
    { container_call: 'ok', runtime: 'docker', id: triton.id, name: '/triton', said: 'GPU 0' },
  ],
}

interface World {
  readonly answers?: Answers
  readonly wish?: Readonly<Record<string, unknown>>
  readonly ignoreChecks?: readonly string[]
  readonly cluster?: Partial<Cluster>
}

function worldOf({ answers = fine, wish, ignoreChecks = [], cluster = {} }: World = {}) {
  const printed: string[] = []
  const runner = {
    temporaryDirectory: folder,
    environment: {},
    redact: (text: string) => text,
    line: (text = '') => printed.push(text),
    debug: () => undefined,
  } as unknown as Runner
  const run = new Run(runner, 'gpu-runtime', [])
  run.node = 'calypso'
  const situation = gpuSituation({ reading: { node: nodeOf() } })
  const host = {
    label: 'calypso',
    counts: { sessions: 1 },
    run: async ({ name }: { readonly name: string }) => ({
      lines: (await answers[name]?.()) ?? [],
      exitCode: 0,
      stderr: '',
    }),
  } as unknown as Host
  const gpu = {
    run,
    signal: new AbortController().signal,
    inputs: {
      desired: { node: 'calypso', access: {} },
      wish: { ...situation.wish, ...wish },
      timeoutMs: 2_000,
      ignoreChecks,
    },
    identity: { runId: 'r', label: 'l' },
    cluster,
  } as unknown as Gpu
  const planned = { host, situation, plan: { changes: [], blockers: [] }, restart: [] } as unknown as Planned
  return {
    gpu,
    planned,
    printed,
    verdicts: () => run.record.parts().checks.map(({ id, verdict }) => `${id} ${verdict}`),
  }
}

const unanswered = async () => {
  throw new HostError('script-timeout', 'calypso', { title: 'no answer', cause: 'a container hangs', remedy: 'look' })
}

describe('after the changes of a host', () => {
  it('all is well when k3s has the runtime and the containers still have the GPU', async () => {
    const { gpu, planned, verdicts } = worldOf()
    expect(await confirmHost(gpu, planned, [triton])).toEqual([])
    expect(verdicts()).toEqual(['confirm.runtime-config pass', 'confirm.gpu-calls pass'])
  })

  it('a host that says nothing any more is no proof', async () => {
    const { gpu, planned, verdicts } = worldOf({ answers: { ...fine, survey: async () => [] } })
    await expect(confirmHost(gpu, planned, [])).rejects.toThrow(RunFailure)
    expect(verdicts()).toEqual(['confirm.runtime-config error'])
  })

  it('containers that cannot be asked again are told, and nothing is taken back for it', async () => {
    const answers = { ...fine, 'container-calls': unanswered }
    const { gpu, planned, verdicts } = worldOf({ answers })
    expect((await confirmHost(gpu, planned, [triton])).map(({ id }) => id)).toEqual(['confirm.gpu-calls'])
    expect(verdicts()).toContain('confirm.gpu-calls error')
    const allowed = worldOf({ answers, wish: { allowGpuDisruption: true } })
    expect(await confirmHost(allowed.gpu, allowed.planned, [triton])).toEqual([])
    const ignored = worldOf({ answers, ignoreChecks: ['confirm.gpu-calls'] })
    expect(await confirmHost(ignored.gpu, ignored.planned, [triton])).toEqual([])
    expect(ignored.verdicts()).toContain('confirm.gpu-calls skip')
  })

  it('a process outside the cluster that can no longer be seen is not passed over', async () => {
    const { gpu, planned, verdicts } = worldOf()
    const used = { ...planned.situation.host.gpu, pciDevices: 1, processes: [tritonInDocker] }
    const host = { ...planned.situation.host, gpu: used }
    const before = { ...planned, situation: { ...planned.situation, host } }
    expect((await confirmHost(gpu, before as unknown as Planned, [])).map(({ id }) => id)).toEqual([
      'confirm.gpu-processes',
    ])
    expect(verdicts()).toContain('confirm.gpu-processes error')
  })
})

describe('an undo', () => {
  const tracks = (): Tracks => ({
    undone: undefined,
    hostTouched: true,
    isHostDone: false,
    isRestarted: true,
    inCluster: [],
  })
  const answers: Answers = { undo: async () => [{ undone: 'quarantine-template' }, { finished: 'r' }] }
  const node = nodeOf()

  it('that was done is not called failed because the API server was away meanwhile', async () => {
    let say: (event: NodeEvent) => void = () => undefined
    const cluster: Partial<Cluster> = {
      read: () => Promise.reject(new Error('connection refused')),
      watch: async (_name, onEvent, signal) => {
        say = onEvent
        // The server comes back, then the kubelet: its first Lease is the old one.
        say({ type: 'node', node })
        say({ type: 'lease', renewedAtMs: 1_000 })
        setTimeout(() => say({ type: 'lease', renewedAtMs: 11_000 }), 20)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    }
    const { gpu, planned } = worldOf({ answers, cluster })
    const own = tracks()
    expect(await undo(gpu, planned, own, new Error('x'))).toEqual({ changes: ['quarantine-template'], remaining: [] })
    expect(own.nodeAfter).toBe('calypso is Ready again with what was there before')
  })
})
