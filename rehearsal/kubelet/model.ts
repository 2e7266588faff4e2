/** What a kubelet of this world knows: the node below it, the pods it is to run, and what becomes of them. */

/** What a machine's driver gives to a container. */
export interface GpuState {
  /** `mismatch`: the libraries are another version than the loaded module. `lost`: the module is loaded and finds no device. */
  readonly driver: 'ok' | 'none' | 'not-loaded' | 'mismatch' | 'lost'
  readonly uuids: readonly string[]
  /** MIG devices, `1g.10gb`; a GPU that has been parted counts by its parts where the plugin's strategy says so. */
  readonly migProfiles: readonly string[]
  /** What they are; where nobody asks inside containers it may be left out. */
  readonly card?: CardState
}
export interface CardState {
  readonly name: string
  readonly driver: string
  readonly memoryMiB: number
  readonly usedMiB: number
  /** `8.9` */
  readonly capability: string
  /** Highest CUDA version that the driver serves, `12.9`. */
  readonly cuda: string
}
export const noGpu: GpuState = { driver: 'none', uuids: [], migProfiles: [] }

/** The node as its container runtime sees it. */
export interface ContainerGround {
  readonly handlers: ReadonlySet<string>
  readonly defaultHandler: string
  readonly gpu: GpuState
  readonly hasFile: (path: string) => boolean
  /** Why an image that is asked for is not there, in containerd's words; undefined, or no such function: it is. */
  readonly missingImage?: (image: string) => string | undefined
  /** Further programs that end, by whatever tells them apart. */
  /** Why the kubelet does not take a pod, as UnexpectedAdmissionError; undefined, or no such function: it does. */
  readonly rejects?: (spec: Json) => string | undefined
  readonly programs?: (program: Program) => ProgramEnd | undefined
  /** The GPU computes something else than it should. */
  readonly computesWrong?: boolean
}

export interface Program {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly image: string
}

export type Json = Readonly<Record<string, unknown>>

export interface PodMaterial {
  /** Pod's spec. */
  readonly spec: Json
  /** Handler of its RuntimeClass; empty: it has none. */
  readonly handler: string
  /** ConfigMaps of its namespace that it mounts, by name. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type ContainerOutcome =
  | { readonly kind: 'no-sandbox'; readonly message: string }
  /** Its image cannot be pulled. */
  | { readonly kind: 'no-image'; readonly message: string }
  /** The container was created and could not be started. */
  | { readonly kind: 'not-started'; readonly message: string }
  | {
      readonly kind: 'exited'
      readonly code: number
      readonly log: readonly LogLine[]
      /** It ran so long before, at pace 1; default: no time. */
      readonly afterMs?: number
      /** Log without headers, before the other. */
      readonly printed?: readonly string[]
      /** Default: Error, or Completed. */
      readonly reason?: string
    }
  /** The kubelet did not take the pod: it has failed, and no container was made. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly message: string }
  | {
      readonly kind: 'running'
      /** Handler that it runs under. */
      readonly runtime: string
      readonly log: readonly LogLine[]
      /** Extended resource → how many devices it registers. */
      readonly devices: Readonly<Record<string, number>>
    }
/** Without klog's header. */
export interface LogLine {
  readonly level: 'I' | 'W' | 'E'
  readonly place: string
  readonly text: string
}

/** How a program ends by itself. */
export interface ProgramEnd {
  /** At pace 1. */
  readonly afterMs: number
  readonly code: number
  readonly log: readonly string[]
  /** Default: Error, or Completed. `OOMKilled` has the code 137. */
  readonly reason?: string
}
