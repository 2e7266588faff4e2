/** What a whole look at a large cluster costs the API server. How long it takes is measured by `npm run bench`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bigWorld } from '../../rehearsal/cluster/big-world.ts'
import type { Cluster as World } from '../../rehearsal/cluster/index.ts'
import type { Check } from '../../src/report/index.ts'
import { suiteNames } from '../../src/verify/model.ts'
import { suites } from '../../src/verify/suites/index.ts'
import { wishOf } from '../unit/verify-wish.ts'
import { openText, portsOf } from './verify-world.ts'

describe('a thousand nodes and ten thousand pods', () => {
  let world: World
  beforeAll(async () => {
    world = await bigWorld(1_000, 10_000)
  })
  afterAll(async () => await world.close())

  it('are looked at with at most 40 requests, each list once however many suites ask', async () => {
    const wish = wishOf({ suites: new Set(suiteNames) })
    const cluster = await openText(world.adminKubeconfig(`https://127.0.0.1:${world.port}`))
    const ports = { ...portsOf(cluster), certificates: async () => ({ server: [], authority: [] }) }
    const checks: Check[] = []
    for (const name of suiteNames) checks.push(...(await suites[name].verify(ports, wish)).checks)
    expect(checks.filter(({ id, verdict }) => /^(nodes|workloads\.team)/.test(id) && verdict === 'fail')).toEqual([])
    expect(checks.find(({ id }) => id === 'nodes.ready')?.found).toBe('1000 nodes Ready')
    expect(checks.filter(({ id }) => id.startsWith('workloads.team-')).length).toBe(20)
    const pages = (resource: string) =>
      world.requests.filter((request) => new RegExp(`/${resource} 200$`).test(request)).length
    expect({ nodes: pages('nodes'), pods: pages('pods'), leases: pages('leases') }).toEqual({
      nodes: 2,
      pods: 20,
      leases: 2,
    })
    expect(cluster.requests).toBe(world.requests.length)
    expect(cluster.requests).toBeLessThanOrEqual(40)
  })
})
