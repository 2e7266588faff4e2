/** verify-cluster against a real Triton on the processor: what it must find, and what it must not be taken in by. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { addresses } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import type { Situation } from '../situation.ts'
import { startTriton, type TritonServer } from '../triton/index.ts'
import { inSituation, Skipped } from './expect.ts'
import { expectChecks, type Verified, verify } from './verify.ts'

const model = 'distilbert-base-uncased'
const header = { name: 'x-lab-key', value: 'open-sesame' }

interface Target {
  readonly name: string
  readonly model: string
  readonly proof: 'gpu-likely' | 'none'
}

/** Asks about several models of one server, as a cluster file of its own says. */
async function ask(
  situation: Situation,
  server: TritonServer,
  targets: readonly Target[],
  inputs: Readonly<Record<string, string>>,
): Promise<Verified> {
  const triton = targets.map((target) => ({
    name: target.name,
    url: server.url,
    model: target.model,
    'gpu-proof': target.proof,
    metrics: server.metricsUrl,
  }))
  const content = {
    name: 'lab',
    nodes: { srv712429: { role: 'server', address: addresses.server } },
    verify: { triton },
  }
  mkdirSync(join(situation.workspace, 'clusters'), { recursive: true })
  writeFileSync(join(situation.workspace, 'clusters', 'triton.yaml'), stringify(content))
  return await verify(situation, ['triton'], { 'cluster-file': 'clusters/triton.yaml', ...inputs })
}

const steps = [
  'live',
  'ready',
  'server',
  'index',
  'model',
  'config',
  'infer',
  'binary',
  'repeat',
  'batch',
  'statistics',
]

/** One model that is well, for somebody who wants a GPU and for somebody who does not; then its process dies. */
async function oneModel(situation: Situation, server: TritonServer): Promise<void> {
  const healthy = await ask(
    situation,
    server,
    [
      { name: 'any', model, proof: 'none' },
      { name: 'gpu', model, proof: 'gpu-likely' },
    ],
    { mode: 'load', 'fail-on': 'never' },
  )
  expectChecks(healthy, {
    ...Object.fromEntries(steps.map((step) => [`triton.${step}.any`, ['pass'] as const])),
    'triton.gpu.gpu': ['fail', /KIND_CPU/],
    'triton.latency.any': ['pass'],
  })
  if (healthy.press.outputs['gpu-verdict'] !== 'cpu-fallback')
    throw new Error(`the GPU's verdict is ${healthy.press.outputs['gpu-verdict']}, not cpu-fallback`)

  await server.killModel(model)
  const dead = await ask(situation, server, [{ name: 'any', model, proof: 'none' }], { mode: 'observe' })
  // The server notices nothing: only who asks the model does.
  expectChecks(dead, {
    'triton.live.any': ['pass'],
    'triton.ready.any': ['pass'],
    'triton.model.any': ['pass'],
    'triton.infer.any': ['fail', /Stub process .* is not healthy/],
  })
}

/** Five models in five states behind a server whose repository and statistics want a header. */
async function manyModels(situation: Situation, server: TritonServer): Promise<void> {
  const repository = (path: string): Promise<Response> =>
    fetch(`${server.url}/v2/repository/models/${path}`, {
      method: 'POST',
      body: '{}',
      headers: { [header.name]: header.value },
    })
  await repository('gpu/load')
  await repository('unloaded/unload')
  const loaded = repository('slow/load')
  const targets = ['well', 'unloaded', 'never', 'gpu', 'slow'].map(
    (name): Target => ({ name, model: name, proof: 'none' }),
  )
  const all = await ask(situation, server, targets, {
    mode: 'probe',
    'triton-headers': `${header.name}: ${header.value}`,
  })
  expectChecks(all, {
    // The server speaks for all of its models at once.
    'triton.ready.well': ['warn', /because of other models/],
    'triton.infer.well': ['pass'],
    'triton.ready.unloaded': ['fail', /unloaded/],
    'triton.ready.never': ['fail', /not loaded/],
    'triton.ready.gpu': ['fail', /KIND_GPU but no GPUs are available/],
    'triton.ready.slow': ['fail', /still loads/],
    'triton.infer.slow': ['skip', /blocked by triton\.ready\.slow/],
    'triton.control.well': ['pass'],
  })
  // Without the header it cannot know whose fault it is that the server is not ready, and does not call the model ill.
  const stranger = await ask(situation, server, [{ name: 'well', model: 'well', proof: 'none' }], { mode: 'observe' })
  expectChecks(stranger, {
    'triton.ready.well': ['warn'],
    'triton.index.well': ['skip', /restricted/],
    'triton.infer.well': ['pass'],
  })
  await loaded
}

export const verifyTritonScenarios: readonly LabScenario[] = [
  {
    ...inSituation(
      'verify-triton',
      'verify-cluster and a real Triton: on the CPU, its process dead, unloaded, never loaded, without its GPU, loading, restricted',
      { hasGpu: false },
      async (situation, lab) => {
        const { triton } = lab.parts
        if ('missing' in triton) throw new Skipped(triton.missing)
        const play = async (
          name: string,
          options: Parameters<typeof startTriton>[2],
          body: (server: TritonServer) => Promise<void>,
        ): Promise<void> => {
          const server = await startTriton(triton, join(situation.folder, name), options)
          try {
            await body(server)
          } finally {
            await server.close()
          }
        }
        await play('one', { models: [{ name: model }] }, (server) => oneModel(situation, server))
        const models = [
          { name: 'well' },
          { name: 'unloaded' },
          { name: 'never' },
          { name: 'gpu', kind: 'KIND_GPU' as const },
          { name: 'slow', loadSeconds: 10 },
        ]
        const restricted = [
          '--model-control-mode=explicit',
          '--load-model=well',
          '--load-model=unloaded',
          `--http-restricted-api=model-repository,statistics:${header.name}=${header.value}`,
        ]
        await play('many', { models, arguments: restricted }, (server) => manyModels(situation, server))
        return 'each told from the others in one press; a dead model is found though the server calls it ready'
      },
    ),
    needs: ['triton'],
  },
]
