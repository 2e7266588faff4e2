/** A runner's folder with a stand-in of the Pulumi CLI in it, and the events that the CLI would log. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failureOf, type PulumiPlace, type PulumiWish, runPulumi } from '../../src/pulumi/index.ts'
import { execPort } from '../../src/runner/exec.ts'

/** What the stand-in does when its arguments begin with `call`. */
export interface Scene {
  readonly call: string
  /** Event logs, each written anew: the last one is what remains, as with the real CLI. A text is written as it is. */
  readonly phases?: readonly (readonly unknown[])[]
  readonly stdout?: string
  readonly stderr?: string
  readonly exitCode?: number
  /** Goes on until it is interrupted, or not even then. */
  readonly hangs?: 'yes' | 'deaf'
}

export interface Ground extends Disposable {
  readonly place: PulumiPlace
  readonly calls: () => readonly { readonly args: readonly string[]; readonly environment: Record<string, string> }[]
  readonly interrupts: () => number
  /** What is left in PULUMI_HOME. */
  readonly leftovers: () => readonly string[]
}

export function groundFor(scenes: readonly Scene[], more: Record<string, string> = {}): Ground {
  // With a blank in its name, as runners have them.
  const folder = mkdtempSync(join(tmpdir(), 'pulumi run-'))
  const program = join(folder, 'pulumi')
  writeFileSync(join(folder, 'play.json'), JSON.stringify(scenes))
  writeFileSync(join(folder, 'calls.jsonl'), '')
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'pulumi-standin.js')}' "$@"\n`,
  )
  chmodSync(program, 0o755)
  const lines = () =>
    readFileSync(join(folder, 'calls.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  const home = join(folder, 'home')
  return {
    place: {
      program,
      workingDirectory: join(folder, 'work space', 'cluster'),
      environment: { PATH: '/usr/bin:/bin', PULUMI_HOME: home, STANDIN_PLAY: folder, ...more },
    },
    calls: () => lines().filter((line) => line.args),
    interrupts: () => lines().filter((line) => line.interrupts).length,
    leftovers: () => readdirSync(home),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const stack = { organization: 'ryan-taylor', project: 'oceanid-cluster', stack: 'prod' }

export function wishFor(more: Partial<PulumiWish> = {}): PulumiWish {
  return {
    command: 'up',
    stack,
    isPlanBound: false,
    isRefreshed: false,
    message: 'push to main, run 41',
    timeoutMs: 30_000,
    patienceMs: 5000,
    ...more,
  }
}

/** Events in the form of pulumi/pulumi: sdk/go/common/apitype/events.go. */
export const urnOf = (type: string, name: string) =>
  `urn:pulumi:prod::oceanid-cluster::pulumi:pulumi:Stack$${type}::${name}`
export const stackUrn = 'urn:pulumi:prod::oceanid-cluster::pulumi:pulumi:Stack::oceanid-cluster-prod'
export const prelude = { sequence: 0, timestamp: 1, preludeEvent: { config: {} } }
export const ending = { sequence: 99, timestamp: 9, cancelEvent: {} }

export function summary(resourceChanges: Record<string, number>, more: { isPreview?: boolean; result?: string } = {}) {
  return {
    sequence: 98,
    timestamp: 9,
    summaryEvent: {
      maybeCorrupt: false,
      durationSeconds: 2,
      resourceChanges,
      PolicyPacks: {},
      isPreview: more.isPreview ?? false,
      result: more.result ?? 'succeeded',
    },
  }
}

export function step(
  event: 'resourcePreEvent' | 'resOutputsEvent' | 'resOpFailedEvent',
  op: string,
  [type, name]: readonly [string, string],
  more: { planning?: boolean; detailedDiff?: Record<string, unknown>; diffs?: readonly string[] } = {},
) {
  const { planning, ...differences } = more
  const metadata = {
    op,
    urn: urnOf(type, name),
    type,
    old: null,
    new: null,
    detailedDiff: null,
    provider: '',
    ...differences,
  }
  return { sequence: 1, timestamp: 1, [event]: { metadata, ...(planning ? { planning } : {}) } }
}

export function complaint(severity: string, message: string, urn: string = stackUrn) {
  return {
    sequence: 2,
    timestamp: 1,
    diagnosticEvent: { urn, prefix: `${severity}: `, message, color: 'never', severity },
  }
}

/** A secret that the runner masks. */
export const secret = 'a-passphrase-that-was-masked'

/** Runs the driver with the real program runner; `onLine` sees what is said, as it is said. */
export async function run(
  ground: Ground,
  wish: PulumiWish,
  signal: AbortSignal = new AbortController().signal,
  onLine: (line: string) => void = () => undefined,
) {
  const said: string[] = []
  const say = (line: string) => {
    said.push(line)
    onLine(line)
  }
  const redact = (text: string) => text.replaceAll(secret, '***')
  const outcome = await runPulumi({ exec: execPort(signal), say, redact }, ground.place, wish, signal)
  return { outcome, said, failure: failureOf(outcome, wish) }
}
