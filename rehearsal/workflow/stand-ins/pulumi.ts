/**
 * pulumi/actions (v7.0.0) without a command: it installs Pulumi's program into `.pulumi/bin` of the home folder, and puts that on PATH.
 * Read in pulumi/actions: src/main.ts (installOnly), src/config.ts (makeInstallationConfig), src/libs/pulumi-cli.ts (downloadCli).
 * What is installed is the embedded world's stand-in, which REHEARSAL_PULUMI of the machine names.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StandIn } from './model.ts'

/** That of the program which the stand-in was read from. */
const known = '3.259.0'

export const pulumiActions: StandIn = {
  inputs: {
    command: '',
    'stack-name': '',
    'pulumi-version': '',
    'pulumi-version-file': '',
    'work-dir': './',
    'github-token': '',
  },
  async main(run) {
    const { command, 'pulumi-version': wanted = '' } = run.inputs
    if (command) throw new Error(`the rehearsal has pulumi/actions for installing only, not for '${command}'`)
    const { HOME: home = run.home, REHEARSAL_PULUMI: program } = run.environment
    if (program === undefined) throw new Error('this world has no Pulumi: REHEARSAL_PULUMI is not set')
    if (!['', 'latest', known].includes(wanted.replace(/^[v^~]/, '')))
      throw new Error(`the rehearsal has Pulumi ${known} only, not ${wanted}`)
    const folder = join(home, '.pulumi', 'bin')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    cpSync(program, join(folder, 'pulumi'))
    run.addPath(folder)
    run.line(`Install destination is ${join(home, '.pulumi')}`)
    run.line(`Pulumi ${known} (stand-in for pulumi/actions)`)
  },
}
