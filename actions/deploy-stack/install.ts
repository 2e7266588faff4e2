import { count, formatDuration, renderChecks } from '../../src/report/index.ts'
import { failureOfChecks, RunFailure } from '../failure.ts'
import type { Ending, Run } from '../run.ts'
import { nothingNext } from '../run.ts'
import { refuse } from './ask-guard.ts'
import { installEnvironment } from './environment.ts'
import { eventCheck } from './guard.ts'
import type { InstallInputs } from './inputs.ts'
import {
  installArguments,
  installChecks,
  lockOfAnotherYarn,
  managerCommand,
  type PackageFiles,
  readPackageFiles,
} from './install-plan.ts'
import { readEvent } from './job-event.ts'
import { makeJobFolder } from './job-folder.ts'
import { LineReader } from './lines.ts'
import { findProgram } from './programs.ts'

/**
 * Installs what the lock file of the program says, and builds it. It is given no secret. A build runs code of the repository, so whose
 * code it is, is asked first.
 */
export async function install(run: Run, inputs: InstallInputs): Promise<Ending> {
  const { runner } = run
  const { folder, directory, packageManager } = inputs
  const { program, files } = await run.stage('Look at the program', async (say) => {
    const { environment } = runner
    const event = eventCheck({ environment, event: readEvent(environment), isChange: !inputs.dryRun })
    const packages = readPackageFiles(directory, runner.workspace)
    const found = managerCommand(packageManager, packages, (name) => findProgram(name, environment.PATH ?? ''))
    const checks = installChecks(packages, packageManager, folder, found?.program)
    run.record.check(event, ...checks)
    for (const line of renderChecks([event, ...checks])) say(line)
    refuse(`the program in ${folder} is not built here`, [event])
    const failing = checks.filter(({ verdict }) => verdict === 'fail')
    if (failing.length > 0) throw failureOfChecks(`the program in ${folder} cannot be installed`, failing)
    return { program: found ?? { program: packageManager, before: [] }, files: packages }
  })

  const place = await makeJobFolder(runner)
  const env = installEnvironment(runner.environment, place)
  const end = AbortSignal.timeout(inputs.timeoutMs)
  const call: Call = async (args, say) => {
    const lines = new LineReader(say)
    const code = await runner.exec(program.program, [...program.before, ...args], {
      cwd: directory,
      env,
      input: Buffer.alloc(0),
      onStdout: (chunk) => lines.read(chunk),
      onStderr: (chunk) => lines.read(chunk),
      kill: end,
    })
    lines.end()
    runner.signal.throwIfAborted()
    return { code, last: lines.last, isLate: end.aborted }
  }
  const isModernYarn = packageManager === 'yarn' && (await yarnIsModern(run, call, files))
  await step(run, call, packageManager, installArguments(packageManager, isModernYarn), `Install ${folder}`)
  if (files.hasBuild) await step(run, call, packageManager, ['run', 'build'], `Build ${folder}`)
  const built = files.hasBuild ? ' and built' : ''
  const time = formatDuration(run.record.elapsedMs())
  return {
    result: 'installed',
    headline: `The program in ${folder} is installed${built} with ${packageManager} in ${time}, exactly as its lock file says`,
    next: nothingNext,
  }
}

interface Called {
  readonly code: number
  readonly last: readonly string[]
  readonly isLate: boolean
}
type Call = (args: readonly string[], say: (line: string) => void) => Promise<Called>

/** Which yarn runs here is for yarn to say: corepack, or a file of the repository, may stand in for it. */
async function yarnIsModern(run: Run, call: Call, files: PackageFiles): Promise<boolean> {
  const { code, last } = await call(['--version'], () => {})
  const version = last.findLast((line) => /^\d+\.\d+\.\d+/.test(line)) ?? ''
  if (code !== 0 || version === '')
    throw new RunFailure({
      code: 'packages-failed',
      title: 'yarn does not say its version',
      cause: `\`yarn --version\` ended with ${code}`,
      remedy: 'run `corepack enable yarn` in an earlier step (with packageManager in package.json)',
      evidence: last.slice(-10),
    })
  const isModern = !version.startsWith('1.') && !version.startsWith('0.')
  if (isModern === files.isModernYarnLock) return isModern
  const check = lockOfAnotherYarn(version, files)
  run.record.check(check)
  throw failureOfChecks('the program cannot be installed', [check])
}

async function step(run: Run, call: Call, manager: string, args: readonly string[], title: string): Promise<void> {
  const command = [manager, ...args].join(' ')
  const { code, last, isLate } = await run.liveStage(title, async () => {
    run.runner.line(`  ${command}`)
    const called = await call(args, (line) => run.runner.line(`  ${line}`))
    return called
  })
  if (code === 0) return
  throw new RunFailure({
    code: isLate ? 'packages-timeout' : args[0] === 'run' ? 'build-failed' : 'packages-failed',
    title: isLate ? `\`${command}\` did not end in its time` : `\`${command}\` ended with ${code}`,
    cause: last.findLast((line) => /\berr(or)?\b/i.test(line)) ?? last.at(-1) ?? 'it said nothing',
    remedy: isLate
      ? 'look at its last lines; give it more time with timeout'
      : args[0] === 'run'
        ? 'run the build where you work, correct what it says, and commit'
        : `run \`${command}\` in the folder of the program where you work: lock file and package.json may differ, or a registry is not reached (${count(last.length, 'line')} in the log)`,
    evidence: last.slice(-30),
  })
}
