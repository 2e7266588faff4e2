import type { ProcessIdentity } from '../ownership/index.ts'

/** A wanted tunnel: 127.0.0.1:localPort on the runner leads to target, as the SSH server sees it. */
export interface TunnelRequest {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Private key text; secret. Written 0600 beside the state, and removed as soon as the connection stands. */
  readonly privateKey: string
  /** known_hosts lines. Mandatory: without them there is no connection. */
  readonly knownHosts: string
  readonly localPort: number
  readonly target: { readonly host: string; readonly port: number }
  /** The supervisor ends itself and the tunnel after this. */
  readonly lifetimeMs: number
  /** For the TLS and /version stages of readiness. */
  readonly server: { readonly caPem: string; readonly tlsServerName: string }
}

/** Where a tunnel lives, and for whom. */
export interface TunnelPlace {
  /** Private folder (0700) of the kubeconfig: `tunnel.json`, `tunnel.log`, key and known_hosts stand in it. */
  readonly folder: string
  /** Random; in the supervisor's arguments, so that its process is known beyond doubt. */
  readonly nonce: string
  /** The job's worker process: when it is gone, the tunnel goes. Undefined: unknown. */
  readonly worker: ProcessIdentity | undefined
  /** e.g. `kubeconfig-esc, run 41`; for whoever finds the port busy. */
  readonly label: string
  /** Program and arguments of the supervisor, e.g. node and dist/kubeconfig-esc/tunnel.js; state file and nonce are appended. */
  readonly supervisor: readonly [string, ...string[]]
  /** Environment of supervisor and ssh: PATH, HOME, RUNNER_TRACKING_ID, nothing secret. */
  readonly environment: Readonly<Record<string, string>>
}

/** The state file `tunnel.json`. No secrets. */
export interface TunnelState {
  readonly schema: 'k3s-gpu-actions/tunnel/v1'
  readonly nonce: string
  readonly label: string
  readonly host: string
  readonly user: string
  readonly localPort: number
  readonly target: string
  readonly worker?: ProcessIdentity
  readonly supervisor?: ProcessIdentity
  readonly ssh?: ProcessIdentity
  /** RFC 3339. */
  readonly startedAt: string
  readonly expiresAt: string
  readonly phase: 'starting' | 'connected' | 'ended'
  readonly ended?: {
    readonly at: string
    readonly code: string
    readonly cause: string
    readonly evidence: readonly string[]
  }
}

/** A proven tunnel. */
export interface Tunnel {
  /** `https://127.0.0.1:<localPort>` */
  readonly server: string
  /** Milestones with milliseconds since the start: process, TCP, TLS, /version. */
  readonly milestones: readonly { readonly text: string; readonly atMs: number }[]
}
