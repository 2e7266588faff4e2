import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { RunnerHost } from './runner-host-ground.ts'

// Every question by itself, in every shell: runner-host.long.test.ts.

let host: RunnerHost
afterEach(() => host.remove())

describe('check-runner-host.sh', () => {
  it('calls a host fit that is as the guide says', async () => {
    host = new RunnerHost()
    const report = await host.look()
    expect(report.errors).toBe('')
    expect(report.lines.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect(report.lines.length).toBeGreaterThan(20)
    expect(report.text).toMatch(/: fit\n$/)
    expect(report.code).toBe(0)
  })

  it('names every way in which a job becomes root or an administrator of the cluster, at once, each with a remedy', async () => {
    host = new RunnerHost({ groups: 'runner docker' })
    host.program('sudo', 'printf "User runner may run the following commands on tethys:\\n    (ALL) NOPASSWD: ALL\\n"')
    host.file('/run/docker.sock', '', 0o666)
    host.file('/etc/rancher/k3s/k3s.yaml', 'secret', 0o644)
    host.owned('/usr/local/lib/hooks')
    const report = await host.look()
    const failed = report.lines.filter(({ verdict }) => verdict === 'FAIL')
    expect(failed.map(({ id, found }) => `${id}: ${found}`)).toEqual([
      'runner.groups: runner is in docker',
      'runner.sudo: runner may use sudo: (ALL) NOPASSWD: ALL',
      'runner.sockets: runner may write to /run/docker.sock',
      'runner.hook: runner may change or replace /usr/local/lib/hooks/job-completed.sh',
      'runner.cluster-files: runner reads /etc/rancher/k3s/k3s.yaml',
    ])
    for (const { cause, remedy } of failed) expect(cause === '' || remedy === '').toBe(false)
    expect(report.code).toBe(1)
  })

  it('shows names of what every job gets, and no value; follows no link that a job could have put there', async () => {
    host = new RunnerHost()
    host.environment({ PULUMI_ACCESS_TOKEN: 'pul-0123456789', PULUMI_K8S_DELETE_UNREACHABLE: 'true' })
    host.file('/home/runner/.pulumi/credentials.json', '{"accessTokens":{"x":"pul-9876543210"}}')
    const report = await host.look()
    expect(report.lines.filter(({ verdict }) => verdict === 'FAIL').map(({ found }) => found)).toEqual([
      'sets PULUMI_ACCESS_TOKEN',
      'sets PULUMI_K8S_DELETE_UNREACHABLE',
      '/home/runner/.pulumi/credentials.json is there',
    ])
    expect(report.text).not.toMatch(/pul-\d/)
    host.file('/etc/shadow', 'ROOT_PASSWORD_HASH=abc\n', 0o600)
    rmSync(join(host.root, host.folder, '.env'))
    symlinkSync(join(host.root, '/etc/shadow'), join(host.root, host.folder, '.env'))
    const linked = await host.look()
    expect(linked.of('runner.env')).toMatchObject({ verdict: 'FAIL' })
    expect(linked.text).not.toContain('ROOT_PASSWORD_HASH')
  })

  it('runs nothing of the runner, and prints nothing of it that GitHub or a terminal would obey', async () => {
    host = new RunnerHost()
    const evil = '::error::owned\n::set-output name=x::y\npass  runner.user   fine ##[add-mask]a \u001b[2J\u202e'
    host.file(`${host.folder}/bin/Runner.Listener`, '#!/bin/sh\ntouch "$WORLD/was-run"\n', 0o755)
    host.settings({ gitHubUrl: `https://github.com/acme/${evil}`, poolName: evil, agentName: '"ephemeral": true' })
    host.environment({ ACTIONS_RUNNER_HOOK_JOB_COMPLETED: `/tmp/##[error]${'x'.repeat(5000)}.sh` })
    host.file(`/opt/actions-runner/_work/_temp/k3s-gpu-actions-\n::error::x ##[x]`, '')
    const report = await host.look()
    expect(report.text).not.toMatch(/^\s*::/m)
    expect(report.text).not.toContain('##[')
    expect(report.text).toMatch(/^[\n -~]*$/)
    expect(Math.max(...report.text.split('\n').map((line) => line.length))).toBeLessThan(400)
    expect(report.lines.filter(({ id }) => id === 'runner.user')).toHaveLength(1)
    expect(report.of('runner.ephemeral')?.verdict).toBe('WARN')
    expect(existsSync(join(host.ground, 'was-run'))).toBe(false)
    expect(report.errors).toBe('')
  })
})
