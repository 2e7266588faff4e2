/** Every fault of the embedded oceanid by itself: the checks that it is about tell of it, and no others. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { VerifyFault } from '../../rehearsal/contract.ts'
import { verifyFaults } from '../../rehearsal/scenarios/index.ts'
import { type Night, type Nights, openNights } from './rehearsal-verify-night.ts'

/** The operator that is known to be broken counts for nothing: what is left is the fault's. */
const wish = {
  timeoutMs: 5000,
  severities: [{ check: 'workloads.*', namespace: 'pulumi-system', atMost: 'skip' }],
} as const

let nights: Nights
beforeAll(async () => {
  nights = await openNights()
  expect(news(await nights.night([], undefined, wish))).toEqual({})
}, 20_000)
afterAll(() => nights.close())

/** What is wrong. */
function news(night: Night): Readonly<Record<string, string>> {
  const worse = [...night.checks.values()].filter(({ verdict }) => !['pass', 'skip'].includes(verdict))
  return Object.fromEntries(worse.map(({ id, verdict }) => [id, verdict]))
}

/** It has to be there from the beginning: rehearsal-verify.test.ts. */
const fromTheStart: VerifyFault = 'verify-server-certificate-soon'
const names = (Object.keys(verifyFaults) as VerifyFault[]).filter((name) => name !== fromTheStart)

describe('a fault of the cluster is told of by its own checks alone', () => {
  it.each(names)(
    '%s',
    async (name) => {
      const { checks } = verifyFaults[name]
      const told = news(await nights.night([name], undefined, wish))
      // A DaemonSet's pod that has come to a node without its taint is not ready at once.
      if (name === 'verify-node-labels') delete (told as Record<string, string>)['workloads.controllers']
      expect(told).toEqual(checks)
    },
    20_000,
  )

  it('an image that cannot be fetched is said where one was wanted', async () => {
    const night = await nights.night(['verify-gpu-image-missing'], ['gpu-job'], {
      gpuImage: 'registry.test/cuda-sample:vectoradd',
    })
    expect(night.checks.get('gpu-job.scheduled.calypso')?.verdict).toBe('pass')
    expect(night.checks.get('gpu-job.device.calypso')).toMatchObject({
      verdict: expect.stringMatching(/error|skip|fail/),
      found: expect.stringContaining('registry.test/cuda-sample:vectoradd'),
    })
  }, 40_000)
})
