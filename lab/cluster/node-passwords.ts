/** Node passwords as Secrets of the real API server. */
import {
  failures,
  isNodePassword,
  nodePasswordKey,
  nodePasswordSecret,
  StatusError,
} from '../../rehearsal/cluster/index.ts'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import { type ApiClient, ApiError, type ObjectList, type WatchEvent } from './api-client.ts'

const secrets = '/api/v1/namespaces/kube-system/secrets'

function pathOf(node: string): string {
  return `${secrets}/${encodeURIComponent(nodePasswordKey(node).split('/').at(-1) ?? '')}`
}

/** Stores the password of a new name, or compares it with the stored one. @throws StatusError 400, 403 in k3s's words */
export async function ensurePassword(api: ApiClient, node: string, password: string): Promise<void> {
  if (password === '') throw failures.badRequest('node password not set')
  let stored = await api.request('GET', pathOf(node))
  if (stored === undefined) {
    const secret = { apiVersion: 'v1', kind: 'Secret', ...nodePasswordSecret(node, password) }
    stored = await api.request('POST', secrets, secret).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 409) return api.request('GET', pathOf(node))
      throw error
    })
  }
  if (!isNodePassword(stored as KubernetesObject, password)) {
    throw new StatusError(403, 'Forbidden', `unable to verify hash for node '${node}': hash does not match`)
  }
}

export interface PasswordCollector {
  /** Resolves once the password of a deleted Node with this uid has been looked after. */
  collected(uid: string): Promise<void>
  close(): void
}

/** Deletes a node's password when its Node is deleted, as k3s's node controller does. */
export async function startPasswordCollector(
  api: ApiClient,
  onFailure: (error: unknown) => void,
): Promise<PasswordCollector> {
  const done = new Set<string>()
  const waiting = new Map<string, () => void>()
  const stop = new AbortController()

  const collect = async ({ name, uid = '' }: KubernetesObject['metadata']): Promise<void> => {
    // A machine that registered anew in the meantime has a right to its own.
    if ((await api.request('GET', `/api/v1/nodes/${name}`)) === undefined) await api.request('DELETE', pathOf(name))
    done.add(uid)
    waiting.get(uid)?.()
    waiting.delete(uid)
  }
  const seen = ({ type, object }: WatchEvent) => {
    if (type === 'DELETED') collect(object.metadata).catch(onFailure)
  }
  const { metadata } = (await api.request('GET', '/api/v1/nodes')) as ObjectList
  const follow = async (version: string): Promise<void> => {
    let last = version
    while (!stop.signal.aborted) {
      const path = `/api/v1/nodes?watch=true&allowWatchBookmarks=true&resourceVersion=${last}`
      const note = (event: WatchEvent) => {
        last = event.object.metadata.resourceVersion ?? last
        seen(event)
      }
      await api.watch(path, note, stop.signal)
    }
  }
  follow(metadata.resourceVersion).catch((error: unknown) => {
    if (!stop.signal.aborted) onFailure(error)
  })
  return {
    collected: (uid) => (done.has(uid) ? Promise.resolve() : new Promise((resolve) => waiting.set(uid, resolve))),
    close: () => stop.abort(),
  }
}
