/** A lab that stands: begun, looked at, entered and ended. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { K3sKind } from '../contract.ts'
import type { LabStatus } from '../inside/model.ts'
import { UsageError } from './arguments.ts'
import { askStatus } from './control.ts'
import { endLab, shellScript, standsText, startLab, sweep } from './keeper.ts'
import { expectMachine, expectParts } from './needs.ts'
import { type LabState, readLabState, stateFolder } from './owner.ts'
import { insidePids } from './processes.ts'
import { prepare, stageClock } from './session.ts'

const print = (text: string): void => {
  process.stdout.write(text)
}

/** The lab's own first process, and its node that serves the control plane, in its own numbers. */
const firstPid = 1

function describe(status: LabStatus): string {
  const rows = status.hosts.map(
    ({ name, address }) => `  ${name.padEnd(12)} ${address.padEnd(28)} npm run lab -- shell ${name}\n`,
  )
  if (status.server !== undefined)
    rows.push(`  ${'server'.padEnd(12)} ${status.server.padEnd(28)} npm run lab -- shell server\n`)
  if (status.kubeconfig !== undefined)
    rows.push(`  kubeconfig   ${status.kubeconfig} (its server is reached from inside only)\n`)
  return rows.join('')
}

export async function up(k3s: K3sKind | undefined, signal: AbortSignal): Promise<number> {
  expectMachine()
  const found = readLabState(stateFolder)
  if (found.is === 'standing') throw new UsageError(standsText(stateFolder))
  if (found.is === 'unknown') throw new UsageError(found.reason)
  await expectParts()
  const progress = stageClock()
  const parts = await prepare(k3s ?? 'stand-in', progress, signal)
  if ('missing' in parts) throw new UsageError(`No lab with a released k3s can stand here: ${parts.missing}`)
  const lab = await startLab({ state: stateFolder, parts, kind: 'standing', progress, signal })
  const status = await askStatus(stateFolder)
  lab.release()
  print(
    `\nThe lab stands.\n${describe(status)}  scenarios    npm run lab -- list, npm run lab -- run NAME…\n  end it       npm run lab -- down\n`,
  )
  return 0
}

export async function down(): Promise<number> {
  expectMachine()
  const found = readLabState(stateFolder)
  if (found.is === 'unknown') throw new UsageError(found.reason)
  if (found.is === 'standing') {
    const progress = stageClock()
    await endLab(stateFolder, found.owner)
    progress('the lab has ended')
  }
  // Also when nothing was found: a keeper that was killed in its first moment leaves a folder of another name.
  const isSwept = sweep(stateFolder)
  if (found.is === 'left' && isSwept) print('What a killed lab had left is removed.\n')
  if (found.is === 'nothing') print('No lab stands.\n')
  return isSwept ? 0 : 1
}

/** Bytes that the lab's control group holds, or undefined. */
function memory(state: string): number | undefined {
  try {
    const groups = readFileSync(join(state, 'cgroups'), 'utf8').trim().split('\n')
    for (const group of groups)
      for (const file of ['memory.usage_in_bytes', 'memory.current']) {
        try {
          return Number(readFileSync(join(group, file), 'utf8'))
        } catch {
          // Of another hierarchy.
        }
      }
  } catch {
    // A lab that is about to end.
  }
  return undefined
}

export async function status(): Promise<number> {
  const found = readLabState(stateFolder)
  print(await statusText(found))
  return 0
}

async function statusText(found: LabState): Promise<string> {
  if (found.is === 'nothing') return 'No lab stands.\n'
  if (found.is === 'unknown') return `${found.reason}\n`
  if (found.is === 'left')
    return `A lab that was started at ${found.owner.since} was killed; what it left is removed by: npm run lab -- down\n`
  const inside = await askStatus(stateFolder).catch(() => undefined)
  const used = memory(stateFolder)
  const whose = found.owner.kind === 'suite' ? 'A run has a lab' : 'A lab stands'
  const facts = [
    `since ${found.owner.since}`,
    inside === undefined ? 'does not answer yet' : inside.stage,
    ...(inside?.k3s === 'release' ? ['with a released k3s'] : []),
    ...(inside?.running === undefined ? [] : [`runs ${inside.running}`]),
    ...(used === undefined ? [] : [`${(used / 2 ** 20).toFixed(0)} MiB`]),
  ]
  return `${whose}: ${facts.join(', ')}.\n${inside === undefined ? '' : describe(inside)}`
}

/** Enters a host of the standing lab; resolves with the shell's exit code. */
export async function shell(host: string, command: readonly string[]): Promise<number> {
  expectMachine()
  const found = readLabState(stateFolder)
  if (found.is !== 'standing') throw new UsageError('No lab stands to enter; start one with: npm run lab -- up')
  const status = await askStatus(stateFolder).catch(() => {
    throw new UsageError('The lab does not answer yet; npm run lab -- status says when it does.')
  })
  const isServer = host === 'server' || host === 'srv712429'
  const pid = isServer ? firstPid : status.hosts.find(({ name }) => name === host)?.pid
  if (pid === undefined) {
    const why = status.running === undefined ? '' : `: ${status.running} runs now, with machines of its own`
    throw new UsageError(`${host} does not run in this lab${why}.`)
  }
  const outside = insidePids(found.owner.pid).get(pid)
  if (outside === undefined) throw new Error(`process ${pid} of the lab is not to be found: the lab is about to end`)
  const wanted = command.length > 0 ? command : ['/bin/bash', '-l']
  const child = spawn('sh', [shellScript, stateFolder, String(outside), ...wanted], {
    stdio: 'inherit',
    env: {
      PATH: `${isServer && status.programs !== undefined ? `${status.programs}:` : ''}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: '/root',
      LANG: 'C.UTF-8',
      TERM: process.env.TERM ?? 'dumb',
      ...(isServer && status.kubeconfig !== undefined ? { KUBECONFIG: status.kubeconfig } : {}),
    },
  })
  // Ctrl-C is for what runs in the shell.
  process.on('SIGINT', () => {})
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal !== null) process.stderr.write(`The shell was ended by ${signal}.\n`)
  return code ?? 1
}
