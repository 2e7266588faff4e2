import type { Endpoint } from '../http/index.ts'

/** How sure it is that the GPU produced an answer. From most to least. */
export type GpuVerdict = 'gpu-proved' | 'gpu-likely' | 'unknown' | 'cpu-fallback'

/** Known inputs, and what the model must answer to them. */
export interface Golden {
  /** Input name → values, row by row. Shapes are those of the values. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
  /** Largest difference of a number, absolute. Default: 0.001. */
  readonly tolerance?: number
}

/** One Triton server and one of its models that must answer. */
export interface TritonTarget {
  /** Last part of the ids of its checks, e.g. `distilbert-base-uncased`: lower case letters, digits, `-` and `.`; unique among the targets. */
  readonly id: string
  readonly endpoint: Endpoint
  readonly model: string
  /** Empty: whichever the server chooses. */
  readonly version: string
  /** Least evidence that is asked for; `none`: the CPU may answer. */
  readonly gpuProof: 'gpu-proved' | 'gpu-likely' | 'none'
  /** Milliseconds that 95 of 100 answers must stay below; undefined: only measured. */
  readonly p95Ms?: number
  readonly golden?: Golden
  /** Address of its metrics, where the runner can reach them; empty: not asked. */
  readonly metricsUrl: string
  /** When the service token of its guard ends, RFC 3339 date; empty: nobody said. */
  readonly tokenExpires: string
  /** Node whose machine runs this server, as far as anybody said; empty: nobody did. */
  readonly node: string
  /** UUIDs of the GPUs that may produce the answer, from the annotation of its node; empty: not known. */
  readonly gpuUuids: readonly string[]
}

/** One signal about where an answer was computed. */
export interface GpuSignal {
  readonly name: 'instance-kind' | 'statistics-memory' | 'metrics-memory' | 'metrics-energy' | 'process' | 'latency'
  /** undefined: this server does not tell. */
  readonly speaksForGpu: boolean | undefined
  /** For people: what was seen. */
  readonly seen: string
}

/** Milliseconds of one client in turn, after the warm-up. */
export interface Latency {
  readonly samples: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** What the server itself spent on a request, from its statistics; undefined: it does not tell. */
  readonly serverMs?: number
  /** What is left of the mean for everything between. */
  readonly networkMs?: number
}
