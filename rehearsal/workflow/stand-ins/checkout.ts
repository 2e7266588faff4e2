/** actions/checkout: the workspace becomes a copy of the files of this repository as they lie here, edited or not. */
import { execFileSync } from 'node:child_process'
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { StandIn } from './model.ts'

// Where git cannot tell which files belong to the repository (an unpacked archive), everything but these does.
const neverCopied = new Set(['.git', 'node_modules', 'lib', '.rehearsal', '.cache'])

function filesOf(repository: string): string[] {
  try {
    const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: repository,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return [...new Set(output.toString('utf8').split('\0'))].filter((path) => path !== '')
  } catch {
    return readdirSync(repository).filter((name) => !neverCopied.has(name))
  }
}

export const checkout: StandIn = {
  inputs: {
    repository: '',
    ref: '',
    token: '',
    path: '',
    clean: 'true',
    'persist-credentials': 'true',
    'fetch-depth': '1',
    'fetch-tags': 'false',
    'show-progress': 'true',
    'sparse-checkout': '',
    submodules: 'false',
    lfs: 'false',
  },
  async main(run) {
    const { repository = '', ref = '', path = '' } = run.inputs
    if (repository !== '' && repository.toLowerCase() !== run.repositoryName.toLowerCase()) {
      throw new Error(`the rehearsal has only this repository, not '${repository}'`)
    }
    if (ref !== '' && ref !== run.commit)
      throw new Error(`the rehearsal has only the files as they lie here, not ref '${ref}'`)
    const target = join(run.workspace, path)
    if (existsSync(target))
      for (const name of readdirSync(target)) rmSync(join(target, name), { recursive: true, force: true })
    let count = 0
    const made = new Set<string>()
    for (const file of filesOf(run.repository)) {
      const [top = ''] = file.split('/')
      const from = join(run.repository, file)
      const entry = top === 'dist' ? undefined : lstatSync(from, { throwIfNoEntry: false })
      if (entry === undefined) continue
      const to = join(target, file)
      if (!made.has(dirname(to))) mkdirSync(dirname(to), { recursive: true })
      made.add(dirname(to))
      // Most are plain files, of which a file system may share the blocks; links and folders take longer.
      if (entry.isFile()) copyFileSync(from, to, constants.COPYFILE_FICLONE)
      else cpSync(from, to, { recursive: true })
      count++
    }
    mkdirSync(target, { recursive: true })
    if (run.overlay !== undefined) cpSync(run.overlay, target, { recursive: true })
    // Some megabytes that are only read: the bundles stay where they are.
    if (existsSync(join(run.repository, 'dist')))
      symlinkSync(join(run.repository, 'dist'), join(target, 'dist'), 'junction')
    run.line(`Copied ${count} files of the working tree (stand-in for actions/checkout)`)
    run.output('ref', ref)
    run.output('commit', run.commit)
  },
}
