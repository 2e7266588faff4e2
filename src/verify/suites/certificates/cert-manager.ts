import type { ApiObject } from '../../../kubernetes/index.ts'
import type { Finding } from '../../model.ts'
import {
  type Condition,
  conditionsOf,
  day,
  line,
  nameOf,
  namespaceOf,
  since,
  timeAt,
  typeable,
  valueAt,
  wordsOf,
} from '../reading.ts'
import type { DateLimits } from './dates.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** An issuance, with its challenges, may take a while. */
const patienceMs = 15 * minuteMs

/** A Certificate (cert-manager/cert-manager:pkg/apis/certmanager/v1/types_certificate.go). Remote text. */
export interface ManagedCertificate {
  readonly namespace: string
  readonly name: string
  readonly createdMs?: number
  readonly ready?: Condition
  readonly issuing?: Condition
  readonly notAfterMs?: number
  /** When cert-manager means to renew it. */
  readonly renewalMs?: number
}

function condition(object: ApiObject, type: string): Condition | undefined {
  return conditionsOf(valueAt(object, 'status')).find((one) => one.type === type)
}

const given = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }

export function readManagedCertificate(object: ApiObject): ManagedCertificate {
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    ...given('createdMs', timeAt(object, 'metadata', 'creationTimestamp')),
    ...given('ready', condition(object, 'Ready')),
    ...given('issuing', condition(object, 'Issuing')),
    ...given('notAfterMs', timeAt(object, 'status', 'notAfter')),
    ...given('renewalMs', timeAt(object, 'status', 'renewalTime')),
  }
}

export interface Issuer {
  readonly kind: 'Issuer' | 'ClusterIssuer'
  readonly namespace: string
  readonly name: string
  readonly createdMs?: number
  readonly ready?: Condition
}

const issuerReader =
  (kind: Issuer['kind']) =>
  (object: ApiObject): Issuer => ({
    kind,
    namespace: namespaceOf(object),
    name: nameOf(object),
    ...given('createdMs', timeAt(object, 'metadata', 'creationTimestamp')),
    ...given('ready', condition(object, 'Ready')),
  })
export const readIssuer = issuerReader('Issuer')
export const readClusterIssuer = issuerReader('ClusterIssuer')

function isRecent(timeMs: number | undefined, nowMs: number): boolean {
  return timeMs !== undefined && nowMs - timeMs < patienceMs
}

/** A certificate that lives for days cannot be warned of a month before: what counts is whether it was renewed when it should have been. */
function lateness(one: ManagedCertificate, { warnMs, failMs, nowMs }: DateLimits): Finding['verdict'] | undefined {
  const { notAfterMs, renewalMs } = one
  if (notAfterMs === undefined) return undefined
  const leftMs = notAfterMs - nowMs
  if (leftMs <= 0) return 'fail'
  if (renewalMs === undefined) return leftMs < failMs ? 'fail' : leftMs < warnMs ? 'warn' : undefined
  const spanMs = Math.max(0, notAfterMs - renewalMs)
  if (nowMs < renewalMs + Math.min(dayMs, spanMs / 4)) return undefined
  return leftMs < Math.min(failMs, spanMs / 2) ? 'fail' : 'warn'
}

export function judgeManaged(certificates: readonly ManagedCertificate[], limits: DateLimits): readonly Finding[] {
  const { nowMs } = limits
  return certificates.flatMap((one): readonly Finding[] => {
    const { ready, issuing, notAfterMs } = one
    const about = {
      namespace: one.namespace,
      subject: `${one.namespace}/${one.name}`,
      remedy: `cmctl status certificate ${typeable(one.name)} -n ${typeable(one.namespace, 'NAMESPACE')}`,
    }
    const why = issuing?.reason === 'Failed' ? wordsOf(issuing) : ready === undefined ? '' : wordsOf(ready)
    const late = lateness(one, limits)
    if (late !== undefined && notAfterMs !== undefined) {
      const hasEnded = notAfterMs <= nowMs
      const found = hasEnded ? `ended ${day(notAfterMs)}` : `ends ${day(notAfterMs)} and was not renewed in time`
      const cause = why || 'cert-manager does not run, or its issuer does not answer'
      return [{ ...about, found, verdict: late, cause }]
    }
    if (ready?.status === 'True' || isRecent(ready?.sinceMs ?? one.createdMs, nowMs)) return []
    const found = `not ready${since(ready?.sinceMs)}${why === '' ? '' : `: ${line(why, 140)}`}`
    return [{ ...about, found, verdict: 'fail', cause: why || 'cert-manager has never reported on it' }]
  })
}

/** Certificates stay valid without their issuer, for a while: a warning. */
export function judgeIssuers(issuers: readonly Issuer[], nowMs: number): readonly Finding[] {
  return issuers
    .filter(({ ready, createdMs }) => ready?.status !== 'True' && !isRecent(ready?.sinceMs ?? createdMs, nowMs))
    .map(({ kind, namespace, name, ready }) => ({
      namespace,
      subject: `${kind}/${namespace === '' ? '' : `${namespace}/`}${name}`,
      found: `not ready${since(ready?.sinceMs)}`,
      verdict: 'warn',
      cause: (ready === undefined ? '' : wordsOf(ready)) || 'cert-manager has never reported on it',
      remedy:
        kind === 'ClusterIssuer'
          ? `kubectl describe clusterissuer ${typeable(name)}`
          : `kubectl -n ${typeable(namespace, 'NAMESPACE')} describe issuer ${typeable(name)}`,
    }))
}
