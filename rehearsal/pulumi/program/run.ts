/** Runs a program in a process of its own, and says what it wanted: the language host's part. Started by the stand-in of the CLI. */

import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { marked } from './output.ts'
import { RunError } from './run-error.ts'
import { begin, type ProgramContext, type ProgramResult } from './session.ts'

async function evaluate(entry: string, context: ProgramContext): Promise<ProgramResult> {
  const { resources } = begin(context)
  try {
    const exported = (await import(pathToFileURL(entry).href)) as Record<string, unknown>
    return { resources, outputs: marked({ ...exported }) as Readonly<Record<string, unknown>> }
  } catch (error) {
    // Of these the CLI shows no stack (sdk/nodejs/cmd/run/run.ts).
    if (error instanceof RunError) return { resources, error: error.message, isRunError: true }
    return { resources, error: error instanceof Error ? (error.stack ?? error.message) : inspect(error) }
  }
}

process.once('message', (context: ProgramContext) => {
  void evaluate(process.argv[2] ?? '', context).then((result) => process.send?.(result, () => process.disconnect()))
})
