/** What act is given in place of GitHub: this repository with its workflows as act takes them, and folders for third-party actions. */
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { standIns } from '../../rehearsal/workflow/stand-ins/index.ts'
import { forAct, selfRepository } from './rewrite.ts'

const playerUrl = pathToFileURL(join(import.meta.dirname, 'stand-in.ts')).href

/** Copies the files that jobs need: act copies the folder of an action's repository for every step of it. */
function laySelf(folder: string): void {
  for (const path of [
    ...globSync('.github/workflows/*.yml', { cwd: repositoryRoot }),
    ...globSync('actions/*/action.yml', { cwd: repositoryRoot }),
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), forAct(readFileSync(join(repositoryRoot, path), 'utf8')))
  }
  cpSync(join(repositoryRoot, 'dist'), join(folder, 'dist'), { recursive: true })
}

/** The caller's files: what a job finds after actions/checkout, which act plays itself by copying this folder. */
function layWorkspace(folder: string, self: string, overlay: string): void {
  cpSync(join(self, '.github'), join(folder, '.github'), { recursive: true })
  cpSync(join(repositoryRoot, 'clusters'), join(folder, 'clusters'), { recursive: true })
  cpSync(overlay, folder, { recursive: true })
}

/** A third-party action whose program is the stand-in of the rehearsal: inputs, outputs and files are act's own business. */
function layStandIn(name: string, folder: string): void {
  const standIn = standIns[name]
  if (standIn === undefined) throw new Error(`the rehearsal has no stand-in for ${name}`)
  mkdirSync(folder, { recursive: true })
  const stages = standIn.post === undefined ? (['main'] as const) : (['main', 'post'] as const)
  for (const stage of stages) {
    const program = `import { play } from ${JSON.stringify(playerUrl)}\nawait play(${JSON.stringify(name)}, '${stage}')\n`
    writeFileSync(join(folder, `${stage}.mjs`), program)
  }
  const action = {
    name: `${name} (stand-in)`,
    description: 'What a job sees of it',
    inputs: Object.fromEntries(
      Object.entries(standIn.inputs).map(([input, fallback]) => [
        input,
        { description: input, required: false, default: fallback },
      ]),
    ),
    runs: { using: 'node24', ...Object.fromEntries(stages.map((stage) => [stage, `${stage}.mjs`])) },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'action.yml'), JSON.stringify(action, undefined, 2))
}

/** `owner/name/path@ref` of every third-party action that the workflows name. */
function thirdPartyOf(self: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const path of globSync('.github/workflows/*.yml', { cwd: self })) {
    const text = readFileSync(join(self, path), 'utf8')
    for (const [, uses = ''] of text.matchAll(/^\s*(?:- )?uses:\s*([^\s#]+)/gm))
      if (!uses.startsWith('./') && !uses.startsWith(selfRepository.replace(/@.*/, '/'))) found.add(uses)
  }
  return found
}

export interface Laid {
  /** Folder that act runs in. */
  readonly workspace: string
  /** Values of --local-repository: with them act fetches nothing. */
  readonly localRepositories: readonly string[]
}

/** @param overlay folder with what the caller has besides, e.g. `cluster/` */
export function layRepositories(folder: string, overlay: string): Laid {
  const self = join(folder, 'self')
  const workspace = join(folder, 'workspace')
  laySelf(self)
  layWorkspace(workspace, self, overlay)
  const repositories = new Map([[selfRepository, self]])
  for (const uses of thirdPartyOf(self)) {
    const [name = '', ref = ''] = uses.split('@')
    const [owner = '', repository = '', ...path] = name.split('/')
    // act copies the caller's folder in its place.
    if (name === 'actions/checkout' || standIns[name] === undefined) continue
    const root = join(folder, 'third-party', `${owner}+${repository}@${ref}`)
    layStandIn(name, join(root, ...path))
    repositories.set(`${owner}/${repository}@${ref}`, root)
  }
  return { workspace, localRepositories: [...repositories].map(([name, root]) => `${name}=${root}`) }
}
