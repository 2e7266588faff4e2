import type { Check, Failure } from '../report/index.ts'

/** What is known about a run that does not get on. Plain data; texts are remote and untrusted. */
export interface Evidence {
  /** Where the run stands, e.g. `handshake`, `apply`, `start`, `confirm`. Rows may be limited to some. */
  readonly stage: string
  /** Who failed, for the title: the node's or host's name. */
  readonly subject: string
  /** What the subject did not come to, for the title: `has no usable GPU`. Undefined: `did not join`. */
  readonly fails?: string
  /** Journal and log lines in the order in which they were written. */
  readonly texts: readonly string[]
  readonly unit?: {
    readonly name: string
    readonly activeState: string
    readonly subState?: string
    readonly restarts: number
    readonly result?: string
    readonly mainStatus?: number
  }
  /** The Node object, `exists: false` when there is none. `message` of its Ready condition. */
  readonly node?: { readonly exists: boolean; readonly ready: boolean; readonly message?: string }
  /** Checks of this run; their evidence and findings are searched too. */
  readonly checks?: readonly Check[]
}

/** Conditions on the state; every one that is given must hold. An unknown state never holds. */
export interface StateCondition {
  readonly nodeExists?: boolean
  readonly nodeReady?: boolean
  readonly unitActive?: boolean
  readonly restartsAtLeast?: number
}

/**
 * How much a row's text says. `cause`: this line is why, the first such line wins. `symptom`: seen also in passing on the
 * way to a good end, or as a consequence; counts when nothing names a cause. `state`: what is left when no text helps.
 */
export type Strength = 'cause' | 'symptom' | 'state'

/** One entry of the symptom catalogue. Adding one never touches code. */
export interface Row {
  readonly id: string
  /** The failure code: kebab case, an output. */
  readonly code: string
  readonly strength: Strength
  readonly stages?: readonly string[]
  /** Any of these finds the row; named groups fill `{name}` in the texts below. Empty for `state` rows. */
  readonly matches: readonly RegExp[]
  /** Every one of these must be found too, in any line. */
  readonly also?: readonly RegExp[]
  readonly when?: StateCondition
  /** Follows the subject: `calypso did not join: {title}`. `{subject}`, `{unit}`, `{restarts}`, `{message}` are always known. */
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly link?: string
  /** observed: on real parts. reported: by others, in these words. invented: our reasoning. */
  readonly provenance: NonNullable<Failure['provenance']>
  /** Fixture folder below test/fixtures/, or the reports and source files that the recorded lines come from. */
  readonly seen: string
  /**
   * Lines as they were recorded or reported, or as the source prints them: printed in docs/troubleshooting.md, so that a
   * search for a message leads there. Each of them alone finds the row, with `also` all of them together; empty for `state` rows.
   */
  readonly recorded: readonly string[]
}

/** A failure that still lacks `state`: only the run knows what it undid. */
export type Diagnosis = Omit<Failure, 'state'>
