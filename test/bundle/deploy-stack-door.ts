/**
 * The committed bundle of deploy-stack, started as the runner starts it. Around it stand the embedded Pulumi with its Cloud, the cluster
 * that it deploys to, GitHub, and package managers; the presses share one workspace, one temporary folder and one home, as the steps of
 * one job do.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, expect } from '@jest/globals'
import { parse } from 'yaml'
import { type Exhibit, expectNoLeaks, filesBelow, type Secret } from '../../lab/secrets.ts'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { Endpoint, GithubWorld } from '../../rehearsal/contract.ts'
import { type Pulumi, pulumiName } from '../../rehearsal/esc/index.ts'
import { startOceanid } from '../../rehearsal/esc/oceanid.ts'
import { githubNames, startGithub } from '../../rehearsal/github/index.ts'
import { type Press, pressBundle, type Running } from '../../rehearsal/press.ts'
import { type DeployFault, type DeployWorld, holderOf, layDeployWorld } from '../../rehearsal/pulumi/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { stdoutProblems, summaryProblems } from './hostile.ts'
import { layHome, marked } from './kubeconfig-esc-machine.ts'

export type { Press, Running } from '../../rehearsal/press.ts'
export { stackReference, urns } from '../../rehearsal/pulumi/index.ts'

export type Command = 'install' | 'guard' | 'preview' | 'up' | 'drift' | 'comment'

/** Which job it is: variables of the runner over those of a push to main on a self-hosted runner, and the payload of its event. */
export interface Job {
  readonly machine?: Readonly<Record<string, string>>
  readonly event?: unknown
}

export interface Order extends Job {
  readonly command?: Command
  readonly inputs?: Readonly<Record<string, string>>
  readonly stage?: 'main' | 'post'
  /** What main saved. */
  readonly state?: Readonly<Record<string, string>>
}

export interface DeployDoor {
  readonly folder: string
  readonly workspace: string
  /** Folder of the program in the workspace. */
  readonly program: string
  readonly temp: string
  readonly home: string
  readonly kubeconfig: string
  readonly cluster: Cluster
  readonly github: GithubWorld
  readonly deploy: DeployWorld
  readonly accessToken: string
  /** Token of a job that may write to pull requests. */
  readonly githubToken: string
  readonly secrets: readonly Secret[]
  /** From now on exactly these are wrong, and the checkout is as they have it. */
  set(...faults: readonly DeployFault[]): void
  /** Once: before Pulumi Cloud answers the next `METHOD organization/project/stack/…` that matches. */
  before(pattern: RegExp, act: () => void): void
  /** A program that stands before all others on PATH: the text of a module. */
  stand(name: string, source: string): void
  start(order?: Order): Running
  press(command: Command, order?: Order): Promise<Press>
  /** Post of what main has left, with the inputs that main had. */
  post(main: Pick<Press, 'state'>, command: Command, order?: Order): Promise<Press>
  /** The folder of the press that was started last, with the files of its commands. */
  lastPress(): string
  /** Who holds the stack at Pulumi Cloud, by the id of the update; empty: nobody. */
  holder(): string
  /** What of all presses is left on the runner: files but those of reports, and processes. */
  leftovers(): readonly string[]
  /** Everything that the presses so far have shown or left, by where. */
  left(): readonly Exhibit[]
  close(): Promise<void>
}

const { inputs: declared, outputs: named } = parse(
  readFileSync(join(repositoryRoot, 'actions', 'deploy-stack', 'action.yml'), 'utf8'),
) as { inputs: Record<string, { default?: string }>; outputs: object }
export const outputNames: readonly string[] = Object.keys(named).sort()
/** GitHub gives an input that is empty as an empty variable, too. */
const defaults = Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input.default ?? '']))

export const apiServer = 'https://157.173.210.123:6443'
export const repository = 'rehearsal/k3s-gpu-actions'
export const runId = '7001'
const head = 'a'.repeat(40)

/** What the runner says of a push to main beside the cluster. */
const merged = {
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: runId,
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: head,
  GITHUB_WORKFLOW: 'Deploy',
  RUNNER_ENVIRONMENT: 'self-hosted',
  RUNNER_NAME: 'tethys',
}
const payload = { repository: { full_name: repository, default_branch: 'main' } }

/** A pull request of this repository on a machine of GitHub's, or of somebody else's. */
export const request = (more: Readonly<Record<string, string>> = {}, from = repository): Required<Job> => ({
  machine: {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_REF: 'refs/pull/7/merge',
    RUNNER_ENVIRONMENT: 'github-hosted',
    ...more,
  },
  event: { ...payload, number: 7, pull_request: { number: 7, head: { sha: head, repo: { full_name: from } } } },
})

export async function openDeployDoor(): Promise<DeployDoor> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-stack-door-'))
  const at = (name: string): string => join(folder, name)
  const [workspace, temp, home, own, bin] = [at('workspace'), at('temp'), at('home'), at('own'), at('bin')]
  for (const path of [join(workspace, 'clusters'), temp, own]) mkdirSync(path, { recursive: true })
  layHome(home)
  const homeBefore = JSON.stringify(filesBelow(home))
  const cluster = await startCluster({ directory: folder, faults: new Set(), calypso: 'fresh' })
  const certificate = await cluster.issue([...githubNames, pulumiName])
  const github = await startGithub({ certificate, releases: [], faults: new Set() })
  const deploy = layDeployWorld({ directory: folder, programs: bin, cluster })
  const hooks: { readonly pattern: RegExp; readonly act: () => void }[] = []
  const pulumi: Pulumi = await startOceanid({
    certificate,
    cluster,
    calypso: { clientPrivateKey: '' },
    server: apiServer,
    faults: new Set(),
    verify: () => undefined as never,
    refusesLogin: deploy.refusesLogin,
    stacks: (ask) => {
      const asked = `${ask.method} ${ask.segments.join('/')}`
      const due = hooks.findIndex(({ pattern }) => pattern.test(asked))
      if (due >= 0) for (const { act } of hooks.splice(due, 1)) act()
      return deploy.answer(ask)
    },
  })
  const endpoints: readonly Endpoint[] = [
    { host: pulumiName, port: 443, to: pulumi.port },
    ...githubNames.map((host) => ({ host, port: 443, to: github.port })),
    { host: '157.173.210.123', port: 6443, to: cluster.port },
  ]
  deploy.lead(endpoints)
  const [caFile, kubeconfig] = [at('ca.pem'), at('kubeconfig')]
  writeFileSync(caFile, cluster.caPem)
  writeFileSync(kubeconfig, cluster.adminKubeconfig(apiServer), { mode: 0o600 })
  cpSync(join(repositoryRoot, 'clusters', 'oceanid.yaml'), join(workspace, 'clusters', 'oceanid.yaml'))
  const accessToken = pulumi.accessToken({
    organization: 'ryan-taylor',
    tokenType: 'personal',
    name: 'ryan-taylor',
  })
  const jobToken = github.tokens.admit({ 'pull-requests': 'write', issues: 'write' })
  github.issues.add({ title: 'Two replicas', number: 7, isPullRequest: true, login: 'octocat' })
  const clusterUid = String(cluster.objects.get('namespaces/kube-system')?.metadata.uid ?? '')
  const mark = `github_${randomBytes(12).toString('hex')}`
  const presses: Press[] = []
  const running = new Set<Running>()
  let number = 0

  const program = join(workspace, 'cluster')
  /** Checked out, and installed: the CLI looks for this folder. */
  const lay = (): void => {
    rmSync(program, { recursive: true, force: true })
    cpSync(join(deploy.overlay, 'cluster'), program, { recursive: true })
    mkdirSync(join(program, 'node_modules'))
  }
  lay()
  const inputsOf = (command: Command): Readonly<Record<string, string>> => ({
    ...defaults,
    command,
    'cluster-file': 'clusters/oceanid.yaml',
    ...(command === 'install' || command === 'comment' ? {} : { kubeconfig, 'cluster-uid': clusterUid }),
    ...(['preview', 'up', 'drift'].includes(command)
      ? { 'access-token': accessToken, 'config-passphrase': deploy.passphrase }
      : {}),
    ...(command === 'comment'
      ? {
          'from-report': join(temp, 'k3s-gpu-actions', 'deploy-stack-preview', 'report.json'),
          'github-token': jobToken.token,
        }
      : {}),
  })
  const start: DeployDoor['start'] = (order = {}) => {
    number += 1
    const eventFile = at(`event-${number}.json`)
    writeFileSync(eventFile, JSON.stringify(order.event ?? payload))
    const machine = {
      ...merged,
      GITHUB_EVENT_PATH: eventFile,
      HOME: home,
      RUNNER_TEMP: temp,
      RUNNER_TRACKING_ID: mark,
      KUBECONFIG: kubeconfig,
      PATH: [own, dirname(deploy.program), bin, process.env.PATH ?? ''].join(delimiter),
      ...order.machine,
    }
    const press = pressBundle(
      { folder, endpoints, caFile, machine, workspace },
      {
        action: 'deploy-stack',
        stage: order.stage ?? 'main',
        inputs: { ...inputsOf(order.command ?? 'up'), ...order.inputs },
        state: order.state ?? {},
      },
    )
    running.add(press)
    press.ended
      .then(
        (done) => presses.push(done),
        () => undefined,
      )
      .finally(() => running.delete(press))
    return press
  }
  const left = (): readonly Exhibit[] => [
    ...presses.flatMap(({ stdout, stderr, state }, index) => [
      {
        where: `the log of press ${index + 1}`,
        text: stdout
          .split('\n')
          .filter((line) => !line.startsWith('::add-mask::'))
          .join('\n'),
      },
      { where: `standard error of press ${index + 1}`, text: stderr },
      { where: `the state of press ${index + 1}`, text: JSON.stringify(state) },
    ]),
    // Command files, the temporary folder, home, and what is checked out.
    ...readdirSync(folder)
      .filter((name) => /^(press-\d+|temp|home|workspace|tools)$/.test(name))
      .flatMap((name) => filesBelow(at(name))),
    ...github.issues.all.map((issue) => ({ where: `issue ${issue.number}`, text: JSON.stringify(issue) })),
  ]
  const door: DeployDoor = {
    folder,
    workspace,
    program,
    temp,
    home,
    kubeconfig,
    cluster,
    github,
    deploy,
    accessToken,
    githubToken: jobToken.token,
    get secrets() {
      return [
        { name: 'the access token', value: accessToken },
        { name: 'the token of the job', value: jobToken.token },
        ...deploy.secrets.map((value, index) => ({ name: `secret ${index} of the stack`, value })),
        ...cluster.secrets.map((value, index) => ({ name: `secret ${index} of the cluster`, value })),
      ]
    },
    set(...faults) {
      deploy.set(new Set(faults))
      lay()
    },
    before: (pattern, act) => void hooks.push({ pattern, act }),
    stand(name, source) {
      const file = at(`${name}-stand-in.mjs`)
      writeFileSync(file, source)
      writeFileSync(join(own, name), `#!/bin/sh\nexec '${process.execPath}' '${file}' "$@"\n`)
      chmodSync(join(own, name), 0o755)
    },
    start,
    press: (command, order) => start({ ...order, command }).ended,
    post: ({ state }, command, order) => start({ ...order, command, stage: 'post', state }).ended,
    lastPress: () => at(`press-${number}`),
    holder: () => {
      const { stack } = deploy
      return (stack && holderOf(stack)?.id) ?? ''
    },
    leftovers: () => [
      ...readdirSync(temp, { recursive: true, encoding: 'utf8' })
        .filter((name) => !/^k3s-gpu-actions(?:$|\/)/.test(name))
        .map((name) => `file ${name}`),
      ...marked(
        mark,
        [...running].map(({ child }) => child.pid),
      ),
    ],
    left,
    async close() {
      try {
        for (const { child, ended } of running) {
          child.kill('SIGKILL')
          await ended.catch(() => undefined)
        }
        expect(JSON.stringify(filesBelow(home))).toBe(homeBefore)
        expectNoLeaks(left(), door.secrets)
      } finally {
        jobToken.end()
        await pulumi.close()
        await github.close()
        await cluster.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
  return door
}

/** Everything that a press with hostile text around it did wrong; its report was held against the schema already. */
export function problemsOf(press: Press): readonly string[] {
  return [
    ...stdoutProblems(press.stdout),
    ...Object.keys(press.outputs)
      .filter((name) => !outputNames.includes(name))
      .map((name) => `an output that is not ours: ${name}`),
    ...Object.keys(press.state)
      .filter((name) => !['folder', 'begun', 'ended'].includes(name))
      .map((name) => `a state that is not ours: ${name}`),
    ...summaryProblems(press.summary).map((problem) => `summary, ${problem}`),
  ]
}

/** For test files: opens doors and closes them after each test. */
export function deployDoors(): () => Promise<DeployDoor> {
  const open = new Set<DeployDoor>()
  afterEach(async () => {
    const closing = [...open]
    open.clear()
    for (const result of await Promise.allSettled(closing.map((door) => door.close())))
      if (result.status === 'rejected') throw result.reason
  })
  return async () => {
    const door = await openDeployDoor()
    open.add(door)
    return door
  }
}
