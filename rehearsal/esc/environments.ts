/** The environments of the embedded Pulumi Cloud: definitions with revisions and tags, and the sessions in which they are open. */
import { randomUUID } from 'node:crypto'
import type { Access, Definition, Value } from './model.ts'
import { evaluate } from './values.ts'

export interface EnvironmentName {
  readonly organization: string
  readonly project: string
  readonly environment: string
}

export interface Session {
  readonly id: string
  readonly key: string
  readonly properties: Value
  readonly endsAtMs: number
}

export interface Environment extends EnvironmentName {
  /** Revision n is at n - 1. */
  readonly revisions: Definition[]
  /** Name → revision. `latest` is not among them: it moves by itself. */
  readonly tags: Map<string, number>
  access: Access
  /** Opening needs somebody's approval. */
  isGated: boolean
}

export const keyOf = ({ organization, project, environment }: EnvironmentName): string =>
  `${organization}/${project}/${environment}`

export class Environments {
  readonly #all = new Map<string, Environment>()
  readonly #sessions = new Map<string, Session>()
  readonly #nowMs: () => number
  #lastNumber = 31_415

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get(key: string): Environment | undefined {
    return this.#all.get(key)
  }

  /** Every environment of an organization. */
  of(organization: string): readonly Environment[] {
    return [...this.#all.values()].filter((environment) => environment.organization === organization)
  }

  /**
   * Writes a definition, and with it the next revision.
   * @param reference organization/project/environment
   * @throws Error for one that ESC would not take
   */
  put(reference: string, definition: Definition): number {
    const [organization = '', project = '', environment = ''] = reference.split('/')
    evaluate(definition, environment)
    const present = this.#all.get(reference) ?? {
      organization,
      project,
      environment,
      revisions: [],
      tags: new Map<string, number>(),
      access: 'open' as const,
      isGated: false,
    }
    this.#all.set(reference, present)
    return present.revisions.push(definition)
  }

  /** The number of a revision or tag; undefined when there is none such. A leading digit means a number (pulumi/esc, env.go). */
  revisionOf(environment: Environment, version: string): number | undefined {
    if (version === '' || version === 'latest') return environment.revisions.length
    const revision = /^\d/.test(version) ? Number(version) : environment.tags.get(version)
    return revision !== undefined && environment.revisions[revision - 1] !== undefined ? revision : undefined
  }

  /** @param hasNumber its id is a number in the answer, as an example of Pulumi's documentation has it */
  open(environment: Environment, revision: number, lifetimeMs: number, hasNumber: boolean): Session {
    const definition = environment.revisions[revision - 1]
    if (definition === undefined) throw new Error(`there is no revision ${revision}`)
    this.#lastNumber += 1
    const session = {
      id: hasNumber ? String(this.#lastNumber) : randomUUID(),
      key: keyOf(environment),
      properties: evaluate(definition, environment.environment),
      endsAtMs: this.#nowMs() + lifetimeMs,
    }
    this.#sessions.set(session.id, session)
    return session
  }

  /** An open session of that environment; undefined when it never was, or has ended. */
  session(key: string, id: string): Session | undefined {
    const session = this.#sessions.get(id)
    return session !== undefined && session.key === key && session.endsAtMs > this.#nowMs() ? session : undefined
  }
}

/** A duration of Go, e.g. `2h0m0s` or `300s`, in milliseconds; undefined for what is none. */
export function goDuration(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  )
}
