import { type PodState, quoteRemote } from '../../kubernetes/index.ts'
import type { PodOutcome } from './model.ts'

/** What is certain about a pod, before its log is read and it is taken away. */
export type Ending = Pick<
  PodOutcome,
  'code' | 'isAdmitted' | 'found' | 'cause' | 'remedy' | 'evidence' | 'missing' | 'exitCode'
>

/** What is known at one moment. Remote text. */
export interface PodMoment {
  readonly pod?: PodState
  /** `reason: message` of its events, newest first. */
  readonly podEvents: readonly string[]
  /** Messages of the Job's FailedCreate events. */
  readonly refusals: readonly string[]
  /** Since when it has been waiting for the same reason. */
  readonly waitedMs: number
}

/** What passes by itself gets this long; what does not is said at once. */
export const patienceMs = {
  /** The scheduler looks again as soon as something ends. */
  unschedulable: 4_000,
  /** A registry that did not answer is asked again after 10 s. */
  image: 20_000,
  /** The network of a node that has just started. */
  sandbox: 30_000,
  refusal: 6_000,
} as const

export type Words = Pick<Ending, 'found' | 'cause' | 'remedy'>
export const ending = (
  code: Ending['code'],
  isAdmitted: boolean,
  words: Words,
  evidence: readonly string[],
  more: Pick<Ending, 'missing' | 'exitCode'> = {},
): Ending => ({ code, isAdmitted, ...words, evidence: evidence.map(quoteRemote).slice(0, 8), ...more })

export const problemOf = (pod: PodState, pattern: RegExp): string | undefined =>
  pod.problems.find((one) => pattern.test(one))

/** A name that the server chose is different every night. */
export const oneName = (text: string): string => text.replace(/pods "[^"]*"/g, 'the pod')
