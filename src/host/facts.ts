import type { GpuProcess, HostFacts, ScriptLine } from './model.ts'

const longest = 512
/** Lists longer than this are cut: a host cannot have that many, so it is not telling the truth. */
const most = 256

function text(line: ScriptLine | undefined, key: string): string {
  const value = line?.[key]
  return typeof value === 'string' ? value.trim().slice(0, longest) : ''
}

/** The pieces of a longer text, e.g. lines of a listing. */
function pieces(line: ScriptLine | undefined, key: string, separator: string): string[] {
  const value = line?.[key]
  if (typeof value !== 'string') return []
  const parts = value.slice(0, most * longest).split(separator)
  return parts
    .map((part) => part.trimEnd().slice(0, longest))
    .filter((part) => part !== '')
    .slice(0, most)
}

/** A non-negative safe integer; `otherwise` for everything else. */
function count(line: ScriptLine | undefined, key: string, otherwise = 0): number {
  const value = line?.[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise
}

function oneOf<T extends string | number>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise
}

/** nvidia-smi has one line a GPU for each process: the memory of one process on several GPUs is added up. */
function gpuProcesses(lines: readonly ScriptLine[]): GpuProcess[] {
  const byPid = new Map<number, GpuProcess>()
  for (const line of lines) {
    const pid = count(line, 'pid')
    if (pid === 0) continue
    const used = [byPid.get(pid)?.usedMemoryMiB, line.memory].filter(
      (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
    )
    byPid.set(pid, {
      pid,
      name: text(line, 'name'),
      ...(used.length > 0 && { usedMemoryMiB: (used as number[]).reduce((sum, value) => sum + value, 0) }),
      owner: oneOf(line.owner, ['pod', 'container', 'host'] as const, 'host'),
      ownerDetail: text(line, 'detail'),
      ...(count(line, 'started') > 0 && { startTicks: count(line, 'started') }),
    })
  }
  return [...byPid.values()].slice(0, most)
}

/**
 * Reads the lines of survey.sh. Everything in them was said by the host and is data: texts are cut to 512 characters,
 * numbers that are none become 0, unknown facts are ignored, of a fact that can be there once the first line counts.
 * A file system without a fixed number of inodes has Number.MAX_SAFE_INTEGER of them. An unknown number of free bytes
 * leaves the disk out. Lines named `<distribution>.…` are kept as they are, for the distribution's own reader.
 * @param runnerMs when the `clock` line reached the runner, epoch milliseconds
 */
export function parseFacts(lines: readonly ScriptLine[], runnerMs: number): HostFacts {
  const all = (name: string) => lines.filter((line) => line.fact === name).slice(0, most)
  const one = (name: string) => lines.find((line) => line.fact === name)
  const identity = one('identity')
  const os = one('os')
  const kernel = one('kernel')
  const privilege = one('privilege')
  const cgroup = one('cgroup')
  const memory = one('memory')
  const route = one('route')
  const gpu = one('gpu')
  return {
    hostname: text(identity, 'hostname'),
    user: text(identity, 'user'),
    machineId: text(identity, 'machine_id'),
    systemUuid: text(identity, 'system_uuid').toLowerCase(),
    os: {
      id: text(os, 'id'),
      idLike: text(os, 'id_like'),
      versionId: text(os, 'version_id'),
      prettyName: text(os, 'pretty'),
    },
    kernel: text(kernel, 'release'),
    architecture: text(kernel, 'architecture'),
    init: oneOf(one('init')?.name, ['systemd', 'openrc', 'other'] as const, 'other'),
    ...(count(one('init'), 'systemd') > 0 && { systemdVersion: count(one('init'), 'systemd') }),
    privilege: {
      state: oneOf(privilege?.state, ['root', 'passwordless', 'password', 'none'] as const, 'none'),
      problem: text(privilege, 'problem'),
    },
    cgroup: { version: oneOf(cgroup?.version, [0, 1, 2] as const, 0), controllers: pieces(cgroup, 'controllers', ' ') },
    readOnly: all('read-only')
      .map((line) => text(line, 'path'))
      .filter((path) => path !== ''),
    memoryBytes: count(memory, 'total'),
    swapBytes: count(memory, 'swap'),
    ports: all('port')
      .map((line) => ({
        port: count(line, 'port'),
        process: text(line, 'process'),
        pid: count(line, 'pid'),
        owner: (line.owner === 'pod' || line.owner === 'container'
          ? `${line.owner} ${text(line, 'detail')}`
          : text(line, 'detail')
        ).trim(),
      }))
      .filter(({ port }) => port > 0 && port <= 65535),
    disks: all('disk')
      .filter((line) => count(line, 'bytes', -1) >= 0)
      .map((line) => ({
        path: text(line, 'path'),
        availableBytes: count(line, 'bytes'),
        totalBytes: count(line, 'total'),
        availableInodes: count(line, 'inodes', Number.MAX_SAFE_INTEGER),
      })),
    clock: { hostMs: count(one('clock'), 'ms'), runnerMs },
    defaultRoute: route && { via: text(route, 'via'), device: text(route, 'device'), source: text(route, 'source') },
    hasNoDefaultRoute: route === undefined && one('no-route')?.known === true,
    addresses: [...new Set(all('address').map((line) => text(line, 'address')))].filter((address) =>
      /^[0-9a-fA-F.:]+$/.test(address),
    ),
    resolvers: all('resolver').map((line) => ({
      path: text(line, 'path'),
      isReadable: line.readable === true,
      servers: pieces(line, 'servers', ' '),
    })),
    selinux: oneOf(one('selinux')?.mode, ['enforcing', 'permissive', 'disabled', 'unknown'] as const, 'unknown'),
    modules: all('module')
      .map((line) => ({
        name: text(line, 'name'),
        state: oneOf(line.state, ['loaded', 'loadable', 'missing', 'unknown'] as const, 'unknown'),
      }))
      .filter(({ name }) => name !== ''),
    kubernetes: all('kubernetes').flatMap((line) => {
      const kind = oneOf(line.kind, ['cni-config', 'interface', 'kubelet-config', 'kubelet', ''] as const, '')
      return kind === '' ? [] : [{ kind, name: text(line, 'name'), pid: count(line, 'pid'), unit: text(line, 'unit') }]
    }),
    firewalls: all('firewall').flatMap((line) => {
      const name = oneOf(line.name, ['ufw', 'firewalld', 'nftables', ''] as const, '')
      const state = oneOf(line.state, ['active', 'inactive', 'unknown'] as const, 'unknown')
      return name === '' ? [] : [{ name, state, rules: pieces(line, 'rules', '\n') }]
    }),
    sshForwarding: oneOf(one('sshd')?.forwarding, ['yes', 'no', 'local', 'remote', 'unknown'] as const, 'unknown'),
    runtimes: all('runtime')
      .map((line) => ({ name: text(line, 'name'), isRunning: line.running === true }))
      .filter(({ name }) => name !== ''),
    gpu: {
      devices: all('gpu-device').map((line) => ({
        name: text(line, 'name'),
        driverVersion: text(line, 'driver'),
        memoryMiB: count(line, 'memory'),
      })),
      pciDevices: count(gpu, 'pci'),
      problem: text(gpu, 'problem'),
      processes: gpuProcesses(all('gpu-process')),
      areProcessesKnown: one('gpu-processes')?.known === true,
    },
    distribution: lines.filter((line) => typeof line.fact === 'string' && /^[a-z0-9]+\./.test(line.fact)),
  }
}
