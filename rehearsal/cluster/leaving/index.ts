/** What happens in a cluster when a node is drained: budgets, replacements, volumes. */
import type { MemoryStore } from '../store.ts'
import { attach, beginToDetach, unneeded } from './attachments.ts'
import { syncBudgets } from './budgets.ts'
import { replace } from './replacements.ts'

export { evict } from './evictions.ts'
export { layWork, type WorkOptions } from './work.ts'

export interface LeavingOptions {
  readonly objects: MemoryStore
  readonly nowMs: () => number
  /** From the end of the last pod until its volume is detached; a real Longhorn takes some seconds. */
  readonly detachMs: () => number
  /** The driver never answers. */
  readonly neverDetaches: () => boolean
}

export interface Leaving {
  stop(): void
}

export function startLeaving({ objects, nowMs, detachMs, neverDetaches }: LeavingOptions): Leaving {
  const timers = new Set<NodeJS.Timeout>()
  let isQueued = false
  let isStopped = false

  const detach = (name: string): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!isStopped && !neverDetaches()) objects.delete(`volumeattachments/${name}`)
    }, detachMs())
    timer.unref()
    timers.add(timer)
  }
  const sync = (): void => {
    syncBudgets(objects, nowMs())
    attach(objects)
    for (const one of unneeded(objects)) {
      if (one.metadata.deletionTimestamp !== undefined) continue
      beginToDetach(objects, one, nowMs())
      detach(one.metadata.name)
    }
  }
  const stopListening = objects.listen((event) => {
    if (isStopped) return
    if (event.key.startsWith('pods/')) replace(objects, event)
    if (!/^(pods|poddisruptionbudgets|persistentvolumeclaims)\//.test(event.key) || isQueued) return
    // Nobody has budgets or volumes that could change: most worlds.
    if (objects.view('poddisruptionbudgets').length + objects.view('persistentvolumes').length === 0) return
    isQueued = true
    setImmediate(() => {
      isQueued = false
      if (!isStopped) sync()
    })
  })
  return {
    stop() {
      isStopped = true
      for (const timer of timers) clearTimeout(timer)
      stopListening()
    },
  }
}
