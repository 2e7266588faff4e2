/** Workflows and actions of another repository, called by a commit. Every repository here has its own action at the same path. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type RecordedRun, runWorkflow, type WorkflowOptions } from '../../rehearsal/workflow/index.ts'
import { repositoryWith, temporaryFolder } from './runner-fixture.ts'

const older = '1'.repeat(40)
const newer = '2'.repeat(40)
const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'

/** A repository whose action and workflows say whose they are. */
function repository(label: string, files: Readonly<Record<string, string>> = {}): string {
  return repositoryWith({
    './whose': label,
    'actions/speak/action.yml':
      'name: Speak\ndescription: d\nruns: { using: node24, main: main.mjs, post: post.mjs }\n',
    'actions/speak/main.mjs': `const { GITHUB_ACTION_REPOSITORY: from, GITHUB_ACTION_REF: ref } = process.env\nconsole.log('main of ${label} ' + from + ' ' + ref)\n`,
    'actions/speak/post.mjs': `console.log('post of ${label}')\n`,
    'inner.yml': `on: { workflow_call: }\njobs:\n  deep:\n    runs-on: x\n    steps: [{ run: 'echo "inner of ${label}"' }, { uses: $/actions/speak }]\n`,
    'called.yml': `
on:
  workflow_call:
    inputs: { node: { type: string, required: true } }
    secrets: { KEY: { required: false } }
jobs:
  work:
    runs-on: x
    environment: prod
    steps:
      - uses: ${checkout} # v7.0.1
      - run: echo "called of ${label} for \${{ inputs.node }} in \${{ github.repository }} with files of $(cat whose)"
      - run: echo "stands in \${{ job.workflow_ref }} \${{ job.workflow_sha }}"
      - run: echo "started by \${{ github.workflow_ref }}"
      - env: { KEY: '\${{ secrets.KEY }}' }
        run: echo "key \${#KEY} \${{ vars.PLACE }}"
      - uses: $/actions/speak
      - uses: ./actions/speak
  dollar: { needs: work, uses: $/.github/workflows/inner.yml }
  dot: { needs: work, uses: ./.github/workflows/inner.yml }
`,
    ...files,
  })
}

const caller = (uses: string, more = ''): string => `
on: workflow_dispatch
jobs:
  call:
    uses: ${uses}
    with: { node: calypso }
    secrets: { KEY: '\${{ secrets.KEY }}' }
${more}`

async function press(text: string, options: Partial<WorkflowOptions> = {}): Promise<RecordedRun> {
  return await runWorkflow({
    workflow: '.github/workflows/test.yml',
    event: { name: 'workflow_dispatch' },
    repository: repository('the caller', { 'test.yml': text }),
    repositoryName: 'me/homelab',
    directory: join(temporaryFolder(), 'run'),
    environments: { prod: { secrets: { KEY: 'of-my-environment' }, vars: { PLACE: 'home' } } },
    repositories: {
      [`them/tools@${older}`]: repository('the older one'),
      [`them/tools@${newer}`]: repository('the newer one'),
    },
    ...options,
  })
}

const of = (name: string, commit: string): string => `${name}/.github/workflows/called.yml@${commit} # v1`

describe('a workflow of another repository', () => {
  it.each([
    [older, 'the older one'],
    [newer, 'the newer one'],
  ])('runs the actions and workflows of its own commit %s, on the files of whoever calls it', async (commit, label) => {
    const { conclusion, log } = await press(caller(of('them/tools', commit)))
    expect(conclusion).toBe('success')
    expect(log).toContain(`\ncalled of ${label} for calypso in me/homelab with files of the caller\n`)
    const lines = log.split('\n')
    // `$/` in the called file, and in what that calls; `./` of a step is the workspace, which has no repository.
    expect(lines.filter((line) => line.startsWith('main of '))).toEqual([
      `main of ${label} them/tools ${commit}`,
      'main of the caller undefined undefined',
      `main of ${label} them/tools ${commit}`,
      `main of ${label} them/tools ${commit}`,
    ])
    expect(lines.filter((line) => line.startsWith('post of '))).toEqual([
      'post of the caller',
      `post of ${label}`,
      `post of ${label}`,
      `post of ${label}`,
    ])
    expect(lines.filter((line) => line.startsWith('inner of '))).toEqual([`inner of ${label}`, `inner of ${label}`])
  })

  it('knows in which file it stands, and by which it was started', async () => {
    const { log } = await press(caller(of('them/tools', older)))
    expect(log).toContain(`\nstands in them/tools/.github/workflows/called.yml@${older} ${older}\n`)
    expect(log).toContain('\nstarted by me/homelab/.github/workflows/test.yml@refs/heads/main\n')
  })

  it('has environments of the caller: variables, and the secrets that are passed by name', async () => {
    expect((await press(caller(of('them/tools', older)))).log).toContain('\nkey 17 home\n')
    const silent = caller(of('them/tools', older)).replace(/^ +secrets:.*\n/m, '')
    expect((await press(silent)).log).toContain('\nkey 0 home\n')
  })

  it('is named by an ID token with the commit of the caller’s choice', async () => {
    const admitted: Readonly<Record<string, string>>[] = []
    const called = repository('the older one', {
      'called.yml':
        'on: { workflow_call: { inputs: { node: { type: string } }, secrets: { KEY: {} } } }\njobs:\n  a: { runs-on: x, permissions: { id-token: write }, steps: [{ run: "true" }] }\n',
    })
    await press(caller(of('them/tools', older)).replace('    with', '    permissions: { id-token: write }\n    with'), {
      repositories: { [`them/tools@${older}`]: called },
      idTokens: {
        admit(claims) {
          admitted.push(claims)
          return { requestUrl: 'https://x', requestToken: 'request-token', end: () => undefined }
        },
      },
    })
    expect(admitted).toHaveLength(1)
    expect(admitted[0]).toMatchObject({
      repository: 'me/homelab',
      workflow_ref: 'me/homelab/.github/workflows/test.yml@refs/heads/main',
      job_workflow_ref: `them/tools/.github/workflows/called.yml@${older}`,
      job_workflow_sha: older,
    })
  })

  it('and an action of it by its commit', async () => {
    const text = `on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ uses: Them/Tools/actions/speak@${newer} }] } }\n`
    expect((await press(text)).log).toContain(`\nmain of the newer one them/tools ${newer}\n`)
  })
})

describe('what GitHub, or the house, refuses of another repository', () => {
  it.each([
    ['a commit that is not there', of('them/tools', '3'.repeat(40)), /test\.yml:5:11: '.*': workflow was not found/],
    ['a repository that is not there', of('them/other', older), /workflow was not found/],
    ['a branch', of('them/tools', 'main'), /is not pinned: .* 'main' can move/],
    ['a tag', of('them/tools', 'v1'), /is not pinned: .* 'v1' can move/],
    [
      'a file elsewhere',
      `them/tools/workflows/called.yml@${older}`,
      /a called workflow lies in \.github\/workflows|must be/,
    ],
    [
      'a file in a folder',
      `them/tools/.github/workflows/deep/called.yml@${older}`,
      /lies in \.github\/workflows|must be/,
    ],
    [
      'a file that it has not',
      `them/tools/.github/workflows/gone.yml@${older}`,
      /them\/tools\/.*gone\.yml@1{12}: .*cannot be read/,
    ],
    ['an expression', `'${'${{ github.repository }}'}/.github/workflows/called.yml@${older}'`, /test\.yml/],
  ])('%s', async (_, uses, message) => {
    const directory = join(temporaryFolder(), 'run')
    await expect(press(caller(uses), { directory })).rejects.toThrow(message)
    expect(existsSync(directory)).toBe(false)
  })

  it('names the other repository where a mistake is in it', async () => {
    const repositories = {
      [`them/tools@${older}`]: repository('x', {
        'called.yml': 'on: { workflow_call: }\njobs:\n  a: { runs-on: x, steps: [{ rum: x }] }\n',
      }),
    }
    await expect(press(caller(of('them/tools', older)), { repositories })).rejects.toThrow(
      /^them\/tools\/\.github\/workflows\/called\.yml@1{12}:3:\d+: /,
    )
  })

  it('inherited secrets across owners', async () => {
    const text = caller(of('them/tools', older)).replace(/secrets:.*/, 'secrets: inherit')
    await expect(press(text)).rejects.toThrow(/test\.yml:7:\d+: secrets are inherited within one owner only/)
    const same = { repositories: { [`me/tools@${older}`]: repository('mine') } }
    const { log } = await press(text.replace('them/', 'me/'), same)
    expect(log).toContain('\nkey 17 home\n')
  })

  it('more permissions than the caller grants', async () => {
    const called =
      'on: { workflow_call: { inputs: { node: { type: string } }, secrets: { KEY: {} } } }\npermissions: { issues: write }\njobs:\n  a: { runs-on: x, steps: [{ run: x }] }\n'
    const repositories = { [`them/tools@${older}`]: repository('x', { 'called.yml': called }) }
    await expect(press(caller(of('them/tools', older)), { repositories })).rejects.toThrow(
      /them\/tools\/.*requesting 'issues: write', but is only allowed 'issues: none'/,
    )
  })

  it('the group that the caller holds, in whatever case', async () => {
    const called =
      'on: { workflow_call: { inputs: { node: { type: string } }, secrets: { KEY: {} } } }\nconcurrency: Cluster\njobs:\n  a: { runs-on: x, steps: [{ run: x }] }\n'
    const repositories = { [`them/tools@${older}`]: repository('x', { 'called.yml': called }) }
    await expect(press(`concurrency: cluster\n${caller(of('them/tools', older))}`, { repositories })).rejects.toThrow(
      /them\/tools\/.*the concurrency group 'Cluster' is already held/,
    )
  })

  it('a workflow that calls itself, and a circle', async () => {
    const self = 'on: { workflow_dispatch: , workflow_call: }\njobs: { a: { uses: ./.github/workflows/test.yml } }\n'
    await expect(press(self)).rejects.toThrow(/test\.yml calls itself/)
    const repositories = {
      [`them/tools@${older}`]: repository('x', {
        'inner.yml': 'on: { workflow_call: }\njobs: { a: { uses: $/.github/workflows/round.yml } }\n',
        'round.yml': 'on: { workflow_call: }\njobs: { a: { uses: ./.github/workflows/inner.yml } }\n',
      }),
    }
    await expect(press(caller(of('them/tools', older)), { repositories })).rejects.toThrow(
      /round\.yml@1{12}:2:\d+: .*inner\.yml@1{12} calls itself by this/,
    )
  })

  it('a map of repositories without a full commit', async () => {
    await expect(press(caller(of('them/tools', older)), { repositories: { 'them/tools@v1': '/x' } })).rejects.toThrow(
      /'them\/tools@v1' is no repository at a commit/,
    )
  })
})
