/** What a joined node does on real parts: it runs pods, keeps its agent through edits, and outlives its token. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { untilSpent } from '../states.ts'
import { expectPress, inSituation, leaseAge, readyStatus, runPod, until } from './expect.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const unchanged = { exitCode: 0, outputs: { result: 'unchanged' } }

export const nodeScenarios: readonly LabScenario[] = [
  inSituation('pod', 'calypso joins and runs a pod to its end', {}, async (situation) => {
    expectPress(await situation.press(), joined)
    const printed = await runPod(situation, { name: 'hello', node: 'calypso', command: ['hostname'] })
    assert.equal(printed, 'hello')
    assert.deepEqual(await situation.tokens(), [])
    const { mainPid } = await situation.calypso.unit('k3s-agent.service')
    const connections = await situation.calypso.connections()
    expectPress(await situation.press(), unchanged)
    assert.equal(await situation.calypso.connections(), connections, 'the second press opened SSH connections')
    assert.equal((await situation.calypso.unit('k3s-agent.service')).mainPid, mainPid)
    return 'the scheduler placed it, containerd ran it, its log came back; a second press opened no connection'
  }),

  inSituation('labels-and-taints', 'labels and taints are edited without a restart', {}, async (situation) => {
    const { cluster, calypso } = situation
    expectPress(await situation.press(), joined)
    await cluster.request('PATCH', '/api/v1/nodes/calypso', { metadata: { labels: { foreign: 'stays' } } })
    const before = await calypso.unit('k3s-agent.service')
    const edited = await situation.press({
      labels: 'oceanid.node/name=calypso\nnode-role.kubernetes.io/gpu=true',
      taints: 'workload-type=gpu-compute:NoExecute',
    })
    expectPress(edited, { exitCode: 0, outputs: { result: 'joined', restarted: 'false' } })
    const node = await situation.node()
    const labels = node?.metadata.labels ?? {}
    assert.equal(labels.foreign, 'stays')
    assert.equal(labels['node-role.kubernetes.io/gpu'], 'true')
    assert.equal('oceanid.node/gpu' in labels, false)
    assert.deepEqual(
      node?.spec.taints?.map(({ key, value, effect }) => ({ key, value, effect })),
      [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoExecute' }],
    )
    const after = await calypso.unit('k3s-agent.service')
    assert.deepEqual([after.mainPid, after.restarts], [before.mainPid, before.restarts])
    return 'added, changed and removed through the real API server; the agent is the same process'
  }),

  inSituation('token-deleted', 'the agent is restarted after its token is gone', {}, async (situation) => {
    const { cluster, calypso } = situation
    expectPress(await situation.press(), joined)
    assert.deepEqual(await situation.tokens(), [])
    await untilSpent({ cluster, host: calypso })
    const { mainPid } = await calypso.unit('k3s-agent.service')
    const restarted = await calypso.run(['timeout', '60', 'systemctl', 'restart', 'k3s-agent.service'])
    assert.equal(restarted.code, 0, `${restarted.stderr}\n${await calypso.journal('k3s-agent.service')}`)
    const unit = await calypso.unit('k3s-agent.service')
    assert.notEqual(unit.mainPid, mainPid)
    assert.equal(unit.activeState, 'active')
    await until('a new heartbeat', 30_000, async () => {
      const age = await leaseAge(situation, 'calypso')
      return age !== undefined && age < 5 && readyStatus(await situation.node()) === 'True'
    })
    return 'the token opens nothing any more, and the agent came back with its own certificate'
  }),

  inSituation('silently-dead', 'a node that is dead but still Ready is not called well', {}, async (situation) => {
    const { calypso } = situation
    expectPress(await situation.press(), joined)
    // The first Lease of a new Node comes 10 s later.
    await until('a heartbeat', 30_000, async () => (await leaseAge(situation, 'calypso')) !== undefined)
    // Everything of the agent stops where it stands: nothing is reported, no connection is closed.
    const signal = async (name: string): Promise<void> => {
      const { code, stderr } = await calypso.run([
        'systemctl',
        'kill',
        '--kill-whom=all',
        `--signal=${name}`,
        'k3s-agent.service',
      ])
      assert.equal(code, 0, stderr)
    }
    await signal('SIGSTOP')
    const age = await until('the Lease to grow old', 60_000, async () => {
      const seconds = await leaseAge(situation, 'calypso')
      return seconds !== undefined && seconds > 41 && seconds
    })
    const ready = readyStatus(await situation.node())
    const press = await situation.press({ 'dry-run': 'true' })
    expectPress(press, { exitCode: 0, outputs: { result: 'planned' } })
    await signal('SIGCONT')
    assert.equal(ready, 'True', 'the node was NotReady already')
    return `Ready=True with a Lease ${Math.round(age)} s old: planned, not "unchanged"`
  }),

  inSituation('two-at-once', 'calypso and styx join at the same time', { hasStyx: true }, async (situation) => {
    const { styx } = situation
    assert.ok(styx)
    const other = {
      'cluster-file': '',
      node: 'styx',
      host: styx.address,
      user: 'oceanid',
      'known-hosts': styx.knownHosts,
      'ssh-private-key': styx.clientPrivateKey,
    }
    const [first, second] = await Promise.all([situation.press(), situation.press(other)])
    expectPress(first, joined)
    expectPress(second, joined)
    assert.deepEqual([readyStatus(await situation.node()), readyStatus(await situation.node('styx'))], ['True', 'True'])
    assert.deepEqual(await situation.tokens(), [])
    return 'both are Ready, neither took the token of the other'
  }),
]
