import { setTimeout as pause } from 'node:timers/promises'
import { type ApiObject, ClusterError, type KindReference } from '../../kubernetes/index.ts'
import { type CreatedJob, createOwn } from './create.ts'
import type { Ending } from './ending.ts'
import type { PodPorts } from './model.ts'
import { jobName, labelsOf, selectorOf } from './render.ts'
import { nextIdentity } from './run.ts'

export const claimKind: KindReference = { group: '', version: 'v1', resource: 'persistentvolumeclaims' }
const volumeKind: KindReference = { group: '', version: 'v1', resource: 'persistentvolumes' }
const eventKind: KindReference = { group: '', version: 'v1', resource: 'events' }

const cleanUpMs = 10_000
/** A provisioner detaches before it deletes. */
const goneMs = 45_000
/** Larger than the least that XFS can be made in (300 MiB); thin where the storage is. */
const size = '512Mi'

/** A volume of this run, by its claim. */
export interface ProbeVolume {
  /** Name of the claim. */
  readonly claim: string
  /** What is said of it in its events, newest first: why it is not made. Remote text. Never rejects. */
  words(): Promise<readonly string[]>
  /**
   * Deletes the claim and sees claim and volume go; no pod uses it any more. Also after a cancelled run, then without waiting for the
   * end. Never rejects. Empty: gone; else what stays, `namespace/name` or `PersistentVolume/name`.
   */
  remove(): Promise<string>
}

interface ClaimSeen extends CreatedJob {
  readonly volume: string
}

function claimSeen(object: ApiObject): ClaimSeen {
  const { metadata, spec } = object as {
    metadata?: { name?: unknown; uid?: unknown }
    spec?: { volumeName?: unknown }
  }
  return {
    name: String(metadata?.name ?? ''),
    uid: String(metadata?.uid ?? ''),
    volume: String(spec?.volumeName ?? ''),
  }
}

/** `reason: message` of an event, and when it was seen last. */
function eventSeen(object: ApiObject): { readonly atMs: number; readonly text: string; readonly isWarning: boolean } {
  const { reason, message, type, lastTimestamp, eventTime } = object as Record<string, unknown>
  return {
    atMs: Date.parse(String(lastTimestamp ?? eventTime)) || 0,
    text: `${reason}: ${message}`.slice(0, 2000),
    isWarning: type === 'Warning',
  }
}

/** Asks for a small volume. An Ending: it may not be, and why. Whoever gets a volume removes it. */
export async function makeVolume(
  ports: PodPorts,
  namespace: string,
  storageClass: string,
): Promise<ProbeVolume | Ending> {
  const identity = nextIdentity(ports)
  const name = jobName('volume', identity)
  const options = { namespace, labelSelector: selectorOf(identity.key) }
  const find = async (signal: AbortSignal): Promise<ClaimSeen | undefined> =>
    (await ports.cluster.list(claimKind, claimSeen, signal, options))?.[0]
  const object: ApiObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      labels: labelsOf('volume', identity),
      annotations: { 'k3s-gpu-actions/by': identity.label },
    },
    spec: {
      storageClassName: storageClass,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
    },
  }
  let made: CreatedJob | Ending
  try {
    const findLost = () => find(ports.signal)
    made = await createOwn(ports, { namespace, what: 'volume claims', kind: claimKind, object, findLost })
  } catch (error) {
    await removeClaim(ports, namespace, find)
    throw error
  }
  if ('code' in made) return made
  return {
    claim: name,
    words: () => wordsAbout(ports, namespace, name),
    remove: () => removeClaim(ports, namespace, find),
  }
}

async function wordsAbout({ cluster }: PodPorts, namespace: string, claim: string): Promise<readonly string[]> {
  try {
    const fieldSelector = `involvedObject.kind=PersistentVolumeClaim,involvedObject.name=${claim}`
    const signal = AbortSignal.timeout(cleanUpMs)
    const events = await cluster.list(eventKind, eventSeen, signal, { namespace, fieldSelector })
    return (events ?? [])
      .filter(({ isWarning }) => isWarning)
      .sort((one, other) => other.atMs - one.atMs)
      .slice(0, 4)
      .map(({ text }) => text)
  } catch {
    // They only explain.
    return []
  }
}

async function removeClaim(
  ports: PodPorts,
  namespace: string,
  find: (signal: AbortSignal) => Promise<ClaimSeen | undefined>,
): Promise<string> {
  let left = ''
  try {
    const claim = await find(AbortSignal.timeout(cleanUpMs))
    if (claim === undefined) return ''
    left = `${namespace}/${claim.name}`
    await ports.cluster.deleteObject(claimKind, namespace, claim.name, claim.uid, AbortSignal.timeout(cleanUpMs))
    const fieldSelector = `metadata.name=${claim.volume}`
    const untilMs = ports.now() + goneMs
    // What no list of pods tells is asked for: a claim goes when no pod uses it, its volume when the provisioner has deleted it.
    for (let stepMs = 250; ports.now() < untilMs && !ports.signal.aborted; stepMs = Math.min(2 * stepMs, 2_000)) {
      const signal = AbortSignal.timeout(cleanUpMs)
      if ((await find(signal)) === undefined) {
        left = `PersistentVolume/${claim.volume}`
        if (claim.volume === '') return ''
        const volumes = await ports.cluster.list(volumeKind, claimSeen, signal, { fieldSelector, isMetadataOnly: true })
        if ((volumes ?? []).length === 0) return ''
      }
      await pause(stepMs, undefined, { signal: ports.signal }).catch(() => undefined)
    }
    return left
  } catch (error) {
    if (!(error instanceof ClusterError) && (error as Error).name !== 'TimeoutError') throw error
    return left
  }
}
