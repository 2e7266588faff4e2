export const tunnelErrorCodes = [
  'tunnel-port-busy',
  'tunnel-ssh-missing',
  'tunnel-host-key',
  'tunnel-authentication',
  'tunnel-unreachable',
  'tunnel-forward-refused',
  'tunnel-tls',
  'tunnel-failed',
  'tunnel-ended',
] as const

export type TunnelErrorCode = (typeof tunnelErrorCodes)[number]

/** Why there is no tunnel, or none any more. Plain data; texts may quote ssh and the SSH server. */
export interface TunnelFault {
  readonly code: TunnelErrorCode
  /** One sentence, without the code. */
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
}

/** A tunnel that did not come to be. `message` is the title. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError'
  readonly code: TunnelErrorCode
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(fault: TunnelFault) {
    super(fault.title)
    this.code = fault.code
    this.title = fault.title
    this.cause = fault.cause
    this.remedy = fault.remedy
    this.evidence = fault.evidence
  }
}
