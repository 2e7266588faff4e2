/** The promises of a join by kubeadm, through the committed bundle: karstark of seed 001, in the embedded world. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { promisedTrees, treesOf } from '../../rehearsal/trees.ts'
import { type Door, doors, mutations, type Press, tokenNames } from './door.ts'

const opened = doors()
const site = { site: 'goldentooth', node: 'karstark' } as const

/** Everything that a join by kubeadm may write to, and what a reset would empty. */
const trees = ({ world }: Door): Readonly<Record<string, string>> =>
  treesOf(world.host.root, [...promisedTrees, 'var/lib/kubelet', 'var/lib/etcd', 'var/lib/cni'])

/** No minted token is in a file of the host: neither of kubeadm's, nor of a change log. */
function expectNoTokenOnHost({ world, secrets }: Door): void {
  const { root } = world.host
  const tokens = secrets().filter((one) => /^[a-z0-9]{16}$/.test(one))
  const holding = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(root, name)
    return (
      statSync(path, { throwIfNoEntry: false })?.isFile() &&
      tokens.some((one) => readFileSync(path, 'latin1').includes(one))
    )
  })
  expect(holding).toEqual([])
}

const ready = ({ world }: Door): string | undefined => {
  const status = world.cluster.objects.get('nodes/karstark')?.status as
    | { conditions?: readonly { type: string; status: string }[] }
    | undefined
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status
}

/** The next press converges, the one after it has nothing to do and opens no connection. */
async function expectConverges(door: Door, inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  const next = await door.press(inputs)
  expect(next.stdout).toMatch(/karstark (joined goldentooth|is now as wanted|is as wanted)/)
  expect(next.exitCode).toBe(0)
  expect(ready(door)).toBe('True')
  const { connections } = door.world.host.counts
  const last = await door.press(inputs)
  expect(last.outputs).toMatchObject({ result: 'unchanged', changed: 'false' })
  expect(door.world.host.counts.connections).toBe(connections)
  expect(tokenNames(door.world)).toEqual([])
  expectNoTokenOnHost(door)
}

const failed = ({ outputs }: Press) => ({ result: outputs.result, code: outputs['failure-code'] })

describe('a first join by kubeadm', () => {
  it('joins over one connection, leaves no token anywhere, and a second press opens no connection', async () => {
    const door = await opened(site)
    const first = await door.press()
    expect(first.stdout).toContain('karstark joined goldentooth')
    expect(first.outputs).toMatchObject({ result: 'joined', changed: 'true', 'failure-code': '' })
    expect(door.world.host.counts.connections).toBe(1)
    expect(tokenNames(door.world)).toEqual([])
    // The minted token is among what is looked for, although it is gone by now.
    expect(door.secrets().some((one) => /^[a-z0-9]{16}$/.test(one))).toBe(true)
    expectNoTokenOnHost(door)
    const second = await door.press()
    expect(second.outputs).toMatchObject({ result: 'unchanged', changed: 'false', plan: '[]' })
    expect(door.world.host.counts.connections).toBe(1)
  })

  it('shows a dry run that changes nothing, neither on the host nor in the cluster', async () => {
    const door = await opened(site)
    const before = trees(door)
    const run = await door.press({ 'dry-run': 'true' })
    expect(run.outputs).toMatchObject({ result: 'planned', changed: 'false' })
    expect(run.stdout).toContain('token not exercised')
    expect(trees(door)).toEqual(before)
    expect(mutations(door.world)).toEqual([])
  })
})

describe('nothing of the host changes before the handshake has passed', () => {
  it.each([
    ['kubeadm-no-signer', 'token-refused'],
    ['kubeadm-group-missing', 'handshake-kubeadm-config'],
    ['kubeadm-anonymous-off', 'handshake-cluster-info'],
    ['kubeadm-stale-ca', 'kubeadm-ca'],
  ] as const)('%s ends with code %s, also when a check may only report', async (fault, code) => {
    const door = await opened({ ...site, faults: new Set([fault]) })
    const before = trees(door)
    const run = await door.press({ 'fail-on': 'never' })
    expect(failed(run)).toMatchObject({ result: 'failed' })
    expect(run.stdout).toMatch(/nothing was changed on karstark/)
    expect(trees(door)).toEqual(before)
    expect(tokenNames(door.world)).toEqual([])
    expect(failed(await door.press())).toEqual({ result: 'failed', code })
    expect(trees(door)).toEqual(before)
  })
})

describe('what belongs to another cluster', () => {
  it.each(['kubeadm-leftovers', 'kubeadm-leftovers-live', 'kubeadm-leftover-ca', 'kubeadm-unfinished'] as const)(
    '%s is left as it is, whatever is ignored',
    async (fault) => {
      const door = await opened({ ...site, faults: new Set([fault]) })
      // A kubelet that lives there writes, too; not what makes it a node.
      const belongs = () => treesOf(door.world.host.root, ['etc/kubernetes', 'etc/systemd', 'var/lib/k3s-gpu-actions'])
      const before = belongs()
      const ids = ['kubeadm.leftovers', 'kubeadm.ca', 'plan.kubeadm-cluster', 'kubeadm.port', 'cluster.identity']
      const run = await door.press({ 'fail-on': 'never', 'ignore-checks': ids.join(',') })
      expect(run.outputs.result).toBe('failed')
      expect(belongs()).toEqual(before)
      expect(tokenNames(door.world)).toEqual([])
      expect(mutations(door.world)).toEqual([])
    },
  )
})

describe('a run that is killed with kill -9', () => {
  it.each([
    ['after its handshake', /▸ Handshake/],
    ['while kubeadm joins', /▸ Start kubelet/],
    ['when kubeadm has found the API server', /kubeadm trusts the API server/],
    ['when the node is registered', /node registered/],
    ['when the node is Ready', /\d s {2}Ready/],
  ])('%s leaves nothing that the next press does not set right', async (_, moment) => {
    const door = await opened(site)
    const running = door.start()
    await running.seen(moment)
    running.child.kill('SIGKILL')
    await running.ended.catch(() => undefined)
    // Its post never runs: a machine that was switched off.
    await expectConverges(door)
  })

  it('and what somebody puts there in between is not taken away with what it left', async () => {
    const door = await opened(site)
    const running = door.start()
    await running.seen(/▸ Start kubelet/)
    running.child.kill('SIGKILL')
    await running.ended.catch(() => undefined)
    const path = join(door.world.host.root, 'etc/kubernetes/admin.conf')
    writeFileSync(path, 'of the owner')
    await expectConverges(door)
    expect(readFileSync(path, 'utf8')).toBe('of the owner')
  })
})

describe('a run that is cancelled', () => {
  it('deletes its token within its seconds, and the next press converges', async () => {
    const door = await opened(site)
    const running = door.start()
    await running.seen(/▸ Start kubelet/)
    running.child.kill('SIGINT')
    const press = await running.ended
    expect(failed(press)).toEqual({ result: 'failed', code: 'cancelled' })
    expect(tokenNames(door.world)).toEqual([])
    await expectConverges(door)
  })
})
