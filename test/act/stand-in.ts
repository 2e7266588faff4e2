/** Plays a third-party action inside a step of act: the stand-in of the rehearsal, with inputs and outputs as the step has them. */
import { randomUUID } from 'node:crypto'
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { standIns } from '../../rehearsal/workflow/stand-ins/index.ts'

/** Variables of a job that no runner has: where GitHub's storage is. */
export const storage = { artifacts: 'ACT_ARTIFACTS', caches: 'ACT_CACHES' } as const

function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`the step has no ${name}`)
  return value
}

/** Neutralised as @actions/core does, so that a message is one command. */
const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** Resolves when it is done; a failure is an exit code. */
export async function play(name: string, stage: 'main' | 'post'): Promise<void> {
  const standIn = standIns[name]
  if (standIn === undefined) throw new Error(`the rehearsal has no stand-in for ${name}`)
  const end = randomUUID()
  const artifactsFolder = variable(storage.artifacts)
  const inputs = Object.fromEntries(
    Object.keys(standIn.inputs).map((input) => [
      input,
      process.env[`INPUT_${input.replaceAll(' ', '_').toUpperCase()}`] ?? '',
    ]),
  )
  try {
    await standIn[stage]?.({
      inputs,
      repository: variable('GITHUB_WORKSPACE'),
      repositoryName: variable('GITHUB_REPOSITORY'),
      commit: variable('GITHUB_SHA'),
      workspace: variable('GITHUB_WORKSPACE'),
      temporaryDirectory: variable('RUNNER_TEMP'),
      artifactsFolder,
      artifacts: Object.fromEntries(readdirSync(artifactsFolder).map((one) => [one, join(artifactsFolder, one)])),
      cachesFolder: variable(storage.caches),
      home: variable('HOME'),
      environment: Object.fromEntries(
        Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      // The workspace has it already.
      overlay: undefined,
      line: (text) => console.log(text),
      warning: (text) => console.log(`::warning::${escaped(text)}`),
      output: (key, value) => appendFileSync(variable('GITHUB_OUTPUT'), `${key}<<${end}\n${value}\n${end}\n`),
      addPath: (folder) => appendFileSync(variable('GITHUB_PATH'), `${folder}\n`),
    })
  } catch (error) {
    console.log(`::error::${escaped((error as Error).message)}`)
    process.exitCode = 1
  }
}
