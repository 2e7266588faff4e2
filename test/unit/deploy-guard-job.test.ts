import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventReasons, type GuardQuestion, guardChecks } from '../../actions/deploy-stack/guard.ts'
import { type JobEvent, readEvent } from '../../actions/deploy-stack/job-event.ts'
import { readProgramFiles } from '../../actions/deploy-stack/project.ts'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'deploy-guard-job-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stack = 'ryan-taylor/oceanid-cluster/prod'
const uid = '3f0f3b6e-6f3c-4a57-9f53-0a6d3c2f5b11'
let caSha256 = ''

function project(files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(folder, 'program-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return readProgramFiles(directory, 'prod')
}
const ours = { 'Pulumi.yaml': 'name: oceanid-cluster\nruntime: nodejs\n' }

beforeAll(async () => {
  const authority = await createAuthority('ours')
  caSha256 = createHash('sha256').update(new X509Certificate(authority.certPem).raw).digest('hex')
  const text = kubeconfigText('oceanid', 'https://127.0.0.1:6443', authority.certPem, { name: 'u', token: 'sesame' })
  writeFileSync(join(folder, 'kubeconfig'), text)
})

const push: JobEvent = { name: 'push', defaultBranch: 'main' }
const job = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '41', GITHUB_REPOSITORY: 'o/r', GITHUB_REF: 'refs/heads/main' }

function question(more: Partial<GuardQuestion> = {}): GuardQuestion {
  return {
    environment: { ...job, RUNNER_ENVIRONMENT: 'self-hosted' },
    event: push,
    isChange: true,
    stack,
    program: project(ours),
    folder: 'cluster',
    kubeconfig: join(folder, 'kubeconfig'),
    clusterUid: uid,
    expectCaSha256: caSha256,
    expectClusterUid: uid,
    ...more,
  }
}

const failing = (given: GuardQuestion) => guardChecks(given).filter(({ verdict }) => verdict === 'fail')
const idsOf = (given: GuardQuestion) => failing(given).map(({ id }) => id)

describe('the event of a job', () => {
  /** Who may update, and who may preview, on each kind of runner. */
  const rows: readonly (readonly [
    string,
    JobEvent,
    string,
    update: readonly [own: boolean, github: boolean],
    preview: readonly [own: boolean, github: boolean],
  ])[] = [
    ['a push to main', push, 'refs/heads/main', [true, true], [true, true]],
    ['a push to another branch', push, 'refs/heads/topic', [false, false], [false, true]],
    ['a branch that is called like main', push, 'refs/heads/main/x', [false, false], [false, true]],
    ['a tag main', push, 'refs/tags/main', [false, false], [false, true]],
    [
      'a push, where nobody knows the default branch',
      { name: 'push', defaultBranch: '' },
      'refs/heads/',
      [false, false],
      [false, true],
    ],
    [
      'the button on main',
      { name: 'workflow_dispatch', defaultBranch: 'main' },
      'refs/heads/main',
      [true, true],
      [true, true],
    ],
    [
      'the button on another branch',
      { name: 'workflow_dispatch', defaultBranch: 'main' },
      'refs/heads/topic',
      [false, false],
      [false, true],
    ],
    ['the clock', { name: 'schedule', defaultBranch: '' }, 'refs/heads/main', [false, false], [true, true]],
    [
      'a pull request of this repository',
      { name: 'pull_request', defaultBranch: 'main', pullRequest: { number: 1, headRepository: 'o/r', headSha: '' } },
      'refs/pull/1/merge',
      [false, false],
      [false, true],
    ],
    [
      'a pull request of a fork',
      { name: 'pull_request', defaultBranch: 'main', pullRequest: { number: 1, headRepository: 'x/r', headSha: '' } },
      'refs/pull/1/merge',
      [false, false],
      [false, false],
    ],
    [
      'a pull request of nowhere',
      { name: 'pull_request', defaultBranch: 'main' },
      'refs/pull/1/merge',
      [false, false],
      [false, false],
    ],
    [
      'pull_request_target',
      { name: 'pull_request_target', defaultBranch: 'main' },
      'refs/heads/main',
      [false, false],
      [false, false],
    ],
    [
      'workflow_run',
      { name: 'workflow_run', defaultBranch: 'main' },
      'refs/heads/main',
      [false, false],
      [false, false],
    ],
    ['a comment', { name: 'issue_comment', defaultBranch: 'main' }, 'refs/heads/main', [false, false], [false, false]],
    [
      'repository_dispatch',
      { name: 'repository_dispatch', defaultBranch: 'main' },
      'refs/heads/main',
      [false, false],
      [false, false],
    ],
    ['an event without a name', { name: '', defaultBranch: 'main' }, 'refs/heads/main', [false, false], [false, false]],
  ]

  it.each(rows)('%s', (_, event, ref, update, preview) => {
    const allowed = (isChange: boolean) =>
      ['self-hosted', 'github-hosted'].map((runner) => {
        const environment = { ...job, GITHUB_REF: ref, RUNNER_ENVIRONMENT: runner }
        return eventReasons({ environment, event, isChange }).length === 0
      })
    expect({ update: allowed(true), preview: allowed(false) }).toEqual({ update, preview })
  })

  it('is not asked of a person at a terminal', () => {
    expect(eventReasons({ environment: {}, event: { name: '', defaultBranch: '' }, isChange: true })).toEqual([])
  })

  it('comes from the file that the runner names; what is not there is not known', () => {
    const path = join(folder, 'event.json')
    const read = (text: string) => {
      writeFileSync(path, text)
      return readEvent({ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path })
    }
    const sha = 'a'.repeat(40)
    const event = { number: 7, head: { sha, ref: '::error::x', repo: { full_name: 'o/r' } }, title: '${{ x }}' }
    expect(read(JSON.stringify({ repository: { default_branch: 'main' }, pull_request: event }))).toEqual({
      name: 'pull_request',
      defaultBranch: 'main',
      pullRequest: { number: 7, headRepository: 'o/r', headSha: sha },
    })
    const unknown = { name: 'pull_request', defaultBranch: '' }
    for (const text of [
      '',
      '[]',
      'null',
      '{"repository":1,"pull_request":{"number":"7"}}',
      '{"repository":{"default_branch":"a\\nb"}}',
    ])
      expect(read(text)).toEqual(unknown)
    expect(readEvent({ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(folder, 'missing') }).defaultBranch).toBe('')
    const gone = { number: 7, head: { sha: 'x; rm', repo: null } }
    expect(read(JSON.stringify({ pull_request: gone })).pullRequest).toEqual({
      number: 7,
      headRepository: '',
      headSha: '',
    })
  })
})

describe('the guard of a job', () => {
  it('lets the documented deploy pass', () => {
    expect(guardChecks(question()).map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'deploy.runner pass',
      'deploy.event pass',
      'deploy.stack pass',
      'deploy.cluster pass',
      'deploy.unreachable pass',
      'deploy.provider pass',
    ])
  })

  it('tells every reason at once', () => {
    const environment = {
      ...job,
      GITHUB_REF: 'refs/heads/topic',
      RUNNER_ENVIRONMENT: 'github-hosted',
      DEPLOY_TARGET: 'ryan-taylor/oceanid-cloud/prod',
      PULUMI_K8S_DELETE_UNREACHABLE: 'true',
    }
    expect(idsOf(question({ environment, clusterUid: '' }))).toEqual([
      'deploy.runner',
      'deploy.event',
      'deploy.stack',
      'deploy.cluster',
      'deploy.unreachable',
    ])
  })

  it('lets a machine of GitHub’s preview a pull request of this repository, and nothing else of it', () => {
    const pullRequest = { number: 1, headRepository: 'o/r', headSha: '' }
    const event = { name: 'pull_request', defaultBranch: 'main', pullRequest }
    const environment = { ...job, GITHUB_REF: 'refs/pull/1/merge', RUNNER_ENVIRONMENT: 'github-hosted' }
    expect(idsOf(question({ environment, event, isChange: false }))).toEqual([])
    expect(idsOf(question({ environment, event }))).toEqual(['deploy.runner', 'deploy.event'])
    expect(idsOf(question({ environment, event, isChange: false, kubeconfig: join(folder, 'none') }))).toEqual([
      'deploy.cluster',
    ])
  })

  it('takes what the program’s own guard expects from the stack’s configuration, and refuses two answers', () => {
    const says = (ca: string, id: string) =>
      project({
        ...ours,
        'Pulumi.prod.yaml': `config:\n  oceanid-cluster:caSha256: ${ca}\n  oceanid-cluster:clusterUid: ${id}\n`,
      })
    const silent = { expectCaSha256: '', expectClusterUid: '' }
    expect(idsOf(question({ program: says(caSha256, uid), ...silent }))).toEqual([])
    expect(idsOf(question({ program: says('ab'.repeat(32), uid), ...silent }))).toEqual(['deploy.cluster'])
    expect(idsOf(question({ program: says(caSha256, uid.replace('3', '4')), ...silent }))).toEqual(['deploy.cluster'])
    const [both] = failing(question({ program: says('ab'.repeat(32), uid) }))
    expect(both?.found).toBe('the cluster file or an input expects another CA than Pulumi.prod.yaml')
  })

  it('deploys nothing when nobody says which cluster the stack is for', () => {
    const [check, ...others] = failing(question({ expectCaSha256: '', expectClusterUid: '' }))
    expect(others).toEqual([])
    expect(check?.found).toBe(
      `nothing says which cluster ${stack} is for: neither the cluster file nor Pulumi.prod.yaml`,
    )
    expect(check?.remedy).toContain('pulumi config set caSha256')
  })

  it('refuses the program of another project, and a folder without one', () => {
    const found = (files: Readonly<Record<string, string>>) =>
      failing(question({ program: project(files) })).map((one) => one.found)
    expect(found({ 'Pulumi.yaml': 'name: oceanid-cloud\n' })).toEqual([
      'the program in cluster is of the project oceanid-cloud, and the stack is of oceanid-cluster',
    ])
    expect(found({})).toEqual(['cluster/Pulumi.yaml is not there'])
    expect(found({ 'Pulumi.yaml': 'name: [a' })).toEqual(['cluster/Pulumi.yaml is no YAML'])
    expect(found({ 'Pulumi.yaml': 'runtime: nodejs' })).toEqual(['cluster/Pulumi.yaml names no project'])
    expect(found({ 'Pulumi.yml': 'name: oceanid-cluster' })).toEqual([])
  })

  it.each([
    ['PULUMI_K8S_DELETE_UNREACHABLE', {}],
    ['PULUMI_K8S_SKIP_UPDATE_UNREACHABLE', {}],
  ])('refuses %s in the job, unless it says false', (name, files) => {
    const given = (value: string) =>
      idsOf(
        question({
          program: project({ ...ours, ...files }),
          environment: { ...question().environment, [name]: value },
        }),
      )
    expect(given('true')).toEqual(['deploy.unreachable'])
    expect(given('1')).toEqual(['deploy.unreachable'])
    expect(given('false')).toEqual([])
    expect(given('')).toEqual([])
  })

  it.each([
    ['config:\n  kubernetes:deleteUnreachable: true\n', {}],
    ['config:\n  kubernetes:config:skipUpdateUnreachable: "true"\n', {}],
    ['config:\n  kubernetes:deleteUnreachable: { secure: v1:abc }\n', {}],
    ['', { 'Pulumi.yaml': 'name: oceanid-cluster\nconfig:\n  kubernetes:deleteUnreachable: { value: true }\n' }],
    [
      '',
      {
        'Pulumi.yaml': 'name: oceanid-cluster\nstackConfigDir: stacks\n',
        'stacks/Pulumi.prod.yaml': 'config:\n  kubernetes:deleteUnreachable: "true"\n',
      },
    ],
  ])('refuses the same in configuration: %j', (text, files) => {
    const program = project({ ...ours, 'Pulumi.prod.yaml': text, ...files })
    expect(idsOf(question({ program }))).toEqual(['deploy.unreachable'])
  })

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    [
      'Pulumi.json, which comes before Pulumi.yaml',
      {
        'Pulumi.json': '{"name":"oceanid-cluster"}',
        'Pulumi.prod.json': '{"config":{"kubernetes:deleteUnreachable":"true"}}',
        'Pulumi.prod.yaml': 'config: {}\n',
      },
    ],
    [
      'the ending of the project’s own file',
      {
        'Pulumi.yaml': '',
        'Pulumi.yml': 'name: oceanid-cluster\n',
        'Pulumi.prod.yaml': 'config: {}\n',
        'Pulumi.prod.yml': 'config:\n  kubernetes:deleteUnreachable: true\n',
      },
    ],
    [
      'both spellings of a key',
      {
        'Pulumi.prod.yaml':
          'config:\n  kubernetes:deleteUnreachable: false\n  kubernetes:config:deleteUnreachable: true\n',
      },
    ],
  ])('reads the files that Pulumi reads: %s', (_, files) => {
    const all: Record<string, string> = { ...ours, ...files }
    for (const [name, text] of Object.entries(all)) if (text === '') delete all[name]
    expect(idsOf(question({ program: project(all) }))).toEqual(['deploy.unreachable'])
  })

  it('warns of a provider that is led past the kubeconfig', () => {
    const program = project({
      ...ours,
      'Pulumi.prod.yaml': 'config:\n  kubernetes:kubeconfig: { secure: x }\n  kubernetes:context: a\n',
    })
    const check = guardChecks(question({ program })).find(({ id }) => id === 'deploy.provider')
    expect(check).toMatchObject({
      verdict: 'warn',
      found: 'Pulumi.prod.yaml sets kubernetes:kubeconfig, kubernetes:context',
      remedy: 'pulumi config rm kubernetes:kubeconfig && pulumi config rm kubernetes:context',
    })
  })

  it('asks a person at a terminal for the program alone', () => {
    const environment = {}
    expect(
      idsOf(question({ environment, event: { name: '', defaultBranch: '' }, kubeconfig: '', expectCaSha256: '' })),
    ).toEqual([])
  })
})
