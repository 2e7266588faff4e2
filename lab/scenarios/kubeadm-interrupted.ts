/** Joins with kubeadm that are cancelled, killed, or cut off on the machine: nothing is left behind, and the next press converges. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../../rehearsal/press.ts'
import type { LabScenario } from '../inside/model.ts'
import type { KubeadmSituation } from '../kubeadm/index.ts'
import { expectPress, scenario } from './expect.ts'
import { expectMember, must, unchanged } from './kubeadm.ts'

interface Moment {
  readonly name: string
  /** Seen in the log of the run, or else: */
  readonly logs?: RegExp
  /** A file on the machine that has come. */
  readonly file?: string
  /** Something in the cluster. */
  readonly isThere?: (situation: KubeadmSituation) => Promise<boolean>
}

const moments: readonly Moment[] = [
  { name: 'surveyed', logs: /▸ Plan/ },
  { name: 'minted', isThere: async (situation) => (await situation.tokens()).length > 0 },
  { name: 'applied', logs: /▸ Apply/ },
  { name: 'starting', logs: /▸ Start/ },
  { name: 'bootstrap-kubelet.conf written', file: 'etc/kubernetes/bootstrap-kubelet.conf' },
  { name: 'kubelet started', file: 'var/lib/kubelet/kubeadm-flags.env' },
  { name: 'kubelet.conf written', file: 'etc/kubernetes/kubelet.conf' },
  { name: 'registered', isThere: async (situation) => (await situation.node()) !== undefined },
]

/** Resolves at the moment, with false when the run ended without coming to it. */
async function reached(situation: KubeadmSituation, moment: Moment, run: Running): Promise<boolean> {
  if (moment.logs)
    return await run.seen(moment.logs).then(
      () => true,
      () => false,
    )
  let isOver = false
  const over = () => {
    isOver = true
  }
  void run.ended.then(over, over)
  for (;;) {
    if (moment.file !== undefined && hasFile(situation, moment.file)) return true
    if (await moment.isThere?.(situation)) return true
    if (isOver) return false
    await sleep(2)
  }
}

function hasFile({ host }: KubeadmSituation, path: string): boolean {
  try {
    readFileSync(join(host.root, path))
    return true
  } catch {
    return false
  }
}

/** After what was left, in every ending: a press that is well, one that has nothing to do. */
async function expectConverged(situation: KubeadmSituation, name: string): Promise<void> {
  const press = await situation.press()
  try {
    expectPress(press, { exitCode: 0, outputs: { 'failure-code': '' } })
    await expectMember(situation)
    expectPress(await situation.press(), unchanged)
  } catch (error) {
    const { message } = error as Error
    throw new Error(`${name}: ${message}\n${press.stdout}${press.stderr}\n${logsOf(situation)}`)
  }
}

/** The change logs on the machine. */
function logsOf({ host }: KubeadmSituation): string {
  const runs = join(host.root, 'var/lib/k3s-gpu-actions/runs')
  try {
    return readdirSync(runs)
      .map((run) => `${run}\n${readFileSync(join(runs, run, 'log'), 'utf8')}`)
      .join('\n')
  } catch {
    return 'no change log'
  }
}

/** kill -9 of what kubeadm itself is, on the machine; `timeout` and the script around it live on. */
const onHost = [
  { name: 'kubeadm', moment: 'bootstrap-kubelet.conf written', pattern: '^kubeadm join|/kubeadm join' },
  { name: 'the scripts of the run', moment: 'kubelet started', pattern: 'k3s-gpu-actions-begin' },
  { name: 'the sshd that serves the connection', moment: 'kubelet started', pattern: '^sshd: oceanid' },
] as const

export const kubeadmInterruptedScenarios: readonly LabScenario[] = [
  scenario('kubeadm-killed', 'a join with kubeadm is killed at every stage', async (lab) => {
    const told: string[] = []
    for (const [index, moment] of moments.entries()) {
      const situation = await lab.kubeadm.situation()
      try {
        const killed = situation.start()
        const isReached = await reached(situation, moment, killed)
        if (isReached) killed.child.kill('SIGKILL')
        const { state } = await killed.ended
        if (index % 2 === 0) {
          expectPress(await situation.post(state), { exitCode: 0 })
          assert.deepEqual(await situation.tokens(), [], `${moment.name}: post left a token`)
        }
        await expectConverged(situation, moment.name)
        told.push(`${moment.name}${isReached ? '' : ' (not reached)'}`)
      } finally {
        await situation.close()
      }
    }
    return `${told.join(', ')}: the next press joins, the one after that has nothing to do`
  }),

  scenario('kubeadm-cancelled', 'a join with kubeadm is cancelled while kubeadm waits', async (lab) => {
    const situation = await lab.kubeadm.situation()
    try {
      const run = situation.start()
      assert.ok(await reached(situation, { name: '', file: 'etc/kubernetes/bootstrap-kubelet.conf' }, run))
      const startedAt = performance.now()
      run.child.kill('SIGINT')
      const press = await run.ended
      const seconds = (performance.now() - startedAt) / 1000
      assert.deepEqual(await situation.tokens(), [], 'the token outlived the cancelled run')
      assert.ok(seconds < 7.5, `the run needed ${seconds.toFixed(1)} s to end`)
      if (press.exitCode !== 0) {
        expectPress(press, { exitCode: 1, outputs: { 'failure-code': 'cancelled' } })
      }
      await expectConverged(situation, 'cancelled')
      return `ended in ${seconds.toFixed(1)} s (${press.report?.failure?.state ?? 'too late'}); the next press joins`
    } finally {
      await situation.close()
    }
  }),

  scenario(
    'kubeadm-interrupted-host',
    'kubeadm, the scripts of the run, or sshd are killed on the machine',
    async (lab) => {
      const told: string[] = []
      for (const { name, moment, pattern } of onHost) {
        const situation = await lab.kubeadm.situation()
        try {
          const run = situation.start()
          const one = moments.find((candidate) => candidate.name === moment) as Moment
          assert.ok(await reached(situation, one, run), `${name}: not reached`)
          await must(situation.host, ['pkill', '-KILL', '-f', pattern])
          const press = await run.ended
          assert.deepEqual(await situation.tokens(), [], `${name}: the token outlived the run`)
          await expectConverged(situation, name)
          told.push(`${name}: ${press.exitCode === 0 ? 'too late' : (press.report?.failure?.state ?? '')}`)
        } finally {
          await situation.close()
        }
      }
      return told.join('; ')
    },
  ),
]
