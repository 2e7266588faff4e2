import type { ScriptResult } from '../host/index.ts'

/** A step on the host that did not go well, with everything a person needs. Holds no secret: scripts print none. */
export class HostStepError extends Error {
  override readonly name = 'HostStepError'
  /** Code of the script's `die`, e.g. `host-locked`; `script-failed` when it ended without saying why. */
  readonly code: string
  /** The step that was under way; empty: none had begun. */
  readonly step: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(code: string, step: string, title: string, cause: string, remedy: string, evidence: readonly string[]) {
    super(title)
    this.code = code
    this.step = step
    this.cause = cause
    this.remedy = remedy
    this.evidence = evidence
  }
}

const runAgain = 'run it again: it continues from what it finds'
const atConsole = 'look at the host on its console'

/** What to do about each way in which the scripts give up; the cause is what the script itself says. */
const remedies: Readonly<Record<string, string>> = {
  'host-locked':
    'wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes',
  overtaken: 'look at the later run: what it says of the host is what is true',
  'lock-unavailable': 'install util-linux on the host (it brings flock)',
  'init-unsupported': 'join a host that runs systemd',
  'staged-missing': runAgain,
  'copy-failed': 'free space on the host (df -h /usr/local/bin), then run it again',
  'backup-failed': 'free space on the host (df -h /var/lib), then run it again',
  'write-failed': 'free space on the host (df -h /etc), then run it again',
  'replace-failed': 'look for an immutable file (lsattr) or a read-only mount at that path',
  'folder-read-only':
    'the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system',
  'binary-mismatch':
    'the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host',
  'binary-missing': runAgain,
  'installer-mismatch': runAgain,
  'installer-failed': 'read what the installer said below, correct it on the host, and run it again',
  'hash-unavailable': 'install coreutils on the host (it brings sha256sum)',
  'environment-unreadable': 'correct the quotes in that file by hand, and run it again',
  'unit-unreadable':
    'bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent …, and run it again',
  'unit-missing': 'the unit is gone: delete what is left of k3s on the host, or install it, and run it again',
  'reload-failed': `${atConsole}: sudo systemctl daemon-reload`,
  'enable-failed': `${atConsole}: sudo systemctl enable k3s-agent`,
  'start-refused': `${atConsole}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`,
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Turns the end of a script into an error; undefined when it ended well. `doing` completes "… did not succeed". */
export function errorOfScript(label: string, doing: string, result: ScriptResult): HostStepError | undefined {
  if (result.exitCode === 0) return undefined
  const said = result.lines.findLast((line) => typeof line.error === 'string')
  const step = text(result.lines.findLast((line) => line.state === 'failed')?.step)
  const evidence = [
    ...result.lines.flatMap((line) => (typeof line.evidence === 'string' ? [line.evidence] : [])),
    ...result.stderr.trim().split('\n').slice(-10),
  ].filter((line) => line !== '')
  const title = `${doing} on ${label} did not succeed${step ? ` (step ${step})` : ''}`
  if (said === undefined) {
    const cause = `the script ended with exit code ${result.exitCode} without saying why`
    return new HostStepError('script-failed', step, title, cause, runAgain, evidence)
  }
  const code = text(said.error)
  return new HostStepError(code, step, title, text(said.message), remedies[code] ?? runAgain, evidence)
}
