/** The programs of a deployment on a runner's PATH: `pulumi`, `npm`, `pnpm` and `yarn`, each a stand-in. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '../contract.ts'
import { repositoryRoot } from '../workflow/repository-root.ts'
import type { CliSettings, ProgramCall } from './model.ts'

export interface Programs {
  readonly folder: string
  /** What they are told; the next call sees it. */
  set(settings: CliSettings): void
  /** How the outside is reached; the next call sees it. */
  lead(endpoints: readonly Endpoint[]): void
  readonly calls: readonly ProgramCall[]
}

/** A word of a shell script. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Lays them into a folder that stands before all others on PATH. */
export function layPrograms(folder: string, state: string, callsFile: string): Programs {
  mkdirSync(folder, { recursive: true })
  mkdirSync(state, { recursive: true })
  const settingsFile = join(state, 'settings.json')
  const endpointsFile = join(state, 'endpoints.json')
  const lay = (name: string, lines: readonly string[]): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const node = quoted(process.execPath)
  const source = (...path: readonly string[]): string => quoted(join(repositoryRoot, 'rehearsal', ...path))
  lay('pulumi', [
    `export REHEARSAL_ENDPOINTS=${quoted(endpointsFile)}`,
    `exec ${node} --no-warnings --import ${source('redirect.mjs')} ${source('pulumi', 'cli', 'main.ts')} ${quoted(settingsFile)} "$@"`,
  ])
  for (const name of ['npm', 'pnpm', 'yarn'])
    lay(name, [`exec ${node} ${source('pulumi', 'packages', 'main.mjs')} ${quoted(settingsFile)} ${name} "$@"`])
  return {
    folder,
    set: (settings) => writeFileSync(settingsFile, JSON.stringify(settings)),
    lead: (endpoints) => writeFileSync(endpointsFile, JSON.stringify(endpoints)),
    get calls() {
      if (!existsSync(callsFile)) return []
      const lines = readFileSync(callsFile, 'utf8').split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ProgramCall)
    },
  }
}
