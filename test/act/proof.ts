/** What a run of act has to prove besides doing what our own runner does. */
import { existsSync, readdirSync } from 'node:fs'
import type { World } from '../../rehearsal/world.ts'
import type { Account } from './account.ts'
import { type ActEnd, livingOf } from './act.ts'
import type { ActJob } from './log.ts'
import type { Machine } from './machine.ts'
import type { Pressing } from './plays.ts'

export interface Proof {
  readonly end: ActEnd
  readonly jobs: readonly ActJob[]
  readonly account: Account
  readonly press: Pressing
  /** Texts that people read: log, artifacts, issues. */
  readonly shown: readonly string[]
  readonly world: World
  readonly machine: Machine
  /** Lines of inside.mjs. */
  readonly witness: string
  /** Folder of act's jobs; each has one of its own until it ends. */
  readonly actions: string
}

interface Witness {
  readonly job: string
  readonly step: string
  readonly version: string
  readonly program: string
  readonly code: number
}

/** Whole texts and their lines; those of a kubeconfig that everybody may see are no secrets. */
function secretsOf(world: World, token: string): readonly string[] {
  const open = new Set(
    world.cluster
      .jobKubeconfig('https://157.173.210.123:6443')
      .split('\n')
      .filter((line) => !line.includes('token:')),
  )
  return [
    ...Object.values(world.secrets),
    ...world.pulumi.secrets,
    ...world.idTokens.secrets,
    ...world.cluster.secrets,
    ...world.deploy.secrets,
    token,
  ]
    .flatMap((secret) => secret.split('\n'))
    .filter((line) => line.length > 8 && !line.startsWith('---') && !open.has(line))
}

function jobProblems({ end, jobs, press, account }: Proof): readonly string[] {
  const problems: string[] = []
  if (end.isOverTime) problems.push('act did not come to an end in time')
  // Its exit code can be 0 with nothing run, so that the jobs count; but a run whose jobs failed must not be 0.
  const shouldFail = Object.values(press.jobs).includes('failure')
  if ((end.code !== 0) !== shouldFail) problems.push(`act ended with ${end.code}`)
  const ran = Object.fromEntries(jobs.map(({ id, conclusion }) => [id, conclusion]))
  const [is, wanted] = [ran, press.jobs].map((one) => JSON.stringify(Object.entries(one).sort()))
  if (is !== wanted) problems.push(`jobs ended as ${is}, wanted ${wanted}`)
  for (const line of press.says)
    if (!account.some((one) => one.startsWith(line))) problems.push(`act does not say: ${line}`)
  if (/LocalRepositoryCache not matched/.test(end.log)) problems.push('act wanted to fetch an action from elsewhere')
  return problems
}

/** Every step that is an action ran by one Node process of ours, Node 24, and its exit code is the step's outcome. */
function nodeProblems({ jobs, witness }: Proof): readonly string[] {
  const said = witness
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Witness)
    .filter(({ program }) => program.includes('/act/actions/'))
  const problems = said
    .filter(({ version }) => !version.startsWith('v24.'))
    .map(({ version, program }) => `${program} ran on Node ${version}`)
  for (const { id, steps } of jobs) {
    // act copies the workspace itself in place of actions/checkout.
    const outcomes = steps.filter(({ name }) => !/^Check out/.test(name)).map(({ outcome }) => outcome)
    const codes = said.filter(({ job }) => job === id).map(({ code }) => (code === 0 ? 'success' : 'failure'))
    if (codes.join() !== outcomes.join())
      problems.push(`processes of ${id} ended as ${codes.join() || 'none'}, its steps as ${outcomes.join() || 'none'}`)
  }
  return problems
}

/** In words; empty: nothing is wrong. */
export function strangersIn(proof: Proof): readonly string[] {
  const { world, machine, shown, actions } = proof
  const told = secretsOf(world, machine.token).filter((secret) => shown.some((text) => text.includes(secret)))
  const living = livingOf(machine)
  // tool_cache is of the machine, as on a self-hosted runner.
  const left = existsSync(actions) ? readdirSync(actions).filter((name) => name !== 'tool_cache') : []
  return [
    ...jobProblems(proof),
    ...nodeProblems(proof),
    // Which one it is, nobody may read here either.
    ...(told.length > 0 ? [`${told.length} secrets can be read in log, artifacts or issues`] : []),
    ...(living.length > 0 ? [`processes of the run still live: ${living.join(', ')}`] : []),
    ...(left.length > 0 ? [`folders of jobs were left: ${left.join(', ')}`] : []),
  ]
}
