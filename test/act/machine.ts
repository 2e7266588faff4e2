/** The machine that act runs jobs on: Node 24 inside the embedded world, and what a runner gives to a job where act gives nothing. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Endpoint } from '../../rehearsal/contract.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { World } from '../../rehearsal/world.ts'
import type { CalledJob } from './jobs.ts'
import type { Occasion } from './occasion.ts'
import { storage } from './stand-in.ts'

export interface Machine {
  /** Environment that act starts with; its steps get it, too. */
  readonly environment: Readonly<Record<string, string>>
  /** Folder of the artifacts, by name. */
  readonly artifacts: string
  /** File with a line of inside.mjs for each Node process of a job. */
  readonly witness: string
  /** GITHUB_TOKEN. */
  readonly token: string
  /** The tokens of its jobs end. */
  close(): void
}

export interface MachineOptions {
  readonly folder: string
  readonly world: World
  readonly jobs: readonly CalledJob[]
  readonly occasion: Occasion
  /** GitHub's cache: it outlives runs. */
  readonly caches: string
}

/** No route leads from GitHub's machines into a private network: what is sent there is lost. */
function fromOutside(endpoint: Endpoint): Endpoint {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(endpoint.host) ? { ...endpoint, to: 'timeout' } : endpoint
}

/** The right to ask for an ID token; undefined for a job that has none. */
function admitted(job: CalledJob, runnerEnvironment: string, { world, occasion }: MachineOptions) {
  if (!job.mayAskForIdToken) return undefined
  return world.idTokens.admit({
    ...occasion.claims,
    runner_environment: runnerEnvironment,
    job_workflow_ref: occasion.fileReference(job.file),
    ...(job.environment === '' ? {} : { environment: job.environment }),
  })
}

/** Writes what inside.mjs gives to the steps of each job; the result ends their tokens. */
function layJobs(folder: string, options: MachineOptions): () => void {
  const { world, jobs } = options
  const endpointsFile = (name: string, endpoints: readonly Endpoint[]): string => {
    writeFileSync(join(folder, name), JSON.stringify(endpoints))
    return join(folder, name)
  }
  const own = endpointsFile('self-hosted.endpoints', world.endpoints)
  const hosted = endpointsFile('hosted.endpoints', world.endpoints.map(fromOutside))
  const ends = jobs.map((job) => {
    const runnerEnvironment = job.isHosted ? 'github-hosted' : 'self-hosted'
    const idToken = admitted(job, runnerEnvironment, options)
    const variables = {
      RUNNER_ENVIRONMENT: runnerEnvironment,
      RUNNER_NAME: job.isHosted ? 'GitHub Actions 1' : 'tethys',
      ...(idToken && {
        ACTIONS_ID_TOKEN_REQUEST_URL: idToken.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: idToken.requestToken,
      }),
    }
    const given = { variables, endpoints: job.isHosted ? hosted : own }
    writeFileSync(join(folder, `${job.id}.json`), JSON.stringify(given), { mode: 0o600 })
    return () => idToken?.end()
  })
  return () => {
    for (const end of ends) end()
  }
}

export function layMachine(options: MachineOptions): Machine {
  const { folder, world, caches } = options
  const within = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }
  const [jobs, artifacts] = [within('jobs'), within('artifacts')]
  mkdirSync(caches, { recursive: true })
  const witness = join(folder, 'witness.jsonl')
  writeFileSync(witness, '')
  const endJobs = layJobs(jobs, options)
  // act knows one token for all jobs of a run.
  const token = world.github.tokens.admit({
    actions: 'read',
    contents: 'read',
    issues: 'write',
    'pull-requests': 'write',
  })
  const { PATH: path = process.env.PATH ?? '', ...machine } = world.machine
  const preloads = [join(import.meta.dirname, 'inside.mjs'), join(repositoryRoot, 'rehearsal', 'redirect.mjs')]
  return {
    artifacts,
    witness,
    token: token.token,
    environment: {
      ...machine,
      // act starts the node of PATH, whatever an action's `using` says (pkg/runner/run_context.go, GetNodeToolFullPath).
      PATH: [dirname(process.execPath), path].join(delimiter),
      NODE_OPTIONS: [
        '--disable-warning=ExperimentalWarning',
        ...preloads.map((file) => `--import=${pathToFileURL(file).href}`),
      ].join(' '),
      NODE_EXTRA_CA_CERTS: world.caFile,
      REHEARSAL_ENDPOINTS: join(jobs, 'self-hosted.endpoints'),
      HOME: within('home'),
      XDG_CACHE_HOME: within('cache'),
      XDG_CONFIG_HOME: within('config'),
      LANG: 'C.UTF-8',
      ACT_JOBS: jobs,
      ACT_WITNESS: witness,
      [storage.artifacts]: artifacts,
      [storage.caches]: caches,
    },
    close: () => {
      endJobs()
      token.end()
    },
  }
}
