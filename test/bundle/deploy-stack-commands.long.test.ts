/** Every command of deploy-stack, as the steps of one job call them, through the committed bundle. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type DeployDoor, deployDoors, outputNames, request, stackReference, urns } from './deploy-stack-door.ts'

const opened = deployDoors()
const limitMs = 240_000

/** Presses main and post; whatever the command, the contract of action.yml is kept. */
async function step(door: DeployDoor, ...[command, order]: Parameters<DeployDoor['press']>) {
  const done = await door.press(command, order)
  expect([command, Object.keys(done.outputs).sort()]).toEqual([command, outputNames])
  expect([command, done.stderr, done.report?.result]).toEqual([command, '', done.outputs.result])
  expect([command, done.summary === '']).toEqual([command, false])
  expect(readFileSync(join(done.outputs.report ?? '', '..', 'summary.md'), 'utf8')).not.toBe('')
  const ended = await door.post(done, command, order)
  expect([command, ended.exitCode, ended.stderr, door.leftovers()]).toEqual([command, 0, '', []])
  return done
}

const commentsOf = ({ github }: DeployDoor): readonly string[] =>
  github.issues.all.find(({ number }) => number === 7)?.comments.map(({ body }) => body) ?? []

describe('the steps of a job', () => {
  it(
    'install, allow, preview, update, repeat without a change, and find what somebody else has changed',
    async () => {
      const door = await opened()
      const { deploy } = door
      rmSync(join(door.program, 'node_modules'), { recursive: true })
      const installed = await step(door, 'install')
      expect(installed).toMatchObject({ exitCode: 0, outputs: { result: 'installed', changed: 'false' } })
      expect(readFileSync(join(door.program, 'node_modules', '.installed-by'), 'utf8')).toBe(
        'pnpm install --frozen-lockfile --ignore-scripts\n',
      )
      expect(deploy.calls.map(({ program, arguments: args }) => [program, ...args].join(' '))).toEqual([
        'pnpm install --frozen-lockfile --ignore-scripts',
        'pnpm run build',
      ])

      const before = JSON.stringify(deploy.reality())
      const allowed = await step(door, 'guard')
      expect(allowed).toMatchObject({ exitCode: 0, outputs: { result: 'allowed', changed: 'false', changes: '{}' } })
      const counts = { create: 1, update: 1, same: 2 }
      for (const [command, inputs] of [
        ['preview', {}],
        ['up', { 'dry-run': 'true' }],
      ] as const) {
        const previewed = await step(door, command, { inputs })
        expect(previewed).toMatchObject({ exitCode: 0, outputs: { result: 'previewed', changed: 'false' } })
        expect(JSON.parse(previewed.outputs.changes ?? '')).toEqual(counts)
        expect(previewed.outputs.url).toMatch(/\/previews\/[0-9a-f-]+$/)
      }
      expect([JSON.stringify(deploy.reality()), door.holder()]).toEqual([before, ''])

      const up = await step(door, 'up', { inputs: { 'bind-plan': 'true', refresh: 'true' } })
      expect(up).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', changed: 'true', 'failure-code': '' } })
      expect(JSON.parse(up.outputs.changes ?? '')).toEqual(counts)
      expect(up.outputs.url).toBe(`https://app.pulumi.com/${stackReference}/updates/1`)
      expect(JSON.parse(up.outputs.outputs ?? '')).toEqual({
        appsNamespace: 'apps',
        tritonConfigMap: 'triton',
        tritonUrl: 'https://gpu.boathou.se',
      })
      expect(up.report?.deployment?.secretOutputs).toEqual(['tunnelToken'])

      const again = await step(door, 'up')
      expect(again).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
      expect(await step(door, 'preview')).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged' } })
      expect(await step(door, 'drift')).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged' } })

      deploy.change(urns.triton, { metadata: { name: 'triton', namespace: 'apps' }, data: { url: 'http://10.0.0.9' } })
      const drifted = await step(door, 'drift')
      expect(drifted).toMatchObject({
        exitCode: 1,
        outputs: { result: 'drifted', 'failure-code': 'pulumi-drift', changed: 'false' },
      })
      expect(drifted.report?.failure?.evidence.join()).toContain('ConfigMap triton')
      expect(drifted.summary).toContain('triton')
      const repaired = await step(door, 'up', { inputs: { refresh: 'true' } })
      expect(repaired.outputs).toMatchObject({ result: 'deployed', changed: 'true' })
    },
    limitMs,
  )

  it(
    'tell a pull request what they found in one comment, also that there is no report',
    async () => {
      const door = await opened()
      const hosted = request()
      const previewed = await step(door, 'preview', hosted)
      expect(previewed.outputs.result).toBe('previewed')
      const from = { 'from-report': previewed.outputs.report ?? '' }
      const dry = await step(door, 'comment', { ...hosted, inputs: { ...from, 'dry-run': 'true' } })
      expect([dry.exitCode, dry.outputs['comment-url'], commentsOf(door)]).toEqual([0, '', []])

      const told = await step(door, 'comment', { ...hosted, inputs: from })
      expect(told).toMatchObject({ exitCode: 0, outputs: { result: 'commented' } })
      expect(told.outputs['comment-url']).toMatch(/^https:\/\/github\.com\/rehearsal\/k3s-gpu-actions\/pull\/7#/)
      expect(commentsOf(door)).toEqual([expect.stringContaining('1 to create, 1 to update')])
      expect(commentsOf(door)[0]).toContain('https://github.com/rehearsal/k3s-gpu-actions/actions/runs/7001')

      door.set('deploy-program-throws')
      const failed = await step(door, 'preview', hosted)
      expect(failed.outputs).toMatchObject({ result: 'failed', 'failure-code': 'pulumi-program' })
      await step(door, 'comment', { ...hosted, inputs: from })
      expect(commentsOf(door)).toEqual([expect.stringContaining('cloudflared: the tunnel has no hostname yet')])

      const nothing = await step(door, 'comment', { ...hosted, inputs: { 'from-report': 'nowhere/report.json' } })
      expect(nothing).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'report-unreadable' } })
      expect(commentsOf(door)).toEqual([expect.stringContaining('No preview of this commit')])
      writeFileSync(join(door.workspace, 'forged.json'), '{"schema":"k3s-gpu-actions/report/v1"}')
      const forged = await step(door, 'comment', { ...hosted, inputs: { 'from-report': 'forged.json' } })
      expect(forged).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'report-unreadable' } })
      expect(commentsOf(door).length).toBe(1)
    },
    limitMs,
  )

  it(
    'say all that is missing for an installation at once, and what a package manager said when it failed',
    async () => {
      const door = await opened()
      rmSync(join(door.program, 'pnpm-lock.yaml'))
      const without = await step(door, 'install', { inputs: { 'package-manager': 'npm' } })
      expect([without.exitCode, without.outputs['failure-code']]).toEqual([1, 'install-lock'])
      const failing = without.report?.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
      expect(failing).toEqual(['install.lock', 'install.package-manager'])
      expect(door.deploy.calls).toEqual([])
      door.set('deploy-install-fails')
      const failed = await step(door, 'install')
      expect(failed).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'packages-failed' } })
      expect(failed.report?.failure).toMatchObject({
        cause: expect.stringContaining('network connectivity'),
        remedy: expect.stringContaining('pnpm install --frozen-lockfile'),
      })
      expect(existsSync(join(door.program, 'node_modules', '.installed-by'))).toBe(false)
    },
    limitMs,
  )
})
