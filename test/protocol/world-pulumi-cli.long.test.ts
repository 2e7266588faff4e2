/** The stand-in of Pulumi's CLI, in front of the embedded world: what it prints, writes and leaves, and with which exit code. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type DeployFault, holderOf, stackReference, urns } from '../../rehearsal/pulumi/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'

const directory = mkdtempSync(join(tmpdir(), 'world-pulumi-cli-'))
const folder = join(directory, 'cluster')
const eventLog = join(directory, 'events.jsonl')
let world: World
let token = ''

beforeAll(async () => {
  world = await startWorld({ directory: join(directory, 'world'), faults: new Set(), calypso: 'in-service' })
  token = world.pulumi.accessToken({ organization: 'ryan-taylor', tokenType: 'personal', name: 'ryan-taylor' })
})
afterAll(async () => {
  await world.close()
  rmSync(directory, { recursive: true })
})
afterEach(() => world.deploy.set(new Set()))

/** Checks the program out as the faults have it, installed. */
function checkOut(...faults: readonly DeployFault[]): void {
  world.deploy.set(new Set(faults))
  rmSync(folder, { recursive: true, force: true })
  cpSync(join(world.deploy.overlay, 'cluster'), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const common = ['--stack', stackReference, '--non-interactive', '--color', 'never']

/** @param at a signal for the moment when standard output matches */
async function pulumi(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  at?: { readonly pattern: RegExp; readonly signals: readonly NodeJS.Signals[] },
): Promise<Ended> {
  const child = spawn(world.deploy.program, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: join(directory, 'home'),
      PULUMI_HOME: join(directory, 'pulumi-home'),
      PULUMI_ACCESS_TOKEN: token,
      PULUMI_CONFIG_PASSPHRASE: world.deploy.passphrase,
      PULUMI_DEBUG_COMMANDS: 'true',
      KUBECONFIG: world.kubeconfigFile,
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '100041',
      RUNNER_ENVIRONMENT: 'self-hosted',
      DEPLOY_TARGET: stackReference,
      CLUSTER_UID: world.cluster.objects.get('namespaces/kube-system')?.metadata.uid ?? '',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting = [...(at?.signals ?? [])]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (at?.pattern.test(stdout)) for (const signal of waiting.splice(0)) child.kill(signal)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}

const update = (...flags: readonly string[]) => pulumi(['up', '--yes', '--skip-preview', ...flags, ...common])
const preview = (...flags: readonly string[]) => pulumi(['preview', ...flags, ...common])
const events = () =>
  readFileSync(eventLog, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>)

describe('the stand-in of pulumi', () => {
  it('previews what the program wants, writes it as events without a secret, and changes nothing', async () => {
    checkOut()
    const { code, stdout } = await preview('--event-log', eventLog)
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('+ 1 to create\n    ~ 1 to update\n    2 changes. 2 unchanged'),
    ])
    expect(stdout).toMatch(/^Previewing update \(prod\)\n\nView Live: https:\/\/app\.pulumi\.com\/ryan-taylor\//)
    expect(events().at(-2)?.summaryEvent).toMatchObject({
      resourceChanges: { same: 2, update: 1, create: 1 },
      isPreview: true,
      result: 'succeeded',
    })
    for (const secret of world.deploy.secrets) expect(readFileSync(eventLog, 'utf8') + stdout).not.toContain(secret)
    expect(Object.keys(world.deploy.reality())).not.toContain(urns.cloudflared)
  })

  it('updates, says its outputs but not the secret one, and a second update changes nothing', async () => {
    checkOut()
    expect((await update()).stdout).toContain('+ 1 created\n    ~ 1 updated')
    expect(world.deploy.reality()[urns.triton]).toMatchObject({ data: { url: 'https://gpu.boathou.se' } })
    const { stdout } = await pulumi(['stack', 'output', '--json', ...common])
    expect(JSON.parse(stdout)).toMatchObject({ appsNamespace: 'apps', tunnelToken: '[secret]' })
    expect((await update()).stdout).toContain('4 unchanged')
    expect(JSON.stringify(world.deploy.stack?.deployment)).not.toContain(world.deploy.secrets[1] ?? '-')
  })

  it('finds drift only by looking at the resources, and ends with 7 where none was expected', async () => {
    checkOut('deploy-drift')
    expect(await preview('--expect-no-changes')).toMatchObject({ code: 0 })
    const seen = await preview('--refresh', '--run-program', '--expect-no-changes', '--event-log', eventLog)
    expect(seen).toMatchObject({
      code: 7,
      stderr: 'error: no changes were expected for preview but changes were proposed\n',
    })
    const changed = events().filter(
      ({ resOutputsEvent }) => (resOutputsEvent?.metadata as { op?: string })?.op === 'update',
    )
    expect(changed).toHaveLength(1)
    expect(changed[0]?.resOutputsEvent?.metadata).toMatchObject({ urn: urns.triton, diffs: ['data'] })
    await update('--refresh')
  })

  it("does not get past the program's own guard without a job that names this stack and leads to this cluster", async () => {
    checkOut()
    const refused = await pulumi(['up', '--yes', ...common], { DEPLOY_TARGET: '', RUNNER_ENVIRONMENT: 'github-hosted' })
    expect(refused.code).toBe(1)
    expect(refused.stdout).toContain('is not deployed from here:')
    expect(refused.stdout).not.toContain('Updating')
  })

  it.each([
    [
      'deploy-passphrase-wrong',
      1,
      'error: getting stack configuration: get stack secrets manager: incorrect passphrase',
    ],
    ['deploy-token-refused', 1, 'error: Unauthorized: No credentials provided or are invalid.'],
    ['deploy-cloud-down', 1, 'error: [503] Service Unavailable'],
    ['deploy-locked', 1, 'error: [409] Conflict: Another update is currently in progress.\nTo learn more'],
  ] as const)('with %s it ends with %d: %s', async (fault, code, words) => {
    checkOut(fault)
    const ended = await update()
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(words) })
    const holder = world.deploy.stack && holderOf(world.deploy.stack)
    if (holder)
      world.deploy.stacks.end(world.deploy.stack?.updates.find(({ id }) => id === holder.id) ?? never(), 'failed')
  })

  it('holds an update to its plan', async () => {
    checkOut('deploy-plan-exceeded')
    const plan = join(directory, 'plan.json')
    expect((await preview('--save-plan', plan)).stdout).toContain(`Update plan written to '${plan}'`)
    const { code, stdout } = await update('--plan', plan)
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('::late violates plan: create is not allowed by the plan'),
    ])
  })

  it('ends its update at the first SIGINT, and is nobody’s holder afterwards', async () => {
    world.deploy.change(urns.triton, { metadata: { name: 'triton', namespace: 'apps' }, data: {} })
    checkOut('deploy-hangs')
    const ended = await pulumi(
      ['up', '--yes', '--skip-preview', '--refresh', ...common, '--event-log', eventLog],
      {},
      {
        pattern: /Waiting/,
        signals: ['SIGINT'],
      },
    )
    // A BailError of the engine: 8 is for one that was terminated.
    expect([ended.code, ended.signal]).toEqual([1, null])
    expect(ended.stdout).toContain('^C received; cancelling.')
    expect(ended.stdout).toContain('error: update canceled')
    expect(world.deploy.stack && holderOf(world.deploy.stack)).toBeUndefined()
  })

  it('leaves its lock with the number of the run, where it has to be killed', async () => {
    world.deploy.change(urns.triton, { metadata: { name: 'triton', namespace: 'apps' }, data: {} })
    checkOut('deploy-hangs-on-cancel')
    const ended = await pulumi(
      ['up', '--yes', '--skip-preview', '--refresh', ...common],
      {},
      {
        pattern: /Waiting/,
        signals: ['SIGINT', 'SIGTERM', 'SIGKILL'],
      },
    )
    expect(ended.signal).toBe('SIGKILL')
    const holder = world.deploy.stack && holderOf(world.deploy.stack)
    expect(holder?.environment).toMatchObject({ 'ci.system': 'GitHub Actions', 'ci.build.id': '100041' })
  })

  it.each([
    [['preview', '--frobnicate'], 'error: unknown flag: --frobnicate'],
    [['deploy'], 'error: unknown command "deploy" for "pulumi"'],
  ])('knows no %j', async (args, words) => {
    expect(await pulumi(args)).toMatchObject({ code: 1, stderr: `${words}\n` })
  })

  it('has no event log unless its debug commands are asked for', async () => {
    checkOut()
    const ended = await pulumi(['preview', '--event-log', eventLog, ...common], { PULUMI_DEBUG_COMMANDS: '' })
    expect(ended.stderr).toBe('error: unknown flag: --event-log\n')
  })
})

function never(): never {
  throw new Error('the stack has lost its holder')
}
