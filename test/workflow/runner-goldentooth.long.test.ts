/** The button of examples/join-goldentooth.yml in front of the kubeadm cluster of seed 001: every scenario of it, and faults that nobody else shows. */
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import { type Played, play } from '../../rehearsal/play.ts'
import { scenarios } from '../../rehearsal/scenarios/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

const joins = scenarios.filter(({ isOfKubeadm }) => isOfKubeadm)

async function played(name: string, fault?: FaultName): Promise<Played> {
  const scenario = joins.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  const folder = join(temporaryFolder(), 'played')
  return await play(scenario, fault, { folder, isKept: false, signal: new AbortController().signal, pace: 0.2 })
}

it.each(joins.map(({ name }) => name))('%s', async (name) => {
  const { verdict, run } = await played(name)
  expect(verdict).toMatchObject({ isAsExpected: true })
  // Neither words of k3s nor a token in anything that somebody reads.
  expect(run.log).not.toMatch(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/)
})

it.each<FaultName>(['kubeadm-stale-ca', 'kubeadm-swap', 'kubeadm-leftovers-live', 'kubeadm-newer'])(
  'goldentooth with %s',
  async (fault) => {
    const { verdict } = await played('goldentooth', fault)
    expect(verdict).toMatchObject({ isAsExpected: true })
  },
)
