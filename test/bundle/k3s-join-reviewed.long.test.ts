/** Situations in which an earlier version claimed success, did harm, or never converged: through the committed bundle. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { doors, mutations, tokenNames } from './door.ts'

const opened = doors()

/** Files of the host that hold the text, wherever they are. */
function filesWith(root: string, text: string): string[] {
  try {
    return execFileSync('grep', ['-rlF', '--', text, root], { encoding: 'utf8' }).split('\n').filter(Boolean)
  } catch {
    // grep ends with 1 when there is none.
    return []
  }
}

describe('adoption', () => {
  it('leaves the server token nowhere on the host, not even in a backup', async () => {
    const { world, press } = await opened({ calypso: 'joined-by-hand' })
    expect(filesWith(world.calypso.root, world.cluster.serverToken)).not.toEqual([])
    const run = await press({ adopt: 'apply', 'allow-gpu-disruption': 'true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(filesWith(world.calypso.root, world.cluster.serverToken)).toEqual([])
  })

  it('by plan is no failure when the node runs another version: the difference waits with the rest', async () => {
    const { world, press } = await opened({ calypso: 'joined-by-hand' })
    const node = world.cluster.objects.get('nodes/calypso')!
    const status = node.status as { nodeInfo: Record<string, string> }
    world.cluster.objects.put('nodes/calypso', {
      ...node,
      status: { ...status, nodeInfo: { ...status.nodeInfo, kubeletVersion: 'v1.33.3+k3s1' } },
    })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'planned' } })
  })
})

describe('a killed start whose token is gone', () => {
  // That a waiting agent is restarted, not started, is shown by the planner's own test: here it may have registered in time.
  it('converges: the next press joins, and the one after that has nothing to do', async () => {
    const { world, start, press } = await opened()
    const run = start()
    await run.seen(/▸ Start k3s-agent/)
    run.child.kill('SIGKILL')
    await run.ended
    for (const name of tokenNames(world)) world.cluster.objects.delete(`secrets/kube-system/${name}`)
    const next = await press()
    expect(next).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect((await press()).outputs.result).toBe('unchanged')
  })
})

describe('a difference that nothing mends', () => {
  it('is never called unchanged', async () => {
    const { world, press } = await opened()
    await press()
    const node = world.cluster.objects.get('nodes/calypso')!
    const status = node.status as { nodeInfo: Record<string, string> }
    world.cluster.objects.put('nodes/calypso', {
      ...node,
      status: { ...status, nodeInfo: { ...status.nodeInfo, kubeletVersion: 'v1.32.9+k3s1' } },
    })
    const run = await press({ 'dry-run': 'true' })
    expect(run.outputs.result).not.toBe('unchanged')
    expect((JSON.parse(run.outputs.plan ?? '[]') as { id: string }[]).map((change) => change.id)).toContain('restart')
  })
})

describe('dry run', () => {
  it('refuses a token that the real run would refuse', async () => {
    const { world, press } = await opened()
    const run = await press({ 'dry-run': 'true', token: world.cluster.serverToken })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'server-token-refused' } })
    expect(world.calypso.counts.connections).toBe(0)
  })
})

describe('rights', () => {
  it('are asked for before anything is changed, also when a token was given', async () => {
    const { world, press, trees } = await opened({ faults: new Set(['no-rbac']) })
    const before = trees()
    const run = await press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'kubeconfig-rights' } })
    expect(trees()).toEqual(before)
    expect(mutations(world)).toEqual([])
  })
})

describe('a version that was never released', () => {
  it('is said to be one, with where to look, instead of "run it again"', async () => {
    const { press } = await opened()
    const run = await press({ version: 'v1.33.3+k3s9' })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'release-not-found' } })
    expect(run.stdout).toContain('v1.33.3+k3s9')
  })
})

describe('a GPU whose driver does not answer', () => {
  it('is not restarted under without consent', async () => {
    const { world, press } = await opened({ calypso: 'joined-by-hand' })
    // What a host says between a driver update and its reboot (NVIDIA/nvidia-container-toolkit#394).
    const broken = "#!/bin/sh\necho 'Failed to initialize NVML: Driver/library version mismatch'\nexit 18\n"
    const program = execFileSync(
      'sh',
      ['-c', `find "${join(world.calypso.root, '..')}" -name nvidia-smi | head -n 1`],
      { encoding: 'utf8' },
    ).trim()
    expect(program).not.toBe('')
    writeFileSync(program, broken, { mode: 0o755 })
    const run = await press({ adopt: 'apply' })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use' } })
    expect(run.stdout).toMatch(/could not be listed/)
  })
})
