import type { JobResult, Program } from './systemd.ts'
import { parseUnit, type UnitFile } from './unit-file.ts'

/** A unit in the manager's memory. */
export interface Unit {
  readonly name: string
  file: UnitFile
  fragment: string
  active: 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed'
  sub: string
  result: string
  restarts: number
  starts: number
  mainPid: number
  execPid: number
  /** When the main process of execPid was started; undefined: never. */
  execStart: Date | undefined
  /** Drop-ins as they were read. */
  dropIns: readonly string[]
  execCode: number
  execStatus: number
  since: Date
  program: Program | undefined
  timer: NodeJS.Timeout | undefined
  startWaiters: ((result: JobResult) => void)[]
  stopWaiters: (() => void)[]
}

/** A unit that was just heard of: inactive, never started. */
export function newUnit(name: string, fragment: string): Unit {
  return {
    name,
    file: parseUnit(name, []),
    fragment,
    active: 'inactive',
    sub: 'dead',
    result: 'success',
    restarts: 0,
    starts: 0,
    mainPid: 0,
    execPid: 0,
    execStart: undefined,
    dropIns: [],
    execCode: 0,
    execStatus: 0,
    since: new Date(),
    program: undefined,
    timer: undefined,
    startWaiters: [],
    stopWaiters: [],
  }
}

/** `Sat 2026-11-21 08:05:16 UTC` */
function timestamp(at: Date): string {
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at.getUTCDay()]
  return `${day} ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The embedded machines' uptime counts from here: a day before this process began. */
const bootedAtUs = (Date.now() - 86_400_000) * 1000

/** The unit's properties in the order in which systemctl prints them, whatever the order of the question. */
export function showUnit(unit: Unit): string {
  const lines = [
    `Type=${unit.file.type}`,
    `Restart=${unit.file.restart}`,
    `RestartUSec=${unit.file.restartSec}s`,
    'TimeoutStartUSec=infinity',
    `MainPID=${unit.mainPid}`,
    'StatusText=',
    `Result=${unit.result}`,
    `NRestarts=${unit.restarts}`,
    `ExecMainStartTimestamp=${unit.execStart === undefined ? '' : timestamp(unit.execStart)}`,
    `ExecMainStartTimestampMonotonic=${unit.execStart === undefined ? 0 : unit.execStart.getTime() * 1000 - bootedAtUs}`,
    `ExecMainPID=${unit.execPid}`,
    `ExecMainCode=${unit.execCode}`,
    `ExecMainStatus=${unit.execStatus}`,
    `ExecStart={ path=${unit.file.command[0] ?? ''} ; argv[]=${unit.file.command.join(' ')} ; ignore_errors=no }`,
    `Id=${unit.name}`,
    `Names=${unit.name}`,
    `Description=${unit.file.description}`,
    'LoadState=loaded',
    `ActiveState=${unit.active}`,
    `SubState=${unit.sub}`,
    `FragmentPath=${unit.fragment}`,
    `DropInPaths=${unit.dropIns.join(' ')}`,
    `StateChangeTimestamp=${timestamp(unit.since)}`,
    unit.active === 'active' ? `ActiveEnterTimestamp=${timestamp(unit.since)}` : 'ActiveEnterTimestamp=',
  ]
  return `${lines.join('\n')}\n`
}

/** Properties of a unit that runs and is never started or stopped by anybody here. */
export function showRunning(name: string, description: string, pid: number): string {
  const shown = ['Type=notify', `MainPID=${pid}`, 'StatusText=', 'Result=success', 'NRestarts=0', `ExecMainPID=${pid}`]
  shown.push('ExecMainCode=0', 'ExecMainStatus=0', `Id=${name}`, `Names=${name}`, `Description=${description}`)
  shown.push('LoadState=loaded', 'ActiveState=active', 'SubState=running', `FragmentPath=/lib/systemd/system/${name}`)
  return `${shown.join('\n')}\n`
}
