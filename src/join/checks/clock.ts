import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered, unanswered } from './check.ts'

const clockToleranceMs = 30_000

export function clockCheck(situation: JoinSituation): Check {
  const id = 'host.clock'
  const question = 'Is the clock of the host within 30 s of the API server?'
  const { facts, reading, readAtRunnerMs } = situation
  if (facts.clock.hostMs === 0) return unanswered(id, question, 'the host does not tell its time')
  // Both clocks are read against the runner's own, so the runner's being wrong cancels out.
  const hostAheadMs = facts.clock.hostMs - facts.clock.runnerMs
  const serverAheadMs = reading.serverTimeMs - readAtRunnerMs
  const skewMs = Math.round(hostAheadMs - serverAheadMs)
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  const found = seconds <= 1 ? 'same second' : `${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`
  return answered(id, question, Math.abs(skewMs) <= clockToleranceMs, found, {
    cause: "certificates are not valid from the host's point of view",
    remedy: 'sudo timedatectl set-ntp true',
  })
}
