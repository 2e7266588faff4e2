import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { HostWorld } from '../../rehearsal/contract.ts'
import { type HostOptions, installerText, k3sProgram, startHost } from '../../rehearsal/host/index.ts'
import { Connection, forget, networkTo, scratch } from './world-host-client.ts'

let directory = ''
let host: HostWorld
let connection: Connection

async function open(changes: Partial<HostOptions> = {}): Promise<Connection> {
  directory = scratch()
  host = await startHost({ name: 'calypso', directory, network: networkTo('refused'), pace: 0.02, ...changes })
  connection = await Connection.open(host)
  return connection
}
afterEach(async () => {
  connection.client.destroy()
  await host.close()
  forget(directory)
})

describe('sudo on an embedded host', () => {
  it('makes root of a user who needs no password, and leaves the input where it is', async () => {
    const { run } = bound(await open())
    expect((await run('id -u; id -un')).stdout).toBe('1000\noceanid\n')
    expect(await run('sudo -n sh -c "id -u; cat; exit 5"', 'the script')).toMatchObject({
      code: 5,
      stdout: '0\nthe script',
    })
    const root = await run('SECRET=visible sudo -n -- env')
    expect(root.stdout).not.toContain('SECRET')
    expect(root.stdout).toContain(`ROOT=${host.root}`)
    expect((await run('sudo -n nothing-like-this')).stderr).toBe('sudo: nothing-like-this: command not found\n')
  })

  it('takes a password from the first line of the input, exactly that line', async () => {
    const { run } = bound(await open({ sudo: { mode: 'password', password: 'correct horse' } }))
    expect(await run('sudo -n true')).toMatchObject({ code: 1, stderr: 'sudo: a password is required\n' })
    expect(await run('sudo true')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a terminal is required to read the password') as unknown as string,
    })
    const right = await run("sudo -k -S -p '' cat", 'correct horse\nfirst\nsecond\n')
    expect(right).toMatchObject({ code: 0, stdout: 'first\nsecond\n', stderr: '' })
    const wrong = await run("sudo -S -p '' cat", 'wrong\n')
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toBe('')
    expect(wrong.stderr).toBe(
      'Sorry, try again.\n\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n',
    )
    const empty = await run('sudo -S cat')
    expect(empty.stderr).toContain('[sudo] password for oceanid: ')
    expect(empty.stderr).toContain('sudo: a password is required')
    expect((await run("sudo -S -p '' true", 'a\nb\nc\n')).stderr).toContain('sudo: 3 incorrect password attempts')
    // Within one shell the credentials are remembered, in the next they are not.
    expect((await run("sudo -S -p '' true && sudo -n id -u", 'correct horse\n')).stdout).toBe('0\n')
    expect((await run('sudo -n true')).code).toBe(1)
  })

  it('lets whoever was wrong wait before the next answer', async () => {
    const { run } = bound(await open({ pace: 0.2, sudo: { mode: 'password', password: 'correct horse' } }))
    const wrongSince = performance.now()
    expect((await run("sudo -S -p '' true", 'wrong\n')).code).toBe(1)
    // 2 s of a real machine.
    expect(performance.now() - wrongSince).toBeGreaterThan(400)
    expect((await run("sudo -S -p '' true", 'correct horse\n')).code).toBe(0)
  })

  it('remembers credentials that were entered a moment ago, unless it is told to forget them', async () => {
    const { run } = bound(await open({ sudo: { mode: 'cached', password: 'secret' } }))
    expect((await run('sudo -n id -u')).stdout).toBe('0\n')
    expect((await run('sudo -k -n true')).stderr).toBe('sudo: a password is required\n')
  })

  it('refuses without a terminal where requiretty is set, and whoever is not in the sudoers file', async () => {
    const { run } = bound(await open({ sudo: { mode: 'requiretty' } }))
    expect(await run('sudo -n true')).toMatchObject({
      code: 1,
      stderr: 'sudo: sorry, you must have a tty to run sudo\n',
    })
    connection.client.destroy()
    await host.close()
    forget(directory)
    const other = bound(await open({ sudo: { mode: 'none', password: 'mine' } }))
    expect((await other.run('sudo -n true')).stderr).toBe('sudo: a password is required\n')
    expect((await other.run("sudo -S -p '' true", 'mine\n')).stderr).toBe(
      'oceanid is not in the sudoers file.  This incident will be reported.\n',
    )
    connection.client.destroy()
    await host.close()
    forget(directory)
    const fault = bound(await open({ faults: new Set(['no-sudo']) }))
    expect((await fault.run('sudo -n true')).code).toBe(1)
  })
})

describe('the machine that an embedded host plays', () => {
  it('is an Ubuntu 22.04 workstation with one RTX 4090, whose Triton runs in docker', async () => {
    const { run } = bound(await open())
    const gpu = 'nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv'
    expect((await run(`${gpu},noheader,nounits`)).stdout).toBe('NVIDIA GeForce RTX 4090, 575.51.03, 24564\n')
    expect((await run(gpu)).stdout).toBe(
      'name, driver_version, memory.total [MiB]\nNVIDIA GeForce RTX 4090, 575.51.03, 24564 MiB\n',
    )
    expect((await run('nvidia-smi --query-gpu=colour --format=csv')).code).toBe(2)
    expect((await run('nvidia-smi -L')).stdout).toMatch(
      /^GPU 0: NVIDIA GeForce RTX 4090 \(UUID: GPU-[0-9a-f-]{36}\)\n$/,
    )
    const processes = 'nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv,noheader,nounits'
    expect((await run(processes)).stdout).toBe('2143, tritonserver, 1710\n')
    expect((await run('cat "$ROOT/proc/2143/cgroup"')).stdout).toMatch(
      /^0::\/system\.slice\/docker-[0-9a-f]{64}\.scope\n$/,
    )
    expect((await run('. "$ROOT/etc/os-release"; echo "$PRETTY_NAME $(uname -m) $(hostname)"')).stdout).toBe(
      'Ubuntu 22.04.5 LTS x86_64 calypso\n',
    )
    expect((await run('ip -o route show default')).stdout).toBe(
      'default via 192.168.2.1 dev enp5s0 proto dhcp src 192.168.2.80 metric 100\n',
    )
    expect((await run('ip -o route get 10.0.0.1; ip -o route get 192.168.2.3')).stdout).toBe(
      '10.0.0.1 via 192.168.2.1 dev enp5s0 src 192.168.2.80 uid 1000 \\    cache \n' +
        '192.168.2.3 dev enp5s0 src 192.168.2.80 uid 1000 \\    cache \n',
    )
    expect((await run('stat -c %a "$ROOT/tmp" "$ROOT/var/tmp"')).stdout).toBe('1777\n1777\n')
    expect((await run('systemctl show k3s-agent -p FragmentPath,DropInPaths,UnitFilePreset')).stdout).toBe(
      'DropInPaths=\nFragmentPath=\nUnitFilePreset=\n',
    )
    expect((await run('ss -lntp')).stdout).not.toContain('users')
    expect((await run('sudo -n ss -Hlntp')).stdout).toContain('users:(("sshd",pid=902,fd=3))')
    expect((await run('systemctl is-active docker containerd ssh')).stdout).toBe('active\ninactive\nactive\n')
  })

  it('has stand-ins for what a machine without GNU programs lacks', async () => {
    const { run } = bound(await open({ lacking: ['timeout', 'flock', 'setsid'] }))
    expect((await run('timeout -k 1 5 sh -c "cat; exit 3"', 'input')).stdout).toBe('input')
    expect((await run('timeout 5 sh -c "exit 3"')).code).toBe(3)
    expect((await run('timeout 0.1 sleep 30')).code).toBe(124)
    expect(
      (await run('flock -n "$ROOT/run/lock/a" sh -c \'flock -n "$ROOT/run/lock/a" true || echo held\'')).stdout,
    ).toBe('held\n')
  })
})

describe('the stand-in of the installer', () => {
  const install = 'sudo -n env INSTALL_K3S_SKIP_DOWNLOAD=true K3S_URL=https://157.173.210.123:6443'
  const put = (version = 'v1.33.4+k3s1') =>
    writeFileSync(join(host.root, 'usr/local/bin/k3s'), k3sProgram(version, 'amd64'), { mode: 0o755 })
  const unitPath = () => join(host.root, 'etc/systemd/system/k3s-agent.service')

  it('refuses to download, and to run without a program', async () => {
    const { run } = bound(await open())
    expect((await run('sudo -n env K3S_URL=https://x K3S_TOKEN=y sh -s -', installerText())).stderr).toContain(
      'Download failed',
    )
    expect((await run(`${install} K3S_TOKEN=t sh -s -`, installerText())).stderr).toContain(
      'Executable k3s binary not found at /usr/local/bin/k3s',
    )
    expect((await run(`${install} sh -s -`, installerText())).stderr).toContain('K3S_TOKEN_FILE is not defined')
    expect((await run('env -u ROOT sh -s -', installerText())).stderr).toContain('ROOT must name the tree')
    expect(existsSync(unitPath())).toBe(false)
  })

  it('writes unit, environment, links and scripts as the real one does, and keeps every secret in the 0600 file', async () => {
    const { run } = bound(await open())
    put()
    expect((await run('"$ROOT/usr/local/bin/k3s" --version')).stdout).toMatch(
      /^k3s version v1\.33\.4\+k3s1 \(.*\)\ngo version /,
    )
    const outcome = await run(
      `${install} K3S_TOKEN="it's::x" CONTAINERD_X=1 OTHER=2 INSTALL_K3S_SKIP_START=true INSTALL_K3S_EXEC='agent --node-label a=b' sh -s - --node-label "d=e f"`,
      installerText(),
    )
    expect(outcome).toMatchObject({ code: 0 })
    const unit = readFileSync(unitPath(), 'utf8')
    expect(unit).toContain(
      "ExecStart=/usr/local/bin/k3s \\\n    agent \\\n\t'--node-label' \\\n\t'a=b' \\\n\t'--node-label' \\\n\t'd=e f' \\\n",
    )
    expect(unit).toContain('Type=notify')
    expect(unit).toContain('EnvironmentFile=-/etc/systemd/system/k3s-agent.service.env')
    const environment = `${unitPath()}.env`
    expect(statSync(environment).mode & 0o777).toBe(0o600)
    const text = readFileSync(environment, 'utf8')
    expect(text).toContain("K3S_URL='https://157.173.210.123:6443'")
    expect(text).toContain('CONTAINERD_X=')
    expect(text).not.toMatch(/OTHER|INSTALL/)
    expect((await run('systemctl is-enabled k3s-agent; readlink "$ROOT/usr/local/bin/kubectl"')).stdout).toBe(
      'enabled\nk3s\n',
    )
    // A run that skips enabling first undoes what was enabled: the window in which a crash leaves an agent that will not boot.
    await run(`${install} K3S_TOKEN=t INSTALL_K3S_SKIP_ENABLE=true sh -s - agent`, installerText())
    expect((await run('systemctl is-enabled k3s-agent')).stdout).toBe('disabled\n')
    expect(host.unit('k3s-agent')?.starts ?? 0).toBe(0)
  })
})

function bound(open: Connection): { run: Connection['run'] } {
  return { run: (command, input) => open.run(command, input) }
}
