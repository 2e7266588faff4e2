import type { NodePasswordFinding } from './node-password.ts'

/** What kind of token a string is, without saying the string. */
export type TokenKind = 'none' | 'server' | 'agent' | 'bootstrap' | 'short'

/** What is installed of k3s on a host, from the distribution's part of the survey. Undefined: not there. */
export interface K3sInstallation {
  readonly binary?: { readonly path: string; readonly version: string; readonly sha256: string }
  readonly unit?: {
    /** `k3s-agent` for an agent, `k3s` for a server; the agent's where both are there. */
    readonly name: string
    readonly path: string
    readonly sha256: string
    /** Words of ExecStart after the program, quotes removed; the value of every token argument replaced by `***`. */
    readonly arguments: readonly string[]
    /** systemd's ActiveState and SubState. */
    readonly activeState: string
    readonly subState: string
    readonly isEnabled: boolean
    readonly restarts: number
    readonly needsReload: boolean
  }
  /** Whether k3s.service is there, also beside the agent's unit. */
  readonly hasServerUnit: boolean
  /**
   * Program, unit file, env file and our drop-in, as far as they are newer than the start of the unit's main process,
   * which therefore runs with what was there before. Empty when the unit does not run.
   */
  readonly changedSinceStart: readonly string[]
  readonly environment?: {
    readonly path: string
    readonly sha256: string
    readonly mode: string
    /** Names only. */
    readonly keys: readonly string[]
    /** K3S_URL is an address, not a secret. */
    readonly url: string
    readonly tokenKind: TokenKind
  }
  /** config.yaml and config.yaml.d/*.yaml, in k3s's order. */
  readonly configFiles: readonly {
    readonly path: string
    readonly sha256: string
    readonly mode: string
    readonly keys: readonly string[]
  }[]
  /**
   * Values of configuration files that decide whether the kubelet starts, in k3s's order; an empty one says only that the
   * key is there. Of `kubelet-arg` node-labels, fail-swap-on and fail-cgroupv1 only.
   */
  readonly settings: readonly {
    readonly path: string
    readonly key: 'node-label' | 'node-taint' | 'kubelet-arg'
    /** Written `key+`: added to what earlier files say, instead of taking its place. */
    readonly isAdded: boolean
    readonly value: string
  }[]
  /** Whether the SELinux policy of the package k3s-selinux is installed. */
  readonly hasSelinuxPolicy: boolean
  /** Text of our own drop-in (it holds no secret); undefined when absent. */
  readonly ownConfig?: string
  readonly hasNodePassword: boolean
  /** From the second look; undefined: nobody asked, because no agent is started. */
  readonly nodePassword?: NodePasswordFinding
  readonly templates: readonly { readonly path: string; readonly sha256: string; readonly hasBaseTemplate: boolean }[]
}

/** Paths on the host; the scripts put "$ROOT" in front. */
export const paths = {
  binary: '/usr/local/bin/k3s',
  ownConfig: '/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml',
  unit: '/etc/systemd/system/k3s-agent.service',
  environment: '/etc/systemd/system/k3s-agent.service.env',
  nodePassword: '/etc/rancher/node/password',
  containerdLog: '/var/lib/rancher/k3s/agent/containerd/containerd.log',
  lock: '/run/k3s-gpu-actions.lock',
  backups: '/var/lib/k3s-gpu-actions',
} as const

/** Steps of the apply script, in the order in which they may run. Ids are those of the plan's changes. */
export type ApplyStep =
  | 'install-binary' // stage beside the target as root-only name, hash that, rename
  | 'run-installer' // official installer, download, start and enable skipped
  | 'write-config' // our drop-in, 0600
  | 'edit-environment' // K3S_URL and, if given, K3S_TOKEN, key by key, 0600
  | 'edit-unit' // remove named arguments from ExecStart
  | 'reload' // systemctl daemon-reload
  | 'enable' // wants-link, without daemon-reload

export interface ApplyMaterial {
  readonly runId: string
  /** Who holds the host lock, for other runs: `Join Calypso run 41 (actor)`. */
  readonly holder: string
  readonly steps: readonly ApplyStep[]
  /** Result of Host.upload and the hash that the file must have. */
  readonly binary?: { readonly stagedPath: string; readonly sha256: string }
  readonly installer?: { readonly text: string; readonly sha256: string }
  readonly config?: string
  readonly environment?: { readonly url: string; readonly token?: string }
  /** Argument names to remove with their values, e.g. `--node-label`. */
  readonly removeArguments?: readonly string[]
  /** False: a file that is replaced keeps the time of its former version, so that no later survey takes it for pending. */
  readonly isRestartFollowing: boolean
}

/** A released k3s for one architecture, checked on the runner: file on the runner, hash, and the installer of the same commit. */
export interface K3sRelease {
  readonly version: string
  readonly architecture: string
  readonly binary: {
    readonly path: string
    readonly sha256: string
    readonly sizeBytes: number
    readonly fromCache: boolean
  }
  readonly installer: { readonly text: string; readonly sha256: string; readonly commit: string }
  /** Things worth a warning, e.g. that GitHub has no digest for the asset. */
  readonly notes: readonly string[]
}

/** The handshake, address by address. Passed: every check is pass or warn. */
export interface HandshakeResult {
  /** K10 hash of the CA that the server gave through the host's network. */
  readonly caHash: string
  readonly apiServers: readonly string[]
  readonly via: 'forwarding' | 'host-command'
}
