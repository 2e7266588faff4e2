import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { judgeNights, nightFaults, playNights } from '../../rehearsal/nights/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

/** One of each kind: what every fault does to the checks is shown by rehearsal-verify-matrix. */
const played = [
  'triton-cpu-fallback',
  'triton-stub-dead',
  'access-open',
  'tunnel-down',
  'verify-node-missing',
  'verify-pod-crash-loop',
  'verify-job-failed',
  'verify-flux-not-ready',
  'verify-claim-pending',
  'verify-certificate-soon',
  'verify-dns-down',
  'verify-gpu-capacity-zero',
  'verify-gpu-compute-wrong',
  'runner-offline',
  'schedule-off',
]

describe('two nights of the committed workflows and bundles', () => {
  it.each(Object.entries(nightFaults).filter(([name]) => played.includes(name)))(
    '%s opens an issue and closes it',
    async (_, fault) => {
      const nights = await playNights(fault, {
        folder: join(temporaryFolder(), 'nights'),
        isKept: false,
        signal: AbortSignal.timeout(120_000),
        pace: 0.2,
      })
      expect(judgeNights(fault, nights).text).toMatch(/^As expected/)
      // Nothing secret is told: neither in a log nor in an issue.
      const told = [nights.broken, nights.repaired].map(
        ({ run, issues }) => run.log + run.summary + JSON.stringify(issues),
      )
      expect(/\bghs_\w+|\beyJ[\w-]{20,}\.|[0-9a-f]{32}\.access\b/.exec(told.join(''))?.[0]).toBeUndefined()
    },
    180_000,
  )
})
