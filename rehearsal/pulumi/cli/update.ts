/** `pulumi preview` and `pulumi up`: pkg/cmd/pulumi/operations/{preview,up}.go, pkg/backend/{apply.go,httpstate/backend.go} (v3.259.0). */
import { readFileSync, writeFileSync } from 'node:fs'
import type { CliSettings, UpdateKind } from '../model.ts'
import type { Arguments } from './arguments.ts'
import type { Cloud } from './cloud.ts'
import { Engine, type EngineResult } from './engine.ts'
import { evaluate } from './evaluate.ts'
import type { Configuration, Project } from './project.ts'
import { Reality, whyUnreachable } from './provider.ts'
import { opened, sealed } from './secrets.ts'
import type { Plan } from './steps.ts'
import { exitCodes, Stop } from './stop.ts'

export interface UpdateRun {
  readonly given: Arguments
  readonly cloud: Cloud
  readonly project: Project
  readonly organization: string
  readonly stack: string
  readonly configuration: Configuration
  readonly settings: CliSettings
  readonly environment: NodeJS.ProcessEnv
}

/** What the CLI says of where it runs (pkg/cmd/pulumi/metadata/metadata.go, sdk/go/common/util/ciutil/github_actions.go). */
function metadataOf({ given, environment }: UpdateRun): Readonly<Record<string, string>> {
  const { GITHUB_ACTIONS, GITHUB_RUN_ID, GITHUB_RUN_NUMBER, GITHUB_EVENT_NAME, GITHUB_SHA, GITHUB_REPOSITORY } =
    environment
  const ci: Record<string, string | undefined> =
    GITHUB_ACTIONS === undefined
      ? {}
      : {
          'ci.system': 'GitHub Actions',
          'ci.build.id': GITHUB_RUN_ID,
          'ci.build.number': GITHUB_RUN_NUMBER,
          'ci.build.type': GITHUB_EVENT_NAME,
          ...(GITHUB_REPOSITORY &&
            GITHUB_RUN_ID && {
              'ci.build.url': `https://github.com/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
            }),
          'ci.pr.headSHA': GITHUB_SHA,
        }
  const all: Record<string, string | undefined> = {
    'pulumi.version': 'v3.259.0',
    'exec.kind': 'cli',
    updatePlan: String(given.flags.plan !== undefined || given.flags['save-plan'] !== undefined),
    ...ci,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])))
}

/** SIGINT and SIGTERM are caught only while the engine runs (pkg/backend/cancellation_scope.go). */
function cancellation(): { readonly signal: AbortSignal; end(): void } {
  const first = new AbortController()
  const onSignal = (): void => {
    if (!first.signal.aborted) first.abort()
    else process.stdout.write('^C received; terminating\n')
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: first.signal,
    end() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

async function operate(
  run: UpdateRun,
  kind: UpdateKind,
  isDryRun: boolean,
  plan: Plan | undefined,
): Promise<EngineResult> {
  const { given, cloud, project, organization, stack, configuration, settings, environment } = run
  const { flags } = given
  const isQuiet = flags.json === true
  const say = (text: string): void => {
    if (!isQuiet) process.stdout.write(text)
  }
  say(`${isDryRun ? 'Previewing update' : 'Updating'} (${stack})\n\n`)
  const update = await cloud.begin(kind, isDryRun, {
    message: String(flags.message ?? ''),
    environment: metadataOf(run),
  })
  const page = isDryRun ? `previews/${update.id}` : `updates/${update.version}`
  say(`View Live: https://app.pulumi.com/${organization}/${project.name}/${stack}/${page}\n\n`)
  const { crypter, values } = configuration
  const scope = cancellation()
  // Two forms may come: `--refresh`, and `--refresh=true`.
  const engine = new Engine(
    {
      project: project.name,
      stack,
      isDryRun,
      isRefreshed: flags.refresh === 'true',
      plan,
      eventLog: flags['event-log'] as string | undefined,
      config: Object.fromEntries(
        Object.entries(values).map(([key, { value, isSecret }]) => [key, isSecret ? '[secret]' : value]),
      ),
      isQuiet,
      showsOutputs: flags['suppress-outputs'] !== true,
      program: project.folder,
      settings,
      reality: new Reality(settings.realityFile),
      cancel: scope.signal,
      evaluate: () =>
        evaluate(project, { organization, project: project.name, stack, isDryRun, config: values }, environment),
      whyUnreachable: () =>
        whyUnreachable(settings.faults.includes('deploy-unreachable') ? '' : environment.KUBECONFIG),
      save: (deployment) => cloud.save(update, sealed(deployment, crypter)),
    },
    opened(await cloud.deployment(), crypter),
  )
  let status: 'succeeded' | 'failed' = 'failed'
  try {
    const result = await engine.run()
    if (result.isOk) status = 'succeeded'
    return result
  } finally {
    scope.end()
    await cloud.complete(update, status)
  }
}

function hasChanges({ counts }: EngineResult): boolean {
  return [...counts].some(([operation, count]) => operation !== 'same' && count > 0)
}

export async function preview(run: UpdateRun): Promise<void> {
  const { flags } = run.given
  const result = await operate(run, 'preview', true, undefined)
  if (!result.isOk) throw new Stop('')
  if (flags['expect-no-changes'] === true && hasChanges(result))
    throw new Stop('no changes were expected for preview but changes were proposed', exitCodes.noChanges)
  const path = flags['save-plan']
  if (typeof path !== 'string') return
  writeFileSync(path, JSON.stringify({ version: 1, plan: sealed(result.plan, run.configuration.crypter) }), {
    mode: 0o600,
  })
  if (flags.json !== true)
    process.stdout.write(
      `Update plan written to '${path}'\nRun \`pulumi up --plan='${path}'\` to constrain the update to the operations planned by this preview\n`,
    )
}

function readPlan(path: string, { configuration }: UpdateRun): Plan {
  try {
    const { plan } = JSON.parse(readFileSync(path, 'utf8')) as { plan: Plan }
    return opened(plan, configuration.crypter)
  } catch (error) {
    throw new Stop(`open ${path}: ${(error as Error).message}`)
  }
}

export async function up(run: UpdateRun): Promise<void> {
  const { flags } = run.given
  const plan = typeof flags.plan === 'string' ? readPlan(flags.plan, run) : undefined
  if (flags['skip-preview'] !== true) {
    const { isOk } = await operate(run, 'update', true, plan)
    if (!isOk) throw new Stop('')
  }
  const result = await operate(run, 'update', false, plan)
  if (!result.isOk) throw new Stop('')
  if (flags['expect-no-changes'] === true && hasChanges(result))
    throw new Stop('no changes were expected for update but changes were proposed', exitCodes.noChanges)
}
