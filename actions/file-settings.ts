import type { ClusterFile, Problem } from '../src/cluster-file/index.ts'
import { readDuration } from './input-specification.ts'

/** `verify` and `deploy` are of the cluster alone: what is asked of a cluster, or put into it, is no node's business. */
type Block = 'join' | 'gpu-runtime' | 'verify' | 'deploy'

/** A duration's bounds, in milliseconds. */
interface Bounds {
  readonly minimum: number
  readonly maximum: number
}

/**
 * How a run is done, as inputs and cluster file say it: the input wins, then the node's own block of the file, then the cluster's,
 * then the default. Remembers where every value came from.
 */
export class FileSettings<Values extends object> {
  /** Input name → where its value came from. */
  readonly sources: Record<string, string> = {}
  readonly problems: Problem[] = []
  readonly #block: Block
  readonly #node: string
  readonly #file: ClusterFile | undefined

  constructor(block: Block, node: string, file: ClusterFile | undefined) {
    this.#block = block
    this.#node = node
    this.#file = file
  }

  #written<Name extends keyof Values>(name: Name): { value: Values[Name]; place: readonly string[] } | undefined {
    const content = this.#file?.content
    if (!content) return undefined
    const nodes = content.nodes
    const ofNode =
      this.#block !== 'verify' && this.#block !== 'deploy' && Object.hasOwn(nodes, this.#node)
        ? nodes[this.#node]?.[this.#block]
        : undefined
    for (const [settings, place] of [
      [ofNode, ['nodes', this.#node, this.#block]],
      [content[this.#block], [this.#block]],
    ] as const) {
      const value = (settings as Values | undefined)?.[name]
      if (value !== undefined) return { value, place: [...place, String(name)] }
    }
    return undefined
  }

  /** `given`: the input's value; undefined: it was not given, and the file decides. */
  pick<Name extends keyof Values, Fallback>(
    name: Name,
    given: NonNullable<Values[Name]> | undefined,
    fallback: Fallback,
  ): NonNullable<Values[Name]> | Fallback {
    const written = given === undefined ? this.#written(name) : undefined
    this.sources[String(name)] = given !== undefined ? 'input' : written ? (this.#file?.path ?? '') : 'default'
    return given ?? (written?.value as NonNullable<Values[Name]> | undefined) ?? fallback
  }

  /** The same for a duration: the file has it as text, whose form was checked with the file; its bounds are the input's. Milliseconds. */
  duration(name: keyof Values & string, given: number | undefined, bounds: Bounds, fallback: number): number {
    const written = given === undefined ? this.#written(name) : undefined
    this.sources[name] = given !== undefined ? 'input' : written ? (this.#file?.path ?? '') : 'default'
    if (given !== undefined || !written || !this.#file) return given ?? fallback
    const read = readDuration(String(written.value), bounds.minimum, bounds.maximum)
    if ('value' in read) return read.value
    this.problems.push({ input: this.#file.at(written.place), ...read.problem })
    return fallback
  }
}
