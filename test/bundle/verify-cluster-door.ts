/** What tests of verify-cluster look at, beside its outputs: its four files, what its presses asked of whom, and what they left in the cluster. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Endpoint, KubernetesObject } from '../../rehearsal/contract.ts'
import type { Place, Press } from '../../rehearsal/press.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Check, Verification } from '../../src/report/index.ts'
import type { Door } from './door.ts'

export const model = 'distilbert-base-uncased'
export const namespace = 'k3s-gpu-actions-verify'
const apiServer = { host: '157.173.210.123', port: 6443 }

/** What the runner says of the job. */
export const job = {
  GITHUB_REPOSITORY: 'rehearsal/k3s-gpu-actions',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_RUN_ID: '8841',
} as const

/** Names of all outputs that action.yml has. */
export const outputNames = Object.keys(
  (parse(readFileSync(join(repositoryRoot, 'actions/verify-cluster/action.yml'), 'utf8')) as { outputs: object })
    .outputs,
).sort()

/** Requests of runners to the API server since `before`. */
export const requestsOf = ({ world }: Door, before = 0): readonly string[] =>
  world.cluster.requests.slice(before).filter((request) => !/ \/(standin|v1-k3s|cacerts)\b/.test(request))

/** Those that change something; asking what one may do changes nothing. */
export const writes = (requests: readonly string[]): readonly string[] =>
  requests.filter((request) => /^(POST|PUT|PATCH|DELETE) /.test(request) && !request.includes('/selfsubject'))

export interface Counted {
  readonly press: Press
  readonly requests: readonly string[]
  readonly triton: readonly string[]
  readonly github: readonly string[]
}

/** A press, and what it asked of whom, as they saw it themselves. */
export async function counted(
  door: Door,
  inputs: Readonly<Record<string, string>> = {},
  place: Partial<Place> = {},
): Promise<Counted> {
  const { cluster, triton, github } = door.world
  const before = [cluster.requests.length, triton.requests.length, github.requests.length] as const
  const press = await door.press(inputs, { machine: job, ...place })
  return {
    press,
    requests: requestsOf(door, before[0]),
    triton: triton.requests.slice(before[1]),
    github: github.requests.slice(before[2]),
  }
}

export function checksOf(press: Press): ReadonlyMap<string, Check> {
  return new Map(press.report?.checks.map((check) => [check.id, check]))
}

/** Ids with this verdict. */
export const idsWith = (press: Press, ...verdicts: readonly Check['verdict'][]): readonly string[] =>
  [...checksOf(press).values()].filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id)

export function verificationOf(press: Press): Verification {
  const { verification } = press.report ?? {}
  if (verification === undefined) throw new Error(`no verification in the report:\n${press.stdout}`)
  return verification
}

export const list = (press: Press, output: string): readonly string[] =>
  JSON.parse(press.outputs[output] ?? 'null') as string[]

export interface Files {
  readonly names: readonly string[]
  readonly summary: string
  readonly junit: string
  readonly metrics: string
}

/** What lies beside the report. */
export function filesOf(press: Press): Files {
  const folder = join(press.outputs.report ?? '', '..')
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return {
    names: readdirSync(folder).sort(),
    summary: read('summary.md'),
    junit: read('junit.xml'),
    metrics: read('metrics.prom'),
  }
}

/** Jobs and pods of probes that are there now. */
export function probes({ world }: Door): readonly KubernetesObject[] {
  const { objects } = world.cluster
  return [...objects.list(`jobs/${namespace}/`), ...objects.list(`pods/${namespace}/`)]
}

/** The API server is somewhere else, or nowhere; the last word about an address counts. */
export const apiAt = ({ world }: Door, to: Endpoint['to']): Partial<Place> => ({
  endpoints: [...world.endpoints, { ...apiServer, to }],
})

/** One more name of the world. */
export const withEndpoint = ({ world }: Door, endpoint: Endpoint): Partial<Place> => ({
  endpoints: [...world.endpoints, endpoint],
})

/** Writes a file that presses may read; its path. */
export function lay({ folder }: Door, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The committed cluster file, changed; its path. */
export function layClusterFile(door: Door, change: (text: string) => string): string {
  const committed = readFileSync(join(repositoryRoot, 'clusters/oceanid.yaml'), 'utf8')
  const changed = change(committed)
  if (changed === committed) throw new Error('the cluster file has not what is changed')
  return lay(door, `cluster-${Math.random().toString(36).slice(2, 8)}.yaml`, changed)
}

/** A token as a job gets it, with these permissions; it ends when the world does. */
export function jobToken({ world }: Door, permissions: Readonly<Record<string, string>>): string {
  return world.github.tokens.admit(permissions).token
}

/** Inputs that keep an issue. */
export const keeping = (door: Door): Readonly<Record<string, string>> => ({
  issue: 'keep',
  'github-token': jobToken(door, { issues: 'write' }),
})
