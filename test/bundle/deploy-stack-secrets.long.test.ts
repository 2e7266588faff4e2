/** Secrets of deploy-stack: passphrase, tokens and kubeconfig are with Pulumi alone, and seen by nobody else. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Exhibit, expectNoLeaks, ProcessWatch, type Secret } from '../../lab/secrets.ts'
import { type Command, type DeployDoor, deployDoors, type Order, request } from './deploy-stack-door.ts'

const opened = deployDoors()
const limitMs = 240_000

/** What the runner has for actions and for nobody that they start. */
const ofRunner = {
  ACTIONS_RUNTIME_TOKEN: 'runtime-token-5f1d0a7c2b9e',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-8a3c5e1f7d20',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://issuer.example/?request=c09e4b7a1d35',
  GITHUB_TOKEN: 'ghs_environment0f3e8d2c7b6a5',
  SOMEBODYS_SECRET: 'secret-of-another-step-71be',
}
const runners: readonly Secret[] = Object.entries(ofRunner).map(([name, value]) => ({ name, value }))

/** Presses under watch: what was seen of all processes, and what the children were given. */
async function watched(door: DeployDoor, command: Command, order: Order = {}) {
  const running = door.start({ ...order, command, machine: { ...ofRunner, ...order.machine } })
  const watch = new ProcessWatch(running, () => undefined)
  const press = await running.ended
  const seen = watch.stop()
  const ended = await door.post(press, command, order)
  return { press, ended, seen }
}

const argumentsIn = (seen: readonly Exhibit[]): readonly Exhibit[] =>
  seen.filter(({ where }) => where.startsWith('the arguments of'))

const append = (door: DeployDoor, text: string): void => {
  const path = join(door.program, 'index.ts')
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n${text}`)
}

describe('secrets', () => {
  it(
    'are in no argument, log, output, summary, report, state or comment, and gone from the runner after post',
    async () => {
      const door = await opened()
      const seen: Exhibit[] = []
      for (const [command, order] of [
        ['install', {}],
        ['preview', request()],
        ['comment', request()],
        ['up', { inputs: { 'bind-plan': 'true' } }],
        ['drift', {}],
      ] as const) {
        const one = await watched(door, command, order)
        expect([command, one.press.exitCode, one.press.stderr, one.ended.stderr]).toEqual([command, 0, '', ''])
        seen.push(...argumentsIn(one.seen))
        expect([command, door.leftovers()]).toEqual([command, []])
      }
      expectNoLeaks(seen, [...door.secrets, ...runners])
      expectNoLeaks(door.left(), [...door.secrets, ...runners])
      // Before every value is shown it is masked.
      expect(JSON.stringify(door.deploy.calls.map(({ arguments: args }) => args))).not.toContain(door.accessToken)
    },
    limitMs,
  )

  it(
    'are not with the package manager and the build; Pulumi has its own alone, and no file of the runner',
    async () => {
      const door = await opened()
      const secrets = [...door.secrets, ...runners]
      // Somebody gives them to the installation in the environment of the job.
      const machine = { PULUMI_ACCESS_TOKEN: door.accessToken, PULUMI_CONFIG_PASSPHRASE: door.deploy.passphrase }
      const { press, seen } = await watched(door, 'install', { machine: { ...machine, NODE_OPTIONS: '--no-warnings' } })
      expect(press.exitCode).toBe(0)
      const installing = door.deploy.calls
      expect(installing.map(({ arguments: args }) => args[0])).toEqual(['install', 'run'])
      for (const { arguments: args, environment } of installing) {
        expectNoLeaks([{ where: `the environment of ${args[0]}`, text: JSON.stringify(environment) }], secrets)
        const strange = Object.keys(environment).filter((name) =>
          /^(ACTIONS_|INPUT_|STATE_|PULUMI_|KUBECONFIG|DEPLOY_|CLUSTER_UID|NODE_OPTIONS|GITHUB_(?!ACTIONS$))/.test(
            name,
          ),
        )
        expect([args[0], strange]).toEqual([args[0], []])
        expect([environment.HOME?.startsWith(door.temp), environment.TMPDIR?.startsWith(door.temp)]).toEqual([
          true,
          true,
        ])
      }
      expectNoLeaks(argumentsIn(seen), secrets)

      await watched(door, 'up', { machine: { ...machine, PULUMI_HOME: '/nowhere', NODE_OPTIONS: '--no-warnings' } })
      const [cli] = door.deploy.calls.filter(({ program }) => program === 'pulumi')
      const given = cli?.environment ?? {}
      expect(given).toMatchObject({
        PULUMI_ACCESS_TOKEN: door.accessToken,
        PULUMI_CONFIG_PASSPHRASE: door.deploy.passphrase,
        KUBECONFIG: door.kubeconfig,
        GITHUB_RUN_ID: '7001',
      })
      expect(given.PULUMI_HOME?.startsWith(door.temp)).toBe(true)
      expectNoLeaks([{ where: 'the environment of pulumi', text: JSON.stringify(given) }], runners)
      const strange = Object.keys(given).filter((name) =>
        /^(ACTIONS_|INPUT_|STATE_|NODE_OPTIONS|GITHUB_(TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$)/.test(name),
      )
      expect(strange).toEqual([])
    },
    limitMs,
  )

  it(
    'that the program itself says are shown nowhere: the token, the passphrase, the kubeconfig, whole or in base64',
    async () => {
      const door = await opened()
      append(
        door,
        `
import { readFileSync as read } from 'node:fs'
const { PULUMI_ACCESS_TOKEN, PULUMI_CONFIG_PASSPHRASE, KUBECONFIG } = process.env
const all = [PULUMI_ACCESS_TOKEN, PULUMI_CONFIG_PASSPHRASE, read(KUBECONFIG!, 'utf8')]
for (const one of all) {
  console.log(one, encodeURIComponent(one!))
  console.error(Buffer.from(one!).toString('base64'), JSON.stringify(one))
}
export const leaked = all
new k8s.core.v1.ConfigMap('leaks ' + all.join(' '), { metadata: { name: all.join('-') }, data: { all: all.join('-') } })
if (pulumi.runtime.isDryRun()) console.log('only a preview')
else throw new Error(all.join('\\n'))
`,
      )
      for (const command of ['preview', 'up'] as const) {
        const { press } = await watched(door, command)
        expect([command, press.outputs.result]).toEqual([command, command === 'up' ? 'failed' : 'previewed'])
        expect(JSON.stringify(press.report)).toContain('***')
      }
      const told = await watched(door, 'comment', request())
      expect(told.press.exitCode).toBe(0)
      expectNoLeaks(door.left(), door.secrets)
    },
    limitMs,
  )

  it(
    'given to a command that has no use for them are refused before anything is done, and shown by no complaint',
    async () => {
      const door = await opened()
      for (const command of ['install', 'guard', 'comment'] as const) {
        const inputs = { 'access-token': door.accessToken, 'config-passphrase': door.deploy.passphrase }
        const { press } = await watched(door, command, { inputs })
        expect([command, press.exitCode, press.outputs['failure-code']]).toEqual([command, 1, 'inputs-invalid'])
        const evidence = JSON.stringify(press.report?.failure)
        expect(evidence).toContain('access-token')
        expect(evidence).toContain('config-passphrase')
      }
      expect(door.deploy.calls).toEqual([])
    },
    limitMs,
  )
})
