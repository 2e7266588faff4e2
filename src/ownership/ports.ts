import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describeProcess, type ProcessDescription, userName } from './description.ts'

/** Who is in the way of binding 127.0.0.1:port. */
export interface PortHolder {
  /** Undefined: its process belongs to another user and cannot be seen from here. */
  readonly process?: ProcessDescription
  readonly user: string
  /** False: no listener, but a connection that happens to begin at this port. */
  readonly isListening: boolean
}

interface SocketRow {
  readonly inode: string
  readonly uid: number
  readonly isListening: boolean
}

/**
 * Addresses in the way of a listener on 127.0.0.1, as proc_net_tcp writes them: words of four bytes in the machine's order.
 * 0.0.0.0, 127.0.0.1, ::, ::ffff:0.0.0.0 and ::ffff:127.0.0.1; ::1 is in nobody's way.
 */
const inTheWay = [
  /^0{8}$/,
  /^(0100007F|7F000001)$/,
  /^0{32}$/,
  /^0{16}(FFFF0000|0000FFFF)(0{8}|0100007F|7F000001)$/,
] as const

/** Linux's proc_net_tcp(5): `sl local rem st tx:rx tr:tm retrnsmt uid timeout inode …`, numbers in hex, states as in tcp_states.h. Pure. */
export function socketsAtPort(table: string, port: number): readonly SocketRow[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/)
      const [address = '', localPort = ''] = (fields[1] ?? '').split(':')
      const [state = '', uid = '', inode = ''] = [fields[3], fields[7], fields[9]]
      if (Number.parseInt(localPort, 16) !== port || !inTheWay.some((pattern) => pattern.test(address))) return []
      // TIME_WAIT (06) holds no port against SO_REUSEADDR, which ssh sets; CLOSE (07) has none.
      return state === '06' || state === '07' ? [] : [{ inode, uid: Number(uid), isListening: state === '0A' }]
    })
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function holds(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

function pids(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
}

function onLinux(port: number, likely: readonly number[]): readonly PortHolder[] {
  const rows = ['tcp', 'tcp6'].flatMap((name) => socketsAtPort(readOr(`/proc/self/net/${name}`), port))
  return rows.map(({ inode, uid, isListening }) => {
    const pid = likely.find((one) => holds(one, inode)) ?? pids().find((one) => holds(one, inode))
    const description = pid === undefined ? undefined : describeProcess(pid)
    return { ...(description ? { process: description } : {}), user: description?.user ?? userName(uid), isListening }
  })
}

/** macOS and others: lsof sees the processes of its own user. */
function byLsof(port: number): readonly PortHolder[] {
  try {
    const text = execFileSync('lsof', ['-nP', '-a', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], {
      encoding: 'utf8',
      env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin` },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    })
    return [...text.matchAll(/^p(\d+)$/gm)].flatMap(([, pid]) => {
      const description = describeProcess(Number(pid))
      return description ? [{ process: description, user: description.user, isListening: true }] : []
    })
  } catch {
    return []
  }
}

/**
 * Who holds 127.0.0.1:port, listeners first.
 * @param likely processes to look at first: a look through all of a busy machine takes milliseconds
 */
export function portHolders(port: number, likely: readonly number[] = []): readonly PortHolder[] {
  const holders = process.platform === 'linux' ? onLinux(port, likely) : byLsof(port)
  return [...holders.filter((one) => one.isListening), ...holders.filter((one) => !one.isListening)]
}
