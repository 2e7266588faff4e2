/**
 * When a run named a failure of a starting agent, held against the moment at which its evidence appeared on the machine: in
 * the agent's journal or in containerd's log. All times are of one kernel's clock.
 */
import assert from 'node:assert/strict'
import type { Report } from '../../src/report/index.ts'
import type { LabHost } from '../contract.ts'

/** From the line's appearance to its name: the way through journald, SSH and the judgement, on a machine that is busy. */
const promptMs = 3000

/** A line that the machine wrote. */
export interface DatedLine {
  readonly text: string
  /** Epoch milliseconds. */
  readonly atMs: number
}

export interface Moment {
  readonly quoted: string
  /** Of the first line that says so. */
  readonly appearedMs: number
  readonly namedMs: number
}

/** Lines of `journalctl --output=json`. Pure. */
export function journalLines(json: string): readonly DatedLine[] {
  return json
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { MESSAGE, __REALTIME_TIMESTAMP } = JSON.parse(line) as {
        readonly MESSAGE: string | readonly number[] | null
        readonly __REALTIME_TIMESTAMP: string
      }
      // What is no text comes as its bytes.
      const text = typeof MESSAGE === 'string' ? MESSAGE : Buffer.from(MESSAGE ?? []).toString('utf8')
      return { text, atMs: Number(__REALTIME_TIMESTAMP) / 1000 }
    })
}

/** Lines of containerd.log; one without a time was written with the line before it. Pure. */
export function containerdLines(log: string): readonly DatedLine[] {
  let atMs = 0
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => {
      const time = /^time="([^"]+)"/.exec(text)?.[1]
      // Date reads three digits after the point.
      if (time !== undefined) atMs = Date.parse(time.replace(/(\.\d{3})\d*(?=Z)/, '$1'))
      return { text, atMs }
    })
}

/** When the run gave its agent up, epoch milliseconds; undefined when it did not. Pure. */
export function namedAt(report: Pick<Report, 'startedAt' | 'stages' | 'milestones'>): number | undefined {
  const stage = report.stages.find(({ title }) => /^(?:Start|Restart) \S+ and wait for Ready$/.test(title))
  const last = report.milestones.filter((milestone) => milestone.stage === stage?.title).at(-1)
  return stage === undefined || last === undefined || last.text === 'Ready'
    ? undefined
    : Date.parse(report.startedAt) + stage.startedMs + last.atMs
}

/** The first of the failure's quotations that is a line of the machine's, and when it was first written there. Pure. */
export function momentOf(report: Report, lines: readonly DatedLine[]): Moment | undefined {
  const namedMs = namedAt(report)
  if (namedMs === undefined) return undefined
  for (const quoted of report.failure?.evidence ?? []) {
    const appeared = lines.filter(({ text }) => isQuotation(quoted, text)).map(({ atMs }) => atMs)
    if (appeared.length > 0) return { quoted, appearedMs: Math.min(...appeared), namedMs }
  }
  return undefined
}

/** A line of another log than the journal says which; long lines are cut, and secrets in them masked. */
function isQuotation(quoted: string, line: string): boolean {
  const said = quoted.trim().replace(/^containerd\.log: /, '')
  const text = line.trim()
  return text !== '' && (said === text || (said.length > 200 && text.startsWith(said.slice(0, 200))))
}

/** systemd's word that the agent has reported itself up. */
const started = /^Started k3s-agent\.service\b/

/** A machine after a press. */
export interface Machine {
  readonly calypso: Pick<LabHost, 'run'>
  /** What its containerd wrote, also where an undo has taken the file away. */
  containerdLog(): string
}

/** Reads what the machine wrote of its agent since it booted. */
async function linesOf({ calypso, containerdLog }: Machine): Promise<readonly DatedLine[]> {
  await calypso.run(['journalctl', '--sync'])
  const read = ['journalctl', '--unit=k3s-agent', '--output=json', '--no-pager', '--quiet']
  return [...journalLines((await calypso.run(read)).stdout), ...containerdLines(containerdLog())]
}

/**
 * Asserts that a failure which the run named while its agent started was named after its first evidence and promptly, and
 * says how long after. Undefined for a run that ended otherwise.
 * @param lastsMs a line that need not be in the way proves something only when the agent has been up for so long without effect
 */
export async function expectPrompt(
  machine: Machine,
  report: Report | null,
  lastsMs?: number,
): Promise<string | undefined> {
  if (report?.failure === undefined || namedAt(report) === undefined) return undefined
  const lines = await linesOf(machine)
  const moment = momentOf(report, lines)
  if (moment === undefined)
    throw new assert.AssertionError({
      message: `${report.failure.code} quotes no line that the machine wrote:\n${report.failure.evidence.join('\n')}`,
    })
  const isUpMs = lines.find(({ text }) => started.test(text))?.atMs ?? moment.appearedMs
  const provenMs = lastsMs === undefined ? moment.appearedMs : Math.max(moment.appearedMs, isUpMs) + lastsMs
  const delayMs = moment.namedMs - provenMs
  const seconds = `${(delayMs / 1000).toFixed(2)} s`
  // Where containerd says whole seconds, the line may have come up to one later.
  assert.ok(delayMs >= 0, `${report.failure.code} was named ${seconds} after its evidence appeared: ${moment.quoted}`)
  assert.ok(delayMs <= promptMs, `${report.failure.code} was named only ${seconds} after this line: ${moment.quoted}`)
  return lastsMs === undefined
    ? `named ${seconds} after its first evidence`
    : `named ${seconds} after its evidence had lasted for ${lastsMs / 1000} s`
}
