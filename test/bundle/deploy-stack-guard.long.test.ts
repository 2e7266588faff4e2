/** Who may deploy what, from where, to which cluster: the truth table of the guard, through the committed bundle. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'
import { apiServer, type DeployDoor, deployDoors, type Order, repository, request } from './deploy-stack-door.ts'

const opened = deployDoors()
const limitMs = 300_000

/** The checks that say no, one after the other; empty: it is allowed. */
async function refusals(door: DeployDoor, order: Order): Promise<string> {
  const press = await door.press('guard', order)
  const failing = press.report?.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id) ?? ['no report']
  const isRefused = failing.length > 0
  expect(press).toMatchObject({
    exitCode: isRefused ? 1 : 0,
    stderr: '',
    outputs: { result: isRefused ? 'failed' : 'allowed', 'failure-code': isRefused ? 'deploy-refused' : '' },
  })
  // Every reason is told at once, each with what to do.
  const text = [press.report?.failure?.cause, ...(press.report?.failure?.evidence ?? [])].join('\n')
  expect(failing.filter((id) => !text.includes(`${id}: `))).toEqual([])
  expect(text.match(/ {2}do: /g)?.length ?? 0).toBe(failing.length)
  return failing.map((id) => id.replace('deploy.', '')).join(' ')
}

const event = (name: string, ref = 'refs/heads/main'): Required<Pick<Order, 'machine'>> => ({
  machine: { GITHUB_EVENT_NAME: name, GITHUB_REF: ref },
})
const payload = { repository: { full_name: repository, default_branch: 'main' } }
const gone = { ...payload, pull_request: { number: 7, head: { sha: 'a'.repeat(40), repo: null } } }

/** What refuses an update and a preview, beside the cluster and on a machine of GitHub's. */
const events: readonly (readonly [string, Order, up: readonly [string, string], preview: readonly [string, string]])[] =
  [
    ['a push to main', {}, ['', 'runner'], ['', '']],
    ['the button on main', event('workflow_dispatch'), ['', 'runner'], ['', '']],
    ['a push to a branch', event('push', 'refs/heads/topic'), ['event', 'runner event'], ['event', '']],
    [
      'the button on a branch',
      event('workflow_dispatch', 'refs/heads/topic'),
      ['event', 'runner event'],
      ['event', ''],
    ],
    ['a tag that is called main', event('push', 'refs/tags/main'), ['event', 'runner event'], ['event', '']],
    ['a branch below main', event('push', 'refs/heads/main/x'), ['event', 'runner event'], ['event', '']],
    ['the clock', event('schedule'), ['event', 'runner event'], ['', '']],
    ['a pull request', request({}), ['event', 'runner event'], ['event', '']],
    ['a pull request of a fork', request({}, 'octocat/fork'), ['event', 'runner event'], ['event', 'event']],
    [
      'a pull request whose fork is gone',
      { ...request({}), event: gone },
      ['event', 'runner event'],
      ['event', 'event'],
    ],
    ['a pull request without a payload', { ...request({}), event: {} }, ['event', 'runner event'], ['event', 'event']],
    ['pull_request_target', event('pull_request_target'), ['event', 'runner event'], ['event', 'event']],
    ['workflow_run', event('workflow_run'), ['event', 'runner event'], ['event', 'event']],
    ['issue_comment', event('issue_comment'), ['event', 'runner event'], ['event', 'event']],
    ['a push without a payload', { event: {} }, ['event', 'runner event'], ['event', '']],
    ['a payload that is no object', { event: [] }, ['event', 'runner event'], ['event', '']],
    ['no event', event(''), ['event', 'runner event'], ['event', 'event']],
  ]

describe('the guard', () => {
  it(
    'asks which event, on which branch, on which runner, for an update and for a preview',
    async () => {
      const door = await opened()
      const found: unknown[] = []
      for (const [name, order] of events) {
        const [up, preview] = [[] as string[], [] as string[]]
        for (const runner of ['self-hosted', 'github-hosted']) {
          const machine = { ...order.machine, RUNNER_ENVIRONMENT: runner }
          up.push(await refusals(door, { ...order, machine }))
          preview.push(await refusals(door, { ...order, machine, inputs: { 'dry-run': 'true' } }))
        }
        found.push([name, up, preview])
      }
      expect(found).toEqual(events.map(([name, , up, preview]) => [name, up, preview]))
      expect(door.deploy.calls).toEqual([])
    },
    limitMs,
  )

  it(
    'asks which cluster, which stack, and whether Pulumi would forget what it cannot reach; and says all of it at once',
    async () => {
      const door = await opened()
      const own = readFileSync(door.kubeconfig, 'utf8')
      const stranger = await createAuthority('another cluster')
      const lay = (name: string, text: string): Readonly<Record<string, string>> => {
        const path = join(door.folder, name)
        writeFileSync(path, text)
        return { kubeconfig: path }
      }
      const user = { name: 'admin', token: 'token-of-another-cluster' }
      const other = kubeconfigText('oceanid', apiServer, stranger.certPem, user)
      const decoded = Buffer.from(/certificate-authority-data: "?([^\s"]+)/.exec(own)?.[1] ?? '', 'base64').toString()
      const both = kubeconfigText('oceanid', apiServer, `${decoded}${stranger.certPem}`, user)
      const uid = '00000000-0000-0000-0000-000000000000'
      const config = (name: string, value: string) => () =>
        writeFileSync(
          join(door.program, 'Pulumi.prod.yaml'),
          `${readFileSync(join(door.program, 'Pulumi.prod.yaml'), 'utf8')}  ${name}: ${value}\n`,
        )
      const rows: readonly (readonly [string, Order, expected: string, prepare?: () => void])[] = [
        ['the kubeconfig of another cluster', { inputs: lay('other', other) }, 'cluster'],
        ['two CAs in it', { inputs: lay('both', both) }, 'cluster'],
        ['two clusters in it', { inputs: lay('two', `${own}\n---\n${other}`) }, 'cluster'],
        ['none at all', { inputs: { kubeconfig: '' }, machine: { KUBECONFIG: '' } }, 'cluster'],
        ['one that is not there', { inputs: { kubeconfig: '/nowhere' } }, 'cluster'],
        ['several files', { inputs: { kubeconfig: '' }, machine: { KUBECONFIG: `/a:${door.kubeconfig}` } }, 'cluster'],
        ['a folder', { inputs: { kubeconfig: door.folder } }, 'cluster'],
        ['no UID', { inputs: { 'cluster-uid': '' } }, 'cluster'],
        ['another UID', { inputs: { 'cluster-uid': uid } }, 'cluster'],
        ['another CA is expected', { inputs: { 'expect-ca-sha256': 'ab'.repeat(32) } }, 'cluster'],
        ['another UID is expected', { inputs: { 'expect-cluster-uid': uid } }, 'cluster'],
        ['a runner of no known kind', { machine: { RUNNER_ENVIRONMENT: 'mine' } }, 'runner'],
        ['a runner that says nothing', { machine: { RUNNER_ENVIRONMENT: '' } }, 'runner'],
        ['no marks of a job but one', { machine: { GITHUB_ACTIONS: '', RUNNER_ENVIRONMENT: '' } }, 'runner'],
        ['another target', { machine: { DEPLOY_TARGET: 'ryan-taylor/oceanid-cluster/dev' } }, 'stack'],
        ['a stack of another project', { inputs: { stack: 'ryan-taylor/other/prod' } }, 'stack'],
        ['what is unreachable is deleted', { machine: { PULUMI_K8S_DELETE_UNREACHABLE: 'true' } }, 'unreachable'],
        ['or passed over', { machine: { PULUMI_K8S_SKIP_UPDATE_UNREACHABLE: '1' } }, 'unreachable'],
        ['which is switched off', { machine: { PULUMI_K8S_DELETE_UNREACHABLE: 'false' } }, ''],
        ['by the configuration', {}, 'unreachable', config('kubernetes:deleteUnreachable', '"true"')],
        ['by a secret of it', {}, 'unreachable', config('kubernetes:skipUpdateUnreachable', '{ secure: v1:x }')],
        [
          'everything',
          {
            ...request({ RUNNER_ENVIRONMENT: 'self-hosted', PULUMI_K8S_DELETE_UNREACHABLE: 'true' }),
            inputs: { stack: 'ryan-taylor/other/prod', kubeconfig: '/nowhere', 'expect-ca-sha256': 'ab'.repeat(32) },
          },
          'event stack cluster unreachable',
        ],
        ['no program', {}, 'stack cluster', () => rmSync(join(door.program, 'Pulumi.yaml'))],
      ]
      const found: unknown[] = []
      for (const [name, order, , prepare] of rows) {
        door.set()
        prepare?.()
        found.push([name, await refusals(door, order)])
      }
      expect(found).toEqual(rows.map(([name, , expected]) => [name, expected]))
      expect(door.deploy.calls).toEqual([])
    },
    limitMs,
  )

  it(
    'is asked before Pulumi and before a build, whoever left it out of the workflow',
    async () => {
      const door = await opened()
      const topic = event('push', 'refs/heads/topic')
      const pull = request({ RUNNER_ENVIRONMENT: 'self-hosted' })
      for (const [command, order] of [
        ['up', topic],
        ['up', { ...request({}) }],
        ['preview', pull],
        ['drift', pull],
        ['install', pull],
        ['install', { ...request({}, 'octocat/fork') }],
      ] as const) {
        const press = await door.press(command, order)
        expect([command, press.exitCode, press.outputs['failure-code']]).toEqual([command, 1, 'deploy-refused'])
        expect([command, press.state]).toEqual([command, {}])
      }
      expect(door.deploy.calls).toEqual([])
      // Between guard and program the kubeconfig is another: the program's own guard says no, and nothing is changed.
      const before = JSON.stringify(door.deploy.reality())
      const stranger = await createAuthority('another cluster')
      const user = { name: 'admin', token: 'token-of-another-cluster' }
      const swapped = kubeconfigText('oceanid', apiServer, stranger.certPem, user)
      door.before(/POST \S+\/prod\/update$/, () => writeFileSync(door.kubeconfig, swapped))
      const press = await door.press('up')
      expect(press).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'pulumi-program', changed: 'false' } })
      expect(press.report?.failure?.evidence.join()).toMatch(/another cluster/)
      expect(JSON.stringify(door.deploy.reality())).toBe(before)
      await door.post(press, 'up')
    },
    limitMs,
  )
})
