/** The callers in examples/ fit the workflows that they call, as GitHub checks it before anything runs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot, standIns } from '../../rehearsal/workflow/index.ts'
import { prepare } from '../../rehearsal/workflow/prepare.ts'
import { repositoryWith } from './runner-fixture.ts'

const examples = join(repositoryRoot, 'examples')
const names = readdirSync(examples).filter((name) => name.endsWith('.yml'))
const commit = 'c'.repeat(40)
const textOf = (name: string): string => readFileSync(join(examples, name), 'utf8')

const calledBy = (name: string): string => /workflows\/([a-z-]+\.yml)@COMMIT/.exec(textOf(name))?.[1] ?? name

async function check(name: string, edit: (text: string) => string = (text) => text) {
  const text = edit(textOf(name).replaceAll('@COMMIT', `@${commit}`).replaceAll('OWNER/', 'ry4n-s/'))
  return await prepare({
    own: { name: 'ry4n-s/oceanid', folder: repositoryWith({ [name]: text }) },
    path: `.github/workflows/${name}`,
    standIns: { ...standIns, 'pulumi/actions': { inputs: {}, main: async () => undefined } },
    repositories: { [`ry4n-s/k3s-gpu-actions@${commit}`]: repositoryRoot },
  })
}

describe('examples', () => {
  it('there is a caller for each reusable workflow, by its name, and others for the sites of the seeds', () => {
    const folder = join(repositoryRoot, '.github', 'workflows')
    const reusable = readdirSync(folder).filter((name) =>
      /^ {2}workflow_call:/m.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect([...new Set(names.map(calledBy))].sort()).toEqual(reusable)
    expect(names).toEqual(expect.arrayContaining(reusable))
  })

  it.each(names)('%s fits the workflow, its inputs, secrets and permissions', async (name) => {
    const { workflows } = await check(name)
    expect([...workflows.values()].map(({ origin, path }) => [origin.name, path])).toEqual([
      ['ry4n-s/k3s-gpu-actions', `.github/workflows/${calledBy(name)}`],
    ])
  })

  it.each(names)('%s grants no permission that could be left out', async (name) => {
    const granted = [...textOf(name).matchAll(/^ {6}([a-z-]+): (?:read|write)(?: #.*)?$/gm)]
    expect(granted.length).toBeGreaterThan(1)
    for (const [line] of granted)
      await expect(check(name, (text) => text.replace(line, line.replace(/read|write/, 'none')))).rejects.toThrow(
        /but is only allowed/,
      )
  })

  it.each(names)('%s is told what to fill in, and holds nothing else that has to be', (name) => {
    const text = textOf(name)
    expect(text.match(/OWNER\/k3s-gpu-actions\/\.github\/workflows\/[a-z-]+\.yml@COMMIT/g)).toHaveLength(1)
    expect(text).toMatch(/^# .*OWNER is .*COMMIT the full/ms)
    // As GitHub reads it unfilled: an error that says so, not another repository's file.
    expect(text).not.toMatch(/secrets: inherit|pull_request_target/)
  })
})
