/** Events as the API has them: of controllers and kubelets, and in the scheduler's newer shape. Seen on real parts (1.33). */
import { createHash } from 'node:crypto'
import { microTimestamp, timestamp } from './node-objects.ts'
import type { MemoryStore } from './store.ts'

export interface EventAbout {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

const versions: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Node: 'v1',
  PersistentVolumeClaim: 'v1',
  Job: 'batch/v1',
}

/**
 * An event as the events of one object are found: by the name, kind and uid of what it is about. The same words again are counted.
 * @returns its key
 */
export function recordEvent(
  objects: MemoryStore,
  about: EventAbout,
  source: string,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Warning',
): string {
  const digest = createHash('sha256').update(`${about.uid}${reason}${message}`).digest('hex').slice(0, 16)
  const key = `events/${about.namespace}/${about.name}.${digest}`
  const existing = objects.get(key)
  const now = timestamp(Date.now())
  const common = {
    metadata: existing?.metadata ?? { name: `${about.name}.${digest}`, namespace: about.namespace },
    involvedObject: { apiVersion: versions[about.kind] ?? 'apps/v1', ...about },
    reason,
    message,
    type,
    reportingComponent: source,
  }
  // The scheduler's come by the newer API: core/v1 then shows neither a count nor a source.
  if (source === 'default-scheduler')
    objects.put(key, {
      ...common,
      eventTime: existing?.eventTime ?? microTimestamp(Date.now()),
      firstTimestamp: null,
      lastTimestamp: null,
      source: {},
      action: reason === 'Scheduled' ? 'Binding' : 'Scheduling',
      reportingInstance: 'default-scheduler-srv712429',
    })
  else
    objects.put(key, {
      ...common,
      source: { component: source },
      firstTimestamp: existing?.firstTimestamp ?? now,
      lastTimestamp: now,
      count: Number(existing?.count ?? 0) + 1,
    })
  return key
}
