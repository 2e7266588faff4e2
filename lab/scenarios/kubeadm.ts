/** Nodes of a cluster that kubeadm set up: the real kubeadm, kubelet, containerd and API server, pressed by the committed bundle. */
import assert from 'node:assert/strict'
import type { Lab, LabScenario } from '../inside/model.ts'
import { joinByHand, type KubeadmSituation } from '../kubeadm/index.ts'
import { readyStatus, scenario, until } from './expect.ts'

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
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
    return `kubeadm join ended after ${seconds(startedAt, joinedAt)} s, Ready ${seconds(joinedAt, performance.now())} s later`
  }),
]
