/** Shape of a cluster file after validation: keys as they are written, see schemas/cluster.schema.json for what they mean. */
export interface ClusterFileContent {
  readonly name: string
  readonly distribution?: 'k3s' | 'kubeadm'
  readonly version?: string
  readonly api?: {
    readonly server?: string
    readonly tunnel?: {
      readonly host: string
      readonly port?: number
      readonly user: string
      readonly 'local-port'?: number
      readonly 'known-hosts'?: string
      readonly 'private-key-property'?: string
    }
  }
  readonly kubeconfig?: {
    readonly esc?: string
    readonly property?: string | readonly string[]
    readonly 'read-only-property'?: string | readonly string[]
    readonly 'deploy-property'?: string | readonly string[]
    readonly 'remove-property'?: string | readonly string[]
    readonly path?: string
    readonly context?: string
    readonly namespace?: string
    readonly server?: string
    readonly 'tls-server-name'?: string
    readonly connect?: 'direct' | 'tunnel' | 'auto'
    readonly 'expect-ca-sha256'?: string
    readonly 'expect-cluster-uid'?: string
    readonly 'min-validity'?: string
  }
  readonly join?: JoinSettings
  readonly 'gpu-runtime'?: GpuRuntimeSettings
  readonly nodes: Readonly<Record<string, ClusterFileNode>>
  readonly verify?: VerifySettings
  readonly deploy?: DeploySettings
}

export interface DeploySettings {
  /** `organization/project/stack` */
  readonly stack?: string
  /** Below the workspace. */
  readonly 'working-directory'?: string
  readonly 'package-manager'?: 'npm' | 'pnpm' | 'yarn'
  readonly 'bind-plan'?: boolean
}

export interface VerifySettings {
  readonly mode?: 'observe' | 'probe' | 'load'
  readonly suites?: readonly string[]
  readonly 'fail-on'?: 'fail' | 'warn' | 'never'
  readonly 'ignore-checks'?: readonly string[]
  readonly severity?: readonly {
    readonly check: string
    readonly namespace?: string
    readonly 'at-most': 'warn' | 'skip'
  }[]
  readonly alarm?: { readonly after: number; readonly of: number }
  readonly retries?: number
  readonly timeout?: string
  readonly namespace?: string
  readonly 'gpu-image'?: string
  readonly 'probe-image'?: string
  readonly flux?: 'required' | 'optional' | 'ignored'
  readonly triton?: readonly TritonSettings[]
  readonly endpoints?: readonly {
    readonly url: string
    readonly access?: 'direct' | 'cloudflare'
    readonly status?: number
    readonly node?: string
  }[]
  readonly certificates?: { readonly warn?: string; readonly fail?: string }
  readonly storage?: { readonly 'free-percent'?: number; readonly class?: string }
  readonly monitoring?: { readonly prometheus: string; readonly 'node-jobs'?: readonly string[] }
}

export interface TritonSettings {
  readonly name?: string
  readonly url: string
  readonly access?: 'direct' | 'cloudflare'
  readonly model: string
  readonly version?: string
  readonly node?: string
  readonly 'gpu-proof'?: 'gpu-proved' | 'gpu-likely' | 'none'
  readonly p95?: string
  readonly metrics?: string
  readonly golden?: {
    readonly inputs: Readonly<Record<string, unknown>>
    readonly outputs: Readonly<Record<string, unknown>>
    readonly tolerance?: number
  }
  readonly 'token-expires'?: string
}

export interface JoinSettings {
  readonly timeout?: string
  readonly 'drain-timeout'?: string
  readonly verify?: 'fast' | 'deep'
  readonly 'fail-on'?: 'fail' | 'warn' | 'never'
  readonly 'ignore-checks'?: readonly string[]
}

export interface GpuRuntimeSettings {
  readonly toolkit?: 'install' | 'verify'
  readonly 'toolkit-version'?: string
  readonly repository?: string
  readonly 'repository-keys'?: readonly string[]
  readonly 'hold-packages'?: 'none' | 'toolkit' | 'all'
  readonly 'device-plugin'?: 'apply' | 'verify' | 'none' | 'absent'
  readonly 'device-plugin-image'?: string
  readonly 'default-runtime'?: 'keep' | 'nvidia' | 'unset'
  readonly timeout?: string
  readonly 'fail-on'?: 'fail' | 'warn' | 'never'
  readonly 'ignore-checks'?: readonly string[]
}

export interface ClusterFileNode {
  readonly role?: 'agent' | 'server'
  readonly address?: string
  readonly transport?: 'ssh' | 'local'
  readonly ssh?: {
    readonly host?: string
    readonly port?: number
    readonly user?: string
    readonly 'known-hosts'?: string
    readonly 'host-key-fingerprint'?: string | readonly string[]
    readonly 'private-key-file'?: string
    /** Where the kubeconfig's ESC environment holds the private key. */
    readonly 'private-key-property'?: string
  }
  readonly version?: string
  readonly 'pod-network'?: 'shared' | 'isolated'
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly string[]
  readonly 'node-ip'?: string
  readonly 'node-external-ip'?: string
  readonly profile?: 'longhorn'
  readonly packages?: readonly string[]
  readonly services?: readonly string[]
  readonly modules?: readonly string[]
  readonly sysctl?: Readonly<Record<string, string | number>>
  readonly storage?: { readonly disk?: string }
  readonly 'extra-config'?: Readonly<Record<string, unknown>>
  readonly gpu?: { readonly count?: number; readonly product?: string }
  readonly join?: JoinSettings
  readonly 'gpu-runtime'?: GpuRuntimeSettings
}

/** A cluster file that was read and found valid. */
export interface ClusterFile {
  /** As it was given, for messages: `clusters/oceanid.yaml`. */
  readonly path: string
  readonly content: ClusterFileContent
  /** Where something stands: `clusters/oceanid.yaml:12:5 (nodes.calypso.version)`. */
  at(place: Place): string
}

/** Keys and indexes from the top of a document. */
export type Place = readonly (string | number)[]
