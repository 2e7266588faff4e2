/** tritonserver in docker has the GPU of calypso. What a run does to it is looked at, through the committed bundle. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors } from './door.ts'

const opened = doors()
const tables = ({ folder }: Door): string => join(folder, 'world', 'calypso', 'state', 'gpu')

/** tritonserver loses the card as soon as the agent's node is registered. */
function vanishOnStart(door: Door): void {
  const table = join(tables(door), 'processes.csv')
  door.world.cluster.objects.listen(({ type, key }) => {
    if (type === 'ADDED' && key === 'nodes/calypso')
      writeFileSync(table, `${readFileSync(table, 'utf8').split('\n')[0]}\n`)
  })
}
const checkOf = (report: { checks: readonly { id: string; verdict: string; found: string }[] } | undefined) =>
  report?.checks.find((one) => one.id === 'confirm.gpu-processes')

describe('a process outside the cluster that uses the GPU', () => {
  it('is looked for again after the start: still there', async () => {
    const { press } = await opened()
    const run = await press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(checkOf(run.report)).toMatchObject({
      verdict: 'pass',
      found: 'tritonserver (pid 2143, docker): still there',
    })
    expect(run.stdout).toMatch(/GPU: tritonserver \(pid 2143, docker\): still there/)
  })

  it('fails the run when it has vanished, and says which', async () => {
    const door = await opened()
    vanishOnStart(door)
    const run = await door.press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'confirm-gpu-processes' } })
    expect(checkOf(run.report)).toMatchObject({
      verdict: 'fail',
      found: 'tritonserver (pid 2143, docker) has it no more',
    })
    expect(run.report?.failure?.evidence).toContain('after: nobody uses the GPU')
    // The next press finds nobody who could be disturbed, and finishes what is left.
    expect(await door.press()).toMatchObject({ exitCode: 0, outputs: { result: 'joined', restarted: 'false' } })
  })

  it('is a warning when allow-gpu-disruption allowed it', async () => {
    const door = await opened()
    vanishOnStart(door)
    const run = await door.press({ 'allow-gpu-disruption': 'true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(checkOf(run.report)).toMatchObject({ verdict: 'warn' })
    expect(run.stdout).toMatch(/! GPU: tritonserver \(pid 2143, docker\) has it no more/)
  })

  it('is not known to be there when nobody can be asked any more', async () => {
    const door = await opened()
    door.world.cluster.objects.listen(({ type, key }) => {
      if (type !== 'ADDED' || key !== 'nodes/calypso') return
      writeFileSync(join(tables(door), 'exit-code'), '9\n')
      writeFileSync(join(tables(door), 'problem'), 'Failed to initialize NVML: Driver/library version mismatch\n')
    })
    const run = await door.press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(checkOf(run.report)).toMatchObject({
      verdict: 'error',
      found: expect.stringMatching(/^not known: tritonserver/),
    })
  })

  it('is spoken of in the state of a run that failed', async () => {
    const door = await opened({ faults: new Set(['never-ready']) })
    vanishOnStart(door)
    const run = await door.press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cni-not-initialised' } })
    expect(run.report?.failure?.state).toMatch(/^undone: .*GPU: tritonserver \(pid 2143, docker\) has it no more/)
    expect(checkOf(run.report)).toMatchObject({ verdict: 'fail' })
  })
})
