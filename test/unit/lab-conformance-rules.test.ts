import { describe, expect, it } from '@jest/globals'
import { differencesAt } from '../../lab/conformance/differences.ts'
import { normaliseAt, type Plain } from '../../lab/conformance/normaliser.ts'
import type { Outcome } from '../../lab/conformance/outcome.ts'
import { type Rule, rules } from '../../lab/conformance/rules.ts'
import { examples, inTheLab } from './lab-conformance-examples.ts'
import { samples } from './lab-conformance-samples.ts'

const named = rules.map((rule) => [rule.name, rule] as const)
const differ = (place: string, [left, right]: readonly [Plain, Plain], list: readonly Rule[] = rules): boolean =>
  differencesAt(normaliseAt(place, left, list), normaliseAt(place, right, list), place).length > 0

const agreeWith = (list: readonly Rule[], embedded: Outcome): boolean =>
  !differ('', [embedded as unknown as Plain, inTheLab(embedded) as unknown as Plain], list)

describe('the list of what may differ', () => {
  it('has a name of its own and a reason for every rule, and a sample for each', () => {
    expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length)
    for (const rule of rules) expect(rule.reason.length).toBeGreaterThan(20)
    expect(Object.keys(samples).sort()).toEqual(rules.map((rule) => rule.name).sort())
  })

  it('is enough: worlds that differ in nothing else agree', () => {
    for (const [name, embedded] of Object.entries(examples))
      expect({ name, agree: agreeWith(rules, embedded) }).toEqual({ name, agree: true })
  })

  it.each(named)('%s is needed: without it, worlds that should agree do not', (_, rule) => {
    const others = rules.filter((other) => other !== rule)
    expect(Object.values(examples).filter((embedded) => !agreeWith(others, embedded))).not.toEqual([])
  })

  it.each(named)('%s makes equal what it is there for, and not what is beside it', (name, rule) => {
    const sample = samples[name]
    if (sample === undefined) throw new Error(`no sample of ${name}`)
    expect(differ(sample.place, sample.agree)).toBe(false)
    expect(
      differ(
        sample.place,
        sample.agree,
        rules.filter((other) => other !== rule),
      ),
    ).toBe(true)
    expect(differ(sample.place, sample.differ)).toBe(true)
  })

  it('hears of every rule that found something', () => {
    const used = new Set<string>()
    for (const outcome of Object.values(examples).flatMap((embedded) => [embedded, inTheLab(embedded)]))
      normaliseAt('', outcome as unknown as Plain, rules, (rule) => used.add(rule.name))
    expect(rules.map((rule) => rule.name).filter((name) => !used.has(name))).toEqual([])
  })

  it('keeps which random values are the same', () => {
    const [one, other] = ['c9aa043b-f418-4e2e-a2b9-8965364f9cee', '65ada4aa-8793-4053-a279-c7b3dcb5ff79']
    expect(normaliseAt('', { a: one, b: other, c: one })).toEqual({ a: 'UID-1', b: 'UID-2', c: 'UID-1' })
  })
})
