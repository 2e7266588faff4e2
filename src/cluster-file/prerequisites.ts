import type { ClusterFileNode } from './file.ts'
import { kernelModule, mountFolder, packageName, sysctlKey, sysctlValue, unitName } from './grammar.ts'
import type { Merger, NodeValues } from './merge.ts'
import type { Prerequisites } from './model.ts'
import type { Grammar } from './problem.ts'

interface Profile {
  readonly packages: readonly string[]
  readonly services: readonly string[]
  readonly modules: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Annotations of the Node, once it is known which disk is meant. */
  readonly annotations: (disk: string | undefined) => Readonly<Record<string, string>>
}

/**
 * What each profile brings.
 *
 * longhorn: the packages that Longhorn's own manager looks for on each node, and the module dm_crypt (longhorn-manager
 * controller/monitor/environment_check_monitor.go: syncPackagesInstalled, kernelModules); iscsid and iscsi_tcp are asked for by
 * longhorn.io/docs "Installation Requirements". `storage=longhorn` is the label of the seed documents. With
 * `create-default-disk=config` Longhorn takes its disks from the annotation, if its setting create-default-disk-labeled-nodes is on
 * and it knows no disk of the node yet (longhorn-manager controller/kubernetes_node_controller.go: syncDefaultDisks). The annotation
 * `node.longhorn.io/paths` of the seed documents is read by nobody.
 */
const profiles: Readonly<Record<NonNullable<Prerequisites['profile']>, Profile>> = {
  longhorn: {
    packages: ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup'],
    services: ['iscsid'],
    modules: ['iscsi_tcp', 'dm_crypt'],
    labels: { storage: 'longhorn', 'node.longhorn.io/create-default-disk': 'config' },
    annotations: (disk): Readonly<Record<string, string>> =>
      disk === undefined
        ? {}
        : {
            'node.longhorn.io/default-disks-config': JSON.stringify([
              { name: disk.split('/').at(-1), path: disk, allowScheduling: true, storageReserved: 0, tags: [] },
            ]),
          },
  },
}

function listOf(
  merger: Merger,
  name: 'packages' | 'services' | 'modules',
  given: readonly string[] | undefined,
  written: readonly string[] | undefined,
  grammar: Grammar,
): readonly string[] {
  for (const text of given ?? []) merger.judge(name, text, grammar(text))
  return merger.pick(name, given, written, (list) => [...list].sort().join(', ')) ?? []
}

function sysctlOf(merger: Merger, values: NodeValues, node: ClusterFileNode): Readonly<Record<string, string>> {
  const given: Record<string, string> = Object.create(null)
  for (const text of values.sysctl ?? []) {
    const [key = '', value] = text.split(/=(.*)/s).map((part) => part.trim())
    const complaint =
      value === undefined
        ? { problem: 'has no value', allowed: 'key=value, e.g. net.ipv4.ip_forward=1' }
        : (sysctlKey(key) ?? sysctlValue(value))
    const isContradiction = !complaint && key in given && given[key] !== value
    merger.judge(
      'sysctl',
      text,
      isContradiction ? { problem: 'gives a key a second value', allowed: 'each key once' } : complaint,
    )
    given[key] = value ?? ''
  }
  const written =
    node.sysctl && Object.fromEntries(Object.entries(node.sysctl).map(([key, value]) => [key, String(value)]))
  const show = (settings: Readonly<Record<string, string>>): string =>
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(', ')
  return { ...merger.pick('sysctl', values.sysctl ? given : undefined, written, show) }
}

/** The profile's first, then what is asked for besides; each once, as its program writes it. */
function all(
  ofProfile: readonly string[] | undefined,
  asked: readonly string[],
  write: (text: string) => string = (text) => text,
): readonly string[] {
  return [...new Set([...(ofProfile ?? []), ...asked].map(write))]
}

/** What a machine needs besides the agent, and what its profile sets on the Node. All undefined or empty: nothing is asked. */
export function mergePrerequisites(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
): {
  readonly prerequisites: Prerequisites | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>> | undefined
} {
  const name = merger.pick('profile', values.profile, node.profile)
  const profile = name === undefined ? undefined : profiles[name]
  const packages = listOf(merger, 'packages', values.packages, node.packages, packageName)
  const services = listOf(merger, 'services', values.services, node.services, unitName)
  const modules = listOf(merger, 'modules', values.modules, node.modules, kernelModule)
  const disk = merger.text('storage-disk', values.storageDisk, node.storage?.disk, mountFolder)
  const prerequisites: Prerequisites = {
    ...(name === undefined ? {} : { profile: name }),
    packages: all(profile?.packages, packages),
    services: all(profile?.services, services, (text) => text.replace(/\.service$/, '')),
    modules: all(profile?.modules, modules, (text) => text.replaceAll('-', '_')),
    sysctl: sysctlOf(merger, values, node),
    ...(disk === undefined ? {} : { disk }),
  }
  const lists = [prerequisites.packages, prerequisites.services, prerequisites.modules]
  const isAsked =
    lists.some((list) => list.length > 0) || Object.keys(prerequisites.sysctl).length > 0 || disk !== undefined
  const annotations = profile?.annotations(disk) ?? {}
  return {
    prerequisites: isAsked ? prerequisites : undefined,
    labels: profile?.labels ?? {},
    annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
  }
}
