/** Whom the committed deploy.yml turns away. What it does for the others: deploy-calls.long.test.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../../rehearsal/workflow/index.ts'
import { conclusionsOf, merged, off, on, recording, request } from './deploy-fixture.ts'

const deploy = recording('deploy.yml')

describe('deploy.yml', () => {
  it('is not started by a push that leaves cluster/ alone, nor by one to another branch', async () => {
    const elsewhere = { name: 'push', paths: ['README.md', 'clusters/oceanid.yaml'] } as const
    await expect(deploy.press(elsewhere, on)).rejects.toThrow(/no changed file is among paths/)
    await expect(deploy.press({ ...merged, branch: 'topic' }, on)).rejects.toThrow(/'topic' is not among branches/)
  })

  it('by the button from another branch reaches no machine: the environment refuses it', async () => {
    const run = await deploy.press({ name: 'workflow_dispatch', branch: 'topic' }, on)
    expect(run.conclusion).toBe('failure')
    expect(run.called).toEqual([])
    expect(run.annotations[0]?.message).toContain('Branch "topic" is not allowed to deploy to oceanid')
  })
})

describe('a pull request', () => {
  it('starts nothing unless previews are switched on', async () => {
    const run = await deploy.press(request, off)
    expect([run.conclusion, run.called]).toEqual(['success', []])
    expect(conclusionsOf(run)).toEqual(['deploy skipped', 'preview skipped'])
  })

  it.each([
    ['a fork', { isFromFork: true }],
    ['a fork that is gone', { isForkGone: true }],
    ['a fork whose branch is called main', { isFromFork: true, head: 'main' }],
    ['Dependabot', { author: 'dependabot[bot]' }],
  ])('of %s starts nothing, on no machine', async (_, from) => {
    const run = await deploy.press({ ...request, ...from }, on)
    expect([run.conclusion, run.called]).toEqual(['success', []])
    expect(conclusionsOf(run)).toEqual(['deploy skipped', 'preview skipped'])
  })

  it('of Dependabot starts nothing either when somebody else pushes to it or reopens it', async () => {
    const run = await deploy.press({ ...request, author: 'dependabot[bot]' }, { ...on, actor: 'ryan-taylor' })
    expect([run.called, conclusionsOf(run)]).toEqual([[], ['deploy skipped', 'preview skipped']])
  })

  it('of a fork starts nothing even if GitHub gave it the variable that switches previews on', async () => {
    const careless = recording('deploy.yml', (text) => text.replace("vars.PULUMI_PREVIEW == 'true' && ", ''))
    for (const from of [{ isFromFork: true }, { isForkGone: true }, { author: 'dependabot[bot]' }]) {
      const run = await careless.press({ ...request, ...from }, on)
      expect([run.called, conclusionsOf(run)]).toEqual([[], ['deploy skipped', 'preview skipped']])
    }
  })
})

describe('what strangers write', () => {
  it('reaches no script: the workflows that they can start, or that these call, put no expression into one', () => {
    for (const name of ['deploy.yml', 'deploy-cluster.yml', 'nightly.yml', 'verify-cluster.yml', 'join-node.yml']) {
      const text = readFileSync(join(repositoryRoot, '.github', 'workflows', name), 'utf8')
      expect([name, /^\s*(- )?run:/m.test(text)]).toEqual([name, false])
      const written = /github\.(event\.(pull_request\.(title|body|head\.ref)|head_commit)|head_ref)/
      expect([name, written.test(text)]).toEqual([name, false])
    }
  })
})
