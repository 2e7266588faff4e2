/** What verify-cluster remembers and what counts, through its bundle: chains of runs, hostile memories, rules of inputs and cluster file. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Press } from './door.ts'
import { type Door, doors } from './door.ts'
import {
  checksOf,
  counted,
  filesOf,
  idsWith,
  keeping,
  lay,
  layClusterFile,
  list,
  verificationOf,
} from './verify-cluster-door.ts'
import { readJunit, readMetrics } from './verify-cluster-formats.ts'

const opened = doors()
const limitMs = 300_000
type Faults = Parameters<Door['world']['cluster']['comeOver']>[0]

/** One night after the other: each knows the report of the one before. */
function nights(door: Door, inputs: Readonly<Record<string, string>>) {
  let previous = ''
  return async (faults: Faults = new Set(), more: Readonly<Record<string, string>> = {}): Promise<Press> => {
    await door.world.cluster.comeOver(faults)
    const { press } = await counted(door, { ...inputs, 'previous-report': previous, ...more })
    previous = press.outputs.report ?? ''
    return press
  }
}

describe('a chain of runs', () => {
  it(
    'tells new from known and fixed, and wakes somebody by the rule of the cluster file',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { issues } = door.world.github
      const alarm = layClusterFile(door, (text) => text.replace('verify:\n', 'verify:\n  alarm: { after: 2, of: 3 }\n'))
      const night = nights(door, { suites: 'nodes', 'cluster-file': alarm, ...keeping(door) })
      const id = 'nodes.ready'
      const broken: Faults = new Set(['verify-node-not-ready'])

      const first = await night(new Set(), { 'previous-report': 'no/such/report.json' })
      expect([first.exitCode, first.stdout.includes('previous-report')]).toEqual([0, false])
      expect(verificationOf(first).history.length).toBe(1)

      const fresh = await night(broken)
      expect([fresh.exitCode, list(fresh, 'failed-checks'), list(fresh, 'new-failures')]).toEqual([1, [id], [id]])
      // Once in three runs is no alarm.
      expect([verificationOf(fresh).alarms, issues.all]).toEqual([[], []])
      expect(fresh.summary).toMatch(/\*\*News:\*\* new: nodes\.ready/)

      const known = await night(broken)
      expect([list(known, 'failed-checks'), list(known, 'new-failures')]).toEqual([[id], []])
      expect(verificationOf(known)).toMatchObject({ alarms: [id], since: { [id]: verificationOf(fresh).since[id] } })
      expect(issues.all.map(({ state }) => state)).toEqual(['open'])
      expect(known.summary).not.toMatch(/\*\*News:\*\* new/)

      const fixed = await night()
      expect([fixed.exitCode, list(fixed, 'failed-checks'), list(fixed, 'fixed')]).toEqual([0, [], [id]])
      expect(issues.all.map(({ state }) => state)).toEqual(['closed'])
      expect(fixed.summary).toMatch(/\*\*News:\*\* fixed: nodes\.ready/)

      // Two of the last three again.
      const again = await night(broken)
      expect(verificationOf(again).alarms).toEqual([id])
      expect(issues.all.map(({ state }) => state)).toEqual(['open'])
      const still = await night()
      expect(verificationOf(still).flapping).toEqual([id])
      expect(verificationOf(still).history.length).toBe(6)
    },
    limitMs,
  )

  it(
    'takes a memory that is hostile, cut, too old, too long or of another cluster for none, and says so',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const inputs = { suites: 'nodes', issue: 'none' }
      await door.world.cluster.comeOver(new Set(['verify-node-not-ready']))
      const { press } = await counted(door, inputs)
      const text = readFileSync(press.outputs.report ?? '', 'utf8')
      const report = JSON.parse(text) as { verification: Record<string, unknown> }
      const evil = '\n::error::evil | <b>evil</b> ]]> "\u202E'
      const run = { at: '2020-01-01T00:00:00.000Z', run: evil, checks: {}, metrics: {} }
      const of = (verification: unknown, more: object = {}): string =>
        JSON.stringify({ ...report, ...more, verification: { ...report.verification, ...(verification as object) } })
      const memories: readonly (readonly [string, string, RegExp | undefined])[] = [
        ['empty', '', /previous report is empty/],
        ['cut', text.slice(0, -200), /is no JSON/],
        ['no text', Buffer.from([0xff, 0xfe, 0, 1]).toString('latin1'), /is no JSON/],
        ['another cluster', of({}, { cluster: 'elsewhere' }), /about another cluster/],
        ['another version', of({}, { schema: 'k3s-gpu-actions/report/v9' }), /none of this version/],
        ['a list', '[[[[]]]]', /none of this version/],
        ['another action', JSON.stringify({ ...report, verification: undefined }), /none of verify-cluster/],
        [
          'of tomorrow',
          of({ history: [{ ...run, at: '2199-01-01T00:00:00.000Z', checks: { 'nodes.ready': 'fail' } }] }),
          /remembers no earlier run/,
        ],
        [
          'forged, and evil',
          of({
            history: [
              { ...run, checks: { 'nodes.ready': 'fail', [evil]: 'fail', __proto__: 'fail', 'nodes.labels': evil } },
              { at: evil, checks: 5 },
              ...Array.from({ length: 200 }, (_, index) => ({
                ...run,
                at: new Date(Date.UTC(2021, 0, 1, index)).toISOString(),
                checks: { 'nodes.ready': 'fail' },
                metrics: { [evil]: 1, 'triton_p95_ms.x': 1e308 },
              })),
            ],
            alarms: [evil, 'nodes.ready', 'nodes.expected'],
            since: { 'nodes.ready': evil, 'nodes.labels': '2020-01-01T00:00:00Z' },
            verdict: 'pass',
            failing: [],
          }),
          /do not fit and are left out/,
        ],
      ]
      for (const [name, content, words] of memories) {
        const one = (await counted(door, { ...inputs, 'previous-report': lay(door, 'memory.json', content) })).press
        // What is found now is found now, whatever somebody remembers.
        expect([name, one.exitCode, list(one, 'failed-checks')]).toEqual([name, 1, ['nodes.ready']])
        if (words) expect([name, one.stdout]).toEqual([name, expect.stringMatching(words)])
        expect([name, /^::error::evil/m.test(one.stdout), one.summary.includes('<b>')]).toEqual([name, false, false])
        expect(verificationOf(one).history.length).toBeLessThanOrEqual(30)
        readJunit(filesOf(one).junit)
        readMetrics(filesOf(one).metrics)
        if (name !== 'forged, and evil') expect([name, list(one, 'new-failures')]).toEqual([name, ['nodes.ready']])
        else {
          // Names that are none are left out; what a run was called is text like any other.
          const kept = verificationOf(one).history.flatMap(({ checks, metrics }) =>
            [checks, metrics].flatMap(Object.keys),
          )
          expect([...new Set(kept)].sort()).toEqual(['nodes.ready', 'triton_p95_ms.x'])
          expect(one.summary).not.toMatch(/Infinity|NaN|e\+\d/)
        }
      }
      const folder = (await counted(door, { ...inputs, 'previous-report': door.folder })).press
      expect(folder.stdout).toMatch(/previous-report: .*cannot be read \(EISDIR\)/)
      expect(list(folder, 'failed-checks')).toEqual(['nodes.ready'])
    },
    limitMs,
  )
})

describe('what counts', () => {
  it(
    'is said for all checks and for single ones: fail-on, ignore-checks, severity of the cluster file',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      await cluster.comeOver(new Set(['verify-node-not-ready', 'verify-node-cordoned', 'verify-pod-crash-loop']))
      const suites = { suites: 'nodes, workloads' }
      const look = async (inputs: Readonly<Record<string, string>>): Promise<Press> =>
        (await counted(door, { ...suites, ...inputs })).press
      const failed = (press: Press): readonly string[] => [...list(press, 'failed-checks')].sort()

      const plain = await look({})
      expect(failed(plain)).toEqual(expect.arrayContaining(['nodes.ready', 'workloads.apps', 'workloads.controllers']))
      expect([plain.exitCode, failed(plain).includes('nodes.cordoned')]).toEqual([1, false])

      const never = await look({ 'fail-on': 'never' })
      expect(never).toMatchObject({
        exitCode: 0,
        outputs: { result: 'verified', verdict: 'fail', 'failed-checks': '[]' },
      })
      expect(never.outputs.failed).toBe(plain.outputs.failed)
      // A verdict is no promise of JUnit's reader: what failed is a failure there as well.
      expect(
        readJunit(filesOf(never).junit)
          .get('nodes.ready')
          ?.children.map(({ name }) => name),
      ).toEqual(['failure'])

      const warn = await look({ 'fail-on': 'warn' })
      expect(failed(warn)).toEqual(expect.arrayContaining(['nodes.cordoned', 'workloads.pulumi-system']))

      const some = await look({ 'fail-on': 'fail, workloads.*=never, nodes.cordoned=warn, nodes.ready=never' })
      expect(failed(some)).toEqual(['nodes.cordoned'])
      const alone = await look({ 'fail-on': 'never, nodes.ready=fail' })
      expect(failed(alone)).toEqual(['nodes.ready'])

      const ignored = await look({ 'ignore-checks': 'nodes.ready, nodes.raedy, workloads.apps, workloads.controllers' })
      expect(ignored.exitCode).toBe(0)
      expect(checksOf(ignored).get('nodes.ready')).toMatchObject({
        verdict: 'skip',
        found: expect.stringMatching(/^ignored by ignore-checks \(was fail\): /),
      })
      expect(ignored.stdout).toMatch(/ignore-checks: there is no check nodes\.raedy; did you mean nodes\.ready\?/)

      const lowered = layClusterFile(door, (text) =>
        text.replace(
          '  severity:\n',
          '  severity:\n    - { check: nodes.ready, at-most: warn }\n    - { check: workloads.*, namespace: apps, at-most: skip }\n',
        ),
      )
      const severe = await look({ 'cluster-file': lowered })
      expect(severe).toMatchObject({ exitCode: 0, outputs: { verdict: 'warn' } })
      expect(checksOf(severe).get('nodes.ready')).toMatchObject({
        verdict: 'warn',
        found: expect.stringMatching(/severity lowered in the cluster file/),
      })
      expect(idsWith(severe, 'fail', 'error')).toEqual([])
      // In the file as well.
      const file = layClusterFile(door, (text) =>
        text.replace('verify:\n', 'verify:\n  fail-on: never\n  ignore-checks: [nodes.cordoned]\n'),
      )
      const written = await look({ 'cluster-file': file })
      expect(written).toMatchObject({ exitCode: 0, outputs: { verdict: 'fail' } })
      expect(checksOf(written).get('nodes.cordoned')?.verdict).toBe('skip')
      // An input wins.
      expect((await look({ 'cluster-file': file, 'fail-on': 'fail' })).exitCode).toBe(1)
    },
    limitMs,
  )
})
