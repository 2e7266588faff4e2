/**
 * The attach/detach controller and the attacher of a CSI driver: a VolumeAttachment for the volume of every pod that has a node, and none
 * any more when the last of them has gone (pkg/controller/volume/attachdetach; kubernetes-csi/external-attacher, whose finalizer is
 * `external-attacher/` and the driver's name with dashes).
 */
import { createHash } from 'node:crypto'
import { timestamp } from '../node-objects.ts'
import type { ApiObject } from '../objects.ts'
import type { MemoryStore } from '../store.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json
const list = <Item>(value: unknown): readonly Item[] => (Array.isArray(value) ? (value as Item[]) : [])

/** Name as the attach/detach controller makes it: `csi-` and a hash of volume, driver and node (pkg/volume/csi, getAttachmentName). */
export function attachmentName(volume: string, driver: string, node: string): string {
  return `csi-${createHash('sha256').update(`${volume}${driver}${node}`).digest('hex')}`
}

/** Claims that a pod mounts. */
export function claimsOf(pod: ApiObject): readonly string[] {
  return list<{ persistentVolumeClaim?: { claimName?: string } }>(given(pod.spec).volumes)
    .map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? '')
    .filter((name) => name !== '')
}

/** Persistent volumes that pods of a node mount. */
function neededOn(objects: MemoryStore): ReadonlySet<string> {
  const needed = new Set<string>()
  for (const pod of objects.view('pods')) {
    const { nodeName = '' } = given(pod.spec)
    if (nodeName === '' || ['Succeeded', 'Failed'].includes(String(given(pod.status).phase))) continue
    for (const claim of claimsOf(pod)) {
      const found = objects.peek(`persistentvolumeclaims/${pod.metadata.namespace}/${claim}`)
      const volume = given(found?.spec).volumeName
      if (volume !== undefined) needed.add(`${String(nodeName)} ${String(volume)}`)
    }
  }
  return needed
}

const aboutOf = (attachment: ApiObject) => {
  const { nodeName, source } = given(attachment.spec)
  return { node: String(nodeName), volume: String(given(source).persistentVolumeName) }
}

/** What is there and no pod needs. */
export function unneeded(objects: MemoryStore): readonly ApiObject[] {
  const needed = neededOn(objects)
  return objects.view('volumeattachments').filter((one) => {
    const { node, volume } = aboutOf(one)
    return !needed.has(`${node} ${volume}`)
  })
}

/** Makes those that are missing. */
export function attach(objects: MemoryStore): void {
  for (const pair of neededOn(objects)) {
    const [node = '', volume = ''] = pair.split(' ')
    const driver = given(given(objects.peek(`persistentvolumes/${volume}`)?.spec).csi).driver
    if (driver === undefined) continue
    const name = attachmentName(volume, String(driver), node)
    if (objects.peek(`volumeattachments/${name}`) === undefined)
      objects.put(`volumeattachments/${name}`, volumeAttachment(name, String(driver), node, volume))
  }
}

function volumeAttachment(name: string, driver: string, node: string, volume: string): ApiObject {
  return {
    metadata: {
      name,
      finalizers: [`external-attacher/${driver.replaceAll('.', '-')}`],
    } as unknown as ApiObject['metadata'],
    spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: volume } },
    status: { attached: true },
  }
}

/** The controller deletes it; its attacher has not answered yet. */
export function beginToDetach(objects: MemoryStore, attachment: ApiObject, nowMs: number): void {
  objects.put(`volumeattachments/${attachment.metadata.name}`, {
    ...attachment,
    metadata: {
      ...attachment.metadata,
      deletionTimestamp: timestamp(nowMs),
      deletionGracePeriodSeconds: 0,
    } as ApiObject['metadata'],
  })
}
