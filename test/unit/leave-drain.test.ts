import { describe, expect, it } from '@jest/globals'
import type { ApiObject, EvictionAnswer, ObjectEvent } from '../../src/kubernetes/index.ts'
import { awaitDetached, drain } from '../../src/leave/index.ts'

const never = new AbortController().signal
const wishes = { ignoreDaemonSets: true, deleteEmptyDirData: false, deleteUnmanagedPods: false }
const object = (name: string, more: Record<string, unknown> = {}): ApiObject => ({
  metadata: {
    namespace: 'default',
    name,
    uid: name,
    ownerReferences: [{ kind: 'ReplicaSet', name: 'r', controller: true }],
    ...more,
  },
  spec: {},
  status: { phase: 'Running' },
})

/** A cluster that answers as the test says: pods that were told to leave are gone a moment later, unless they stay. */
function world(answer: (name: string, times: number) => EvictionAnswer, staying: readonly string[] = []) {
  const tells = new Map<string, (event: ObjectEvent) => void>()
  const asked: string[] = []
  const events: string[] = []
  return {
    asked,
    events,
    tell: (resource: string, event: ObjectEvent) => tells.get(resource)?.(event),
    begin: (pods: readonly ApiObject[], timeoutMs: number, signal = never) =>
      drain(
        'calypso',
        wishes,
        timeoutMs,
        {
          now: () => performance.now(),
          onEvent: (text) => events.push(text),
          cluster: {
            evictPod: async ({ name }) => {
              asked.push(name)
              const said = answer(name, asked.filter((one) => one === name).length)
              if (said.type === 'evicted' && !staying.includes(name))
                setTimeout(() => tells.get('pods')?.({ type: 'gone', object: object(name) }), 20)
              return said
            },
            watchObjects: async ({ resource }, onEvent, watching) => {
              tells.set(resource, onEvent)
              onEvent({ type: 'listed', objects: resource === 'pods' ? pods : [] })
              await new Promise((resolve) => watching.addEventListener('abort', resolve, { once: true }))
            },
          },
        },
        signal,
      ),
  }
}
const budgetObject = (name: string): ApiObject => ({ metadata: { namespace: 'default', name, uid: name } })
const refused = (words = "Cannot evict pod as it would violate the pod's disruption budget."): EvictionAnswer => ({
  type: 'refused',
  budget: 'web',
  words,
})

describe('a drain', () => {
  it('asks each pod once and ends when all have left', async () => {
    const one = world(() => ({ type: 'evicted' }))
    const outcome = await one.begin([object('web-1'), object('web-2')], 5_000)
    expect(outcome).toMatchObject({ type: 'drained', left: 2 })
    expect(one.asked.sort()).toEqual(['web-1', 'web-2'])
    expect(one.events).toContain('default/web-1 was asked to leave')
    expect(one.events).toContain('default/web-2 left')
  })

  it('has nothing to do on an empty node', async () => {
    expect(await world(() => refused()).begin([], 5_000)).toMatchObject({ type: 'drained', left: 0 })
  })

  it('asks again as soon as the budget changes, not at the next poll', async () => {
    const one = world((_, times) => (times === 1 ? refused() : { type: 'evicted' }))
    const startedAt = performance.now()
    setTimeout(() => one.tell('poddisruptionbudgets', { type: 'object', object: budgetObject('web') }), 100)
    expect(await one.begin([object('web-1')], 30_000)).toMatchObject({ type: 'drained' })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(one.events[0]).toBe(
      "default/web-1 waits for budget default/web: Cannot evict pod as it would violate the pod's disruption budget.",
    )
  })

  it('names pod, budget and its words when the deadline comes first', async () => {
    const outcome = await world(() => refused('no')).begin([object('web-1')], 300)
    expect(outcome).toMatchObject({
      type: 'deadline',
      stragglers: [{ pod: { name: 'web-1' }, budget: 'default/web', words: 'no' }],
    })
  })

  it('names a pod that was told to end and does not, and who keeps it', async () => {
    const outcome = await world(() => ({ type: 'evicted' }), ['web-1']).begin(
      [object('web-1', { finalizers: ['a/b'] })],
      300,
    )
    expect(outcome).toMatchObject({
      type: 'deadline',
      stragglers: [{ budget: '', words: 'finalizers keep it: a/b' }],
    })
  })

  it('sends away what comes meanwhile, too, and stops at what needs a word', async () => {
    const one = world(() => ({ type: 'evicted' }), ['web-1'])
    const draining = one.begin([object('web-1')], 5_000)
    one.tell('pods', { type: 'object', object: object('late') })
    one.tell('pods', {
      type: 'object',
      object: { ...object('bare'), metadata: { namespace: 'default', name: 'bare', uid: 'bare' } },
    })
    expect(await draining).toMatchObject({ type: 'stopped', pod: { pod: { name: 'bare' } } })
    expect(one.asked).toContain('late')
  })

  it('counts a pod as gone that the list no longer has after a gap', async () => {
    const one = world(() => ({ type: 'evicted' }), ['web-1'])
    const draining = one.begin([object('web-1')], 5_000)
    one.tell('pods', { type: 'listed', objects: [] })
    expect(await draining).toMatchObject({ type: 'drained', left: 1 })
  })

  it('ends at its deadline, too, when the server never lists the pods', async () => {
    const silent = {
      evictPod: async () => refused(),
      watchObjects: async (_kind: unknown, _onEvent: unknown, watching: AbortSignal) => {
        await new Promise((resolve) => watching.addEventListener('abort', resolve, { once: true }))
      },
    }
    const ports = { cluster: silent, now: () => performance.now(), onEvent: () => {} }
    expect(await drain('calypso', wishes, 300, ports, AbortSignal.timeout(3_000))).toMatchObject({
      type: 'deadline',
      isListed: false,
    })
  })

  it('asks a few at a time on a node with thousands of pods', async () => {
    let [asking, most] = [0, 0]
    const pods = Array.from({ length: 2_000 }, (_, index) => object(`web-${index}`))
    const cluster = {
      evictPod: async (): Promise<EvictionAnswer> => {
        most = Math.max(most, ++asking)
        await new Promise((resolve) => setTimeout(resolve, 1))
        asking -= 1
        return { type: 'gone' }
      },
      watchObjects: async (
        { resource }: { readonly resource: string },
        onEvent: (event: ObjectEvent) => void,
        watching: AbortSignal,
      ) => {
        onEvent({ type: 'listed', objects: resource === 'pods' ? pods : [] })
        await new Promise((resolve) => watching.addEventListener('abort', resolve, { once: true }))
      },
    }
    const ports = { cluster, now: () => performance.now(), onEvent: () => {} }
    expect(await drain('calypso', wishes, 20_000, ports, never)).toMatchObject({ type: 'drained', left: 2_000 })
    expect(most).toBeLessThanOrEqual(16)
  })

  it('is not driven by budgets of others, nor faster than twice a second by its own', async () => {
    const one = world(() => refused())
    const draining = one.begin([object('web-1')], 1_200)
    const timer = setInterval(() => {
      for (const name of ['web', 'other'])
        one.tell('poddisruptionbudgets', { type: 'object', object: budgetObject(name) })
    }, 5)
    await draining
    clearInterval(timer)
    expect(one.asked.length).toBeLessThanOrEqual(4)
    const other = world(() => refused())
    const waiting = other.begin([object('web-1')], 1_200)
    const others = setInterval(
      () => other.tell('poddisruptionbudgets', { type: 'object', object: budgetObject('other') }),
      5,
    )
    await waiting
    clearInterval(others)
    expect(other.asked).toEqual(['web-1'])
  })

  it('ends at once when the run is cancelled', async () => {
    const stop = new AbortController()
    const draining = world(() => refused()).begin([object('web-1')], 60_000, stop.signal)
    stop.abort(new Error('cancelled'))
    await expect(draining).rejects.toThrow('cancelled')
  })
})

describe('volumes of a node', () => {
  const attachment = (name: string, nodeName: string): ApiObject => ({
    metadata: { name, uid: name },
    spec: { nodeName, attacher: 'driver.longhorn.io', source: { persistentVolumeName: `pvc-${name}` } },
    status: { detachError: { message: 'volume is in use' } },
  })
  const waiting = (objects: readonly ApiObject[], timeoutMs: number) => {
    let tell: (event: ObjectEvent) => void = () => {}
    let tellPod: (event: ObjectEvent) => void = () => {}
    const cluster = {
      watchObjects: async (
        { resource }: { readonly resource: string },
        onEvent: (event: ObjectEvent) => void,
        signal: AbortSignal,
      ) => {
        if (resource === 'volumeattachments') tell = onEvent
        else tellPod = onEvent
        onEvent({ type: 'listed', objects: resource === 'volumeattachments' ? objects : [] })
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    }
    const events: string[] = []
    const result = awaitDetached('calypso', wishes, timeoutMs, { cluster, onEvent: (text) => events.push(text) }, never)
    return {
      result,
      events,
      tell: (event: ObjectEvent) => tell(event),
      tellPod: (event: ObjectEvent) => tellPod(event),
    }
  }

  it('are none of its business on other nodes', async () => {
    expect(await waiting([attachment('a', 'other')], 60_000).result).toEqual({ type: 'detached' })
  })

  it('are waited for until they are detached', async () => {
    const one = waiting([attachment('a', 'calypso')], 60_000)
    one.tell({ type: 'gone', object: attachment('a', 'calypso') })
    expect(await one.result).toEqual({ type: 'detached' })
    expect(one.events).toEqual(['pvc-a (driver.longhorn.io) was detached'])
  })

  it('are named with what keeps them when the time is over', async () => {
    expect(await waiting([attachment('a', 'calypso')], 100).result).toMatchObject({
      type: 'attached',
      attachments: [{ volume: 'pvc-a', problem: 'volume is in use' }],
    })
  })

  it('are not taken for detached when nobody could say', async () => {
    const silent = {
      watchObjects: async (
        { resource }: { readonly resource: string },
        onEvent: (event: ObjectEvent) => void,
        signal: AbortSignal,
      ) => {
        if (resource === 'pods') onEvent({ type: 'listed', objects: [] })
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    }
    expect(await awaitDetached('calypso', wishes, 100, { cluster: silent, onEvent: () => {} }, never)).toEqual({
      type: 'unknown',
    })
  })

  it('are not waited for when a pod came back: it holds them', async () => {
    const one = waiting([attachment('a', 'calypso')], 3_000)
    one.tellPod({ type: 'object', object: object('db-0') })
    expect(await one.result).toMatchObject({ type: 'came', pod: { name: 'db-0' } })
  })
})
