import { describe, expect, it } from '@jest/globals'
import { differencesAt } from '../../lab/conformance/differences.ts'
import { compare, normalise } from '../../lab/conformance/normalise.ts'
import { namesOf, type Plain } from '../../lab/conformance/normaliser.ts'
import type { Outcome } from '../../lab/conformance/outcome.ts'
import { examples, inTheLab } from './lab-conformance-examples.ts'

type Path = readonly (string | number)[]

function leavesOf(value: Plain, path: Path = []): (readonly [Path, Plain])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, inner]) => leavesOf(inner as Plain, [...path, key]))
}

/** A copy in which the value at the path is another one, or gone. */
function changed(value: Plain, [key, ...rest]: Path, change: (leaf: Plain) => Plain): Plain {
  if (key === undefined) return change(value)
  if (Array.isArray(value)) {
    const element = changed(value[Number(key)], rest, change)
    return element === undefined ? value.toSpliced(Number(key), 1) : value.with(Number(key), element)
  }
  const object = value as { readonly [key: string]: Plain }
  return { ...object, [key]: changed(object[key], rest, change) }
}

function another(leaf: Plain): Plain {
  if (typeof leaf === 'string') return `${leaf} !`
  if (typeof leaf === 'number') return leaf + 1
  return typeof leaf === 'boolean' ? !leaf : 'something'
}

/** As the rules and differences write places. */
function placeOf(outcome: Plain, path: Path): string {
  let value = outcome
  let place = ''
  for (const key of path) {
    const inner = (value as { readonly [key: string]: Plain })[key]
    if (Array.isArray(value)) place += `[${namesOf(value)?.[Number(key)] ?? key}]`
    else place += place === '' ? key : `.${key}`
    value = inner as Plain
  }
  return place
}

/** What may be anything at all, because the whole value is a time, or lies in a folder that is the agent's own. */
const free = /^report\.(startedAt|durationMs|stages\[[^\]]+\]\.(startedMs|endedMs)|milestones\[[^\]]+\]\.atMs)$/

const recorded = Object.entries(examples)
/** A success, one with hardly a report, a failure: what the others would find as well. */
const varied = recorded.filter(([name]) => ['join-calypso', 'again', 'join-calypso+wrong-ca-hash'].includes(name))

describe('two worlds', () => {
  it.each(recorded)('agree on %s when they differ in nothing but what the rules name', (_, embedded) => {
    expect(compare(embedded, inTheLab(embedded))).toEqual([])
    expect(compare(embedded, embedded)).toEqual([])
  })

  it.each(varied)('disagree on %s when a single value anywhere is another one', (_, embedded) => {
    const lab = inTheLab(embedded)
    const normalised = normalise(embedded)
    const isFree = (place: string, leaf: Plain): boolean =>
      free.test(place) || (place.startsWith('treesChanged[') && String(leaf).includes('/k3s/agent/'))
    const unseen: string[] = []
    const wrongly: string[] = []
    for (const [path, leaf] of leavesOf(lab as unknown as Plain)) {
      const place = placeOf(lab as unknown as Plain, path)
      const other = changed(lab as unknown as Plain, path, another) as unknown as Outcome
      const differences = differencesAt(normalised, normalise(other), '')
      if (isFree(place, leaf) !== (differences.length === 0)) (isFree(place, leaf) ? wrongly : unseen).push(place)
    }
    expect({ unseen, wrongly }).toEqual({ unseen: [], wrongly: [] })
  })

  it.each(varied)('disagree on %s when a single value is not there', (_, embedded) => {
    const lab = inTheLab(embedded)
    const normalised = normalise(embedded)
    const isFree = (leaf: Plain): boolean => String(leaf).includes('/k3s/agent/')
    const unseen = leavesOf(lab as unknown as Plain)
      .filter(([, leaf]) => !isFree(leaf))
      .filter(([path]) => {
        const less = changed(lab as unknown as Plain, path, () => undefined) as unknown as Outcome
        return differencesAt(normalised, normalise(less), '').length === 0
      })
      .map(([path]) => placeOf(lab as unknown as Plain, path))
    expect(unseen).toEqual([])
  })
})

describe('a difference', () => {
  const embedded = examples['join-calypso'] as Outcome
  const lab = inTheLab(embedded)

  it('names the place by the names of what stands there, and shows both sides', () => {
    const report = lab.report as NonNullable<Outcome['report']>
    const checks = report.checks.map((check) =>
      check.id === 'host.sudo' ? { ...check, verdict: 'warn' as const } : check,
    )
    expect(compare(embedded, { ...lab, report: { ...report, checks } })).toEqual([
      { path: 'report.checks[host.sudo].verdict', embedded: '"pass"', lab: '"warn"' },
    ])
  })

  it('is one when one thing is missing or too much, whatever follows', () => {
    const request = 'PATCH /api/v1/nodes/calypso 409'
    expect(compare(embedded, { ...lab, mutations: lab.mutations.toSpliced(2, 0, request) })).toEqual([
      { path: 'mutations[2]', embedded: 'nothing', lab: `"${request}"` },
    ])
    expect(compare(embedded, { ...lab, log: lab.log.slice(1) })).toHaveLength(1)
    const report = lab.report as NonNullable<Outcome['report']>
    expect(compare(embedded, { ...lab, report: { ...report, checks: report.checks.slice(1) } })).toEqual([
      expect.objectContaining({ path: 'report.checks[host.sudo]', lab: 'nothing' }),
    ])
  })

  it('is another order of requests, changes, checks and stages', () => {
    const swapped = <Element>(list: readonly Element[]): readonly Element[] => [
      ...list.slice(1, 2),
      ...list.slice(0, 1),
      ...list.slice(2),
    ]
    const report = lab.report as NonNullable<Outcome['report']>
    const others: Partial<Outcome>[] = [
      { mutations: swapped(lab.mutations) },
      { report: { ...report, checks: swapped(report.checks) } },
      { report: { ...report, stages: swapped(report.stages) } },
      { report: { ...report, applied: swapped(report.applied) } },
      { report: { ...report, milestones: swapped(report.milestones) } },
      { plan: swapped(lab.plan as readonly Plain[]) },
    ]
    for (const other of others) expect(compare(embedded, { ...lab, ...other })).not.toEqual([])
  })

  it('is told where one world failed and the other did not', () => {
    const paths = compare(embedded, examples['join-calypso+wrong-host-key'] as Outcome).map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining(['exitCode', 'outputs.failure-code', 'report.failure', 'mutations[0]']),
    )
  })
})
