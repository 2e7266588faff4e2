import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ConfigurationError } from '../../actions/configuration-error.ts'
import { readInputs } from '../../actions/deploy-stack/inputs.ts'

const clusterFile = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')
const stack = 'ryan-taylor/oceanid-cluster/prod'

type Inputs = Readonly<Record<string, string>>

/** A runner with these inputs, and files of the workspace by path. */
function read(inputs: Inputs, files: Inputs = {}) {
  const masked: string[] = []
  const forgotten: string[] = []
  const runner = {
    input: (name: string) => (inputs[name] ?? '').trim(),
    mask: (secret: string) => void masked.push(secret),
    workspace: '/runner/space',
    environment: { KUBECONFIG: '/runner/temp/kubeconfig' },
  }
  const known: Inputs = { '/runner/space/clusters/oceanid.yaml': clusterFile, ...files }
  const readFile = (path: string): string => {
    const content = known[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  return { masked, forgotten, inputs: readInputs(runner, (name) => void forgotten.push(name), readFile) }
}

function problemsOf(inputs: Inputs, files: Inputs = {}): string[] {
  try {
    read(inputs, files)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ input, problem }) => `${input} ${problem}`)
  }
}

const oceanid = { 'cluster-file': 'clusters/oceanid.yaml' }

describe('the inputs of deploy-stack', () => {
  it('give the stack of the seeds, its folder, its package manager, and careful defaults', () => {
    expect(read({ command: 'up', ...oceanid }).inputs).toMatchObject({
      kind: 'pulumi',
      command: 'up',
      cluster: 'oceanid',
      stackName: stack,
      stack: { organization: 'ryan-taylor', project: 'oceanid-cluster', stack: 'prod' },
      folder: 'cluster',
      directory: '/runner/space/cluster',
      packageManager: 'pnpm',
      kubeconfig: '/runner/temp/kubeconfig',
      isPlanBound: false,
      isRefreshed: false,
      passphrase: '',
      passEnvironment: [],
      timeoutMs: 1_800_000,
      backendUrl: 'https://api.pulumi.com',
      identity: { kind: 'oidc', tokenType: 'personal', scope: 'user:ryan-taylor', expirationSeconds: 7200 },
      dryRun: false,
    })
  })

  it('win over the cluster file, and say where each value came from', () => {
    const { inputs } = read({ command: 'guard', ...oceanid, stack: 'me/other/dev', 'working-directory': 'infra' })
    expect(inputs).toMatchObject({ kind: 'guard', stackName: 'me/other/dev', folder: 'infra' })
    expect(inputs.provenance).toEqual([
      { name: 'working-directory', value: 'infra', source: 'input' },
      { name: 'stack', value: 'me/other/dev', source: 'input' },
      { name: 'kubeconfig', value: '/runner/temp/kubeconfig', source: '$KUBECONFIG' },
    ])
  })

  it('make a preview of a dry run of up, which is never bound to a plan, and refresh for drift', () => {
    const up = { command: 'up', ...oceanid, 'bind-plan': 'true' }
    expect(read(up).inputs).toMatchObject({ command: 'up', isPlanBound: true })
    expect(read({ ...up, 'dry-run': 'true' }).inputs).toMatchObject({ command: 'preview', isPlanBound: false })
    expect(read({ command: 'drift', ...oceanid }).inputs).toMatchObject({ command: 'drift', isRefreshed: true })
  })

  it('mask secrets and forget them before anything else', () => {
    const secrets = { 'access-token': 'pul-secret', 'config-passphrase': 'open sesame' }
    const { masked, forgotten, inputs } = read({ command: 'up', ...oceanid, ...secrets })
    expect(masked).toEqual(['pul-secret', 'open sesame'])
    expect(forgotten).toEqual(['access-token', 'config-passphrase'])
    expect(inputs).toMatchObject({ identity: { kind: 'token', token: 'pul-secret' }, passphrase: 'open sesame' })
  })

  it('give no secret to a command that needs none', () => {
    const secrets = { 'access-token': 'pul-secret', 'config-passphrase': 'sesame', 'github-token': 'ghs' }
    for (const command of ['install', 'guard'])
      expect(problemsOf({ command, ...oceanid, ...secrets })).toEqual([
        `access-token is given, but ${command} needs none`,
        `config-passphrase is given, but ${command} needs none`,
        `github-token is given, but ${command} needs none`,
      ])
  })

  it('hand on no variable that is a token, a file of the runner, or lets Pulumi forget', () => {
    const given = (names: string) => problemsOf({ command: 'up', ...oceanid, 'pass-environment': names })
    expect(given('CLOUDFLARE_ACCOUNT_ID\nTF_VAR_x, npm_config_registry')).toEqual([])
    const refused = [
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'ACTIONS_RUNTIME_TOKEN',
      'GITHUB_TOKEN',
      'GITHUB_ENV',
      'GITHUB_OUTPUT',
      'INPUT_ACCESS-TOKEN',
      'INPUT_ACCESS_TOKEN',
      'PULUMI_K8S_DELETE_UNREACHABLE',
      'pulumi_k8s_skip_update_unreachable',
      'PULUMI_ACCESS_TOKEN',
      'PULUMI_CREDENTIALS_PATH',
      'LD_PRELOAD',
      'NODE_OPTIONS',
      'KUBECONFIG',
      'PATH',
      'A B',
      'X=1',
    ]
    for (const name of refused) expect([name, given(name).length]).toEqual([name, 1])
  })

  it.each([
    ['no stack', { command: 'up' }, ['stack is missing']],
    ['a short stack', { command: 'up', stack: 'prod' }, ['stack does not name organization, project and stack']],
    ['a stack that is a path', { command: 'up', stack: 'a/../b' }, ['stack has the wrong form']],
    ['a stack that is an option', { command: 'up', stack: '--cwd/a/b' }, ['stack begins with a dash']],
    [
      'a folder elsewhere',
      { command: 'install', 'working-directory': '../x' },
      ['working-directory does not stay below the workspace'],
    ],
    [
      'an absolute folder',
      { command: 'install', 'working-directory': '/etc' },
      ['working-directory does not stay below the workspace'],
    ],
    [
      'another manager',
      { command: 'install', 'package-manager': 'bun' },
      ['package-manager is not one of the choices'],
    ],
    ['a CA that is none', { command: 'guard', stack, 'expect-ca-sha256': 'abc' }, ['expect-ca-sha256 is no SHA-256']],
    ['a UID that is none', { command: 'guard', stack, 'cluster-uid': 'x' }, ['cluster-uid is no UID']],
    [
      'a token that ends first',
      { command: 'up', stack, timeout: '3h' },
      ['expiration ends before timeout does: a long update would lose its token, and could not end in good order'],
    ],
    [
      'a console',
      { command: 'up', stack, 'backend-url': 'https://app.pulumi.com' },
      ['backend-url is the console, not the API'],
    ],
    ['a comment without all', { command: 'comment' }, ['from-report is missing', 'github-token is missing']],
    [
      'a number with a sign',
      { command: 'comment', 'from-report': 'r', 'github-token': 't', 'pull-request': '#7' },
      ['pull-request is no number of a pull request'],
    ],
    ['another command', { command: 'destroy' }, ['command is not one of the choices']],
    ['no command', {}, ['command is missing']],
  ] as const)('refuse %s', (_, inputs, problems) => {
    expect(problemsOf(inputs)).toEqual(problems)
  })

  it('tell every problem at once, those of the cluster file among them', () => {
    const files = {
      '/runner/space/c.yaml': 'name: x\nnodes: { a: {} }\ndeploy: { stack: prod, working-directory: ../x, what: 1 }\n',
    }
    const found = problemsOf({ command: 'up', 'cluster-file': 'c.yaml', timeout: 'soon' }, files)
    expect(found).toHaveLength(4)
    expect(found.join('\n')).toMatch(/timeout is no duration[\s\S]*c\.yaml:3:.*stack[\s\S]*c\.yaml:3:.*what/)
  })

  it('take a comment whose report is not there: that is something to tell, too', () => {
    const given = { command: 'comment', 'from-report': 'deploy-report/report.json', 'github-token': 'ghs' }
    expect(read(given).inputs).toMatchObject({ kind: 'comment', text: undefined, pullRequest: 0, token: 'ghs' })
    const files = { '/runner/space/deploy-report/report.json': '{}' }
    expect(read({ ...given, 'pull-request': '17' }, files).inputs).toMatchObject({ text: '{}', pullRequest: 17 })
  })
})
