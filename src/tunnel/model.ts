import type { ProcessIdentity } from '../ownership/index.ts'
import type { TunnelFault } from './error.ts'

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
  /** For the TLS and /version stages of readiness. An empty name: the certificate is verified for 127.0.0.1. */
  readonly server: { readonly caPem: string; readonly tlsServerName: string }
}

/** Where a tunnel lives, and for whom. */
export interface TunnelPlace {
  /** Private folder (0700) of the kubeconfig: `tunnel.json`, `tunnel.log`, key and known_hosts stand in it. */
  readonly folder: string
  /** Random; in the supervisor's arguments and environment, so that its process is known beyond doubt. */
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

/** Where a tunnel leads. Two tunnels that agree in all of it are one and the same to whoever uses them. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly localPort: number
  /** `127.0.0.1:6443`, as the SSH server sees it. */
  readonly target: string
}

/** The state file `tunnel.json`. No secrets. */
export interface TunnelState extends Destination {
  readonly schema: 'k3s-gpu-actions/tunnel/v1'
  readonly nonce: string
  readonly label: string
  readonly worker?: ProcessIdentity
  readonly supervisor?: ProcessIdentity
  readonly ssh?: ProcessIdentity
  /** RFC 3339. */
  readonly startedAt: string
  readonly expiresAt: string
  readonly phase: 'starting' | 'connected' | 'ended'
  /** The last connection through the tunnel that the SSH server did not forward, in its words. */
  readonly refusal?: { readonly at: string; readonly text: string }
  readonly ended?: TunnelFault & { readonly at: string }
  /** State file of the tunnel of the same job that this kubeconfig uses, too. */
  readonly borrowedFrom?: string
  /** Nonce of the call that borrowed it. */
  readonly borrowedBy?: string
}

/** What the supervisor is told on its standard input, once its identity is on record. Secret: it holds the key. */
export interface TunnelOrder {
  readonly privateKey: string
  readonly knownHosts: string
}

/** A proven tunnel. */
export interface Tunnel {
  /** `https://127.0.0.1:<localPort>` */
  readonly server: string
  /** Milestones with milliseconds since the start: process, TCP, TLS, /version. */
  readonly milestones: readonly { readonly text: string; readonly atMs: number }[]
}
