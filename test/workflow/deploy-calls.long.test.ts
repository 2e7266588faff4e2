import { describe, expect, it } from '@jest/globals'
import { ConcurrencyGroups } from '../../rehearsal/workflow/index.ts'
import { commandsOf, conclusionsOf, merged, off, on, recording, request } from './deploy-fixture.ts'

const deploy = recording('deploy.yml')

describe('deploy.yml', () => {
  it('deploys what is pushed to main, beside the cluster, with the secrets of its environment', async () => {
    const run = await deploy.press(merged, on)
    expect(run.conclusion).toBe('success')
    expect(run.runName).toBe('Deploy oceanid by owner')
    expect(commandsOf(run.called)).toEqual([
      'install self-hosted',
      'kubeconfig-esc self-hosted',
      'guard self-hosted',
      'verify-cluster self-hosted',
      'up self-hosted',
      'verify-cluster self-hosted',
    ])
    expect(conclusionsOf(run)).toEqual([
      'deploy/deploy success',
      'deploy/comment skipped',
      'deploy success',
      'preview skipped',
    ])
    const up = run.called.find(({ inputs }) => inputs.command === 'up')
    expect(up?.inputs).toMatchObject({
      'access-token': 'token-of-environment',
      'config-passphrase': 'passphrase-of-environment',
      'dry-run': 'false',
    })
    expect(run.jobs[0]?.runsOn).toEqual(['self-hosted', 'self-hosted-tethys'])
    expect(run.log).not.toMatch(/(token|passphrase)-of-/)
  })

  it('gives the program’s installation no secret, and nobody but the deployment the passphrase', async () => {
    const { called } = await deploy.press(merged, on)
    for (const { inputs, action } of called) {
      const held = Object.values(inputs).filter((value) => /-of-environment$/.test(value))
      const wanted = inputs.command === 'up' ? 2 : action === 'kubeconfig-esc' ? 1 : 0
      expect([inputs.command ?? action, held.length]).toEqual([inputs.command ?? action, wanted])
    }
  })

  it('takes secrets of the repository where the environment has none, and nothing at all where neither has', async () => {
    const bare = { environments: { oceanid: {} }, secrets: { PULUMI_ACCESS_TOKEN: 'token-of-repository' } }
    const up = (await deploy.press(merged, bare)).called.find(({ inputs }) => inputs.command === 'up')
    expect(up?.inputs['access-token']).toBe('token-of-repository')
    expect(up?.inputs).not.toHaveProperty('config-passphrase')
  })

  it('by the button deploys from main; as a dry run it changes nothing, and asks for what only reads', async () => {
    const { called, runName } = await deploy.press(
      { name: 'workflow_dispatch', inputs: { 'dry-run': true, refresh: true } },
      on,
    )
    expect(runName).toBe('Deploy oceanid (dry run) by owner')
    expect(commandsOf(called).map((line) => line.split(' ')[0])).toEqual([
      'install',
      'kubeconfig-esc',
      'guard',
      'verify-cluster',
      'up',
    ])
    expect(called.filter(({ inputs }) => inputs.command).map(({ inputs }) => inputs['dry-run'])).toEqual([
      'true',
      'true',
      'true',
    ])
    expect(called.find(({ action }) => action === 'kubeconfig-esc')?.inputs.purpose).toBe('verify')
    expect(called.at(-1)?.inputs.refresh).toBe('true')
  })

  it('by the button from another branch, where the environment has no rule, is told which branch it is', async () => {
    const { called } = await deploy.press(
      { name: 'workflow_dispatch', branch: 'topic' },
      { environments: { oceanid: {} } },
    )
    // What comes of it is the guard's to say.
    expect(called.find(({ inputs }) => inputs.command === 'guard')?.ref).toBe('refs/heads/topic')
  })
})

describe('a pull request', () => {
  it('of this repository is previewed on a machine of GitHub’s with its own environment, and commented by a job that has no secret', async () => {
    const run = await deploy.press(request, on)
    expect(run.runName).toBe('Preview of pull request 7')
    expect(commandsOf(run.called)).toEqual([
      'install github-hosted',
      'kubeconfig-esc github-hosted',
      'guard github-hosted',
      'verify-cluster github-hosted',
      'preview github-hosted',
      'comment github-hosted',
    ])
    const preview = run.called.find(({ inputs }) => inputs.command === 'preview')
    expect(preview?.inputs['config-passphrase']).toBe('passphrase-of-previews')
    const comment = run.called.at(-1)
    expect(Object.values(comment?.inputs ?? {}).join()).not.toMatch(/-of-/)
    expect(comment?.mayAskForIdTokens).toBe(false)
    const permissions = Object.fromEntries(run.jobs.map((job) => [job.id, job.permissions]))
    expect(permissions['preview/comment']).toEqual({ contents: 'read', 'pull-requests': 'write' })
    expect(permissions['preview/preview'] ?? permissions['preview/deploy']).toEqual({
      contents: 'read',
      'id-token': 'write',
    })
  })

  it('never runs on a machine of one’s own, whatever is switched on', async () => {
    for (const event of [request, { ...request, isFromFork: true }, { ...request, author: 'me' }])
      for (const { runner } of (await deploy.press(event, on)).called) expect(runner).toBe('github-hosted')
  })

  it('waits for no deployment, and a deployment not for it; two of one request wait', async () => {
    const groupOf = async (event: Parameters<typeof deploy.press>[0]): Promise<unknown> =>
      (await deploy.press(event, { ...off, groups: new ConcurrencyGroups() })).concurrency
    expect(await groupOf(merged)).toEqual({ group: 'cluster-oceanid', queue: 'max' })
    expect(await groupOf(request)).toEqual({ group: 'preview-oceanid-7', queue: 'max' })
  })
})

describe('nightly.yml', () => {
  const nightly = recording('nightly.yml')
  const night = { name: 'schedule', cron: '17 3 * * *' } as const

  it('looks for drift when it is switched on, with the environment of the night, and changes nothing', async () => {
    const { called, conclusion } = await nightly.press(night, on)
    expect(conclusion).toBe('success')
    const drift = called.find(({ inputs }) => inputs.command === 'drift')
    expect(drift?.inputs['config-passphrase']).toBe('passphrase-of-the-night')
    expect(drift?.runner).toBe('self-hosted')
    expect(called.some(({ inputs }) => inputs.command === 'up')).toBe(false)
    expect(called.filter(({ action }) => action === 'kubeconfig-esc').map(({ inputs }) => inputs.purpose)).toEqual([
      'verify',
      'verify',
    ])
  })

  it('does not when it is off, nor when somebody asks for a part of the night', async () => {
    const commands = async (...args: Parameters<typeof nightly.press>): Promise<(string | undefined)[]> =>
      (await nightly.press(...args)).called.map(({ inputs }) => inputs.command)
    expect(await commands(night, off)).not.toContain('drift')
    const part = { name: 'workflow_dispatch', inputs: { suites: 'api' } } as const
    expect(await commands(part, on)).not.toContain('drift')
  })
})

describe('what strangers write', () => {
  const hostile =
    "$(touch pwned) `id` \"; ''; ${{ secrets.PULUMI_ACCESS_TOKEN }} {0} }} ##[error]forged ::error::forged"

  it('into titles, messages and branches changes no step, no name, no group, and is no command', async () => {
    const named = { title: hostile, body: hostile, head: '$(touch${IFS}pwned)`id`;"\'{0}#x' }
    const preview = await deploy.press({ ...request, ...named, author: 'mallory' }, on)
    const plain = await deploy.press({ ...request, author: 'mallory' }, on)
    expect(preview.called).toEqual(plain.called)
    expect([preview.runName, preview.concurrency]).toEqual([plain.runName, plain.concurrency])
    expect(preview.annotations).toEqual(plain.annotations)
    const push = await deploy.press(
      { name: 'push', commits: [{ message: `${hostile}\n::error::forged`, modified: ['cluster/x'] }] },
      on,
    )
    expect(push.called).toEqual((await deploy.press(merged, on)).called)
    expect([push.runName, push.annotations]).toEqual(['Deploy oceanid by owner', []])
  })

  it('into the name of a branch from which somebody presses the button stays a name', async () => {
    const branch = 'x;touch${IFS}pwned;${{github.token}}'.replace('${{github.token}}', '$(id)')
    const run = await deploy.press({ name: 'workflow_dispatch', branch }, { environments: { oceanid: {} } })
    expect(run.called.every(({ ref }) => ref === `refs/heads/${branch}`)).toBe(true)
    expect(run.annotations).toEqual([])
  })
})
