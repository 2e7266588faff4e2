import type { TunnelFault } from './error.ts'
import type { Destination } from './model.ts'
import type { SshEnd } from './ssh-process.ts'
import { explainSsh, lastOf, refusalIn } from './ssh-words.ts'

/** Why a supervisor ends its tunnel. */
export type Ending =
  | { readonly kind: 'ssh'; readonly end: SshEnd }
  | { readonly kind: 'expired' | 'worker-gone' | 'abandoned' | 'never-connected' }
  | { readonly kind: 'signal'; readonly signal: string }

const again = 'run the job again: the tunnel is opened anew'

export function describeEnd({ code, signal, error }: SshEnd): string {
  if (error) return `it could not be started, ${error.code ?? error.message}`
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}

export interface Course {
  readonly to: Destination
  readonly wasConnected: boolean
  readonly lifetimeMs: number
  readonly lines: readonly string[]
}

function ended(cause: string, remedy: string, { to, lines }: Course, ...more: readonly string[]): TunnelFault {
  return {
    code: 'tunnel-ended',
    title: `the tunnel over ${to.host} to ${to.target} has ended`,
    cause,
    remedy,
    evidence: [...lastOf(lines), ...more],
  }
}

/** What is put on record when a tunnel ends. Pure. */
export function explainEnding(ending: Ending, course: Course): TunnelFault {
  const { to, lines, wasConnected } = course
  switch (ending.kind) {
    case 'ssh': {
      const { end } = ending
      if (end.error?.code === 'ENOENT') {
        return {
          code: 'tunnel-ssh-missing',
          title: 'there is no ssh on this runner',
          cause: 'a tunnel needs the OpenSSH client, and no folder of PATH has it',
          remedy: 'install it (apt-get install openssh-client), or set connect to direct',
          evidence: [end.error.message],
        }
      }
      const how = describeEnd(end)
      if (!wasConnected) return explainSsh(lines, to, how)
      if (end.signal !== null) {
        return ended(
          `somebody killed its ssh (${end.signal})`,
          `look what ends processes on this runner (a clean-up, the OOM killer: journalctl -k); ${again}`,
          course,
          `ssh ended: ${how}`,
        )
      }
      // A connection that was not forwarded an hour ago is not why it ended.
      const words = lines.filter((line) => refusalIn(line) === undefined)
      const { cause, remedy } = explainSsh(lastOf(words), to, how)
      return ended(cause, `${remedy}; ${again}`, course, `ssh ended: ${how}`)
    }
    case 'expired': {
      const lived = durationText(course.lifetimeMs)
      return ended(`it was opened for ${lived}, and they are over`, `split the job, or ${again}`, course)
    }
    case 'signal':
      return ended(`its supervisor was told to end (${ending.signal})`, again, course)
    case 'worker-gone':
      return ended('the job that it was opened for has ended', again, course)
    case 'abandoned':
      return ended('its state file was removed', again, course)
    case 'never-connected':
      return {
        code: 'tunnel-unreachable',
        title: `the SSH server ${to.host} cannot be reached`,
        cause: `${to.host} port ${to.port} accepted the connection, and the login was not done in time`,
        remedy: `look at the load and the SSH log of ${to.host}: journalctl -u ssh -n 20`,
        evidence: lastOf(lines),
      }
  }
}
