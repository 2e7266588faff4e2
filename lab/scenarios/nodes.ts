/** What a joined node does on real parts: it runs pods, keeps its agent through edits, and outlives its token. */
import assert from 'node:assert/strict'
import type { LabHost } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { untilSpent } from '../states.ts'
import { expectPress, inSituation, leaseAge, readyStatus, runPod, until } from './expect.ts'
import { expectChecks, verify } from './verify.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const unchanged = { exitCode: 0, outputs: { result: 'unchanged' } }

/** Of a machine that is in no cluster file, over those that every press has. */
function inputsFor(host: LabHost): Readonly<Record<string, string>> {
  return {
    'cluster-file': '',
    host: host.address,
    user: 'oceanid',
    'known-hosts': host.knownHosts,
    'ssh-private-key': host.clientPrivateKey,
  }
}

/** As its own kernel shows it; lower case, as the kubelet reports it. */
async function systemUuid(host: LabHost): Promise<string> {
  return (await host.run(['cat', '/sys/class/dmi/id/product_uuid'])).stdout.trim().toLowerCase()
}

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
    // Both are pressed in the moment in which the server has not noticed yet.
    const [press, verified] = await Promise.all([
      situation.press({ 'dry-run': 'true' }),
      verify(situation, ['nodes'], { 'fail-on': 'never' }),
    ])
    expectPress(press, { exitCode: 0, outputs: { result: 'planned' } })
    await signal('SIGCONT')
    assert.equal(ready, 'True', 'the node was NotReady already')
    expectChecks(verified, { 'nodes.ready': ['pass'], 'nodes.heartbeat': ['fail', /calypso/] })
    return `Ready=True with a Lease ${Math.round(age)} s old: planned, not "unchanged"; verify-cluster says that it is dead`
  }),

  inSituation(
    'live-duplicate',
    'another machine, which is alive, is the node calypso: neither loses it',
    { hasStyx: true },
    async (situation) => {
      const { calypso, styx } = situation
      assert.ok(styx)
      expectPress(await situation.press({ ...inputsFor(styx), node: 'calypso' }), joined)
      const owner = await systemUuid(styx)
      assert.equal((await situation.node())?.status.nodeInfo.systemUUID, owner)
      const { mainPid } = await styx.unit('k3s-agent.service')
      const before = calypso.trees()
      for (const replaced of ['', 'calypso']) {
        const refused = await situation.press({ 'replace-node': replaced })
        expectPress(refused, { exitCode: 1, outputs: { 'failure-code': 'cluster-name' } })
        const shown = refused.report?.failure?.evidence.join('\n') ?? ''
        for (const identity of [owner, await systemUuid(calypso)])
          assert.ok(shown.includes(identity), `the refusal does not show ${identity}:\n${shown}`)
      }
      assert.deepEqual(calypso.trees(), before)
      assert.deepEqual(await situation.tokens(), [])
      const node = await situation.node()
      assert.deepEqual([node?.status.nodeInfo.systemUUID, readyStatus(node)], [owner, 'True'])
      assert.equal((await styx.unit('k3s-agent.service')).mainPid, mainPid)
      return 'refused with both identities, also with replace-node; nothing changed on calypso, and the other one stays Ready'
    },
  ),

  inSituation('two-at-once', 'calypso and styx join at the same time', { hasStyx: true }, async (situation) => {
    const { styx } = situation
    assert.ok(styx)
    const other = { ...inputsFor(styx), node: 'styx' }
    const [first, second] = await Promise.all([situation.press(), situation.press(other)])
    expectPress(first, joined)
    expectPress(second, joined)
    assert.deepEqual([readyStatus(await situation.node()), readyStatus(await situation.node('styx'))], ['True', 'True'])
    assert.deepEqual(await situation.tokens(), [])
    return 'both are Ready, neither took the token of the other'
  }),
]
