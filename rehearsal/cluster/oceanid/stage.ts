/** The store while a cluster is furnished, or while something goes wrong in it: whatever is changed can be taken back. */
import { createHash } from 'node:crypto'
import type { KubernetesObject } from '../../contract.ts'
import { type EventAbout, recordEvent } from '../events.ts'
import { timestamp } from '../node-objects.ts'
import type { ApiObject } from '../objects.ts'
import type { MemoryStore } from '../store.ts'

export const minuteMs = 60_000
export const dayMs = 24 * 60 * minuteMs

/** The same for the same text, so that two nights tell of the same objects. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export class Stage {
  readonly objects: MemoryStore
  readonly heartbeats: Set<string>
  readonly nowMs: number
  readonly #undo: (() => void)[] = []

  constructor(objects: MemoryStore, heartbeats: Set<string>, nowMs: number) {
    this.objects = objects
    this.heartbeats = heartbeats
    this.nowMs = nowMs
  }

  /** RFC 3339 of so long ago. */
  ago(ms: number): string {
    return timestamp(this.nowMs - ms)
  }

  put(key: string, object: KubernetesObject): ApiObject {
    const before = this.objects.get(key)
    this.#undo.push(() => {
      if (before === undefined) this.objects.delete(key)
      else this.objects.put(key, before)
    })
    const { metadata } = object
    return this.objects.put(key, { ...object, metadata: { uid: before?.metadata.uid ?? uuidOf(key), ...metadata } })
  }

  /** @throws Error where there is none */
  get(key: string): ApiObject {
    const object = this.objects.get(key)
    if (object === undefined) throw new Error(`the cluster has no ${key}`)
    return object
  }

  /** @throws Error where there is none */
  change(key: string, change: (object: ApiObject) => KubernetesObject): ApiObject {
    return this.put(key, change(this.get(key)))
  }

  changeStatus(key: string, status: Readonly<Record<string, unknown>>): ApiObject {
    return this.change(key, (object) => ({ ...object, status: { ...(object.status as object), ...status } }))
  }

  remove(key: string): void {
    const before = this.objects.get(key)
    if (before === undefined) return
    this.#undo.push(() => this.objects.put(key, before))
    this.objects.delete(key, 'Orphan')
  }

  /** A Warning, as its component records it. */
  event(about: EventAbout, source: string, reason: string, message: string): void {
    const key = recordEvent(this.objects, about, source, reason, message)
    this.#undo.push(() => this.objects.delete(key))
  }

  /** Its agent is not heard of from now on; the Lease stays as it is put. */
  silence(node: string): void {
    if (this.heartbeats.delete(node)) this.#undo.push(() => this.heartbeats.add(node))
  }

  /** Everything is as it was before. */
  undo(): void {
    for (const step of this.#undo.splice(0).toReversed()) step()
  }
}
