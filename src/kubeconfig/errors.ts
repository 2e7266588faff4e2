export type KubeconfigErrorCode =
  | 'kubeconfig-missing'
  | 'kubeconfig-invalid'
  | 'kubeconfig-refused'
  | 'kubeconfig-not-placed'

/**
 * A kubeconfig that is not there, is none, may not be used, or could not be placed.
 * Texts name keys, entries and lines of it, never a value: what stands in a wrong place may be a secret.
 */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
  readonly code: KubeconfigErrorCode
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(
    code: KubeconfigErrorCode,
    details: {
      readonly title: string
      readonly cause: string
      readonly remedy: string
      readonly evidence?: readonly string[]
    },
  ) {
    super(details.title)
    this.code = code
    this.title = details.title
    this.cause = details.cause
    this.remedy = details.remedy
    this.evidence = details.evidence ?? []
  }
}

/** How to get a kubeconfig that needs no other file. */
export const flatten = 'make a self-contained one: kubectl config view --raw --flatten --minify'

/** It cannot be read as a kubeconfig, or not in one way only. */
export function invalid(
  title: string,
  cause: string,
  remedy: string,
  evidence: readonly string[] = [],
): KubeconfigError {
  return new KubeconfigError('kubeconfig-invalid', { title, cause, remedy, evidence })
}

/** It could be used, and would do what nobody asked it to. */
export function refused(
  what: string,
  cause: string,
  remedy: string,
  evidence: readonly string[] = [],
): KubeconfigError {
  return new KubeconfigError('kubeconfig-refused', {
    title: `the kubeconfig is refused: ${what}`,
    cause,
    remedy,
    evidence,
  })
}
