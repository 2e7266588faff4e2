import type { ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { calypsoSystemUuid, type FaultName } from '../../rehearsal/contract.ts'
import { treesOf } from '../../rehearsal/trees.ts'
import type { CommandResult, LabHost, LabHostOptions } from '../contract.ts'
import { onlyOfStandIns, releasedFor } from '../released.ts'
import { countConnections, readUnit, type UnitState, unitProperties } from './answers.ts'
import { bindsOf } from './binds.ts'
import { joinByHand } from './by-hand.ts'
import { type CommandOptions, inside, mustRun, runCommand, startCommand } from './command.ts'
import { applyFaults, expectLate } from './faults.ts'
import { layersFolder } from './files.ts'
import { type Furnished, furnish } from './furnish.ts'
import { listGpuProcess } from './gpu.ts'
import { bootMachine, type Machine } from './machine.ts'

/** What a running system writes by itself, and where other file systems are mounted. */
const restless = ['dev', 'proc', 'run', 'sys', 'tmp', 'var/lib/systemd', 'var/log', 'var/tmp'] as const

/** Where every host's network ends; the lab's first process made it. */
const bridge = 'lab0'

/**
 * Boots a machine: the shared tree with a layer of its own, its own systemd, sshd, journald, sudo, network and control
 * groups. Resolves when sshd listens and, as `state` says, its Node is Ready. On failure nothing of it is left.
 */
export async function startHost(options: LabHostOptions): Promise<LabHost> {
  const faults = options.faults ?? new Set<FaultName>()
  const hasGpu = options.hasGpu ?? options.name === 'calypso'
  const { cluster, impostor } = options
  if (options.state === 'joined-by-hand' && cluster === undefined)
    throw new Error('joined-by-hand needs a cluster to be joined to')
  if (faults.has('wrong-ca-hash') && impostor === undefined)
    throw new Error('wrong-ca-hash needs an impostor that answers in the place of the server')
  const { k3s } = options.parts
  const unplayable = k3s === undefined ? [] : [...faults].filter((fault) => fault in onlyOfStandIns)
  if (unplayable.length > 0) throw new Error(`a released k3s cannot play ${unplayable.join(', ')}`)
  const root = await mountTree(options.parts.rootfs, options.directory)
  let machine: Machine | undefined
  const close = async (): Promise<void> => {
    await machine?.close()
    await unmount(root)
  }
  try {
    const furnished = await furnish(root, {
      name: options.name,
      address: options.address,
      hasGpu,
      faults,
      isReleased: k3s !== undefined,
      ...(options.distribution === undefined ? {} : { distribution: options.distribution }),
      systemUuid: options.systemUuid ?? (options.name === 'calypso' ? calypsoSystemUuid : randomUUID()),
    })
    machine = await bootMachine({
      root,
      // Short, because the names of network interfaces end after 15 characters.
      label: `${options.name}-${randomBytes(2).toString('hex')}`,
      hostname: options.name,
      bridge,
      binds: bindsOf(options.parts),
      share: options.share,
      memory: k3s === undefined || options.distribution === 'kubeadm' ? [] : [layersFolder],
      console: join(options.directory, 'console.log'),
    })
    const host = new BootedHost(options, root, furnished, machine.pid, close)
    if (hasGpu) await listGpuProcess(root, machine.pid)
    if (options.state === 'joined-by-hand' && cluster !== undefined)
      await joinByHand(host, cluster, releasedFor(options.parts))
    await applyFaults(host, faults, impostor)
    return host
  } catch (error) {
    await close()
    throw error
  }
}

/** The shared tree, and above it a layer that only this machine writes. */
async function mountTree(rootfs: string, directory: string): Promise<string> {
  const folder = (name: string): string => join(directory, name)
  for (const name of ['layer', 'work', 'root']) mkdirSync(folder(name), { recursive: true })
  const layers = `lowerdir=${rootfs},upperdir=${folder('layer')},workdir=${folder('work')}`
  await mustRun(['mount', '--types', 'overlay', '--options', layers, 'overlay', folder('root')])
  return folder('root')
}

async function unmount(root: string): Promise<void> {
  const { code, stderr } = await runCommand(['umount', root])
  // Whoever still looks into it (a shell of somebody) does not keep the machine's end from being one.
  if (code !== 0) await mustRun(['umount', '--lazy', root]).catch(() => Promise.reject(new Error(stderr)))
}

class BootedHost implements LabHost {
  readonly name: string
  readonly address: string
  readonly root: string
  readonly pid: number
  readonly knownHosts: string
  readonly clientPrivateKey: string
  readonly operatorPassword: string
  readonly share?: string
  readonly #close: () => Promise<void>
  readonly #impostor: LabHostOptions['impostor']
  #closed: Promise<void> | undefined

  constructor(
    options: Pick<LabHostOptions, 'name' | 'address' | 'share' | 'impostor'>,
    root: string,
    furnished: Furnished,
    pid: number,
    close: () => Promise<void>,
  ) {
    this.name = options.name
    this.address = options.address
    if (options.share !== undefined) this.share = options.share
    this.root = root
    this.pid = pid
    this.knownHosts = furnished.knownHosts
    this.clientPrivateKey = furnished.clientPrivateKey
    this.operatorPassword = furnished.operatorPassword
    this.#close = close
    this.#impostor = options.impostor
  }

  comeOver(faults: ReadonlySet<FaultName>): Promise<void> {
    expectLate(faults)
    return applyFaults(this, faults, this.#impostor)
  }

  run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(inside(this.pid, command), options)
  }

  spawn(command: readonly string[], options: Pick<CommandOptions, 'environment'> = {}): ChildProcess {
    return startCommand(inside(this.pid, command), options)
  }

  async connections(): Promise<number> {
    return countConnections(await this.journal('ssh'))
  }

  async unit(name: string): Promise<UnitState> {
    return readUnit(await mustRun(inside(this.pid, ['systemctl', 'show', `--property=${unitProperties}`, name])))
  }

  /** Messages only, from the start of the machine; what was said before the call is in it. */
  async journal(unit: string): Promise<string> {
    await mustRun(inside(this.pid, ['journalctl', '--sync']))
    return mustRun(inside(this.pid, ['journalctl', '--unit', unit, '--output=cat', '--no-pager', '--quiet']))
  }

  /** Mounts that the machine made itself are not seen from outside, so nothing but its own tree is. */
  trees(): Readonly<Record<string, string>> {
    return treesOf(this.root)
  }

  everything(but: readonly string[]): Readonly<Record<string, string>> {
    const left = new Set([...restless, ...but].map((path) => path.replace(/^\/+|\/+$/g, '')))
    return treesOf(this.root, readdirSync(this.root), left)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }
}
