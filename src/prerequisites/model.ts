/** Steps of the apply script, in their order; the ids of the changes in the plan are the same. */
export const prerequisiteSteps = ['install-packages', 'load-modules', 'set-sysctl', 'enable-services'] as const
export type PrerequisiteStep = (typeof prerequisiteSteps)[number]

export type PackageManager = 'apt' | 'dnf' | 'zypper' | ''

/** One row of the kernel's table of mounts. */
export interface Mount {
  readonly device: string
  readonly path: string
  readonly type: string
  readonly options: readonly string[]
}

/** What the survey found of what a machine needs. Everything in it was said by the host. */
export interface PrerequisiteFacts {
  /** Empty: none that is known here. */
  readonly manager: PackageManager
  /** Name of an installed package → version. */
  readonly packages: ReadonlyMap<string, string>
  readonly services: readonly {
    readonly name: string
    /** systemd's LoadState, ActiveState and UnitFileState; empty: it did not say. */
    readonly load: string
    readonly active: string
    readonly file: string
  }[]
  readonly modules: readonly {
    readonly name: string
    readonly state: 'loaded' | 'loadable' | 'missing' | 'unknown'
  }[]
  /** `value` undefined: the kernel has no such setting now. */
  readonly sysctl: readonly { readonly key: string; readonly value: string | undefined }[]
  /** Text of the files of ours that are there, by their path. */
  readonly files: ReadonlyMap<string, string>
  readonly disk:
    | {
        readonly path: string
        readonly isThere: boolean
        /** The mount that holds the folder, and that of /; undefined: could not be read. */
        readonly mount: Mount | undefined
        readonly root: Mount | undefined
        /** fstab or a mount unit brings it back after a boot. */
        readonly comesBack: boolean
        readonly totalBytes: number
        readonly freeBytes: number
      }
    | undefined
  readonly multipath: { readonly isActive: boolean; readonly isKeptAway: boolean }
}

export const paths = {
  modules: '/etc/modules-load.d/k3s-gpu-actions.conf',
  sysctl: '/etc/sysctl.d/90-k3s-gpu-actions.conf',
} as const
