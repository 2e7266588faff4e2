import type { Run } from '../run.ts'
import type { KubeconfigEscInputs } from './inputs.ts'

/** What every stage of a run needs. */
export interface Loading {
  readonly run: Run
  readonly inputs: KubeconfigEscInputs
  readonly signal: AbortSignal
}

/** A further file, with its content. Secret. */
export interface FetchedFile {
  readonly name: string
  readonly text: string
}

/** What was read, from ESC or from the runner. Nothing of it has been parsed. Secret. */
export interface Fetched {
  readonly text: string
  readonly files: readonly FetchedFile[]
  /** The command that stores a kubeconfig where this one came from; absent: it lay on the runner. */
  readonly storeCommand?: string
  /** Private key of the tunnel, where the environment holds it. */
  readonly tunnelKey?: string
}
