/**
 * A stand-in for the `pulumi` program: it behaves as the sources of v3.259.0 read, in front of the embedded Pulumi Cloud, as far as a
 * deployment of a small program to Kubernetes needs it. Simulated: the real one cannot be had where the rehearsal runs.
 * `node --import redirect.mjs main.ts SETTINGS ARGUMENTS…`
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CliSettings, ProgramCall, Properties } from '../model.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { Cloud, storeCredentials } from './cloud.ts'
import { type Project, readConfiguration, readProject } from './project.ts'
import { shown } from './secrets.ts'
import { exitCodes, Stop } from './stop.ts'
import { preview, type UpdateRun, up } from './update.ts'

const [settingsFile = '', ...given] = process.argv.slice(2)
const environment = { ...process.env }
const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as CliSettings

/** What the wrapper added is not what the CLI was given. */
function note(): void {
  const { REHEARSAL_ENDPOINTS: _own, ...environmentOf } = environment
  const call: ProgramCall = {
    program: 'pulumi',
    arguments: given,
    workingDirectory: process.cwd(),
    environment: environmentOf as Record<string, string>,
    pid: process.pid,
  }
  appendFileSync(settings.callsFile, `${JSON.stringify(call)}\n`)
}

const isTruthy = (text: string | undefined): boolean => text === '1' || text?.toLowerCase() === 'true'

interface Named {
  readonly organization: string
  readonly project: string
  readonly stack: string
  readonly given: string
}

/** `stack`, `organization/stack` or `organization/project/stack`; the project is that of the folder. */
function stackOf(flags: Arguments['flags'], project: Project, login: string): Named {
  const text = flags.stack
  if (typeof text !== 'string')
    throw new Stop('no stack selected; specify a stack name with --stack', exitCodes.stackNotFound)
  const parts = text.split('/')
  const stack = parts.at(-1) ?? ''
  const named = parts.length === 3 ? (parts[1] ?? '') : project.name
  // pkg/backend/backend.go, CurrentProjectContradictsWorkspace.
  if (named !== project.name) throw new Stop(`provided project name "${named}" doesn't match Pulumi.yaml`)
  return { organization: parts.length > 1 ? (parts[0] ?? '') : login, project: named, stack, given: text }
}

async function run({ command, flags }: Arguments): Promise<void> {
  if (command === 'version') {
    process.stdout.write('v3.259.0\n')
    return
  }
  const folder = resolve(String(flags.cwd ?? '.'))
  const isUpdate = command === 'preview' || command === 'up'
  const project = readProject(folder)
  if (command === 'up' && flags.yes !== true && flags['skip-preview'] !== true)
    throw new Stop(
      '--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode',
      exitCodes.configuration,
    )
  const { PULUMI_ACCESS_TOKEN: token, PULUMI_BACKEND_URL, PULUMI_HOME, HOME } = environment
  const url = PULUMI_BACKEND_URL || 'https://api.pulumi.com'
  if (!token)
    throw new Stop(
      'PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions',
      exitCodes.authentication,
    )
  const caPem = readFileSync(settings.caFile, 'utf8')
  const login = await new Cloud({ url, caPem, token }, '').login()
  if (storeCredentials(PULUMI_HOME ?? join(HOME ?? '/', '.pulumi'), url, token))
    process.stderr.write('Logging in using access token from PULUMI_ACCESS_TOKEN\n')
  if (command === 'whoami') {
    process.stdout.write(`${login}\n`)
    return
  }
  const named = stackOf(flags, project, login)
  const cloud = new Cloud({ url, caPem, token }, `${named.organization}/${named.project}/${named.stack}`)
  await cloud.requireStack(named.given)
  if (isUpdate) {
    const whole: UpdateRun = {
      given: { command, flags },
      cloud,
      project,
      organization: named.organization,
      stack: named.stack,
      configuration: readConfiguration(folder, named.stack, environment),
      settings,
      environment,
    }
    await (command === 'up' ? up : preview)(whole)
    return
  }
  if (command === 'cancel') {
    if (flags.yes !== true) throw new Stop('non-interactive mode requires --yes flag')
    await cloud.cancel()
    process.stdout.write(`The currently running update for '${named.given}' has been canceled!\n`)
    return
  }
  const { resources } = await cloud.deployment()
  const outputs: Properties = resources.find(({ type }) => type === 'pulumi:pulumi:Stack')?.outputs ?? {}
  process.stdout.write(`${JSON.stringify(shown(outputs), undefined, flags.json === true ? 2 : 0)}\n`)
}

try {
  note()
  await run(readArguments(given, isTruthy(environment.PULUMI_DEBUG_COMMANDS)))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  if (error.message !== '') process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = error.exitCode
}
