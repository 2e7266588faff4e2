import type { DaemonSetState } from '../../kubernetes/index.ts'

/** A container of a pod template, as far as a device plugin is recognised and understood by it. Remote text. */
export interface ContainerShape {
  readonly name: string
  readonly image: string
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly isPrivileged: boolean
}

export interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
}

export interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values: readonly string[]
}

/** What the pods of a DaemonSet are made from. */
export interface TemplateShape {
  readonly containers: readonly ContainerShape[]
  readonly initContainers: readonly ContainerShape[]
  readonly hostPaths: readonly string[]
  /** The ConfigMap with the plugin's configurations; empty: it has none. */
  readonly configMap: string
  readonly runtimeClass: string
  readonly nodeSelector: Readonly<Record<string, string>>
  /** Required terms of the node affinity: one of them must hold, with all its requirements; undefined: there is no such affinity. */
  readonly affinity?: readonly (readonly Requirement[])[]
  readonly tolerations: readonly Toleration[]
}

type Tree = Readonly<Record<string, unknown>>

// What another server, or a test's, leaves out or gets wrong is read as not there.
const tree = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}
const list = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.map(tree) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const words = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : [])
const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tree(value)).map(([key, one]) => [key, text(one)]))

function containerShape(container: Tree): ContainerShape {
  return {
    name: text(container.name),
    image: text(container.image),
    words: [...words(container.command), ...words(container.args)],
    env: Object.fromEntries(list(container.env).map((one) => [text(one.name), text(one.value)])),
    isPrivileged: tree(container.securityContext).privileged === true,
  }
}

function requirementsOf(term: Tree): readonly Requirement[] {
  const ofLabels = list(term.matchExpressions)
  const ofFields = list(term.matchFields).map((one) => ({ ...one, key: `field ${text(one.key)}` }))
  return [...ofLabels, ...ofFields].map((one: Tree) => ({
    key: text(one.key),
    operator: text(one.operator),
    values: words(one.values),
  }))
}

/** The chart and gpu-operator mount it as `available-configs`, and gpu-operator has others besides, for its own scripts. */
function configMapIn(volumes: readonly Tree[]): string {
  const named = volumes.filter(({ configMap }) => text(tree(configMap).name) !== '')
  const chosen =
    named.find(({ name }) => name === 'available-configs') ?? named.find(({ name }) => /config$/.test(text(name)))
  return text(tree(chosen?.configMap).name)
}

/** Reads the pod template of a DaemonSet. */
export function templateOf({ object }: Pick<DaemonSetState, 'object'>): TemplateShape {
  const pod = tree(tree(tree(object.spec).template).spec)
  const required = tree(tree(pod.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution
  const volumes = list(pod.volumes)
  return {
    containers: list(pod.containers).map(containerShape),
    initContainers: list(pod.initContainers).map(containerShape),
    hostPaths: volumes.map(({ hostPath }) => text(tree(hostPath).path)).filter((path) => path !== ''),
    configMap: configMapIn(volumes),
    runtimeClass: text(pod.runtimeClassName),
    nodeSelector: texts(pod.nodeSelector),
    ...(required === undefined ? {} : { affinity: list(tree(required).nodeSelectorTerms).map(requirementsOf) }),
    tolerations: list(pod.tolerations).map(texts),
  }
}
