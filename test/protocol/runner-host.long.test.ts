import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { RunnerHost } from './runner-host-ground.ts'

let host: RunnerHost
afterEach(() => host.remove())

const failedIn = (report: { readonly lines: readonly { readonly verdict: string; readonly id: string }[] }) =>
  report.lines.filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id)

describe('a runner host that is as the guide says', () => {
  it('is called fit, with every question answered, in each shell that a host may have', async () => {
    host = new RunnerHost()
    const busybox = existsSync('/usr/bin/busybox') || existsSync('/bin/busybox')
    for (const shell of [['sh'], ['bash', '--posix'], ...(busybox ? [['busybox', 'sh']] : [])]) {
      const report = await host.look([], shell)
      expect(report.errors).toBe('')
      expect(report.lines.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
      expect(report.lines.length).toBeGreaterThan(20)
      expect(report.text).toMatch(/: fit\n$/)
      expect(report.code).toBe(0)
    }
  })

  it('is told to run it with sudo when an ordinary user looked', async () => {
    host = new RunnerHost()
    host.withoutRoot()
    const report = await host.look()
    expect(report.of('runner.sudo')?.verdict).toBe('skip')
    expect(report.of('machine.egress')?.verdict).toBe('skip')
    expect(report.text).toMatch(/run it with sudo\n$/)
    expect(report.code).toBe(0)
  })

  it('without a runner is no good news: exit code 2', async () => {
    host = new RunnerHost()
    host.file(`/etc/systemd/system/${host.unit}`, '[Service]\n')
    const report = await host.look()
    expect(report.code).toBe(2)
    expect(report.errors).toContain('no runner was found')
    expect((await host.look(['--folder', 'opt/runner'])).code).toBe(2)
    expect((await host.look(['--what'])).code).toBe(2)
  })
})

describe('what lets a job become root', () => {
  it.each(['docker', 'sudo', 'lxd', 'disk'])('membership in %s', async (group) => {
    host = new RunnerHost({ groups: `runner ${group}` })
    const report = await host.look()
    expect(failedIn(report)).toEqual(['runner.groups'])
    expect(report.of('runner.groups')?.remedy).toContain(`sudo gpasswd --delete runner ${group};`)
    expect(report.code).toBe(1)
  })

  it('being root itself', async () => {
    host = new RunnerHost({ uid: 0 })
    expect((await host.look()).of('runner.user')?.verdict).toBe('FAIL')
  })

  it('sudo, unless the runner joins its own machine, which needs it', async () => {
    host = new RunnerHost()
    host.program(
      'sudo',
      'printf "Matching Defaults entries for runner on tethys:\\n    env_reset\\n\\nUser runner may run the following commands on tethys:\\n    (ALL) NOPASSWD: ALL\\n"',
    )
    const report = await host.look()
    expect(report.of('runner.sudo')).toMatchObject({
      verdict: 'FAIL',
      found: 'runner may use sudo: (ALL) NOPASSWD: ALL',
    })
    const meant = await host.look(['--join-this-host'])
    expect(meant.of('runner.sudo')?.verdict).toBe('WARN')
    expect(meant.code).toBe(0)
  })

  it('the socket of a container engine', async () => {
    host = new RunnerHost()
    host.file('/run/docker.sock', '', 0o666)
    host.file('/run/k3s/containerd/containerd.sock', '', 0o660)
    expect((await host.look()).of('runner.sockets')).toMatchObject({
      verdict: 'FAIL',
      found: 'runner may write to /run/docker.sock',
    })
  })
})

describe('what lets a job become an administrator of the cluster', () => {
  it('a k3s.yaml that everybody reads, and the setting that opens it again at the next start of k3s', async () => {
    host = new RunnerHost()
    host.file('/etc/rancher/k3s/k3s.yaml', 'secret', 0o644)
    host.file('/etc/rancher/k3s/config.yaml', 'write-kubeconfig-mode: "0644"\n', 0o600)
    host.file('/etc/systemd/system/k3s.service', '[Service]\n')
    const report = await host.look()
    expect(failedIn(report)).toEqual(['runner.cluster-files', 'machine.server'])
    expect(report.of('runner.cluster-files')?.found).toContain('/etc/rancher/k3s/k3s.yaml')
    expect(report.text).not.toContain('secret')
  })

  it.each([
    ['the file is for root', 0o600, 0o755],
    ['its folder is', 0o644, 0o700],
  ])('none when %s', async (_name, mode, folderMode) => {
    host = new RunnerHost()
    host.file('/etc/rancher/k3s/k3s.yaml', 'secret', mode)
    const { chmodSync } = await import('node:fs')
    chmodSync(join(host.root, '/etc/rancher/k3s'), folderMode)
    expect((await host.look()).of('runner.cluster-files')?.verdict).toBe('pass')
  })

  it('on the server of the cluster it warns of what runs there at all', async () => {
    host = new RunnerHost()
    host.file('/etc/systemd/system/k3s.service', '[Service]\nExecStart=/usr/local/bin/k3s server\n')
    const report = await host.look()
    expect(report.of('machine.server')).toMatchObject({ verdict: 'WARN' })
    expect(report.code).toBe(0)
  })
})

describe('what one job leaves for the next', () => {
  it('its own programs, in a runner that takes one job after the other', async () => {
    host = new RunnerHost()
    host.settings({ gitHubUrl: 'https://github.com/acme', poolName: 'deploy' })
    host.owned(host.folder)
    expect((await host.look()).of('runner.ephemeral')).toMatchObject({
      verdict: 'WARN',
      found: 'it takes one job after the other, and runner may change .env bin',
    })
  })

  it('a hook that it may replace, because a folder above it is its own', async () => {
    host = new RunnerHost()
    host.owned('/usr/local/lib/hooks')
    expect((await host.look()).of('runner.hook')).toMatchObject({
      verdict: 'FAIL',
      found: 'runner may change or replace /usr/local/lib/hooks/job-completed.sh',
    })
  })

  it('a hook of its own without a right to write, which it may give itself', async () => {
    host = new RunnerHost()
    host.file('/usr/local/lib/hooks/job-completed.sh', '#!/bin/sh\n', 0o555)
    host.owned('/usr/local/lib/hooks/job-completed.sh')
    expect((await host.look()).of('runner.hook')?.verdict).toBe('FAIL')
  })

  it('a hook that is a link into its own folder', async () => {
    host = new RunnerHost()
    host.file('/opt/actions-runner/mine.sh', '#!/bin/sh\n', 0o755)
    host.owned('/opt/actions-runner/mine.sh')
    symlinkSync(join(host.root, '/opt/actions-runner/mine.sh'), join(host.root, '/usr/local/lib/hooks/link.sh'))
    host.environment({ ACTIONS_RUNNER_HOOK_JOB_COMPLETED: '/usr/local/lib/hooks/link.sh' })
    expect((await host.look()).of('runner.hook')?.verdict).toBe('FAIL')
  })

  it('archives of actions that it may write', async () => {
    host = new RunnerHost()
    host.environment({ ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE: '/srv/actions' })
    host.file(`/srv/actions/acme_tool/${'0'.repeat(40)}.tar.gz`, '', 0o666)
    expect((await host.look()).of('runner.archive-cache')).toMatchObject({ verdict: 'FAIL' })
    host.file(`/srv/actions/acme_tool/${'0'.repeat(40)}.tar.gz`, '', 0o644)
    expect((await host.look()).of('runner.archive-cache')).toMatchObject({ verdict: 'pass' })
  })

  it('a kubeconfig of a killed job, while no job runs', async () => {
    host = new RunnerHost()
    host.file('/opt/actions-runner/_work/_temp/k3s-gpu-actions-private/oceanid-1/kubeconfig', 'secret', 0o600)
    expect((await host.look()).of('runner.leftovers')).toMatchObject({ verdict: 'FAIL' })
    host.program('ps', 'printf "Runner.Listener\\nRunner.Worker\\n"')
    expect((await host.look()).of('runner.leftovers')).toMatchObject({ verdict: 'pass' })
  })

  it('a token of Pulumi in the home, and a program that still runs', async () => {
    host = new RunnerHost()
    host.file('/home/runner/.pulumi/credentials.json', '{"accessTokens":{"x":"pul-0123"}}')
    host.file('/home/runner/.netrc', 'machine x password hunter2')
    host.program('ps', 'printf "Runner.Listener\\nxmrig\\n"')
    const report = await host.look()
    expect(failedIn(report)).toEqual(['runner.pulumi-login'])
    expect(report.of('runner.home')?.found).toContain('.netrc')
    expect(report.of('runner.processes')?.found).toContain('xmrig')
    expect(report.text).not.toMatch(/pul-0123|hunter2/)
  })
})

describe('what every job gets', () => {
  it('names secrets and switches of the environment, never a value', async () => {
    host = new RunnerHost()
    host.environment({
      PULUMI_ACCESS_TOKEN: 'pul-0123456789',
      PULUMI_K8S_DELETE_UNREACHABLE: 'true',
      ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true',
      DEPLOY_TARGET: 'acme/oceanid/prod',
      LD_PRELOAD: '/tmp/x.so',
    })
    const report = await host.look()
    const said = report.lines.filter(({ id }) => id === 'runner.env').map(({ verdict, found }) => `${verdict} ${found}`)
    expect(said).toEqual([
      'FAIL sets PULUMI_ACCESS_TOKEN',
      'FAIL sets ACTIONS_ALLOW_UNSECURE_COMMANDS',
      'FAIL sets PULUMI_K8S_DELETE_UNREACHABLE',
      'FAIL sets DEPLOY_TARGET',
      'WARN sets LD_PRELOAD',
    ])
    expect(report.text).not.toMatch(/pul-0123456789|acme\/oceanid\/prod|x\.so/)
  })

  it('also what the service sets', async () => {
    host = new RunnerHost()
    host.properties({ Environment: 'LANG=C GITHUB_PAT_TOKEN=ghp_0123456789' })
    const report = await host.look()
    expect(report.of('runner.env')?.found).toBe('sets GITHUB_PAT_TOKEN')
    expect(report.text).not.toContain('ghp_0123456789')
  })
})

describe('who may give it jobs', () => {
  it.each([
    ['https://github.com/acme/oceanid', 'deploy', 'WARN'],
    ['https://github.com/acme', 'Default', 'FAIL'],
    ['https://github.com/enterprises/acme', 'deploy', 'pass'],
    ['', '', 'skip'],
  ])('registered at %s in the group %s: %s', async (gitHubUrl, poolName, verdict) => {
    host = new RunnerHost()
    host.settings({ gitHubUrl, poolName, ephemeral: true })
    expect((await host.look()).of('runner.registration')?.verdict).toBe(verdict)
  })

  it.each([
    ['2.335.1', 'FAIL'],
    ['2.99.0', 'FAIL'],
    ['2.336.0', 'pass'],
    ['3.0.0', 'pass'],
  ])('version %s: %s, read without running anything', async (version, verdict) => {
    host = new RunnerHost()
    const deps = `${host.folder}/bin/Runner.Listener`
    host.file(deps, '#!/bin/sh\ntouch "$WORLD/was-run"\n', 0o755)
    host.file(`${deps}.deps.json`, `{"Runner.Listener/${version}":{}}`)
    expect((await host.look()).of('runner.version')).toMatchObject({ verdict, found: version })
    expect(existsSync(join(host.ground, 'was-run'))).toBe(false)
  })
})

describe('texts of a machine that a job could have written', () => {
  it('issue no workflow command, forge no line, and are cut', async () => {
    host = new RunnerHost()
    const evil =
      '::error::owned\n::set-output name=x::y\npass  runner.user   root is fine ##[add-mask]a \u001b[2J\u202e'
    host.settings({ gitHubUrl: `https://github.com/acme/${evil}`, poolName: evil, agentName: '"ephemeral": true' })
    host.environment({ ACTIONS_RUNNER_HOOK_JOB_COMPLETED: `/tmp/##[error]${'x'.repeat(5000)}.sh` })
    mkdirSync(join(host.root, `/opt/actions-runner/_work/_temp/k3s-gpu-actions-\n::error::x ##[x]`), {
      recursive: true,
    })
    host.program('ps', 'printf "Runner.Listener\\n::error::p\\n##[x]\\n"')
    host.program('sudo', 'printf "User runner may run the following commands on t:\\n::add-mask::\\033[2J ##[x]\\n"')
    host.properties({ ActiveState: '::error::s' })
    const report = await host.look()
    expect(report.text).not.toMatch(/^\s*::/m)
    expect(report.text).not.toContain('##[')
    expect(report.text).toMatch(/^[\n -~]*$/)
    expect(Math.max(...report.text.split('\n').map((line) => line.length))).toBeLessThan(400)
    expect(report.lines.filter(({ id }) => id === 'runner.user')).toHaveLength(1)
    expect(report.of('runner.ephemeral')?.verdict).toBe('WARN')
    expect(report.errors).toBe('')
  })

  it('a link in place of .env is not followed by a script that runs as root', async () => {
    host = new RunnerHost()
    host.file('/etc/shadow', 'ROOT_PASSWORD_HASH=abc\n', 0o600)
    const { rmSync } = await import('node:fs')
    rmSync(join(host.root, host.folder, '.env'))
    symlinkSync(join(host.root, '/etc/shadow'), join(host.root, host.folder, '.env'))
    const report = await host.look()
    expect(report.of('runner.env')).toMatchObject({ verdict: 'FAIL' })
    expect(report.text).not.toContain('ROOT_PASSWORD_HASH')
  })

  it('a path that no terminal shows as it is is not part of a command to be typed', async () => {
    host = new RunnerHost()
    const odd = '/srv/a b\u0007$(reboot)'
    host.environment({ ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE: odd })
    const bell = await host.look()
    expect(bell.of('runner.archive-cache')?.remedy).toBe('sudo install -d -m 755 <the path that is shown above>')
    host.environment({ ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE: "/srv/it's $(reboot)" })
    const quoted = await host.look()
    expect(quoted.of('runner.archive-cache')?.remedy).toBe(`sudo install -d -m 755 '/srv/it'\\''s $(reboot)'`)
  })
})

describe('the machine', () => {
  it('full disk, wrong clock, no egress rules, open ptrace', async () => {
    host = new RunnerHost()
    host.free(500_000)
    host.program('timedatectl', 'echo no')
    host.program('nft', 'exit 1')
    host.file('/proc/sys/kernel/yama/ptrace_scope', '0\n')
    const report = await host.look()
    expect(
      ['machine.disk', 'machine.clock', 'machine.egress', 'machine.ptrace'].map((id) => report.of(id)?.verdict),
    ).toEqual(['FAIL', 'WARN', 'WARN', 'WARN'])
  })

  it('a service without walls', async () => {
    host = new RunnerHost()
    host.properties({ NoNewPrivileges: 'no', PrivateTmp: 'no', ProtectSystem: 'no', KillMode: 'process' })
    expect((await host.look()).of('runner.sandbox')).toMatchObject({
      verdict: 'WARN',
      found: 'its service lacks NoNewPrivileges PrivateTmp ProtectSystem KillMode=mixed',
    })
  })

  it('two runners of one user', async () => {
    host = new RunnerHost()
    host.file('/etc/systemd/system/actions.runner.acme-other.b.service', '[Service]\nUser=runner\n')
    expect((await host.look()).of('runner.alone')?.found).toContain('actions.runner.acme-other.b.service')
  })
})
