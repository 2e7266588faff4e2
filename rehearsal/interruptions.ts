/**
 * Every boundary of a join at which it can be interrupted, and every way in which it can be: the runner's signals, kill -9 of the
 * runner, of the script on the host or of the sshd that serves it, a connection that is cut, a post that is killed itself.
 * The same promise holds for all of them: the next press converges, the one after that has nothing to do, and no token is left.
 * In an embedded world of its own each; the tests run every boundary once, `npm run rehearse -- --interruptions` all of it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CalypsoState } from './contract.ts'
import { committedInputs, type Press, pressBundle, type Running } from './press.ts'
import { treesOf } from './trees.ts'
import { startWorld, type World } from './world.ts'

/** What happens at the boundary. `lost`: kill -9 of the runner, and its post never runs. */
export const means = ['SIGINT', 'SIGTERM', 'SIGKILL', 'lost', 'command', 'sshd', 'connection'] as const
export type Means = (typeof means)[number]
const ofRunner: readonly Means[] = ['SIGINT', 'SIGTERM', 'SIGKILL', 'lost']
const ofHost: readonly Means[] = ['command', 'sshd', 'connection']

export interface Boundary {
  readonly name: string
  readonly calypso: Extract<CalypsoState, 'fresh' | 'joined-by-hand'>
  readonly means: readonly Means[]
  /** Seen in the log of the run. */
  readonly logs?: RegExp
  /** Begun by the script on the host, by its change log. */
  readonly begins?: string
  /** Printed by a script on the host. */
  readonly prints?: RegExp
  /** Change of the cluster's objects: `ADDED secrets/kube-system/bootstrap-token-…`. */
  readonly stores?: RegExp
  /** What is interrupted is post, after a main that was killed while the agent started. */
  readonly isPost?: true
}

const done = (step: string): RegExp => new RegExp(`"step":"${step}","state":"(done|unchanged)"`)
const freshSteps = ['install-binary', 'run-installer', 'write-config', 'edit-environment', 'enable']
const adoptedSteps = ['write-config', 'edit-environment', 'edit-unit', 'reload']

export const boundaries: readonly Boundary[] = [
  ...(
    [
      ['announced', /▸ Join calypso/],
      ['cluster-read', /▸ Read the cluster/],
      ['surveyed', /▸ Survey calypso/],
      ['planned', /▸ Plan/],
      ['fetched', /▸ Fetch/],
      ['handshaken', /▸ Handshake/],
      ['applied', /▸ Apply/],
      ['starting', /▸ Start k3s-agent/],
      ['ready', /\d s {2}Ready/],
      ['confirmed', /▸ Confirm/],
    ] as const
  ).map(([name, logs]): Boundary => ({ name, calypso: 'fresh', means: ofRunner, logs })),
  { name: 'minted', calypso: 'fresh', means: ofRunner, stores: /^ADDED secrets\/kube-system\/bootstrap-token-/ },
  { name: 'registered', calypso: 'fresh', means: ofRunner, stores: /^ADDED nodes\/calypso$/ },
  ...freshSteps.map((step): Boundary => ({ name: `in-${step}`, calypso: 'fresh', means: ofRunner, begins: step })),
  ...adoptedSteps.map(
    (step): Boundary => ({ name: `adopting-${step}`, calypso: 'joined-by-hand', means: ofRunner, begins: step }),
  ),
  { name: 'host-survey', calypso: 'fresh', means: ofHost, prints: /"fact":"os"/ },
  { name: 'host-hold', calypso: 'fresh', means: ofHost, prints: /"held":"yes"/ },
  { name: 'host-upload', calypso: 'fresh', means: ofHost, prints: /"path":"\/tmp/ },
  ...freshSteps.map(
    (step): Boundary => ({ name: `host-${step}`, calypso: 'fresh', means: ofHost, prints: done(step) }),
  ),
  ...adoptedSteps.map(
    (step): Boundary => ({
      name: `host-adopting-${step}`,
      calypso: 'joined-by-hand',
      means: ofHost,
      prints: done(step),
    }),
  ),
  { name: 'host-start', calypso: 'fresh', means: ofHost, prints: /"event":"unit".*"activating"/ },
  { name: 'host-active', calypso: 'fresh', means: ofHost, prints: /"event":"unit","active":"active"/ },
  {
    name: 'post',
    calypso: 'fresh',
    means: ofRunner,
    stores: /^DELETED secrets\/kube-system\/bootstrap-token-/,
    isPost: true,
  },
]

/** A runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later. */
const cancelLimitMs = 7_500
/** What a session leaves on the host has this long to end: the guard kills after 5 s what does not listen. */
const hostLimitMs = 10_000

export interface Story {
  readonly boundary: string
  readonly means: Means
  /** What was not as promised; empty: everything was. */
  readonly problems: readonly string[]
  /** How the interrupted press ended, in a few words. */
  readonly text: string
  readonly seconds: number
}

interface Place {
  readonly world: World
  start(stage?: 'main' | 'post', state?: Readonly<Record<string, string>>): Running
}

function tokensOf({ cluster }: World): readonly string[] {
  return cluster.objects
    .list('secrets/kube-system/')
    .map((secret) => secret.metadata.name)
    .filter((name) => name.startsWith('bootstrap-token-'))
}

async function until(isSo: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (!isSo()) {
    if (performance.now() > deadline) return false
    await sleep(10)
  }
  return true
}

/** Resolves at the boundary, as soon as it can be seen, or when the run has ended without. */
async function reached({ world }: Place, boundary: Boundary, running: Running, seen: AbortSignal): Promise<void> {
  const { logs, begins, stores } = boundary
  if (logs) await running.seen(logs)
  if (begins !== undefined) {
    const runs = join(world.calypso.root, 'var/lib/k3s-gpu-actions/runs')
    const isBegun = (): boolean => {
      try {
        return readdirSync(runs).some((run) =>
          readFileSync(join(runs, run, 'log'), 'utf8')
            .split('\n')
            .includes(`step ${begins}`),
        )
      } catch {
        return false
      }
    }
    while (!isBegun() && !seen.aborted) await sleep(3)
  }
  if (stores) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const forget = world.cluster.objects.listen(({ type, key }) => {
      if (stores.test(`${type} ${key}`)) resolve()
    })
    seen.addEventListener('abort', () => resolve(), { once: true })
    await promise
    forget()
  }
}

/** Runs main, or post, and interrupts it at its boundary. */
async function interrupted(place: Place, boundary: Boundary, how: Means, running: Running) {
  const over = new AbortController()
  let interruptedAtMs = performance.now()
  const { calypso } = place.world
  if (boundary.prints) {
    if (how === 'connection') void calypso.cutAt(boundary.prints)
    else if (how === 'command' || how === 'sshd') void calypso.killAt(boundary.prints, how)
  } else {
    void reached(place, boundary, running, over.signal)
      .then(() => {
        interruptedAtMs = performance.now()
        running.child.kill(how === 'lost' ? 'SIGKILL' : (how as NodeJS.Signals))
      })
      // It ended before its boundary: its end is looked at in any case.
      .catch(() => undefined)
  }
  const press = await running.ended
  over.abort()
  return { press, elapsedMs: performance.now() - interruptedAtMs }
}

type Trees = ReturnType<typeof treesOf>

/** Paths that are not in both with the same content, mode and owner. */
function differences(before: Trees, after: Trees): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...paths].filter((path) => before[path] !== after[path])
}

function problemsOf(
  boundary: Boundary,
  how: Means,
  { press, elapsedMs }: { readonly press: Press; readonly elapsedMs: number },
  before: Trees,
  world: World,
): string[] {
  const problems: string[] = []
  const expect = (isSo: boolean, what: string): void => {
    if (!isSo) problems.push(what)
  }
  const { failure, undone = [] } = press.report ?? {}
  if (how === 'SIGINT' || how === 'SIGTERM') {
    expect(press.exitCode !== null, `${how} ended the process: nothing was cleaned up`)
    expect(elapsedMs < cancelLimitMs, `the cancelled run needed ${Math.round(elapsedMs)} ms`)
    expect(tokensOf(world).length === 0, `a cancelled run left ${tokensOf(world).join()}`)
    // A signal that comes after the last change changes nothing any more.
    if (press.exitCode !== 0 && !boundary.isPost) {
      expect(failure?.code === 'cancelled', `a cancelled run ended with ${failure?.code}`)
      expect(undone.length === 0, `a cancelled run undid ${undone.join()}`)
      expect(/run it again/.test(press.stdout), 'a cancelled run does not say how to go on')
    }
  }
  if (ofHost.includes(how)) {
    expect(press.exitCode !== null, 'the run was killed')
    expect(tokensOf(world).length === 0, `a run that lost its host left ${tokensOf(world).join()}`)
    if (press.exitCode !== 0) {
      expect(failure?.code !== 'unexpected-error', `unexpected error: ${failure?.title}`)
      // The host is there: a new connection is enough to take back what was done.
      const state = failure?.state ?? 'nothing'
      expect(/^undone|^nothing was changed/.test(state), `the state after it is: ${state}`)
      const left = differences(before, treesOf(world.calypso.root))
      expect(left.length === 0, `not as before: ${left.join(', ')}`)
    }
  }
  return problems
}

/** One boundary, one way, in a world of its own; `directory` is made and deleted. */
export async function tell(boundary: Boundary, how: Means, directory: string): Promise<Story> {
  const startedAtMs = performance.now()
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const world = await startWorld({
    directory: join(directory, 'world'),
    faults: new Set(),
    calypso: boundary.calypso,
    pace: 0.2,
  })
  try {
    const { endpoints, caFile } = world
    const machine = { KUBECONFIG: world.kubeconfigFile }
    const inputs = {
      ...committedInputs({
        privateKey: world.calypso.clientPrivateKey,
        knownHosts: world.vars.CALYPSO_KNOWN_HOSTS ?? '',
      }),
      ...(boundary.calypso === 'joined-by-hand' ? { adopt: 'apply', 'allow-gpu-disruption': 'true' } : {}),
    }
    const place: Place = {
      world,
      start: (stage = 'main', state = {}) =>
        pressBundle(
          { folder: directory, endpoints, caFile, machine },
          { stage, inputs: stage === 'main' ? inputs : {}, state },
        ),
    }
    const { problems, text } = await converge(place, boundary, how)
    return {
      boundary: boundary.name,
      means: how,
      problems,
      text,
      seconds: Math.round((performance.now() - startedAtMs) / 100) / 10,
    }
  } finally {
    await world.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function converge(
  place: Place,
  boundary: Boundary,
  how: Means,
): Promise<{ problems: readonly string[]; text: string }> {
  const { world } = place
  const problems: string[] = []
  const before = treesOf(world.calypso.root)
  const first = boundary.isPost
    ? await interruptedPost(place, boundary, how)
    : await interrupted(place, boundary, how, place.start())
  problems.push(...problemsOf(boundary, how, first, before, world))
  let { press } = first
  const text = press.exitCode === null ? 'killed' : (press.report?.failure?.state ?? press.outputs.result ?? '')
  if (how !== 'lost') {
    if (!boundary.isPost) {
      const { exitCode } = await place.start('post', press.state).ended
      if (exitCode !== 0) problems.push(`post ended with ${exitCode}`)
    }
    if (tokensOf(world).length > 0 && !(boundary.isPost && how === 'SIGKILL'))
      problems.push(`after post there is still ${tokensOf(world).join()}`)
  }
  if (!(await until(() => world.calypso.processes().length === 0, hostLimitMs)))
    problems.push(`${world.calypso.processes().length} processes of the interrupted run are left on the host`)

  press = await place.start().ended
  if (press.exitCode !== 0) problems.push(`the next press did not converge: ${press.stdout}${press.stderr}`)
  press = await place.start().ended
  if (press.outputs.result !== 'unchanged')
    problems.push(`the press after that ended as ${press.outputs.result}: ${press.stdout}`)
  if (tokensOf(world).length > 0) problems.push(`in the end there is still ${tokensOf(world).join()}`)
  for (const lock of ['run/k3s-gpu-actions.lock', 'run/k3s-gpu-actions.run.lock']) {
    const holder = readFileSync(join(world.calypso.root, lock), 'utf8')
    if (holder !== '') problems.push(`${lock} still names ${holder}`)
  }
  return { problems, text }
}

async function interruptedPost(place: Place, boundary: Boundary, how: Means) {
  const main = place.start()
  await main.seen(/▸ Start k3s-agent/)
  main.child.kill('SIGKILL')
  const { state } = await main.ended
  return await interrupted(place, boundary, how, place.start('post', state))
}

/** Every boundary once, the ways in turns, so that each way meets early and late ones. */
export const eachOnce: readonly (readonly [Boundary, Means])[] = boundaries.map((boundary, index) => [
  boundary,
  boundary.means[index % boundary.means.length] as Means,
])

export const everything: readonly (readonly [Boundary, Means])[] = boundaries.flatMap((boundary) =>
  boundary.means.map((how) => [boundary, how] as const),
)

/** Tells stories, some at the same time: they wait more than they work. */
export async function tellAll(
  stories: readonly (readonly [Boundary, Means])[],
  directory: string,
  atOnce: number,
  onStory: (story: Story) => void = () => undefined,
): Promise<readonly Story[]> {
  const told: Story[] = []
  const queue = [...stories.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [number, [boundary, how]] = next
      const story = await tell(boundary, how, join(directory, `${number}`))
      told.push(story)
      onStory(story)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return told
}

/** For `npm run rehearse -- --interruptions`: resolves with the exit code. */
export async function rehearseInterruptions(directory: string): Promise<number> {
  const startedAtMs = performance.now()
  const told = await tellAll(everything, directory, 3, ({ boundary, means: how, problems, text, seconds }) => {
    const line = `${problems.length === 0 ? '✓' : '✗'} ${boundary.padEnd(26)} ${how.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s  `
    process.stdout.write(`${line}${problems.length === 0 ? text : problems.join('\n    ')}\n`)
  })
  const failed = told.filter(({ problems }) => problems.length > 0).length
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0)
  process.stdout.write(`\n${told.length - failed} of ${told.length} interruptions end as promised (${seconds} s)\n`)
  return failed === 0 ? 0 : 1
}

if (import.meta.main) {
  const [name, how] = process.argv.slice(2)
  const chosen = everything.filter(
    ([boundary, one]) => (name === undefined || boundary.name === name) && (how === undefined || one === how),
  )
  const told = await tellAll(name === undefined ? eachOnce : chosen, join('.rehearsal', 'interruptions'), 3, (story) =>
    process.stdout.write(
      `${story.problems.length === 0 ? '✓' : '✗'} ${story.boundary} ${story.means} ${story.seconds} s ${story.text}\n${story.problems.map((one) => `    ${one}\n`).join('')}`,
    ),
  )
  process.exitCode = told.some(({ problems }) => problems.length > 0) ? 1 : 0
}
