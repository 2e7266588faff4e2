/** What programs of a host print, read: sshd's log and systemd's properties. */

/**
 * Number of TCP connections in sshd's log at level VERBOSE, whatever became of them: it notes each one before it knows
 * who is there (`Connection from 192.0.2.1 port 40312 on 192.0.2.80 port 22 rdomain ""`).
 */
export function countConnections(log: string): number {
  return log.split('\n').filter((line) => /^Connection from \S+ port \d+ on \S+ port \d+/.test(line)).length
}

export interface UnitState {
  readonly activeState: string
  readonly subState: string
  readonly restarts: number
  readonly mainPid: number
}

/** Properties that `readUnit` reads. */
export const unitProperties = 'ActiveState,SubState,NRestarts,MainPID'

/** From `systemctl show`; a unit that is not there is inactive and dead, as systemd says. */
export function readUnit(shown: string): UnitState {
  const property = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? ''
  return {
    activeState: property('ActiveState'),
    subState: property('SubState'),
    restarts: Number(property('NRestarts')),
    mainPid: Number(property('MainPID')),
  }
}
