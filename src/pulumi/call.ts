import type { Ending } from './ending.ts'
import type { PulumiPlace, PulumiPorts, PulumiWish } from './model.ts'
import { readLines } from './output-lines.ts'
import { permalinkIn } from './permalink.ts'
import { lineOf, logLineOf } from './words.ts'

/** What one call of the CLI said. */
export interface Said {
  readonly exitCode: number
  /** Page of the update, the last that it named; empty: none. */
  readonly url: string
  readonly errors: readonly string[]
  readonly lastLines: readonly string[]
}

const longestLine = 65_536
/** More lines are not shown while it runs; the last ones are kept all the same. */
const mostLines = 5000
const mostErrors = 50
const mostLastLines = 200

/** The exit codes that a shell would give for a program that SIGINT or SIGKILL ended. */
export const interrupted = 130
export const killed = 137

/**
 * Runs the CLI once, and says what it prints while it does. Never rejects because the run was ended. Standard error is the CLI's own:
 * what program and providers write comes as events, and is rendered on standard output (pulumi/pulumi: pkg/backend/display).
 */
export async function callCli(
  args: readonly string[],
  ports: PulumiPorts,
  place: PulumiPlace,
  wish: PulumiWish,
  environment: Readonly<Record<string, string>>,
  ending: Ending,
): Promise<Said> {
  const errors: string[] = []
  const lastLines: string[] = []
  let url = ''
  let lines = 0
  const show = (line: string) => {
    if (line === '') return
    keepLast(lastLines, line, mostLastLines)
    lines++
    if (lines <= mostLines) ports.say(line)
    else if (lines === mostLines + 1) ports.say('… Pulumi prints more than is shown here')
  }
  const long = () => show(`(a line of more than ${longestLine} characters is left out)`)
  const out = readLines(
    longestLine,
    (text) => {
      const line = logLineOf(text, ports.redact)
      url = permalinkIn(line, place, wish.stack) || url
      show(line)
    },
    long,
  )
  const err = readLines(
    longestLine,
    (text) => {
      const line = lineOf(text, ports.redact, 1000)
      if (line !== '') keepLast(errors, line, mostErrors)
      show(logLineOf(text, ports.redact))
    },
    long,
  )
  const exitCode = await exitCodeOf(ending, () =>
    ports.exec(place.program, args, {
      input: Buffer.alloc(0),
      env: environment,
      onStdout: out.read,
      onStderr: err.read,
      interrupt: ending.interrupt,
      kill: ending.kill,
    }),
  )
  out.end()
  err.end()
  return { exitCode, url, errors, lastLines }
}

/** Runs the CLI once for what it prints on standard output, which is not shown. Undefined: it failed, or it said too much. */
export async function askCli(
  args: readonly string[],
  ports: PulumiPorts,
  place: PulumiPlace,
  ending: Ending,
): Promise<string | undefined> {
  const longestAnswer = 1024 * 1024
  const chunks: Buffer[] = []
  let length = 0
  const exitCode = await exitCodeOf(ending, () =>
    ports.exec(place.program, args, {
      input: Buffer.alloc(0),
      env: place.environment,
      onStdout: (chunk) => {
        length += chunk.length
        if (length <= longestAnswer) chunks.push(chunk)
      },
      onStderr: () => undefined,
      interrupt: ending.interrupt,
      kill: ending.kill,
    }),
  )
  return exitCode === 0 && length <= longestAnswer ? Buffer.concat(chunks).toString('utf8') : undefined
}

/** A program that was not started because the job is cancelled is one that was ended by it. */
async function exitCodeOf(ending: Ending, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (ending.interrupt.aborted) return interrupted
    throw error
  }
}

function keepLast(lines: string[], line: string, most: number): void {
  lines.push(line)
  if (lines.length > most) lines.shift()
}
