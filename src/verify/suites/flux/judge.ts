import type { Finding } from '../../model.ts'
import { line, since, typeable, wordsOf } from '../reading.ts'
import { fluxKinds } from './kinds.ts'
import { type FluxObject, keyOf } from './object.ts'

const minuteMs = 60_000
/** A source that could not be fetched once is fetched again soon: nobody is woken for less. */
export const patienceMs = 10 * minuteMs
/** How long a reconciliation may take before it counts as stuck. */
export const stuckMs = 30 * minuteMs

function finding(object: FluxObject, verdict: Finding['verdict'], found: string, more: Partial<Finding> = {}): Finding {
  return { namespace: object.namespace, subject: keyOf(object), found, verdict, ...more }
}

function reconcile({ kind, namespace, name }: FluxObject): string {
  const command = fluxKinds.find((one) => one.kind === kind)?.command ?? 'get all'
  return `flux ${command} ${typeable(name)} -n ${typeable(namespace, 'NAMESPACE')}`
}

function describe({ kind, namespace, name }: FluxObject): string {
  const known = fluxKinds.find((one) => one.kind === kind)
  const resource = known === undefined ? kind.toLowerCase() : `${known.resource}.${known.group}`
  return `kubectl describe ${resource} ${typeable(name)} -n ${typeable(namespace, 'NAMESPACE')}`
}

function isOlder(timeMs: number | undefined, ageMs: number, nowMs: number): boolean {
  return timeMs === undefined || nowMs - timeMs > ageMs
}

function isWaiting({ ready }: FluxObject): boolean {
  return ready?.status === 'False' && ready.reason === 'DependencyNotReady'
}

/**
 * Objects that are not ready although somebody reconciles them. What waits for one of them is a consequence, and only counted; `waiting`
 * is how many.
 */
export function unready(
  objects: readonly FluxObject[],
  nowMs: number,
): { readonly findings: readonly Finding[]; readonly waiting: number } {
  const waiting = objects.filter((object) => !object.isSuspended && isWaiting(object))
  const roots = findUnready(
    objects.filter((object) => !isWaiting(object)),
    nowMs,
  )
  return roots.some(({ verdict }) => verdict === 'fail')
    ? { findings: roots, waiting: waiting.length }
    : { findings: [...roots, ...findUnready(waiting, nowMs)], waiting: 0 }
}

function findUnready(objects: readonly FluxObject[], nowMs: number): readonly Finding[] {
  return objects.flatMap((object) => {
    const { ready } = object
    if (object.isSuspended || object.isStatic || ready?.status === 'True') return []
    if (ready === undefined) {
      if (!isOlder(object.createdMs, patienceMs, nowMs)) return []
      return finding(object, 'fail', `no controller has ever reported on it${since(object.createdMs)}`, {
        cause: 'the controller of its kind does not run, or does not look at its namespace',
        remedy: `flux check; ${describe(object)}`,
      })
    }
    if (ready.status !== 'False') {
      if (!isOlder(ready.sinceMs, stuckMs, nowMs)) return []
      return finding(object, 'fail', `is being reconciled${since(ready.sinceMs)} without an end`, {
        cause: wordsOf(ready) || 'it does not say what it waits for',
        remedy: describe(object),
      })
    }
    const isOld = isOlder(ready.sinceMs, patienceMs, nowMs)
    const words = wordsOf(ready)
    const found = `${line(words, 160) || 'not ready'}${since(ready.sinceMs)}`
    return finding(object, isOld ? 'fail' : 'warn', found, {
      cause: isWaiting(object)
        ? 'what it depends on is suspended, not ready, or not there'
        : words || 'it does not say why',
      remedy: `${describe(object)}; then ${reconcile(object)}`,
    })
  })
}

/** Objects that somebody told Flux to leave alone. */
export function suspended(objects: readonly FluxObject[]): readonly Finding[] {
  return objects
    .filter(({ isSuspended }) => isSuspended)
    .map((object) =>
      finding(object, 'warn', 'suspended: what changes in its source does not reach the cluster', {
        remedy: reconcile(object).replace(/^flux reconcile/, 'flux resume'),
      }),
    )
}

/** The commit or digest in a revision: `main@sha1:abc…` and the older `main/abc…` are the same. */
function essence(revision: string): string {
  return /(?:^|[:/@])([0-9a-f]{40,64})$/.exec(revision)?.[1] ?? revision
}

/** Short enough for a line: `main@sha1:4f3c1a2b`. */
function short(revision: string): string {
  return line(revision.replace(/([0-9a-f]{8})[0-9a-f]{32,56}$/, '$1'), 60)
}

function isApplied(object: FluxObject, revision: string): boolean {
  if (object.appliedDigest !== '' && revision.includes('@')) return revision.endsWith(object.appliedDigest)
  return essence(object.applied) === essence(revision)
}

/** A change of what is wanted, or of a source, that has not been carried out. Objects that are not ready say why themselves. */
export function outdated(objects: readonly FluxObject[], nowMs: number): readonly Finding[] {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]))
  const kinds = new Set(objects.map(({ kind }) => kind))
  return objects.flatMap((object) => {
    if (object.isSuspended || object.isStatic || object.ready?.status !== 'True') return []
    const { generation, observedGeneration, source: sourceKey } = object
    if (
      observedGeneration !== undefined &&
      observedGeneration < generation &&
      isOlder(object.specChangedMs, patienceMs, nowMs)
    ) {
      return finding(
        object,
        'fail',
        `its generation ${generation} was never reconciled (last: ${observedGeneration})`,
        {
          cause: 'its controller has stopped, or hangs: what it says about itself is old',
          remedy: `flux check; ${reconcile(object)}`,
        },
      )
    }
    if (sourceKey === '') return []
    const source = byKey.get(sourceKey)
    if (source === undefined) {
      if (!kinds.has(sourceKey.split('/')[0] ?? '')) return []
      return finding(object, 'fail', `its source ${line(sourceKey, 120)} does not exist`, {
        cause: 'the source was deleted; nothing new can reach the cluster',
        remedy: describe(object),
      })
    }
    const { artifact } = source
    if (artifact === undefined || object.applied === '' || isApplied(object, artifact.revision)) return []
    if (!isOlder(artifact.updatedMs, patienceMs, nowMs)) return []
    return finding(
      object,
      'fail',
      `has ${short(object.applied)}, its source ${source.kind}/${source.name} ${short(artifact.revision)}${since(artifact.updatedMs)}`,
      {
        cause: 'the newer revision was fetched and never applied',
        remedy: `${describe(object)}; then ${reconcile(object)}`,
      },
    )
  })
}
