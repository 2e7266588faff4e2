import type { ApiObject } from '../kubernetes/index.ts'
import { quoteRemote } from '../kubernetes/index.ts'
import type { Attachment, BoundPod, Budget, NodeTerm, PinnedVolume } from './model.ts'
import { type LabelSelector, matches } from './selector.ts'

/** Texts that came from elsewhere; whatever is missing becomes empty. */
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const list = (value: unknown): readonly Wire[] =>
  Array.isArray(value) ? value.filter((one): one is Wire => typeof one === 'object' && one !== null) : []
const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

type Wire = { readonly [key: string]: unknown }
const inner = (object: Wire | undefined, key: string): Wire => {
  const value = object?.[key]
  return typeof value === 'object' && value !== null ? (value as Wire) : {}
}
const labelsOf = (value: Wire): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

export const uidOf = (object: ApiObject): string => text(inner(object, 'metadata').uid)

/** The kubelet gives a pod this long when it says nothing (kubernetes: default of terminationGracePeriodSeconds). */
const defaultGraceSeconds = 30

export function readPod(object: ApiObject): BoundPod {
  const [metadata, spec, status] = [inner(object, 'metadata'), inner(object, 'spec'), inner(object, 'status')]
  const owner = list(metadata.ownerReferences).find((one) => one.controller === true)
  const volumes = list(spec.volumes)
  const grace = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds
  return {
    namespace: text(metadata.namespace),
    name: text(metadata.name),
    uid: text(metadata.uid),
    labels: labelsOf(inner(metadata, 'labels')),
    ...(owner === undefined ? {} : { owner: { kind: text(owner.kind), name: text(owner.name) } }),
    isMirror: 'kubernetes.io/config.mirror' in inner(metadata, 'annotations'),
    isFinished: ['Succeeded', 'Failed'].includes(text(status.phase)),
    isTerminating: metadata.deletionTimestamp !== undefined,
    isReady: list(status.conditions).some((one) => one.type === 'Ready' && one.status === 'True'),
    emptyDirs: volumes.filter((one) => 'emptyDir' in one).map((one) => text(one.name)),
    claims: volumes.map((one) => text(inner(one, 'persistentVolumeClaim').claimName)).filter((name) => name !== ''),
    graceSeconds: typeof grace === 'number' ? number(grace) : defaultGraceSeconds,
    finalizers: strings(metadata.finalizers),
  }
}

export function readBudget(object: ApiObject): Budget {
  const [metadata, spec, status] = [inner(object, 'metadata'), inner(object, 'spec'), inner(object, 'status')]
  const selector = spec.selector
  return {
    namespace: text(metadata.namespace),
    name: text(metadata.name),
    // policy/v1: no selector selects nothing, an empty one every pod of the namespace.
    ...(typeof selector === 'object' && selector !== null
      ? { selects: (labels: Readonly<Record<string, string>>) => matches(selector as LabelSelector, labels) }
      : {}),
    disruptionsAllowed: number(status.disruptionsAllowed),
    currentHealthy: number(status.currentHealthy),
    desiredHealthy: number(status.desiredHealthy),
    expectedPods: number(status.expectedPods),
    letsUnhealthyGo: spec.unhealthyPodEvictionPolicy === 'AlwaysAllow',
  }
}

/** Undefined: of another node. */
export function readAttachment(node: string): (object: ApiObject) => Attachment | undefined {
  return (object) => {
    const [spec, status] = [inner(object, 'spec'), inner(object, 'status')]
    if (spec.nodeName !== node) return undefined
    return {
      name: text(inner(object, 'metadata').name),
      uid: uidOf(object),
      volume: text(inner(spec, 'source').persistentVolumeName),
      attacher: text(spec.attacher),
      problem: quoteRemote(text(inner(status, 'detachError').message)),
    }
  }
}

/** Undefined: every node reaches it. */
export function readPinnedVolume(object: ApiObject): PinnedVolume | undefined {
  const spec = inner(object, 'spec')
  const terms = list(inner(inner(spec, 'nodeAffinity'), 'required').nodeSelectorTerms)
  if (terms.length === 0) return undefined
  const claim = inner(spec, 'claimRef')
  const name = text(claim.name)
  return {
    name: text(inner(object, 'metadata').name),
    claim: name === '' ? '' : `${text(claim.namespace)}/${name}`,
    terms: terms as readonly NodeTerm[],
  }
}
