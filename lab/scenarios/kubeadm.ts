/** Nodes of a cluster that kubeadm set up: the real kubeadm, kubelet, containerd and API server, pressed by the committed bundle. */
import assert from 'node:assert/strict'
import type { Press } from '../../rehearsal/press.ts'
import { promisedTrees, treesOf } from '../../rehearsal/trees.ts'
import type { LabHost } from '../contract.ts'
import type { Lab, LabScenario } from '../inside/model.ts'
import { joinByHand, type KubeadmSituation, workerName } from '../kubeadm/index.ts'
import { expectPress, readyStatus, runPod, scenario, until } from './expect.ts'

export const joined = { exitCode: 0, outputs: { result: 'joined' } }
export const planned = { exitCode: 0, outputs: { result: 'planned' } }
export const unchanged = { exitCode: 0, outputs: { result: 'unchanged' } }

/** The controller of nodes takes its own taints away a moment after a node became Ready. */
const isWanted = ({ key }: { readonly key: string }): boolean => !key.startsWith('node.kubernetes.io/')

/** One pod that stays where it is put, and is made anew when it has to go. */
const sleepingDeployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'sleeper', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'sleeper' } },
    template: {
      metadata: { labels: { app: 'sleeper' } },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        tolerations: [{ key: 'dedicated', operator: 'Exists' }],
        containers: [
          { name: 'main', image: 'docker.io/lab/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '1000000'] },
        ],
      },
    },
  },
} as const

/** As `scenario`, in a situation of kubeadm that is closed in every ending. */
export function inKubeadm(
  name: string,
  shows: string,
  body: (situation: KubeadmSituation, lab: Lab) => Promise<string>,
  hasElsewhere = false,
): LabScenario {
  return scenario(name, shows, async (lab) => {
    const situation = await lab.kubeadm.situation(hasElsewhere)
    try {
      return await body(situation, lab)
    } finally {
      await situation.close()
    }
  })
}

/** Everything that a join with kubeadm may change on the machine. */
export function kubeadmTrees({ root }: Pick<LabHost, 'root'>): Readonly<Record<string, string>> {
  return treesOf(root, [...promisedTrees, 'var/lib/kubelet'])
}

/** @throws Error with what the command said */
export async function must(host: Pick<LabHost, 'run'>, command: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(command, input === undefined ? {} : { input })
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}${stdout}`)
  return stdout
}

const swaps = [
  'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority',
  '/swap.img                               file\t\t2097148\t\t0\t\t-2',
  '',
].join('\n')

/** The machine's own swap is not the lab's to switch: what the kernel shows of it is laid over. */
export async function switchSwapOn(host: Pick<LabHost, 'run'>): Promise<void> {
  const script = `set -eu
cat >/run/lab-swaps
sed 's/^SwapTotal:.*/SwapTotal:       2097148 kB/; s/^SwapFree:.*/SwapFree:        2097148 kB/' /proc/meminfo >/run/lab-meminfo
for name in swaps meminfo; do mount --bind "/run/lab-$name" "/proc/$name"; done`
  await must(host, ['sh', '-c', script], swaps)
}

export async function switchSwapOff(host: Pick<LabHost, 'run'>): Promise<void> {
  await must(host, ['umount', '/proc/swaps', '/proc/meminfo'])
}

/** Joined, Ready in this cluster, no token left on either side. */
export async function expectJoined(situation: KubeadmSituation, press: Press): Promise<void> {
  expectPress(press, joined)
  await expectMember(situation)
}

export async function expectMember(situation: KubeadmSituation): Promise<void> {
  const { host } = situation
  assert.equal(readyStatus(await situation.node()), 'True')
  assert.deepEqual(await situation.tokens(), [], 'a token is left in the cluster')
  const { code } = await host.run(['test', '-e', '/etc/kubernetes/bootstrap-kubelet.conf'])
  assert.notEqual(code, 0, 'the token is left on the machine, in bootstrap-kubelet.conf')
  assert.equal((await host.unit('kubelet')).activeState, 'active')
}

export const kubeadmScenarios: readonly LabScenario[] = [
  inKubeadm('kubeadm-by-hand', 'a person joins karstark with kubeadm: the lab itself', async (situation) => {
    const startedAt = performance.now()
    const { code, stdout, stderr } = await joinByHand(situation.host, situation.cluster)
    const joinedAt = performance.now()
    assert.equal(code, 0, `${stdout}${stderr}`)
    await until('karstark becoming Ready', 30_000, async () => readyStatus(await situation.node()) === 'True').catch(
      async (error: Error) => {
        throw new Error(`${error.message}\n${stdout}${stderr}${await situation.host.journal('kubelet')}`)
      },
    )
    const readyAt = performance.now()
    assert.equal(await runPod(situation, { name: 'hello', node: workerName, command: ['hostname'] }), 'hello')
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
    return `kubeadm join ended after ${seconds(startedAt, joinedAt)} s, Ready ${seconds(joinedAt, readyAt)} s later; a pod ran to its end`
  }),

  inKubeadm(
    'kubeadm-join',
    'karstark joins with kubeadm and runs a pod; pressed again nothing happens',
    async (situation) => {
      const { host } = situation
      await expectJoined(situation, await situation.press())
      const node = await situation.node()
      assert.equal(node?.metadata.labels?.['goldentooth.net/rack'], 'lab')
      assert.deepEqual(
        node?.spec.taints?.filter(isWanted).map(({ key, value, effect }) => ({ key, value, effect })),
        [{ key: 'dedicated', value: 'lab', effect: 'NoSchedule' }],
      )
      const printed = await runPod(situation, { name: 'hello', node: workerName, command: ['hostname'] })
      assert.equal(printed, 'hello')
      const { mainPid, restarts } = await host.unit('kubelet')
      const connections = await host.connections()
      expectPress(await situation.press(), unchanged)
      assert.equal(await host.connections(), connections, 'the second press opened SSH connections')
      const after = await host.unit('kubelet')
      assert.deepEqual([after.mainPid, after.restarts], [mainPid, restarts])
      return 'Ready in this cluster, a pod ran to its end, no token is left; a second press opened no connection'
    },
  ),

  inKubeadm('kubeadm-remove', 'karstark leaves with its pods, is removed again, and joins anew', async (situation) => {
    const { cluster, host } = situation
    await expectJoined(situation, await situation.press())
    const pods = '/api/v1/namespaces/default/pods'
    await cluster.request('POST', '/apis/apps/v1/namespaces/default/deployments', sleepingDeployment)
    const running = async () =>
      ((await cluster.request('GET', pods)) as { items: { status: { phase: string } }[] }).items.some(
        ({ status }) => status.phase === 'Running',
      )
    await until('the pod running', 30_000, running)
    const before = host.trees()
    expectPress(await situation.press({ ...situation.removal, 'dry-run': 'true' }), planned)
    assert.deepEqual(host.trees(), before)
    const removed = await situation.press(situation.removal)
    expectPress(removed, { exitCode: 0, outputs: { result: 'removed' } })
    assert.equal(await situation.node(), undefined, 'the Node is still there')
    assert.notEqual((await host.unit('kubelet')).activeState, 'active')
    for (const path of ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/pki/ca.crt', '/var/lib/kubelet/config.yaml'])
      assert.notEqual((await host.run(['test', '-e', path])).code, 0, `${path} is left\n${removed.stdout}`)
    expectPress(await situation.press(situation.removal), unchanged)
    await expectJoined(situation, await situation.press())
    return 'its pod left before it; the second removal had nothing to do; it is a node again'
  }),

  inKubeadm('kubeadm-dry-run', 'a dry run plans the join and changes nothing', async (situation) => {
    const before = kubeadmTrees(situation.host)
    expectPress(await situation.press({ 'dry-run': 'true' }), planned)
    assert.deepEqual(kubeadmTrees(situation.host), before)
    assert.equal(await situation.node(), undefined)
    assert.deepEqual(await situation.tokens(), [])
    return 'planned; no file of the machine, no object of the cluster is another one'
  }),
]
