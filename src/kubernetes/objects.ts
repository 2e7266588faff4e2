import type { V1Node, V1Secret } from '@kubernetes/client-node'
import type { Taint } from '../cluster-file/index.ts'
import type { BootstrapToken, NodeCondition, NodePassword, NodeState } from './model.ts'

/** Kubernetes objects as they are on the wire: timestamps are still RFC 3339 text, where client-node's types say Date. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

const serverRoles = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']

function addressesOf(node: Wire<V1Node>, type: string): readonly string[] {
  return (node.status?.addresses ?? []).filter((one) => one.type === type).map((one) => one.address)
}

export function taintsOf(node: Wire<V1Node>): readonly Taint[] {
  return (node.spec?.taints ?? []).map((taint) => ({
    key: taint.key,
    ...(taint.value ? { value: taint.value } : {}),
    effect: taint.effect as Taint['effect'],
  }))
}

function conditionsOf(node: Wire<V1Node>): readonly NodeCondition[] {
  return (node.status?.conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => ({
    type,
    status,
    reason: reason ?? '',
    message: message ?? '',
    since: lastTransitionTime ?? '',
  }))
}

/** Reads a Node object; whatever is missing becomes empty. */
export function nodeState(node: Wire<V1Node>): NodeState {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')
  const labels = node.metadata?.labels ?? {}
  const info = node.status?.nodeInfo
  return {
    name: node.metadata?.name ?? '',
    uid: node.metadata?.uid ?? '',
    resourceVersion: node.metadata?.resourceVersion ?? '',
    createdAt: node.metadata?.creationTimestamp ?? '',
    labels,
    annotations: node.metadata?.annotations ?? {},
    taints: taintsOf(node),
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    readyReason: ready?.reason ?? '',
    readyMessage: ready?.message ?? '',
    kubeletVersion: info?.kubeletVersion ?? '',
    osImage: info?.osImage ?? '',
    architecture: info?.architecture ?? '',
    systemUuid: info?.systemUUID ?? '',
    machineId: info?.machineID ?? '',
    internalIps: addressesOf(node, 'InternalIP'),
    externalIps: addressesOf(node, 'ExternalIP'),
    capacity: node.status?.capacity ?? {},
    allocatable: node.status?.allocatable ?? {},
    ...(ready?.lastHeartbeatTime ? { heartbeatAt: ready.lastHeartbeatTime } : {}),
    isServer: serverRoles.some((role) => role in labels),
    unschedulable: node.spec?.unschedulable ?? false,
    conditions: conditionsOf(node),
    images: (node.status?.images ?? []).flatMap(({ names }) => names ?? []),
  }
}

/** The Secret's name is what makes it a token: with any other it is created without complaint and never authenticates. */
export function tokenSecretName(id: string): string {
  if (!/^[a-z0-9]{6}$/.test(id))
    throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${id.length}`)
  return `bootstrap-token-${id}`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Fields as Kubernetes documents bootstrap token Secrets. A wrong one would not be refused, only never authenticate. */
export function tokenSecret(token: BootstrapToken): Wire<V1Secret> {
  if (!/^[a-z0-9]{16}$/.test(token.secret)) throw new RangeError('a bootstrap token secret has 16 characters [a-z0-9]')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: { name: tokenSecretName(token.id), namespace: 'kube-system', labels: { ...token.labels } },
    data: {
      'token-id': base64(token.id),
      'token-secret': base64(token.secret),
      expiration: base64(token.expiresAt),
      'usage-bootstrap-authentication': base64('true'),
      'usage-bootstrap-signing': base64('true'),
      'auth-extra-groups': base64(token.extraGroups),
      description: base64(token.description),
    },
  }
}

/** Id and ages only: the secret itself is not handed out. */
export function tokenAge(secret: Wire<V1Secret>): { id: string; createdAt: string; expiresAt: string } {
  const expiration = secret.data?.expiration
  return {
    id: (secret.metadata?.name ?? '').replace(/^bootstrap-token-/, ''),
    createdAt: secret.metadata?.creationTimestamp ?? '',
    expiresAt: expiration === undefined ? '' : Buffer.from(expiration, 'base64').toString('utf8'),
  }
}

/** The hash of a password has about 120 characters; a Secret may have a million, and nothing good begins with that many. */
const longestHash = 1024

export function nodePasswordOf(secret: Wire<V1Secret>): NodePassword {
  const stored = secret.data?.hash ?? ''
  const hash = stored.length > longestHash ? '' : Buffer.from(stored, 'base64').toString('utf8')
  return {
    uid: secret.metadata?.uid ?? '',
    resourceVersion: secret.metadata?.resourceVersion ?? '',
    createdAt: secret.metadata?.creationTimestamp ?? '',
    hash,
  }
}
