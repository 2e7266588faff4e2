import type { Http, HttpAnswer, HttpRequest } from '../runner/index.ts'

export type { Http, HttpAnswer, HttpRequest }

/** A Pulumi ESC environment. `version` is a revision number or a tag; absent: the latest. */
export interface EnvironmentReference {
  readonly organization: string
  readonly project: string
  readonly environment: string
  readonly version?: string
}

/** Keys and indexes from the root of an environment's properties, e.g. ['pulumiConfig', 'oceanid-cluster:kubeconfig']. */
export type PropertyPath = readonly (string | number)[]

export type TokenType = 'personal' | 'organization' | 'team' | 'runner'

/** What an OIDC exchange asks for. */
export interface ExchangeRequest {
  readonly organization: string
  readonly tokenType: TokenType
  /** `user:LOGIN`, `team:NAME`, `runner:NAME`; empty for organization. */
  readonly scope: string
  readonly expirationSeconds: number
  /** GitHub's ID token. Secret. */
  readonly idToken: string
}

/** The value of one property, with secretness cascaded from its parents. */
export interface EscValue {
  /** Plain JSON: string, number, boolean, null, array, object. */
  readonly value: unknown
  /** All of it is secret. */
  readonly isSecret: boolean
}

/** One opened environment. Methods reject with EscError, or with the signal's reason once it is aborted. */
export interface OpenEnvironment {
  readonly reference: EnvironmentReference
  /** Secret: whoever has it and a token reads everything. */
  readonly sessionId: string
  /** What ESC said about the environment without refusing it; remote text. */
  readonly warnings: readonly string[]
  /** Revision that was opened, where it is known without a further request; empty otherwise. */
  readonly revision: string
  /** Undefined: there is no such property. */
  read(path: PropertyPath, signal: AbortSignal): Promise<EscValue | undefined>
  /** Paths of all leaves, in canonical form, names and types only (`string`, `object` …), never values. For `did you mean` and dry-run. */
  names(
    signal: AbortSignal,
  ): Promise<readonly { readonly path: string; readonly type: string; readonly isSecret: boolean }[]>
}

export interface EscClient {
  /** Milestones and retries for the log, e.g. `429, again in 2 s (request id …)`. */
  open(reference: EnvironmentReference, signal: AbortSignal): Promise<OpenEnvironment>
  /** Latest revision of the definition, without reading a secret; empty when it may not be read. One request. */
  revision(reference: EnvironmentReference, signal: AbortSignal): Promise<string>
}
