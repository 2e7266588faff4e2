import type { CertificateDates, Finding, VerifyWish } from '../../model.ts'
import { day, line } from '../reading.ts'

const dayMs = 86_400_000
/** Another authority has to be brought to every node and into every kubeconfig: that wants half a year. k3s itself warns a year before. */
const authorityWarnMs = 180 * dayMs

export type DatedCertificate = CertificateDates['server'][number]

export interface DateLimits {
  readonly warnMs: number
  readonly failMs: number
  readonly nowMs: number
}

export function limitsOf(wish: VerifyWish, nowMs: number): DateLimits {
  return { warnMs: wish.certificateWarnMs, failMs: wish.certificateFailMs, nowMs }
}

export function authorityLimits(limits: DateLimits): DateLimits {
  return { ...limits, warnMs: Math.max(limits.warnMs, authorityWarnMs) }
}

/** Whole days that are left; negative: it has ended. */
export function daysLeft(notAfterMs: number, nowMs: number): number {
  return Math.floor((notAfterMs - nowMs) / dayMs)
}

/** What ends too soon. It is said by its day, which stays the same from night to night. */
export function judgeDates(
  certificates: readonly DatedCertificate[],
  { warnMs, failMs, nowMs }: DateLimits,
  remedy: string,
): readonly Finding[] {
  return certificates.flatMap(({ subject, notAfterMs }): readonly Finding[] => {
    const leftMs = notAfterMs - nowMs
    if (leftMs >= warnMs) return []
    const hasEnded = leftMs <= 0
    return [
      {
        namespace: '',
        subject: line(subject, 100) || 'certificate',
        found: `${hasEnded ? 'ended' : 'ends'} ${day(notAfterMs)}`,
        verdict: leftMs < failMs ? 'fail' : 'warn',
        cause: hasEnded ? 'it was not renewed in time' : 'it is valid for a year or so, and nobody has renewed it',
        remedy,
      },
    ]
  })
}

/** Until when all of them are valid. */
export function untilWords(certificates: readonly DatedCertificate[]): string {
  return `valid until ${day(Math.min(...certificates.map(({ notAfterMs }) => notAfterMs)))}`
}
