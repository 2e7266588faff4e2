import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { jobsOf } from '../act/jobs.js'
import { forAct } from '../act/rewrite.js'

const root = join(import.meta.dirname, '..', '..', '..')

describe('a workflow as act takes it', () => {
  it('names our own files by a repository that lies beside it, and knows neither queue nor deployment', () => {
    const text = [
      'concurrency:',
      '  group: cluster',
      '  queue: max',
      'jobs:',
      '  call:',
      '    uses: $/.github/workflows/join-node.yml # as committed',
      '  work:',
      '    environment:',
      '      name: oceanid',
      '      deployment: false',
      '    steps:',
      '      - uses: $/actions/k3s-join',
      '      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
    ].join('\n')
    expect(forAct(text)).toBe(
      [
        'concurrency:',
        '  group: cluster',
        'jobs:',
        '  call:',
        '    uses: self/self/.github/workflows/join-node.yml@v0 # as committed',
        '  work:',
        '    environment:',
        '      name: oceanid',
        '    steps:',
        '      - uses: self/self/actions/k3s-join@v0',
        '      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
        '',
      ].join('\n'),
    )
  })

  it('changes nothing else: not a script, not an input that is called like it', () => {
    const file = {
      jobs: { work: { steps: [{ run: 'echo "$/actions" queue: max', with: { queue: 1, environment: 'x' } }] } },
    }
    expect(parse(forAct(JSON.stringify(file)))).toEqual(file)
  })

  it.each(globSync('.github/workflows/*.yml', { cwd: root }))('%s has none of the three left', (path) => {
    const committed = readFileSync(join(root, path), 'utf8')
    const rewritten = forAct(committed)
    expect(rewritten).not.toMatch(/uses: \$\/|^\s+queue:|^\s+deployment: /m)
    const without = (text: string): unknown =>
      JSON.parse(
        JSON.stringify(parse(text))
          .replaceAll(/"(?:uses|queue|deployment)":(?:"[^"]*"|true|false),?/g, '')
          .replaceAll(',}', '}'),
      )
    expect(without(rewritten)).toEqual(without(committed))
  })

  it('refuses what is no YAML', () => {
    expect(() => forAct('a: [')).toThrow(/flow/i)
  })
})

describe('the jobs that a caller leads to', () => {
  it('are those of the called file, with machine, environment and right as caller and called say them', () => {
    expect(jobsOf('.github/workflows/nightly.yml', ['nightly'])).toEqual([
      {
        id: 'verify',
        file: '.github/workflows/verify-cluster.yml',
        isHosted: false,
        environment: 'oceanid-verify',
        mayAskForIdToken: true,
      },
      {
        id: 'publish',
        file: '.github/workflows/verify-cluster.yml',
        isHosted: true,
        environment: '',
        mayAskForIdToken: false,
      },
    ])
  })

  it('are not there for a job that calls nothing', () => {
    expect(() => jobsOf('.github/workflows/nightly.yml', ['dream'])).toThrow(/no job dream that calls a workflow/)
  })
})
