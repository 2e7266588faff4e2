/** Whatever goes wrong with a deployment is told by its cause, with what to do: through the committed bundle. */
import { describe, expect, it } from '@jest/globals'
import { type Command, deployDoors, outputNames, type Press } from './deploy-stack-door.ts'

const opened = deployDoors()
const limitMs = 240_000

interface Told {
  readonly code: string
  readonly cause: RegExp
  readonly remedy: RegExp
  /** What is true of the cluster afterwards. */
  readonly state?: RegExp
  readonly command?: Command
  readonly inputs?: Readonly<Record<string, string>>
  /** Failed without a word of Pulumi's program: nothing was started. */
  readonly isUnstarted?: true
}

const told = {
  'deploy-locked': {
    code: 'pulumi-locked',
    cause: /^ryan-taylor runs an update since 20\d\d-.* \(update [0-9a-f-]+\)$/,
    remedy: /wait for it to end.*pulumi cancel --stack ryan-taylor\/oceanid-cluster\/prod --yes/,
    state: /^nothing was changed/,
  },
  'deploy-lock-left': { code: 'pulumi-locked', cause: /workflow run 99999999/, remedy: /pulumi cancel --stack/ },
  'deploy-update-fails': {
    code: 'pulumi-resources',
    cause: /API server .* refused/,
    remedy: /correct what they say/,
    state: /./,
  },
  'deploy-program-throws': {
    code: 'pulumi-program',
    cause: /it threw/,
    remedy: /pulumi preview --stack/,
    state: /^nothing was changed/,
  },
  'deploy-passphrase-wrong': {
    code: 'pulumi-passphrase',
    cause: /not the one that they were encrypted with/,
    remedy: /PULUMI_CONFIG_PASSPHRASE/,
  },
  'deploy-passphrase-missing': {
    code: 'pulumi-passphrase',
    cause: /none was given/,
    remedy: /PULUMI_CONFIG_PASSPHRASE/,
    inputs: { 'config-passphrase': '' },
  },
  'deploy-drift': { code: 'pulumi-drift', cause: /changed/, remedy: /deploy/, command: 'drift' },
  'deploy-unreachable': { code: 'pulumi-unreachable', cause: /API server/, remedy: /verify-cluster/ },
  'deploy-wrong-cluster': {
    code: 'deploy-refused',
    cause: /deploy\.cluster/,
    remedy: /kubeconfig-esc/,
    isUnstarted: true,
  },
  'deploy-token-refused': { code: 'pulumi-unauthorized', cause: /expired/, remedy: /PULUMI_ACCESS_TOKEN/ },
  'deploy-stack-missing': { code: 'pulumi-stack-missing', cause: /does not exist/, remedy: /pulumi stack ls --all/ },
  'deploy-plan-exceeded': {
    code: 'pulumi-plan-exceeded',
    cause: /changed between preview and update/,
    remedy: /run it again/,
    inputs: { 'bind-plan': 'true' },
  },
  'deploy-cloud-down': { code: 'pulumi-failed', cause: /./, remedy: /./ },
  'deploy-hostile': { code: 'pulumi-program', cause: /it threw/, remedy: /pulumi preview/ },
  'deploy-no-lock-file': {
    code: 'install-lock',
    cause: /published last/,
    remedy: /pnpm install/,
    command: 'install',
    isUnstarted: true,
  },
  'deploy-install-fails': {
    code: 'packages-failed',
    cause: /network connectivity/,
    remedy: /registry/,
    command: 'install',
  },
} as const satisfies Readonly<Record<string, Told>>

/** Report, outputs and summary are there all the same. */
function expectTold(name: string, press: Press, { code, cause, remedy, state = /./ }: Told): void {
  const { failure } = press.report ?? {}
  expect([name, press.exitCode, press.stderr, press.outputs['failure-code']]).toEqual([name, 1, '', code])
  expect([name, failure]).toEqual([
    name,
    expect.objectContaining({
      code,
      cause: expect.stringMatching(cause),
      remedy: expect.stringMatching(remedy),
      state: expect.stringMatching(state),
    }),
  ])
  expect([name, Object.keys(press.outputs).sort()]).toEqual([name, outputNames])
  // The summary's words are escaped; the code is the same everywhere.
  expect([name, press.summary.replaceAll('\\', '').includes(code)]).toEqual([name, true])
  expect([name, press.stdout.includes('::error title=')]).toEqual([name, true])
}

describe('a deployment that does not go well', () => {
  for (const [name, one] of Object.entries(told) as [keyof typeof told, Told][])
    it(
      `says of ${name} what it is, and what to do`,
      async () => {
        const door = await opened()
        door.set(name)
        const holder = door.holder()
        const { command = 'up', inputs = {} } = one
        const press = await door.press(command, { inputs })
        expectTold(name, press, one)
        if (one.isUnstarted) expect(door.deploy.calls).toEqual([])
        expect((await door.post(press, command, { inputs })).exitCode).toBe(0)
        // A lock of somebody else stays; of ours there is none.
        expect([door.holder(), door.leftovers()]).toEqual([holder, []])
        if (name === 'deploy-lock-left' || name === 'deploy-locked') return
        door.set()
        if (name === 'deploy-drift' || name === 'deploy-stack-missing') return
        const next = await door.press('up')
        // What was done before it failed is saved: of a plan that was exceeded nothing is left to do.
        expect([name, next.exitCode, next.outputs.result]).toEqual([
          name,
          0,
          expect.stringMatching(/^(deployed|unchanged)$/),
        ])
        await door.post(next, 'up')
      },
      limitMs,
    )
})
