/** What a lab left, from the machine before and after. Pure. */

export interface Snapshot {
  /** The lab's folder. */
  readonly state: string
  /** Those that can be the lab's. */
  readonly processes: readonly string[]
  /** Lines of mountinfo. A namespace that outlives its processes is held by a mount; the others are found by their processes. */
  readonly mounts: readonly string[]
  /** Names of network interfaces. */
  readonly links: readonly string[]
  /** Control groups of the lab. */
  readonly groups: readonly string[]
  /** Path → type, size, time. */
  readonly files: Readonly<Record<string, string>>
  /** Path below /proc/sys → value. */
  readonly settings: Readonly<Record<string, string>>
}

/** In places where everybody writes, only names that the lab or one of its programs could have given. */
const labNames =
  /k3s|lab0|calypso|styx|nspawn|machines|netns|kube|containerd|runc|etcd|flannel|cni|xtables|triton|oceanid|systemd-private|overlay/i

/** The lab has a /tmp of its own; what could come into the machine's is of programs that run as its first ones. */
const systemNames = /nspawn|systemd-private|containerd|kube|etcd|triton/

function isLabs(path: string, state: string): boolean {
  if (path === state || path.startsWith(`${state}.new-`) || path.startsWith(`${state}/`)) return true
  if (/^\/(?:var\/)?tmp\//.test(path)) return path.includes('/k3s-gpu-actions-lab') || systemNames.test(path)
  return path.startsWith('/etc/') || labNames.test(path)
}

const added = (before: readonly string[], after: readonly string[]): string[] =>
  after.filter((entry) => !before.includes(entry))

function changed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): { readonly path: string; readonly how: 'new' | 'changed' | 'gone' }[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return paths.flatMap((path) => {
    if (before[path] === after[path]) return []
    return [{ path, how: before[path] === undefined ? 'new' : after[path] === undefined ? 'gone' : 'changed' } as const]
  })
}

/** One line for each thing that is not as it was and that the lab can have made so. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const point = (line: string): string => line.split(' ')[4] ?? line
  return [
    ...added(before.processes, after.processes).map((name) => `process ${name}`),
    ...added(before.mounts, after.mounts).map((line) => `mount ${point(line)}`),
    ...added(after.mounts, before.mounts).map((line) => `mount ${point(line)} is gone or changed`),
    ...added(before.links, after.links).map((name) => `network interface ${name}`),
    ...added(after.links, before.links).map((name) => `network interface ${name} is gone`),
    ...added(before.groups, after.groups).map((path) => `control group ${path}`),
    ...changed(before.files, after.files)
      .filter(({ path }) => isLabs(path, after.state))
      .map(({ path, how }) => `file ${path} is ${how}`),
    ...changed(before.settings, after.settings).map(
      ({ path }) => `setting ${path} is ${after.settings[path] ?? 'gone'}, was ${before.settings[path] ?? 'not there'}`,
    ),
  ]
}
