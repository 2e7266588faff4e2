/** A node of k3s leaves on real parts: eviction API, kubelet, systemd; the uninstaller is what the stand-in of the installer wrote. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, readyStatus } from './expect.ts'
import { expectHeldByBudget, startSleeper } from './leaving.ts'

export const removeScenarios: readonly LabScenario[] = [
  inSituation(
    'remove',
    'calypso leaves with its pod: held by a budget first and goes on serving, then drained and removed, removed again, and joins anew',
    {},
    async (situation) => {
      const { calypso, cluster } = situation
      expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } })
      await startSleeper(cluster, 'calypso')
      const kubeconfig = join(situation.folder, 'remove-kubeconfig')
      writeFileSync(kubeconfig, cluster.removeKubeconfig, { mode: 0o600 })
      const removal = { state: 'absent', 'remove-node': 'calypso', kubeconfig }
      const before = calypso.trees()
      const agent = await calypso.unit('k3s-agent')
      const planned = { exitCode: 0, outputs: { result: 'planned', changed: 'false' } }
      expectPress(await situation.press({ ...removal, 'dry-run': 'true' }), planned)
      await expectHeldByBudget(cluster, (inputs) => situation.press({ ...removal, ...inputs }))
      assert.deepEqual(calypso.trees(), before)
      assert.equal((await calypso.unit('k3s-agent')).mainPid, agent.mainPid)
      assert.equal(readyStatus(await situation.node()), 'True')
      const held = (await situation.node())?.spec as { readonly unschedulable?: boolean } | undefined
      assert.notEqual(held?.unschedulable, true, 'a node that stays is open to pods')

      expectPress(await situation.press(removal), { exitCode: 0, outputs: { result: 'removed' } })
      assert.equal(await situation.node(), undefined, 'the Node is still there')
      assert.equal((await calypso.unit('k3s-agent')).mainPid, 0)
      for (const path of ['/usr/local/bin/k3s', '/etc/rancher/k3s', '/etc/rancher/node', '/var/lib/rancher/k3s'])
        assert.notEqual((await calypso.run(['test', '-e', path])).code, 0, `${path} is left`)
      expectPress(await situation.press(removal), { exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
      expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } })
      return 'held by its budget it served on; then it left, left again without a change, and is a node again'
    },
  ),
]
