/** k3s-join on nodes that exist already, and runs that are interrupted: through the committed bundle. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { doors, mutations, tokenNames } from './door.ts'

const opened = doors()

const environmentFile = 'etc/systemd/system/k3s-agent.service.env'
const unitFile = 'etc/systemd/system/k3s-agent.service'
const dropIn = 'etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml'
const apply = { adopt: 'apply', 'allow-gpu-disruption': 'true' }

describe('a node that was joined by hand', () => {
  it('is planned, not touched: labels and taints are recorded, the host stays byte for byte', async () => {
    const { world, press, trees } = await opened({ calypso: 'joined-by-hand' })
    const before = trees()
    const starts = world.calypso.unit('k3s-agent.service')?.starts
    const run = await press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'planned', restarted: 'false' } })
    const plan = JSON.parse(run.outputs.plan ?? '[]') as { id: string; waitsFor?: string }[]
    expect(plan.filter((change) => change.waitsFor === 'adopt: apply').map((change) => change.id)).toEqual([
      'mint-token',
      'write-config',
      'edit-environment',
      'edit-unit',
      'reload',
      'restart',
    ])
    expect(trees()).toEqual(before)
    expect(world.calypso.unit('k3s-agent.service')?.starts).toBe(starts)
    expect(world.cluster.objects.get('nodes/calypso')?.metadata.annotations).toMatchObject({
      'k3s-gpu-actions/owned-labels': 'oceanid.node/gpu,oceanid.node/name',
    })

    // Shown again, not forgotten: without a complete run it is never "unchanged".
    expect((await press()).outputs.result).toBe('planned')
  })

  it('is adopted without being reinstalled: the server token is gone, foreign keys stay, and the next press has nothing to do', async () => {
    const { world, press } = await opened({ calypso: 'joined-by-hand' })
    const root = world.calypso.root
    appendFileSync(join(root, environmentFile), "# the owner's own note\nCONTAINERD_LOG_LEVEL='warn'\n")
    const program = readFileSync(join(root, 'usr/local/bin/k3s'))
    const uid = world.cluster.objects.get('nodes/calypso')?.metadata.uid

    const run = await press(apply)
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined', restarted: 'true' } })
    expect(run.report?.applied).not.toContain('run-installer')
    const environment = readFileSync(join(root, environmentFile), 'utf8')
    expect(environment).not.toContain(world.cluster.serverToken)
    expect(environment).toContain("# the owner's own note\nCONTAINERD_LOG_LEVEL='warn'\n")
    expect(readFileSync(join(root, unitFile), 'utf8')).not.toContain('--node-label')
    expect(readFileSync(join(root, dropIn), 'utf8')).toContain('oceanid.node/gpu=nvidia-rtx-4090')
    expect(readFileSync(join(root, 'usr/local/bin/k3s')).equals(program)).toBe(true)
    expect(world.cluster.objects.get('nodes/calypso')?.metadata.uid).toBe(uid)
    expect(tokenNames(world)).toEqual([])
    expect((await press()).outputs.result).toBe('unchanged')
  })

  it('is not restarted while tritonserver in docker uses the GPU, unless that is allowed', async () => {
    const { world, press, trees } = await opened({ calypso: 'joined-by-hand' })
    const before = trees()
    const run = await press({ adopt: 'apply' })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use' } })
    expect(run.stdout).toMatch(/tritonserver \(pid 2143, docker\)/)
    expect(run.stdout).toMatch(/allow-gpu-disruption/)
    expect(trees()).toEqual(before)
    expect(mutations(world)).toEqual([])
  })
})

describe('a node of ours', () => {
  it('gets labels added, changed and removed without a restart, and foreign labels stay', async () => {
    const { world, press } = await opened()
    await press()
    const node = world.cluster.objects.get('nodes/calypso')!
    world.cluster.objects.put('nodes/calypso', {
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, foreign: 'stays' } },
    })
    const starts = world.calypso.unit('k3s-agent.service')?.starts
    const run = await press({ labels: 'oceanid.node/name=calypso\nnode-role.kubernetes.io/gpu=true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined', restarted: 'false' } })
    const labels = world.cluster.objects.get('nodes/calypso')?.metadata.labels
    expect(labels).toMatchObject({
      foreign: 'stays',
      'oceanid.node/name': 'calypso',
      'node-role.kubernetes.io/gpu': 'true',
    })
    expect(labels).not.toHaveProperty('oceanid.node/gpu')
    expect(world.calypso.unit('k3s-agent.service')?.starts).toBe(starts)
    // The kubelet would refuse it, so it never reaches the host.
    expect(readFileSync(join(world.calypso.root, dropIn), 'utf8')).not.toContain('node-role')
  })

  it('is compared file by file under verify: deep, in one session, and mended', async () => {
    const { world, press } = await opened()
    await press()
    appendFileSync(join(world.calypso.root, dropIn), 'debug: true\n')
    expect((await press()).outputs.result).toBe('unchanged')
    const sessions = world.calypso.counts.sessions
    const shown = await press({ verify: 'deep', 'dry-run': 'true' })
    // A second one only because a restart is planned: the password that the server would ask for is compared before.
    expect(world.calypso.counts.sessions).toBe(sessions + 2)
    expect((JSON.parse(shown.outputs.plan ?? '[]') as { id: string }[]).map((change) => change.id)).toEqual([
      'write-config',
      'restart',
    ])
    const mended = await press({ verify: 'deep', 'allow-gpu-disruption': 'true' })
    expect(mended).toMatchObject({ exitCode: 0, outputs: { restarted: 'true' } })
    expect(readFileSync(join(world.calypso.root, dropIn), 'utf8')).not.toContain('debug')
    const before = world.calypso.counts.sessions
    const deep = await press({ verify: 'deep' })
    expect(deep.outputs.result).toBe('unchanged')
    expect(world.calypso.counts.sessions).toBe(before + 1)
    expect(deep.stdout).toMatch(/the host was compared as well/)
  })
})

describe('interrupted runs converge', () => {
  it('kill -9 while the agent starts: post deletes the token, the next press joins', async () => {
    const { world, start, post, press } = await opened()
    const run = start()
    await run.seen(/▸ Start k3s-agent/)
    run.child.kill('SIGKILL')
    const killed = await run.ended
    expect(tokenNames(world)).toHaveLength(1)
    expect(await post(killed.state)).toMatchObject({ exitCode: 0 })
    expect(tokenNames(world)).toEqual([])
    const next = await press()
    expect(next.exitCode).toBe(0)
    expect((await press()).outputs.result).toBe('unchanged')
  })

  it('kill -9 before post could run: the next press sweeps the token of the dead run', async () => {
    const { world, start, press } = await opened()
    const run = start()
    await run.seen(/▸ Handshake/)
    run.child.kill('SIGKILL')
    await run.ended
    expect(tokenNames(world)).toHaveLength(1)
    expect(await press()).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(tokenNames(world)).toEqual([])
  })

  it('cancelled: the token is deleted within the seconds a runner gives, and the run says how to go on', async () => {
    const { world, start, press } = await opened()
    const run = start()
    await run.seen(/▸ Start k3s-agent/)
    const cancelledAt = performance.now()
    run.child.kill('SIGINT')
    const cancelled = await run.ended
    expect(performance.now() - cancelledAt).toBeLessThan(7_500)
    expect(cancelled).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cancelled' } })
    expect(cancelled.stdout).toMatch(/run it again/)
    // No undo in the seconds a runner gives: what was done stays, and the next run goes on from there.
    expect(cancelled.report).toMatchObject({ undone: [], failure: { state: expect.stringMatching(/^not undone/) } })
    expect(tokenNames(world)).toEqual([])
    expect((await press()).exitCode).toBe(0)
  })
})

describe('a name that is taken', () => {
  it('is replaced only when it was typed, and only when its node is dead', async () => {
    const { world, press } = await opened({ faults: new Set(['node-password']) })
    // The earlier calypso was another machine.
    const node = world.cluster.objects.get('nodes/calypso')!
    const status = node.status as { nodeInfo: object }
    const nodeInfo = { ...status.nodeInfo, systemUUID: '00000000-0000-0000-0000-000000000001' }
    world.cluster.objects.put('nodes/calypso', { ...node, status: { ...status, nodeInfo } })
    const old = node.metadata.uid
    const refused = await press()
    expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cluster-name' } })
    expect(refused.stdout).toMatch(/replace-node = calypso/)
    const replaced = await press({ 'replace-node': 'calypso' })
    expect(replaced.stdout).toContain('calypso')
    expect(replaced).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(world.cluster.objects.get('nodes/calypso')?.metadata.uid).not.toBe(old)
  })
})

describe('a given token', () => {
  it('is refused when it is the server’s own, and never shown', async () => {
    const { world, press } = await opened()
    const run = await press({ token: world.cluster.serverToken })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'server-token-refused' } })
    expect(
      run.stdout
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n'),
    ).not.toContain(world.cluster.serverToken)
    expect(existsSync(join(world.calypso.root, unitFile))).toBe(false)
  })
})

describe('a kubeconfig that only this runner can use', () => {
  it('asks for the address that the host should use', async () => {
    const { world, press, folder } = await opened()
    const text = readFileSync(world.kubeconfigFile, 'utf8').replace(
      '157.173.210.123:6443',
      `127.0.0.1:${world.cluster.port}`,
    )
    const path = join(folder, 'loopback-kubeconfig')
    writeFileSync(path, text, { mode: 0o600 })
    const file = join(folder, 'cluster.yaml')
    writeFileSync(
      file,
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'clusters', 'oceanid.yaml'), 'utf8').replace(
        /^ {2}server: .*$/m,
        '',
      ),
    )
    const run = await press({ kubeconfig: path, 'cluster-file': file })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'server-unknown' } })
    expect(run.stdout).toMatch(/only this runner can reach/)
  })
})
