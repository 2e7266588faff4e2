/** A password that the cluster keeps for the node's name, and that the server would reject: through the committed bundle. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { isNodePassword, nodePasswordKey, nodePasswordSecret } from '../../rehearsal/cluster/index.ts'
import type { World } from '../../rehearsal/world.ts'
import { doors, mutations, type Press } from './door.ts'

const opened = doors()
const key = nodePasswordKey('calypso')
const passwordFile = 'etc/rancher/node/password'

const planOf = (run: Press): readonly string[] =>
  (JSON.parse(run.outputs.plan ?? '[]') as { id: string }[]).map((change) => change.id)
const uidOf = (world: World): string | undefined => world.cluster.objects.get('nodes/calypso')?.metadata.uid

/** The node that the fault leaves was another machine's. */
function makeForeign(world: World): void {
  const node = world.cluster.objects.get('nodes/calypso')!
  const status = node.status as { nodeInfo: object }
  const nodeInfo = { ...status.nodeInfo, systemUUID: '11111111-2222-3333-4444-555555555555' }
  world.cluster.objects.put('nodes/calypso', { ...node, status: { ...status, nodeInfo } })
}

/** Only a password that nobody has is left of an earlier calypso. */
async function openOrphan() {
  const door = await opened()
  door.world.cluster.objects.put(key, nodePasswordSecret('calypso', 'of an earlier installation'))
  return door
}

describe('a machine that was installed anew', () => {
  it('joins: the board proves that the dead node is itself, and only the Secret is deleted', async () => {
    const { world, press } = await opened({ faults: new Set(['node-password']) })
    const uid = uidOf(world)
    const node = world.cluster.objects.get('nodes/calypso')!
    const labels = { ...node.metadata.labels, foreign: 'stays' }
    world.cluster.objects.put('nodes/calypso', { ...node, metadata: { ...node.metadata, labels } })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(run.report?.applied).toContain('delete-node-password')
    expect(planOf(run)).not.toContain('delete-node')
    expect(run.stdout).toMatch(/k3s\.node-password.*same system UUID/)
    expect(uidOf(world)).toBe(uid)
    expect(world.cluster.objects.get('nodes/calypso')?.metadata.labels).toMatchObject({ foreign: 'stays' })
    const password = readFileSync(join(world.calypso.root, passwordFile), 'utf8').trim()
    expect(isNodePassword(world.cluster.objects.get(key)!, password)).toBe(true)
    expect((await press()).outputs.result).toBe('unchanged')
  })

  it('is told so under dry-run, and nothing is deleted', async () => {
    const { world, press, trees } = await opened({ faults: new Set(['node-password']) })
    const before = trees()
    const run = await press({ 'dry-run': 'true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'planned', changed: 'false' } })
    expect(planOf(run)).toContain('delete-node-password')
    expect(mutations(world)).toEqual([])
    expect(world.cluster.objects.get(key)).toBeDefined()
    expect(trees()).toEqual(before)
  })

  it('and has another password by now joins as well; that password is shown nowhere', async () => {
    const { world, press, folder } = await opened({ faults: new Set(['node-password']) })
    const password = randomBytes(16).toString('hex')
    mkdirSync(join(world.calypso.root, 'etc/rancher/node'), { recursive: true })
    writeFileSync(join(world.calypso.root, passwordFile), `${password}\n`, { mode: 0o600 })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(run.report?.applied).toContain('delete-node-password')
    expect(isNodePassword(world.cluster.objects.get(key)!, password)).toBe(true)

    // The runner is told at once what to hide, and that is the only place where it stands.
    expect(run.stdout).toContain(`::add-mask::${password}`)
    const shown = run.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
    const texts = new Map([
      ['stdout', shown.join('\n')],
      ['stderr', run.stderr],
    ])
    for (const press of readdirSync(folder).filter((name) => name.startsWith('press-')))
      for (const name of readdirSync(join(folder, press), { recursive: true, encoding: 'utf8' }))
        if (statSync(join(folder, press, name)).isFile())
          texts.set(name, readFileSync(join(folder, press, name), 'utf8'))
    const forms = [password, Buffer.from(password).toString('base64').slice(0, 40)]
    const hash = String((world.cluster.objects.get(key)!.data as { hash?: string }).hash)
    for (const [where, text] of texts)
      for (const form of [...forms, hash, Buffer.from(hash, 'base64').toString()])
        expect({ where, shows: text.includes(form) }).toEqual({ where, shows: false })
    expect(texts.size).toBeGreaterThan(5)
  })

  it('is not helped when its node has come back to life since: nothing is deleted', async () => {
    const { world, press, trees } = await opened({ faults: new Set(['node-password']) })
    const before = trees()
    const { uid, resourceVersion } = world.cluster.objects.get(key)!.metadata
    world.cluster.objects.listen(({ type, object }) => {
      if (type !== 'ADDED' || !object.metadata.name.startsWith('bootstrap-token-')) return
      const lease = world.cluster.objects.get('leases/kube-node-lease/calypso')!
      const spec = { ...(lease.spec as object), renewTime: new Date().toISOString() }
      world.cluster.objects.put('leases/kube-node-lease/calypso', { ...lease, spec })
    })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cluster-name' } })
    expect(run.stdout).toMatch(/has come back to life/)
    expect(world.cluster.objects.get(key)?.metadata).toMatchObject({ uid, resourceVersion })
    expect(trees()).toEqual(before)
  })

  it('keeps the password that somebody stored while this run was looking', async () => {
    const { world, press, trees } = await opened({ faults: new Set(['node-password']) })
    const before = trees()
    world.cluster.objects.listen(({ type, object }) => {
      if (type !== 'ADDED' || !object.metadata.name.startsWith('bootstrap-token-')) return
      world.cluster.objects.delete(key)
      world.cluster.objects.put(key, nodePasswordSecret('calypso', 'of somebody else'))
    })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'conflict' } })
    expect(isNodePassword(world.cluster.objects.get(key)!, 'of somebody else')).toBe(true)
    expect(trees()).toEqual(before)
  })
})

describe('a password without a node', () => {
  it('proves nothing: the run stops before anything is touched, and names the remedy, which helps', async () => {
    const { world, press, trees } = await openOrphan()
    const before = trees()
    const refused = await press()
    expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'node-password-rejected' } })
    expect(refused.stdout).toMatch(/replace-node = calypso/)
    expect(refused.report?.failure?.state).toMatch(/nothing was changed on calypso/)
    expect(trees()).toEqual(before)
    expect(mutations(world)).toEqual([])

    const shown = await press({ 'replace-node': 'calypso', 'dry-run': 'true' })
    expect(planOf(shown)).toContain('delete-node-password')
    expect(mutations(world)).toEqual([])

    const replaced = await press({ 'replace-node': 'calypso' })
    expect(replaced).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(replaced.report?.applied).toContain('delete-node-password')
  })

  it('is found by the server’s own words where the check is ignored', async () => {
    const { world, press } = await openOrphan()
    const run = await press({ 'ignore-checks': 'k3s.node-password' })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'node-password-rejected' } })
    expect(run.report?.failure?.state).toMatch(/^undone: unit stopped/)
    expect(isNodePassword(world.cluster.objects.get(key)!, 'of an earlier installation')).toBe(true)
  })
})

describe('a dead node of another machine', () => {
  it('goes with its password when its name was typed', async () => {
    const { world, press } = await opened({ faults: new Set(['node-password']) })
    makeForeign(world)
    const old = { node: uidOf(world), secret: world.cluster.objects.get(key)?.metadata.uid }
    expect(await press()).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cluster-name' } })
    const run = await press({ 'replace-node': 'calypso' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(run.report?.applied).toEqual(expect.arrayContaining(['delete-node', 'delete-node-password']))
    expect(uidOf(world)).not.toBe(old.node)
    expect(world.cluster.objects.get(key)?.metadata.uid).not.toBe(old.secret)
  })
})

describe('a live node that is this very machine, and whose password was lost', () => {
  const restarting = { verify: 'deep', 'allow-gpu-disruption': 'true' }

  it('is not restarted, whatever is typed or ignored: both identities are shown, and how to go on', async () => {
    const { world, press } = await opened()
    expect(await press()).toMatchObject({ exitCode: 0 })
    await awaitHeartbeat(world)
    rmSync(join(world.calypso.root, passwordFile))
    const changed = { ...restarting, 'node-ip': '192.168.2.80' }
    const secret = world.cluster.objects.get(key)?.metadata
    const starts = world.calypso.unit('k3s-agent.service')?.starts
    const insistence: readonly Readonly<Record<string, string>>[] = [
      {},
      { 'replace-node': 'calypso' },
      { 'ignore-checks': 'plan.node-password\nk3s.node-password' },
    ]
    for (const insisting of insistence) {
      const run = await press({ ...changed, ...insisting })
      expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'node-password-rejected' } })
      expect(run.report?.failure?.remedy).toMatch(/stop k3s-agent.*press the button again/)
      expect(run.report?.failure?.evidence.join('\n')).toMatch(
        /node: system UUID 4c4c4544[\s\S]*host: system UUID 4c4c4544/,
      )
    }
    expect(world.cluster.objects.get(key)?.metadata).toEqual(secret)
    expect(world.calypso.unit('k3s-agent.service')?.starts).toBe(starts)
    // Labels start nothing, so they are nobody's question.
    expect(await press({ labels: 'oceanid.node/name=calypso' })).toMatchObject({ exitCode: 0 })
  })
})

/** A new Node has no Lease in its first seconds. */
async function awaitHeartbeat(world: World): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = world.cluster.objects.listen((event) => event.key === 'leases/kube-node-lease/calypso' && resolve())
  if (world.cluster.objects.get('leases/kube-node-lease/calypso')) resolve()
  await promise
  stop()
}
