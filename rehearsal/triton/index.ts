import type { TritonOptions, TritonWorld } from './contract.ts'

export type * from './contract.ts'

/** Starts it on loopback. */
export async function startTriton(options: TritonOptions): Promise<TritonWorld> {
  throw new Error(`not built yet: ${Object.keys(options).join()}`)
}
