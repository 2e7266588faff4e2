/** What the embedded Pulumi Cloud is told, and what it tells. */

/**
 * What people write below `values:` of an environment. `{ 'fn::secret': text }` marks a secret, as in the YAML of ESC; everything
 * below it is secret, too.
 */
export type Definition = { readonly [key: string]: DefinitionValue }
export type DefinitionValue =
  | string
  | number
  | boolean
  | null
  | readonly DefinitionValue[]
  | { readonly [key: string]: DefinitionValue }

/** A value as the REST API gives it (pulumi/esc, value.go). */
export interface Value {
  readonly value?: null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value }
  readonly secret?: true
  readonly trace: { readonly def: Range }
}

export interface Range {
  readonly environment: string
  readonly begin: Position
  readonly end: Position
}
interface Position {
  readonly line: number
  readonly column: number
  readonly byte: number
}

export type TokenType = 'personal' | 'organization' | 'team' | 'runner'

/** Who holds an access token. */
export interface Holder {
  readonly organization: string
  readonly tokenType: TokenType
  /** Login, team or runner; empty for the organization. */
  readonly name: string
}

/** One rule of an OIDC issuer, in the field names of Pulumi's REST API (AuthPolicyDefinition). */
export interface AuthPolicy {
  readonly decision: 'allow' | 'deny'
  readonly tokenType: TokenType
  /** Required of team tokens. */
  readonly teamName?: string
  /** Required of personal tokens. */
  readonly userLogin?: string
  /** Required of runner tokens. */
  readonly runnerID?: string
  readonly authorizedPermissions: readonly 'admin'[]
  /** Claim → pattern. */
  readonly rules: Readonly<Record<string, string>>
}

/** What its owner pays for decides which tokens an organization may ask for. */
export type Edition = 'individual' | 'team' | 'enterprise'

/** How far everybody with a token of the organization gets with an environment: it is not there, its definition can be read, it opens. */
export type Access = 'none' | 'read' | 'open'

/** A whole answer, in place of what the world would say. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface Organization {
  readonly name: string
  readonly edition: Edition
  readonly members: readonly string[]
  /** Of the issuer https://token.actions.githubusercontent.com. Empty: it is registered, and nothing is allowed yet. */
  readonly policies: readonly AuthPolicy[]
}
