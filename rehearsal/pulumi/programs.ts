/** The programs of a deployment: `npm`, `pnpm` and `yarn` on a runner's PATH, and `pulumi` to be installed; each a stand-in. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '../contract.ts'
import { repositoryRoot } from '../workflow/repository-root.ts'
import type { CliSettings, ProgramCall } from './model.ts'

export interface Programs {
  /** Path of `pulumi`, which is on nobody's PATH until it is installed from here. */
  readonly pulumi: string
  /** What they are told; the next call sees it. */
  set(settings: CliSettings): void
  /** How the outside is reached; the next call sees it. */
  lead(endpoints: readonly Endpoint[]): void
  readonly calls: readonly ProgramCall[]
}

/** A word of a shell script. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** @param folder stands before all others on PATH; @param state for what they are told and what they say */
export function layPrograms(folder: string, state: string, callsFile: string): Programs {
  mkdirSync(folder, { recursive: true })
  mkdirSync(state, { recursive: true })
  const settingsFile = join(state, 'settings.json')
  const endpointsFile = join(state, 'endpoints.json')
  const lay = (path: string, lines: readonly string[]): void => {
    writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`)
    chmodSync(path, 0o755)
  }
  const pulumi = join(state, 'pulumi')
  const node = quoted(process.execPath)
  const source = (...path: readonly string[]): string => quoted(join(repositoryRoot, 'rehearsal', ...path))
  lay(pulumi, [
    `export REHEARSAL_ENDPOINTS=${quoted(endpointsFile)}`,
    `exec ${node} --no-warnings --import ${source('redirect.mjs')} ${source('pulumi', 'cli', 'main.ts')} ${quoted(settingsFile)} "$@"`,
  ])
  for (const name of ['npm', 'pnpm', 'yarn'])
    lay(join(folder, name), [
      `exec ${node} ${source('pulumi', 'packages', 'main.mjs')} ${quoted(settingsFile)} ${name} "$@"`,
    ])
  return {
    pulumi,
    set: (settings) => writeFileSync(settingsFile, JSON.stringify(settings)),
    lead: (endpoints) => writeFileSync(endpointsFile, JSON.stringify(endpoints)),
    get calls() {
      if (!existsSync(callsFile)) return []
      const lines = readFileSync(callsFile, 'utf8').split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ProgramCall)
    },
  }
}
