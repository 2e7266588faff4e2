/** The machine's processes as /proc shows them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Process {
  readonly pid: number
  readonly parent: number
  /** In clock ticks since boot; with the pid it names one process. */
  readonly start: number
  readonly name: string
  readonly isZombie: boolean
}

/** @returns undefined when it has ended */
function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    const fields = stat.slice(end + 2).split(' ')
    return {
      pid,
      parent: Number(fields[1]),
      start: Number(fields[19]),
      name: stat.slice(stat.indexOf('(') + 1, end),
      isZombie: fields[0] === 'Z' || fields[0] === 'X',
    }
  } catch {
    return undefined
  }
}

export function allProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => read(Number(name)))
    .filter((process) => process !== undefined)
}

/** A process and everything below it. */
export function descendants(root: number, processes: readonly Process[]): Process[] {
  const below = processes.filter((process) => process.pid === root)
  for (let index = 0; index < below.length; index += 1)
    below.push(...processes.filter((process) => process.parent === below[index]!.pid && process.pid !== root))
  return below
}

/** A process and everything above it. */
export function ancestors(pid: number, processes: readonly Process[]): Set<number> {
  const above = new Set<number>()
  for (let at = pid; at > 0 && !above.has(at); at = processes.find((process) => process.pid === at)?.parent ?? 0)
    above.add(at)
  return above
}

export function textOf(pid: number, file: 'cmdline' | 'environ' | 'cgroup'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

export const namespaceKinds = ['net', 'mnt', 'pid', 'uts', 'ipc', 'cgroup'] as const

/** `net:[4026532281]` and so on; empty when it has ended. */
export function namespacesOf(pid: number): string[] {
  return namespaceKinds.flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)]
    } catch {
      return []
    }
  })
}

/** Numbers of a process in each process namespace, ours first. */
function numbersOf(pid: number): number[] {
  try {
    const line = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
    return line.trim().split(/\s+/).map(Number)
  } catch {
    return []
  }
}

/** The lab's own numbers of its processes → ours. */
export function insidePids(keeper: number): ReadonlyMap<number, number> {
  const below = descendants(keeper, allProcesses())
  const depth = numbersOf(keeper).length
  return new Map(
    below.flatMap(({ pid }) => {
      const inside = numbersOf(pid).at(depth)
      return inside === undefined ? [] : [[inside, pid] as const]
    }),
  )
}
