/** Hostile text of Triton and of what stands before it, through the bundle of verify-cluster. */
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Place } from '../../rehearsal/press.ts'
import { type Door, doors } from './door.ts'
import { counted, job, model, withEndpoint } from './verify-cluster-door.ts'
import { type Front, type Met, type Reply, startFront } from './verify-cluster-front.ts'
import { expectSound, line, text } from './verify-cluster-hostile.ts'

const opened = doors()
const limitMs = 300_000
const gpu = 'gpu.boathou.se'

const fronts: Front[] = []
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()))
})

/** Triton behind a front that changes what it says. */
async function speak(
  door: Door,
  answer: (met: Met, passed: Required<Reply>) => Reply | undefined,
): Promise<Partial<Place>> {
  const { cluster, triton } = door.world
  const front = await startFront(
    await cluster.issue([gpu]),
    (met, passed) => (passed ? answer(met, passed) : undefined),
    triton.port,
  )
  fronts.push(front)
  return { ...withEndpoint(door, { host: gpu, port: 443, to: front.port }), machine: job }
}

describe('Triton', () => {
  it(
    'that says what it likes, in every answer',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const hostile = {
        name: text,
        version: line,
        platform: text,
        backend: text,
        error: text,
        reason: text,
        state: line,
      }
      const said: Readonly<Record<string, Reply>> = {
        '/v2/health/live': { status: 400, body: text },
        '/v2/health/ready': { status: 400, body: JSON.stringify({ error: text }) },
        '/v2': { status: 200, body: JSON.stringify({ name: text, version: line, extensions: [text, line, 5, null] }) },
        '/v2/repository/index': {
          status: 200,
          body: JSON.stringify([hostile, { ...hostile, name: model }, null, 'x']),
        },
        [`/v2/models/${model}`]: {
          status: 200,
          body: JSON.stringify({
            ...hostile,
            name: model,
            versions: [text],
            inputs: [{ name: text, datatype: line, shape: [-1, text] }],
            outputs: 5,
          }),
        },
        [`/v2/models/${model}/ready`]: { status: 500, body: text, headers: { 'Content-Type': 'text/html' } },
        [`/v2/models/${model}/config`]: {
          status: 200,
          body: JSON.stringify({
            ...hostile,
            instance_group: [{ kind: text, gpus: [text], count: text }],
            max_batch_size: text,
          }),
        },
        [`/v2/models/${model}/stats`]: {
          status: 200,
          body: `{"model_stats":[{"name":${JSON.stringify(text)},"inference_count":"${'9'.repeat(400)}","inference_stats":{"success":{"count":-1,"ns":1e999}}}]}`,
        },
        [`/v2/models/${model}/infer`]: { status: 500, body: JSON.stringify({ error: text }) },
        '/metrics': { status: 200, body: text },
      }
      // One by one, because the first that fails ends a chain; then all of them at once.
      const paths = [...Object.keys(said).map((path) => [path]), Object.keys(said)]
      for (const some of paths) {
        const place = await speak(door, ({ path }) => (some.includes(path) ? said[path] : undefined))
        const { press } = await counted(
          door,
          { mode: 'probe', suites: 'triton', retries: '0', 'fail-on': 'warn' },
          place,
        )
        const failed = press.exitCode === 1
        expectSound(
          door,
          press,
          failed ? { exitCode: 1, result: 'failed', code: 'checks-failed' } : { exitCode: 0, result: 'verified' },
        )
        if (some.some((path) => /infer|config|stats|live|ready|index/.test(path)))
          expect([some, failed]).toEqual([some, true])
        if (some.some((path) => /config|stats/.test(path)))
          expect([some, press.outputs['gpu-verdict']]).not.toEqual([some, 'gpu-proved'])
      }
    },
    limitMs,
  )

  it(
    'whose answers are endless, bombs, nested without end, or headers',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const bodies: readonly Reply[] = [
        { status: 200, body: 'x'.repeat(20_000_000) },
        { status: 200, body: '['.repeat(200_000) },
        { status: 200, body: `{"outputs":[{"name":"a","datatype":"FP32","shape":[1e15,1e15],"data":[1]}]}` },
        { status: 302, headers: { Location: `https://evil.test/${encodeURIComponent(line.toWellFormed())}` } },
        { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="::error::evil"' } },
        { status: 200, headers: { 'Content-Encoding': 'gzip' }, body: Buffer.from('no gzip') },
      ]
      for (const reply of bodies) {
        const place = await speak(door, ({ path }) => (/infer|config/.test(path) ? reply : undefined))
        const { press } = await counted(door, { suites: 'triton', retries: '0' }, place)
        expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      }
    },
    limitMs,
  )
})
