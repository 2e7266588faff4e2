/**
 * The committed bundle of k3s-join, started as the runner starts it: inputs in the environment, files for outputs, an exit code.
 * Around it stands the embedded world.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import type { WorldOptions } from '../../rehearsal/contract.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import type { Report } from '../../src/report/index.ts'
import { validateReport } from '../../src/report/validate-report.generated.ts'
import { treesOf } from '../trees.ts'

export const repository = join(import.meta.dirname, '..', '..', '..')

export interface Press {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  readonly report: Report | undefined
}

export interface Running {
  readonly child: ChildProcess
  /** Resolves when standard output has matched. */
  seen(pattern: RegExp): Promise<void>
  readonly ended: Promise<Press>
}

export interface Door {
  readonly world: World
  readonly folder: string
  /** Every secret of the world: those it began with, and the tokens that were minted since, also when they are gone again. */
  secrets(): readonly string[]
  start(
    inputs?: Readonly<Record<string, string>>,
    stage?: 'main' | 'post',
    state?: Readonly<Record<string, string>>,
  ): Running
  press(inputs?: Readonly<Record<string, string>>): Promise<Press>
  post(state: Readonly<Record<string, string>>): Promise<Press>
  /** Path → mode, owner and content of everything below the promised trees of calypso. */
  trees(): Readonly<Record<string, string>>
  close(): Promise<void>
}

/** GITHUB_OUTPUT and GITHUB_STATE: name<<delimiter, lines, delimiter. */
function readFileCommands(path: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = readFileSync(path, 'utf8').split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [, name = '', delimiter = ''] = /^(.+?)<<(.+)$/.exec(lines[index] ?? '') ?? []
    if (name === '') continue
    const end = lines.indexOf(delimiter, index + 1)
    values[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return values
}

/** Every report of every run in these tests is held against schemas/report.schema.json. */
function readReport(path: string): Report {
  const report: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const problems = validateReport(report)
  if (problems.length > 0) throw new Error(`the report breaks its schema: ${JSON.stringify(problems)}`)
  return report as Report
}

/** Values of seeds 000 and 004 through the cluster file, as the committed workflow gives them. */
function defaultInputs(world: World): Record<string, string> {
  return {
    'cluster-file': 'clusters/oceanid.yaml',
    node: 'calypso',
    'ssh-private-key': world.secrets.CALYPSO_SSH_KEY ?? '',
    'known-hosts': world.vars.CALYPSO_KNOWN_HOSTS ?? '',
    adopt: 'plan',
    'allow-server-token': 'false',
    'allow-gpu-disruption': 'false',
    'dry-run': 'false',
  }
}

export async function openDoor(
  options: { faults?: WorldOptions['faults']; calypso?: WorldOptions['calypso'] } = {},
): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-door-'))
  const world = await startWorld({
    directory: join(folder, 'world'),
    faults: options.faults ?? new Set(),
    calypso: options.calypso ?? 'fresh',
    pace: 0.2,
  })
  const minted: string[] = []
  world.cluster.objects.listen(({ object }) => {
    const { 'token-id': id, 'token-secret': secret } = (object.data ?? {}) as Record<string, string | undefined>
    // The secret alone: whoever shows the whole token shows it too. The id is no secret.
    if (id && secret) minted.push(Buffer.from(secret, 'base64').toString(), secret)
  })
  const endpoints = join(folder, 'endpoints.json')
  writeFileSync(endpoints, JSON.stringify(world.endpoints))
  let presses = 0

  const start: Door['start'] = (inputs = {}, stage = 'main', state = {}) => {
    const run = join(folder, `press-${++presses}`)
    const files = {
      GITHUB_OUTPUT: 'output',
      GITHUB_STATE: 'state',
      GITHUB_STEP_SUMMARY: 'summary',
      GITHUB_ENV: 'env',
      GITHUB_PATH: 'path',
    }
    mkdirSync(join(run, 'temp'), { recursive: true })
    const environment: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      HOME: run,
      RUNNER_TEMP: join(run, 'temp'),
      RUNNER_TOOL_CACHE: join(folder, 'tools'),
      GITHUB_WORKSPACE: repository,
      GITHUB_RUN_NUMBER: '41',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      REHEARSAL_ENDPOINTS: endpoints,
      NODE_EXTRA_CA_CERTS: world.caFile,
      ...world.machine,
    }
    for (const [name, file] of Object.entries(files)) {
      environment[name] = join(run, file)
      writeFileSync(join(run, file), '')
    }
    for (const [name, value] of Object.entries({ ...defaultInputs(world), ...inputs }))
      environment[`INPUT_${name.toUpperCase()}`] = value
    for (const [name, value] of Object.entries(state)) environment[`STATE_${name}`] = value

    const script = join(repository, 'dist', 'k3s-join', stage === 'main' ? 'index.js' : 'post.js')
    const child = spawn(process.execPath, ['--import', join(repository, 'rehearsal', 'redirect.mjs'), script], {
      cwd: repository,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    const watchers: { pattern: RegExp; found: () => void }[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      for (const watcher of watchers) if (watcher.pattern.test(stdout)) watcher.found()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended: Promise<Press> = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }).then((exitCode) => {
      const outputs = readFileCommands(join(run, 'output'))
      return {
        exitCode,
        stdout,
        stderr,
        outputs,
        state: readFileCommands(join(run, 'state')),
        summary: readFileSync(join(run, 'summary'), 'utf8'),
        report: outputs.report ? readReport(outputs.report) : undefined,
      }
    })
    return {
      child,
      ended,
      seen: (pattern) =>
        Promise.race([
          new Promise<void>((found) => {
            if (pattern.test(stdout)) found()
            else watchers.push({ pattern, found })
          }),
          ended.then((press) => {
            if (!pattern.test(press.stdout)) throw new Error(`the run ended without ${pattern}:\n${press.stdout}`)
          }),
        ]),
    }
  }

  return {
    world,
    folder,
    secrets: () => [
      ...world.cluster.secrets,
      ...minted,
      ...(world.secrets.CALYPSO_SSH_KEY ?? '').split('\n').filter((line) => line.length > 8 && !line.startsWith('---')),
    ],
    start,
    press: (inputs) => start(inputs).ended,
    post: (state) => start({}, 'post', state).ended,
    trees: () => treesOf(world.calypso.root),
    async close() {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Secrets of bootstrap tokens that exist in the cluster now. */
export function tokenNames(world: World): readonly string[] {
  return world.cluster.objects
    .list('secrets/kube-system/')
    .map((secret) => secret.metadata.name)
    .filter((name) => name.startsWith('bootstrap-token-'))
}

/** Requests of the runner that change something in the cluster; asking what one may do changes nothing. */
export function mutations(world: World): readonly string[] {
  return world.cluster.requests.filter(
    (request) => /^(POST|PUT|PATCH|DELETE) /.test(request) && !/selfsubjectaccessreviews|\/standin\//.test(request),
  )
}

/** For test files: opens doors and closes them after each test. */
export function doors(): (...options: Parameters<typeof openDoor>) => Promise<Door> {
  const open = new Set<Door>()
  afterEach(async () => {
    for (const door of open) await door.close()
    open.clear()
  })
  return async (...options) => {
    const door = await openDoor(...options)
    open.add(door)
    return door
  }
}
