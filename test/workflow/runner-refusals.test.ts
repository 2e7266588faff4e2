import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { passesFilter } from '../../rehearsal/workflow/event-filters.ts'
import { run, stepsOf, temporaryFolder } from './runner-fixture.ts'

const commit = 'a'.repeat(40)

describe('what the rehearsal would not carry out is an error that names file, line and column', () => {
  it.each([
    [
      'a container',
      stepsOf('- run: "true"', 'container: alpine'),
      /^\.github\/workflows\/test\.yml:5:5: the rehearsal does not know the key 'container' of job 'work'/,
    ],
    ['a background step', stepsOf('- run: "true"\n  background: true'), /test\.yml:\d+:\d+: .*background/],
    [
      'a trigger',
      'on: { workflow_run: { workflows: [x] } }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }',
      /does not know the trigger 'workflow_run'/,
    ],
    ['a cancel timeout', stepsOf('- run: "true"', 'cancel-timeout-minutes: 3'), /cancel-timeout-minutes/],
  ])('%s', async (_, text, message) => {
    await expect(run(text)).rejects.toThrow(message)
  })

  it.each([
    ['a misspelt key', stepsOf('- rum: "true"'), /test\.yml:\d+:\d+: /],
    [
      'a need that does not exist',
      'on: workflow_dispatch\njobs:\n  a: { runs-on: x, steps: [{ run: x }] }\n  b: { needs: nobody, runs-on: x, steps: [{ run: x }] }\n',
      /test\.yml:\d+:\d+: .*nobody/,
    ],
    [
      'a circle',
      'on: workflow_dispatch\njobs:\n  a: { needs: b, runs-on: x, steps: [{ run: x }] }\n  b: { needs: a, runs-on: x, steps: [{ run: x }] }\n',
      /test\.yml/,
    ],
    ['a context that is not there', stepsOf('- run: echo ${{ nothing.here }}'), /test\.yml:\d+:\d+: .*nothing/],
    ['a condition that is none', stepsOf('- if: github.actor ==\n  run: "true"'), /test\.yml/],
    ['no YAML', 'on: [\n', /test\.yml/],
  ])('GitHub’s own: %s', async (_, text, message) => {
    await expect(run(text)).rejects.toThrow(message)
  })
})

describe('actions that may not run', () => {
  it.each([
    [
      'unknown',
      `somebody/unknown@${commit}`,
      /test\.yml:6:15: 'somebody\/unknown@a+': the rehearsal has no stand-in for 'somebody\/unknown' \(it has actions\/cache\/restore, .*actions\/upload-artifact.*\)/,
    ],
    [
      'pinned to a tag',
      'actions/checkout@v4',
      /test\.yml:6:15: 'actions\/checkout@v4' is not pinned: .* 'v4' can move/,
    ],
    ['pinned to a short commit', 'actions/checkout@0123456', /is not pinned/],
    ['without a reference', 'actions/checkout', /test\.yml/],
    ['in a container', 'docker://alpine:3', /the rehearsal runs no containers/],
    ['not there', '$/actions/absent', /actions\/absent: there is no action\.yml/],
  ])('%s', async (_, uses, message) => {
    const directory = join(temporaryFolder(), 'run')
    await expect(run(stepsOf(`- uses: ${uses}`), { directory })).rejects.toThrow(message)
    expect(existsSync(directory)).toBe(false)
  })

  it.each([
    ['for another Node', 'using: node24', 'using: node20', /action\.yml:\d+:\d+: .*node20/],
    [
      'whose bundle was not built',
      'main: main.mjs',
      'main: ../../dist/probe/index.js',
      /action\.yml:\d+:\d+: '\.\.\/\.\.\/dist\/probe\/index\.js' does not exist; build the bundles first/,
    ],
    ['with a key that is none', 'post-if: always()', 'post-when: always()', /action\.yml:\d+:\d+: /],
  ])('%s', async (_, from, to, message) => {
    const { readFileSync } = await import('node:fs')
    const { repositoryRoot } = await import('../../rehearsal/workflow/index.ts')
    const action = readFileSync(
      join(repositoryRoot, 'test/fixtures/workflows/actions/probe/action.yml'),
      'utf8',
    ).replace(from, to)
    await expect(
      run(stepsOf('- uses: $/actions/probe'), { files: { 'actions/probe/action.yml': action } }),
    ).rejects.toThrow(message)
  })
})

describe('the button', () => {
  const text = `
on:
  workflow_dispatch:
    inputs:
      node: { type: string, required: true }
      adopt: { type: choice, options: [plan, apply] }
      dry-run: { type: boolean }
      tries: { type: number, default: 2 }
jobs: { a: { runs-on: x, steps: [{ run: 'echo "\${{ toJSON(inputs) }} \${{ github.event.inputs.dry-run }}"' }] } }
`
  const press = (inputs: Record<string, string | boolean | number>) =>
    run(text, { event: { name: 'workflow_dispatch', inputs } })

  it('gives typed inputs with the defaults of the form', async () => {
    const { log } = await press({ node: 'calypso', 'dry-run': true })
    const shown = log.split('"\n')
    expect(shown.join('')).toMatch(/node: calypso,\s+adopt: plan,\s+dry-run: true,\s+tries: 2/)
  })

  it.each([
    [{}, /test\.yml:\d+:\d+: input 'node': it is required and has no value/],
    [{ node: 'a', adopt: 'now' }, /input 'adopt': 'now' is not one of plan, apply/],
    [{ node: 'a', 'dry-run': 'maybe' }, /input 'dry-run': 'maybe' is neither true nor false/],
    [{ node: 'a', tries: 'many' }, /input 'tries': 'many' is not a number/],
    [{ node: 'a', nodes: 'b' }, /unexpected inputs: nodes \(the workflow has node, adopt, dry-run, tries\)/],
  ])('refuses %j', async (inputs, message) => {
    await expect(press(inputs as Record<string, string>)).rejects.toThrow(message)
  })
})

describe('other triggers', () => {
  const text = `
on:
  push: { branches: [main, 'release/**'], paths: ['clusters/**'] }
  schedule: [{ cron: '17 3 * * *', timezone: Europe/Berlin }]
jobs: { a: { runs-on: x, steps: [{ run: 'echo "on \${{ github.event_name }} \${{ github.ref }}"' }] } }
`
  it('start the workflow where GitHub would', async () => {
    expect(
      (await run(text, { event: { name: 'push', branch: 'release/1/x', paths: ['clusters/a.yaml'] } })).log,
    ).toContain('\non push refs/heads/release/1/x\n')
    expect((await run(text, { event: { name: 'schedule', cron: '17 3 * * *' } })).log).toContain(
      '\non schedule refs/heads/main\n',
    )
  })

  it('and nowhere else', async () => {
    await expect(run(text)).rejects.toThrow(/no 'workflow_dispatch' trigger \(it has push, schedule\)/)
    await expect(run(text, { event: { name: 'push', branch: 'topic' } })).rejects.toThrow(
      /branch 'topic' is not among branches/,
    )
    await expect(run(text, { event: { name: 'push', paths: ['README.md'] } })).rejects.toThrow(
      /no changed file is among paths/,
    )
    const nowhere = text.replace('Europe/Berlin', 'Europe/Nowhere')
    await expect(run(nowhere, { event: { name: 'schedule', cron: '17 3 * * *' } })).rejects.toThrow(
      /'Europe\/Nowhere' is no time zone/,
    )
    await expect(run(text, { event: { name: 'schedule', cron: '0 0 * * *' } })).rejects.toThrow(
      /not one of its schedules/,
    )
  })

  it.each([
    [['**/*.md', '!docs/**'], 'docs/a.md', false],
    [['**/*.md', '!docs/**'], 'a.md', true],
    [['src/*'], 'src/a/b', false],
    [['v[12].*'], 'v2.0', true],
  ])('filter %j against %s', (patterns, value, expected) => {
    expect(passesFilter(patterns, value)).toBe(expected)
  })
})
