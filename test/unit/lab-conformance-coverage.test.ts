import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { coverage } from '../../lab/conformance/coverage.ts'
import { faults, scenarios } from '../../rehearsal/scenarios/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'

const rows = coverage(faults)
const namesIn = (column: 'rehearsal' | 'lab'): readonly string[] =>
  rows.flatMap(({ [column]: names }) => ('nowhere' in names ? [] : names))
const isTest = (name: string): boolean => name.endsWith('.test.ts')
const played = namesIn('rehearsal').filter((name) => !isTest(name))
const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()

describe('the table of what is shown where', () => {
  it('has a row for every scenario and every fault of the rehearsal, and names no other', () => {
    const first = scenarios[0]?.name
    const all = [
      ...scenarios.map(({ name }) => name),
      ...Object.entries(faults).map(([name, { scenario }]) => `${scenario ?? first}+${name}`),
    ]
    expect(unique(played)).toEqual(unique(all))
  })

  it('has a row for every scenario of the lab, and names no other', async () => {
    const lab = await import('../../lab/scenarios/index.ts')
    expect(unique(namesIn('lab'))).toEqual(unique(lab.scenarios.map(({ name }) => name)))
  })

  it('names tests that are there', () => {
    const missing = namesIn('rehearsal').filter((name) => isTest(name) && !existsSync(join(repositoryRoot, name)))
    expect(missing).toEqual([])
  })

  it('says of every row what it is, once', () => {
    expect(unique(rows.map(({ what }) => what))).toHaveLength(rows.length)
    for (const { lab, rehearsal } of rows)
      for (const names of [lab, rehearsal]) expect('nowhere' in names ? names.nowhere : names[0]).toBeTruthy()
  })
})
