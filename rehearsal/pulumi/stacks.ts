/** The stacks of the embedded Pulumi Cloud: their states, updates, and who holds them. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Deployment, StackUpdate, UpdateKind } from './model.ts'

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] }
type Kept = Writable<StackUpdate> & { token: string }

export interface Stack {
  /** `organization/project/stack`. */
  readonly reference: string
  /** In the order in which they were created. */
  readonly updates: Kept[]
  deployment: Deployment
  version: number
}

export interface NewUpdate {
  readonly kind: UpdateKind
  readonly author: string
  readonly message?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A lease that nobody renews ends after this (client.go, RenewUpdateLease: 300 s at most). The stack stays locked all the same. */
export const leaseSeconds = 300

export const emptyDeployment = (): Deployment => ({
  manifest: { time: new Date(0).toISOString(), magic: '', version: 'v3.259.0' },
  resources: [],
})

export class Stacks {
  readonly #all = new Map<string, Stack>()
  readonly #nowMs: () => number
  /** Every token of an update that was given out. */
  readonly tokens: string[] = []

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get all(): readonly Stack[] {
    return [...this.#all.values()]
  }

  get(reference: string): Stack | undefined {
    return this.#all.get(reference)
  }

  add(reference: string, deployment: Deployment = emptyDeployment()): Stack {
    const stack: Stack = { reference, updates: [], deployment, version: 0 }
    this.#all.set(reference, stack)
    return stack
  }

  delete(reference: string): void {
    this.#all.delete(reference)
  }

  create(stack: Stack, { kind, author, message = '', environment = {} }: NewUpdate): Kept {
    const update: Kept = {
      id: randomUUID(),
      kind,
      author,
      message,
      environment,
      version: stack.version,
      startedAt: 0,
      endedAt: 0,
      result: 'not-started',
      isCancelled: false,
      token: '',
    }
    stack.updates.push(update)
    return update
  }

  /** Begins an update; undefined: another one holds the stack. Previews neither take nor meet the lock (pulumi/pulumi#8642). */
  start(stack: Stack, update: Kept): Kept | undefined {
    if (update.kind !== 'preview') {
      if (holderOf(stack) !== undefined) return undefined
      stack.version += 1
      update.version = stack.version
    }
    update.startedAt = this.#seconds()
    update.result = 'in-progress'
    update.token = `pul-update-${randomBytes(20).toString('hex')}`
    this.tokens.push(update.token)
    return update
  }

  end(update: Kept, result: 'succeeded' | 'failed', isCancelled = false): void {
    update.result = result
    update.isCancelled = isCancelled
    update.endedAt = this.#seconds()
    update.token = ''
  }

  /** Somebody else begins an update, and holds the stack. */
  hold(reference: string, update: Omit<NewUpdate, 'kind'>): StackUpdate {
    const stack = this.#all.get(reference)
    if (stack === undefined) throw new Error(`there is no stack ${reference}`)
    const held = this.start(stack, this.create(stack, { ...update, kind: 'update' }))
    if (held === undefined) throw new Error(`${reference} is held already`)
    return held
  }

  #seconds(): number {
    return Math.floor(this.#nowMs() / 1000)
  }
}

/** The update that holds the stack. */
export function holderOf(stack: Stack): Kept | undefined {
  return stack.updates.find(({ kind, result }) => kind !== 'preview' && result === 'in-progress')
}
