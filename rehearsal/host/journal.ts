import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number): string => String(value).padStart(2, '0')

/** `Nov 21 08:05:08`, in UTC as every embedded host. */
function shortTime(at: Date): string {
  const day = String(at.getUTCDate()).padStart(2, ' ').replace(' ', '0')
  return `${months[at.getUTCMonth()]} ${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
}

/**
 * The journal, as files that the journalctl stand-in reads and follows with `tail`: one line an entry and the same line
 * number in every rendering (`<unit>.cat`, `.short`, `.json`, and `.time` with epoch seconds for --since).
 */
export class Journal {
  readonly folder: string
  readonly #hostname: string
  #sequence = 0
  /** How far the machine's clock is ahead. */
  aheadMs = 0

  constructor(folder: string, hostname: string) {
    this.folder = folder
    this.#hostname = hostname
    mkdirSync(folder, { recursive: true })
  }

  /** Makes the files of a unit exist, so that following begins before its first line. */
  prepare(unit: string): void {
    for (const name of [unit, 'all']) {
      for (const kind of ['cat', 'short', 'json', 'time']) appendFileSync(join(this.folder, `${name}.${kind}`), '')
    }
  }

  /** Appends a message; its lines become entries of their own, as journald makes of a program's output. */
  write(unit: string, identifier: string, pid: number, message: string): void {
    const at = new Date(Date.now() + this.aheadMs)
    for (const line of message.split('\n')) {
      this.#sequence += 1
      const entry = {
        __CURSOR: `s=embedded;i=${this.#sequence.toString(16)}`,
        __REALTIME_TIMESTAMP: String(at.getTime() * 1000),
        PRIORITY: '6',
        _SYSTEMD_UNIT: pid === 1 ? 'init.scope' : unit,
        UNIT: unit,
        SYSLOG_IDENTIFIER: identifier,
        _PID: String(pid),
        _HOSTNAME: this.#hostname,
        MESSAGE: line,
      }
      for (const name of [unit, 'all']) {
        const path = join(this.folder, name)
        appendFileSync(`${path}.time`, `${(at.getTime() / 1000).toFixed(3)}\n`)
        appendFileSync(`${path}.json`, `${JSON.stringify(entry)}\n`)
        // Only this rendering shows a tab as eight blanks (strip_tab_ansi in systemd's src/basic/string-util.c).
        const shown = line.replaceAll('\t', ' '.repeat(8))
        appendFileSync(`${path}.short`, `${shortTime(at)} ${this.#hostname} ${identifier}[${pid}]: ${shown}\n`)
        appendFileSync(`${path}.cat`, `${line}\n`)
      }
    }
  }

  /** Everything a unit has logged, as `journalctl -u UNIT -o short`. */
  read(unit: string): string {
    return readFileSync(join(this.folder, `${unit}.short`), 'utf8')
  }
}
