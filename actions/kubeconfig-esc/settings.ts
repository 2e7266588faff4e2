import type { ClusterFile, Problem } from '../../src/cluster-file/index.ts'
import type { Provenance } from '../../src/report/index.ts'
import { readDuration } from '../input-specification.ts'
import type { Values } from './inputs.ts'
import { specification } from './specification.ts'

const defaultMinValidityMs = 6 * 3_600_000

/** Which of two places a value is taken from, the input or the cluster file, and what is wrong with them. */
export class Settings {
  readonly problems: Problem[] = []
  readonly provenance: Provenance[] = []
  readonly #values: Values
  readonly #file: ClusterFile | undefined

  constructor(values: Values, file: ClusterFile | undefined) {
    this.#values = values
    this.#file = file
  }

  get filePath(): string {
    return this.#file?.path ?? ''
  }

  /** Remembers a value that is used, and where it came from. */
  note(name: string, value: string, source: string): void {
    this.provenance.push({ name, value, source })
  }

  /** The input wins, then the cluster file. */
  pick<T extends string | number>(name: string, given: T | undefined, written: T | undefined): T | undefined {
    const value = given ?? written
    if (value !== undefined) this.note(name, String(value), given === undefined ? this.filePath : 'input')
    return value
  }

  /** A list, which a cluster file may write as one text. */
  pickList(name: string, given: readonly string[] | undefined, written: string | readonly string[] | undefined) {
    const list = given ?? (typeof written === 'string' ? [written] : written)
    if (list !== undefined) this.note(name, list.join(', '), given === undefined ? this.filePath : 'input')
    return list
  }

  /** Where a key of the cluster file stands, for a problem with it. */
  at(...place: readonly (string | number)[]): string {
    return this.#file?.at(place) ?? place.join('.')
  }

  minValidityMs(): number {
    const given = this.#values['min-validity']
    const written = this.#file?.content.kubeconfig?.['min-validity']
    if (given !== undefined || written === undefined) return given ?? defaultMinValidityMs
    const { minimum, maximum } = specification['min-validity']
    const read = readDuration(written, minimum, maximum)
    if ('value' in read) return read.value
    this.problems.push({ input: this.at('kubeconfig', 'min-validity'), ...read.problem })
    return defaultMinValidityMs
  }
}
