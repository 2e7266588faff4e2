/**
 * A committed bundle, started as the runner starts it: inputs in the environment, files for outputs and state, an exit code.
 * What answers around it, the embedded world or the lab, is the place's business.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Report } from '../src/report/index.ts'
import type { Endpoint, FaultName } from './contract.ts'
import { editedClusterFile } from './scenarios/index.ts'
import { machineOf, oceanid, type Site } from './sites/index.ts'
import { parseKeyValues } from './workflow/file-commands.ts'
import { repositoryRoot } from './workflow/repository-root.ts'

/** Where a bundle is started, and how it meets its world. */
export interface Place {
  /** Every press gets a folder of its own in here: `press-1`, `press-2` … The tool cache is shared by them. */
  readonly folder: string
  /** Node 24; default: the one that runs this. */
  readonly node?: string
  /** Embedded world only: connections are led to these, and every other address that is not loopback is an error. */
  readonly endpoints?: readonly Endpoint[]
  /** PEM file of the certificate authority of the world's servers. */
  readonly caFile: string
  /** Environment of the runner's machine, e.g. KUBECONFIG; wins over what is set here. */
  readonly machine: Readonly<Record<string, string>>
  /** Folder of this repository, as the started process sees it; default: this one. */
  readonly repository?: string
  /** Folder of the checked-out caller, with its cluster file; default: the repository. */
  readonly workspace?: string
  /** Puts the command elsewhere, e.g. behind `nsenter` into a host. Signals reach whatever is first in what it returns. */
  readonly wrap?: (command: readonly string[]) => readonly string[]
}

export interface PressRequest {
  readonly action?: 'k3s-join' | 'kubeconfig-esc' | 'gpu-runtime' | 'verify-cluster' | 'deploy-stack'
  readonly stage?: 'main' | 'post'
  /** Input name → value, as a workflow's `with` gives them. */
  readonly inputs: Readonly<Record<string, string>>
  /** What main saved, for post. */
  readonly state?: Readonly<Record<string, string>>
}

export interface Press {
  /** null when a signal ended it. */
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
  /** Resolves when standard output has matched; rejects when the run ends without. */
  seen(pattern: RegExp): Promise<void>
  /** Rejects when the program cannot be started, or its report breaks the schema. */
  readonly ended: Promise<Press>
}

const commandFiles = {
  GITHUB_OUTPUT: 'output',
  GITHUB_STATE: 'state',
  GITHUB_STEP_SUMMARY: 'summary',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
} as const

/** Inputs of k3s-join for a machine of a committed cluster file, as the committed workflow gives them; default: calypso of oceanid. */
export function committedInputs(
  host: { readonly privateKey: string; readonly knownHosts: string },
  site: Site = oceanid,
  node = machineOf(site).name,
): Readonly<Record<string, string>> {
  return {
    'cluster-file': site.clusterFile,
    node,
    'ssh-private-key': host.privateKey,
    'known-hosts': host.knownHosts,
    adopt: 'plan',
    'allow-server-token': 'false',
    'allow-gpu-disruption': 'false',
    'dry-run': 'false',
  }
}

/**
 * Checks out the caller as the faults have it committed: a folder with an edited cluster file, made in `folder`; undefined where
 * the committed one is the one.
 */
export function layWorkspace(
  folder: string,
  faults: Iterable<FaultName>,
  { clusterFile }: Pick<Site, 'clusterFile'> = oceanid,
): string | undefined {
  const committed = readFileSync(join(repositoryRoot, clusterFile), 'utf8')
  const edited = editedClusterFile(committed, faults)
  if (edited === committed) return undefined
  const workspace = join(folder, 'workspace')
  mkdirSync(dirname(join(workspace, clusterFile)), { recursive: true })
  writeFileSync(join(workspace, clusterFile), edited)
  return workspace
}

/** Every report of every press is held against schemas/report.schema.json. */
async function readReport(path: string): Promise<Report> {
  const report: unknown = JSON.parse(readFileSync(path, 'utf8'))
  // The schema itself: the compiled validator is there only after a build.
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const schema: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'schemas', 'report.schema.json'), 'utf8'))
  const ajv = new Ajv2020({ allErrors: true })
  if (!ajv.validate(schema as object, report))
    throw new Error(`the report breaks its schema: ${JSON.stringify(ajv.errors)}`)
  return report as Report
}

function newFolder(parent: string): string {
  mkdirSync(parent, { recursive: true })
  let number = 1
  while (existsSync(join(parent, `press-${number}`))) number++
  const folder = join(parent, `press-${number}`)
  mkdirSync(join(folder, 'temp'), { recursive: true })
  return folder
}

function environmentOf(place: Place, request: PressRequest, run: string): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: run,
    RUNNER_TEMP: join(run, 'temp'),
    RUNNER_TOOL_CACHE: join(place.folder, 'tools'),
    GITHUB_WORKSPACE: place.workspace ?? place.repository ?? repositoryRoot,
    GITHUB_RUN_NUMBER: '41',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    NODE_EXTRA_CA_CERTS: place.caFile,
  }
  if (place.endpoints !== undefined) {
    environment.REHEARSAL_ENDPOINTS = join(run, 'endpoints.json')
    writeFileSync(environment.REHEARSAL_ENDPOINTS, JSON.stringify(place.endpoints))
  }
  Object.assign(environment, place.machine)
  for (const [name, file] of Object.entries(commandFiles)) {
    environment[name] = join(run, file)
    writeFileSync(join(run, file), '')
  }
  for (const [name, value] of Object.entries(request.inputs)) environment[`INPUT_${name.toUpperCase()}`] = value
  for (const [name, value] of Object.entries(request.state ?? {})) environment[`STATE_${name}`] = value
  return environment
}

/** Starts the committed bundle in the place. Nothing of this process's environment but PATH reaches it. */
export function pressBundle(place: Place, request: PressRequest): Running {
  const run = newFolder(place.folder)
  const repository = place.repository ?? repositoryRoot
  const stage = request.stage === 'post' ? 'post.js' : 'index.js'
  const bundle = join(repository, 'dist', request.action ?? 'k3s-join', stage)
  const hook = place.endpoints === undefined ? [] : ['--import', join(repository, 'rehearsal', 'redirect.mjs')]
  const command = [place.node ?? process.execPath, ...hook, bundle]
  const [program = '', ...args] = place.wrap?.(command) ?? command
  const child = spawn(program, args, {
    cwd: place.workspace ?? repository,
    env: environmentOf(place, request, run),
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
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).then(async (exitCode): Promise<Press> => {
    const written = (name: keyof typeof commandFiles): string => readFileSync(join(run, commandFiles[name]), 'utf8')
    const outputs = Object.fromEntries(parseKeyValues(written('GITHUB_OUTPUT')))
    return {
      exitCode,
      stdout,
      stderr,
      outputs,
      state: Object.fromEntries(parseKeyValues(written('GITHUB_STATE'))),
      summary: written('GITHUB_STEP_SUMMARY'),
      report: outputs.report ? await readReport(outputs.report) : undefined,
    }
  })
  const seen = async (pattern: RegExp): Promise<void> => {
    const found = new Promise<void>((resolve) => {
      if (pattern.test(stdout)) resolve()
      else watchers.push({ pattern, found: resolve })
    })
    const missed = ended.then((press) => {
      if (!pattern.test(press.stdout)) throw new Error(`the run ended without ${pattern}:\n${press.stdout}`)
    })
    await Promise.race([found, missed])
  }
  return { child, seen, ended }
}
