/** How the CLI ends other than well: a text for standard error, and an exit code. */

/** Codes of pulumi/pulumi: sdk/go/common/util/cmdutil/exit.go; which error gets which: pkg/cmd/pulumi/cmd/exit_codes.go. */
export const exitCodes = {
  error: 1,
  configuration: 2,
  authentication: 3,
  stackNotFound: 6,
  noChanges: 7,
  cancelled: 8,
} as const

export class Stop extends Error {
  readonly exitCode: number

  /** @param message printed after `error: `; empty: everything is said already (a BailError of the CLI) */
  constructor(message: string, exitCode: number = exitCodes.error) {
    super(message)
    this.exitCode = exitCode
  }
}
