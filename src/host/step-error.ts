import type { ScriptResult } from './model.ts'

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

/** What a person does about a step that failed, by the code of the script's `die`; the cause is what the script itself says. */
export type Remedies = Readonly<Record<string, string>>

/** Remedies for what any script that changes a host may meet. */
const anyRemedies: Remedies = {
  'host-locked':
    'wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes',
  overtaken: 'look at the later run: what it says of the host is what is true',
  'lock-unavailable': 'install util-linux on the host (it brings flock)',
  'backup-failed': 'free space on the host (df -h /var/lib), then run it again',
  'write-failed': 'free space on the host (df -h /etc), then run it again',
  'replace-failed': 'look for an immutable file (lsattr) or a read-only mount at that path',
  'hash-unavailable': 'install coreutils on the host (it brings sha256sum)',
  'reload-failed': `${atConsole}: sudo systemctl daemon-reload`,
  'folder-read-only':
    'the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or do this with the means of that system',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Turns the end of a script into an error; undefined when it ended well. `doing` completes "… did not succeed". */
export function errorOfScript(
  label: string,
  doing: string,
  result: ScriptResult,
  remedies: Remedies = {},
): HostStepError | undefined {
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
  return new HostStepError(
    code,
    step,
    title,
    text(said.message),
    remedies[code] ?? anyRemedies[code] ?? runAgain,
    evidence,
  )
}
