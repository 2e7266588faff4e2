/**
 * The committed workflows with actions that do nothing but say how they were called: what a workflow lets through, and with what, is seen
 * without a cluster.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type RecordedRun,
  repositoryRoot,
  runWorkflow,
  type WorkflowEvent,
  type WorkflowOptions,
} from '../../rehearsal/workflow/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

/** One call of one action of this repository. */
export interface Called {
  readonly action: string
  /** Those that are not empty. */
  readonly inputs: Readonly<Record<string, string>>
  /** `self-hosted` or `github-hosted`. */
  readonly runner: string
  readonly ref: string
  readonly mayAskForIdTokens: boolean
}

const recorder = (action: string, record: string): string => `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
const { env } = process
const inputs = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('INPUT_') && value !== '').map(([name, value]) => [name.slice(6).toLowerCase(), value]))
// The same in every run.
const shown = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value.replaceAll(env.RUNNER_TEMP, '$RUNNER_TEMP')]))
appendFileSync(${JSON.stringify(record)}, JSON.stringify({ action: '${action}', inputs: shown, runner: env.RUNNER_ENVIRONMENT, ref: env.GITHUB_REF, mayAskForIdTokens: env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined }) + '\\n')
const folder = inputs['report-directory'] ?? 'report'
mkdirSync(folder, { recursive: true })
writeFileSync(folder + '/report.json', '{}')
const outputs = { result: inputs.command === 'up' ? 'deployed' : 'previewed', kubeconfig: '/kubeconfig', 'cluster-uid': 'uid', verdict: 'pass', report: folder + '/report.json' }
for (const [name, value] of Object.entries(outputs)) appendFileSync(env.GITHUB_OUTPUT, name + '=' + value + '\\n')
`

export interface Recording {
  press(event: WorkflowEvent, options?: Partial<WorkflowOptions>): Promise<RecordedRun & { readonly called: Called[] }>
}

const inner = { PULUMI_ACCESS_TOKEN: 'token-of-environment', PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-environment' }
const environments = {
  oceanid: { secrets: inner, branches: ['main'] },
  'oceanid-verify': { secrets: { ...inner, PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-the-night' }, branches: ['main'] },
  'oceanid-preview': { secrets: { ...inner, PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-previews' } },
}
/** A repository in which everything is switched on, and one as it is before. */
export const on: Partial<WorkflowOptions> = { environments, vars: { PULUMI_PREVIEW: 'true', PULUMI_DRIFT: 'true' } }
export const off: Partial<WorkflowOptions> = { environments }

/** What was merged into main, and what somebody asks to be. */
export const merged = { name: 'push', commits: [{ message: 'Two replicas', modified: ['cluster/index.ts'] }] } as const
export const request = { name: 'pull_request', number: 7, head: 'topic', paths: ['cluster/index.ts'] } as const

export const commandsOf = (called: readonly Called[]): string[] =>
  called.map(({ action, inputs, runner }) => `${inputs.command ?? action} ${runner}`)
export const conclusionsOf = (run: RecordedRun): string[] => run.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)

/**
 * A copy of the repository for one workflow; every press says which actions were called, and how.
 * @param edit what is changed in that workflow
 */
export function recording(workflow: string, edit: (text: string) => string = (text) => text): Recording {
  const folder = temporaryFolder()
  const record = join(folder, 'called')
  const repository = join(folder, 'repository')
  cpSync(join(repositoryRoot, '.github', 'workflows'), join(repository, '.github', 'workflows'), { recursive: true })
  const file = join(repository, '.github', 'workflows', workflow)
  writeFileSync(file, edit(readFileSync(file, 'utf8')))
  for (const action of readdirSync(join(repositoryRoot, 'actions'), { withFileTypes: true })) {
    if (!action.isDirectory()) continue
    const source = readFileSync(join(repositoryRoot, 'actions', action.name, 'action.yml'), 'utf8')
    const target = join(repository, 'actions', action.name)
    mkdirSync(target, { recursive: true })
    const quiet = source.replace(/^ {2}main:.*$/m, '  main: recorder.mjs').replace(/^ {2}(post|post-if):.*\n/gm, '')
    writeFileSync(join(target, 'action.yml'), quiet)
    writeFileSync(join(target, 'recorder.mjs'), recorder(action.name, record))
  }
  let presses = 0
  return {
    async press(event, options = {}) {
      writeFileSync(record, '')
      presses++
      const run = await runWorkflow({
        workflow: `.github/workflows/${workflow}`,
        event,
        repository,
        directory: join(folder, `run-${presses}`),
        standIns: { 'pulumi/actions': { inputs: { 'pulumi-version': '' }, main: async () => undefined } },
        idTokens: {
          admit: () => ({ requestUrl: 'https://issuer', requestToken: 'request-token', end: () => undefined }),
        },
        ...options,
      })
      const lines = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []
      return { ...run, called: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Called) }
    },
  }
}
