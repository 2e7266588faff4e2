import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject, ObjectStore } from '../contract.ts'
import { type ApiObject, apiVersionOf, resources } from './objects.ts'

/** One change, as a watch sees it. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly key: string
  readonly version: number
  /** The object after the change; for DELETED its last state with the version of the deletion. */
  readonly object: ApiObject
  /** The object before the change; undefined for ADDED. */
  readonly previous?: ApiObject
  /** Of DELETED: what it owns stays. */
  readonly isOrphaning?: boolean
}

/** How many changes a watch can be behind before it is told `410 Gone`. */
const historyLength = 1000

const kindOf = (key: string): string => key.slice(0, key.indexOf('/'))

/**
 * All objects of the world under one resourceVersion, like etcd's revision: every change takes the next number,
 * and the changes since a number can be replayed while they are remembered.
 */
export class MemoryStore implements ObjectStore {
  #objects = new Map<string, ApiObject>()
  /** First part of keys → all of them in order; absent: to be put in order again. */
  #order = new Map<string, readonly string[]>()
  #history: StoreEvent[] = []
  #listeners = new Set<(event: StoreEvent) => void>()
  #version = 1
  /** Versions up to this one can no longer be replayed. */
  #compacted = 0
  #nowMs: () => number

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
  }

  get version(): number {
    return this.#version
  }

  /** The oldest version whose following changes can still be replayed. */
  get oldest(): number {
    return this.#compacted
  }

  get(key: string): ApiObject | undefined {
    const object = this.#objects.get(key)
    return object && structuredClone(object)
  }

  /** The same without a copy: nobody may change it. */
  peek(key: string): ApiObject | undefined {
    return this.#objects.get(key)
  }

  /** Objects whose key starts with the prefix, in key order. `nodes` and `nodes/` both list nodes. */
  list(prefix: string): readonly ApiObject[] {
    return this.view(prefix).map((object) => structuredClone(object))
  }

  /** The same without copies: nobody may change them. A thousand nodes are looked at often. */
  view(prefix: string): readonly ApiObject[] {
    const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
    const kind = start.slice(0, start.indexOf('/'))
    const isWholeKind = start === `${kind}/`
    const found: ApiObject[] = []
    for (const key of prefix === '' ? [...this.#objects.keys()].sort() : this.#ordered(kind)) {
      const object = isWholeKind || key.startsWith(start) ? this.#objects.get(key) : undefined
      if (object !== undefined) found.push(object)
    }
    return found
  }

  #ordered(kind: string): readonly string[] {
    const known = this.#order.get(kind)
    if (known !== undefined) return known
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(`${kind}/`)).sort()
    this.#order.set(kind, keys)
    return keys
  }

  /** Creates or replaces; uid and creationTimestamp stay, the version moves. An object that does not differ is left alone. */
  put(key: string, object: KubernetesObject): ApiObject {
    const previous = this.#objects.get(key)
    const next = structuredClone(object) as ApiObject
    const resource = resources.get(kindOf(key))
    if (resource) {
      next.apiVersion = apiVersionOf(resource)
      next.kind = resource.kind
      if (resource.isNamespaced) next.metadata.namespace ??= key.split('/')[1] ?? 'default'
    }
    next.metadata.uid ??= previous?.metadata.uid ?? randomUUID()
    next.metadata.creationTimestamp ??=
      previous?.metadata.creationTimestamp ?? new Date(this.#nowMs()).toISOString().replace(/\.\d+Z$/, 'Z')
    if (previous) {
      next.metadata.resourceVersion = previous.metadata.resourceVersion ?? ''
      if (isDeepStrictEqual(next, previous)) return structuredClone(previous)
    }
    this.#version += 1
    next.metadata.resourceVersion = String(this.#version)
    this.#objects.set(key, next)
    if (previous === undefined) this.#order.delete(kindOf(key))
    this.#publish({
      type: previous ? 'MODIFIED' : 'ADDED',
      key,
      version: this.#version,
      object: next,
      ...(previous && { previous }),
    })
    return structuredClone(next)
  }

  /** With `Orphan` what the object owns stays; whoever listens is told. */
  delete(key: string, propagation: 'Orphan' | 'Background' | 'Foreground' = 'Background'): boolean {
    const previous = this.#objects.get(key)
    if (!previous) return false
    this.#objects.delete(key)
    this.#order.delete(kindOf(key))
    this.#version += 1
    const object = structuredClone(previous)
    object.metadata.resourceVersion = String(this.#version)
    const isOrphaning = propagation === 'Orphan'
    this.#publish({
      type: 'DELETED',
      key,
      version: this.#version,
      object,
      previous,
      ...(isOrphaning && { isOrphaning }),
    })
    return true
  }

  /** Every change from now on; the function returned ends it. */
  listen(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes after a version, oldest first; undefined when they are no longer remembered. */
  since(version: number): readonly StoreEvent[] | undefined {
    if (version < this.#compacted) return undefined
    return this.#history.filter((event) => event.version > version)
  }

  /** Forgets all changes so far, as etcd does every five minutes: older watches get `410 Gone`. */
  compact(): void {
    this.#history = []
    this.#compacted = this.#version
  }

  #publish(event: StoreEvent): void {
    this.#history.push(event)
    if (this.#history.length > historyLength) this.#compacted = this.#history.shift()?.version ?? this.#compacted
    for (const listener of [...this.#listeners]) listener(event)
  }
}
