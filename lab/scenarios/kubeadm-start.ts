/** Joins that kubeadm itself would wait for, for minutes: ended in seconds with the reason, taken back, and well the next time. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { autoApproval, joinByHand, type KubeadmSituation, workerName } from '../kubeadm/index.ts'
import { readyStatus, until } from './expect.ts'
import { expectJoined, inKubeadm, kubeadmTrees, must, switchSwapOff, switchSwapOn } from './kubeadm.ts'

interface Hopeless {
  readonly what: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly code: RegExp
  readonly words: RegExp
  /** It must have been named by then; kubeadm alone waits 4 to 5 minutes. */
  readonly withinS: number
  come(situation: KubeadmSituation): Promise<void>
  go(situation: KubeadmSituation): Promise<void>
}

const defaults = '/etc/default/kubelet'
const extra = (words: string) => ({
  come: async ({ host }: KubeadmSituation) => {
    await must(host, ['tee', defaults], `KUBELET_EXTRA_ARGS=${words}\n`)
  },
  go: async ({ host }: KubeadmSituation) => {
    await must(host, ['rm', defaults])
  },
})

const approval = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'

const hopeless: readonly Hopeless[] = [
  {
    what: 'a kubelet argument that it does not know',
    code: /^kubelet-flag-unknown$/,
    words: /no-such-flag/,
    withinS: 30,
    ...extra('--no-such-flag'),
  },
  {
    what: 'a label that no kubelet may give itself',
    code: /label/,
    words: /node-role\.kubernetes\.io\/lab/,
    withinS: 30,
    ...extra('--node-labels=node-role.kubernetes.io/lab=true'),
  },
  {
    what: 'swap that the check was told to ignore',
    inputs: { 'ignore-checks': 'kubeadm.swap' },
    code: /swap/,
    words: /swap/,
    withinS: 30,
    come: ({ host }) => switchSwapOn(host),
    go: ({ host }) => switchSwapOff(host),
  },
  {
    what: 'nobody approves the certificate',
    code: /^kubeadm-csr-not-approved$/,
    words: /csr/,
    withinS: 60,
    async come({ cluster }) {
      await cluster.request('DELETE', `${approval}/${autoApproval.metadata.name}`)
    },
    async go({ cluster }) {
      await cluster.request('POST', approval, autoApproval)
    },
  },
]

export const kubeadmStartScenarios: readonly LabScenario[] = [
  inKubeadm(
    'kubeadm-hopeless',
    'kubelets that never come up: named in seconds, taken back, and the next join is well',
    async (situation) => {
      const { host } = situation
      const told: string[] = []
      for (const { what, inputs, code, words, withinS, come, go } of hopeless) {
        await come(situation)
        const before = kubeadmTrees(host)
        const startedAt = performance.now()
        const press = await situation.press(inputs)
        const seconds = (performance.now() - startedAt) / 1000
        const said = `${what}: ${press.stdout}${press.stderr}`
        assert.equal(press.exitCode, 1, said)
        assert.match(press.outputs['failure-code'] ?? '', code, said)
        assert.match(JSON.stringify(press.report?.failure ?? {}), words, said)
        assert.ok(seconds < withinS, `${what}: the run needed ${seconds.toFixed(1)} s\n${said}`)
        assert.deepEqual(await situation.tokens(), [], `${what}: a token is left`)
        assert.equal(await situation.node(), undefined, `${what}: the Node is left`)
        assert.deepEqual(kubeadmTrees(host), before, `${what}: the machine is not as before\n${said}`)
        await go(situation)
        told.push(`${what}: ${press.outputs['failure-code']} after ${seconds.toFixed(1)} s`)
      }
      await expectJoined(situation, await situation.press())
      return `${told.join('; ')}; without them it joins`
    },
  ),

  inKubeadm(
    'kubeadm-elsewhere',
    'the machine is a node of another cluster, which is alive: it stays one',
    async (situation) => {
      const { elsewhere, host } = situation
      assert.ok(elsewhere)
      const { code, stdout, stderr } = await joinByHand(host, elsewhere)
      assert.equal(code, 0, `${stdout}${stderr}`)
      const path = `/api/v1/nodes/${workerName}`
      const isReady = async () => readyStatus((await elsewhere.request('GET', path)) as never) === 'True'
      await until(`${workerName} becoming Ready elsewhere`, 30_000, isReady)
      const { mainPid } = await host.unit('kubelet')
      const before = kubeadmTrees(host)
      for (const ignored of ['', 'kubeadm.leftovers\nkubeadm.port']) {
        const press = await situation.press(ignored === '' ? {} : { 'ignore-checks': ignored })
        const said = `${press.stdout}${press.stderr}`
        assert.equal(press.exitCode, 1, said)
        const shown = JSON.stringify(press.report?.failure ?? {})
        if (ignored === '') {
          assert.match(shown, new RegExp(elsewhere.address.replaceAll('.', '\\.')), said)
        }
        assert.deepEqual(kubeadmTrees(host), before, `the machine was changed\n${said}`)
      }
      assert.equal((await host.unit('kubelet')).mainPid, mainPid, 'its kubelet was restarted')
      assert.ok(await isReady(), 'it is no longer Ready in the other cluster')
      assert.equal(await situation.node(), undefined)
      assert.deepEqual(await situation.tokens(), [])
      return 'refused with the address of the other cluster, also with the checks ignored; its kubelet is the same process'
    },
    true,
  ),
]
