/** What the embedded Pulumi deploys, and what can be wrong with it. Shapes: pulumi/pulumi, sdk/go/common/apitype (v3.259.0). */

/** What a deployment meets. */
export type DeployFault =
  | 'deploy-locked'
  | 'deploy-lock-left'
  | 'deploy-update-fails'
  | 'deploy-program-throws'
  | 'deploy-passphrase-wrong'
  | 'deploy-passphrase-missing'
  | 'deploy-hangs'
  | 'deploy-hangs-on-cancel'
  | 'deploy-drift'
  | 'deploy-unreachable'
  | 'deploy-wrong-cluster'
  | 'deploy-token-refused'
  | 'deploy-stack-missing'
  | 'deploy-plan-exceeded'
  | 'deploy-cloud-down'
  | 'deploy-hostile'
  | 'deploy-no-lock-file'
  | 'deploy-install-fails'

/** A JSON object of inputs or outputs. At rest a secret is `{ [secretMark.key]: …, ciphertext }`, in the CLI `{ [plainSecret]: value }`. */
export type Properties = Readonly<Record<string, unknown>>

/** Marks a secret in a state (sdk/go/common/resource/properties.go and sig/sig.go). */
export const secretMark = {
  key: '4dabf18193072939515e22adb298388d',
  value: '1b47061264138c4ac30d75fd1eb44270',
} as const

/** Marks a secret that is decrypted. */
export const plainSecret = 'rehearsal:secret'

/** A resource in a state (apitype ResourceV3), as far as the rehearsal has it. */
export interface StoredResource {
  readonly urn: string
  readonly custom: boolean
  readonly id: string
  readonly type: string
  readonly parent: string
  readonly inputs: Properties
  readonly outputs: Properties
}

/** A state (apitype DeploymentV3), as far as the rehearsal has it. */
export interface Deployment {
  readonly manifest: { readonly time: string; readonly magic: string; readonly version: string }
  readonly resources: readonly StoredResource[]
}

export type UpdateKind = 'preview' | 'update'

/** One update of a stack, or a preview, as Pulumi Cloud keeps it. */
export interface StackUpdate {
  readonly id: string
  readonly kind: UpdateKind
  readonly version: number
  readonly author: string
  readonly message: string
  /** What its CLI said of where it runs, e.g. `ci.build.id`. */
  readonly environment: Readonly<Record<string, string>>
  readonly startedAt: number
  readonly endedAt: number
  readonly result: 'not-started' | 'in-progress' | 'succeeded' | 'failed'
  readonly isCancelled: boolean
}

/** What the stand-in of the CLI is told besides its arguments and environment; a file, written again with every fault. */
export interface CliSettings {
  /** PEM file of the authority of all embedded servers. */
  readonly caFile: string
  /** What the resources really are: URN → properties, as a provider would read them. */
  readonly realityFile: string
  /** A line of JSON for every call of a program. */
  readonly callsFile: string
  readonly faults: readonly DeployFault[]
  /** How long the step of one resource takes. */
  readonly stepMs: number
}

/** One call of pulumi, npm, pnpm or yarn. */
export interface ProgramCall {
  readonly program: string
  readonly arguments: readonly string[]
  readonly workingDirectory: string
  readonly environment: Readonly<Record<string, string>>
  readonly pid: number
}
