/** Hostile text of every origin, through the committed bundle: no command runs, no verdict changes, no summary breaks. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { doors } from './door.ts'
import { expectHarmless, hostileBytes, hostileLine, hostileText, marker, precede, says } from './hostile.ts'

const opened = doors()

describe('a host whose files and programs speak', () => {
  it('joins as any other: system, kernel, devices, processes, sockets and routes are quoted, not believed', async () => {
    const door = await opened()
    const { world, press } = door
    const root = world.calypso.root
    const line = hostileLine.replaceAll('\n', ' ')
    writeFileSync(
      join(root, 'etc/os-release'),
      Buffer.concat([
        Buffer.from(`ID=ubuntu\nVERSION_ID=22.04\nPRETTY_NAME="${line}`),
        hostileBytes,
        Buffer.from('"\n'),
      ]),
    )
    for (const file of ['proc/sys/kernel/osrelease', 'proc/sys/kernel/hostname'])
      writeFileSync(join(root, file), `${line}\n`)
    precede(
      world,
      'nvidia-smi',
      `case $1 in --query-gpu=*) printf '%s, %s, 24564\\n' "$(cat "${root}/proc/sys/kernel/hostname")" "$(cat "${root}/proc/sys/kernel/hostname")"; exit ;; *) printf '2143, %s, 1710\\n' "$(cat "${root}/proc/sys/kernel/hostname")"; exit ;; esac`,
    )
    precede(
      world,
      'ip',
      `case $* in *route*) printf 'default via %s dev %s src %s\\n' "$(cat "${root}/proc/sys/kernel/hostname")" a b; exit ;; esac`,
    )
    const run = await press()
    expectHarmless(door, run, { exitCode: 0, result: 'joined' })
    expect(run.summary).toContain(marker)
  })

  it('joins although its shell prints before every script, on both streams', async () => {
    const door = await opened()
    says(door.world, 'sh', hostileBytes)
    says(door.world, 'timeout', hostileBytes, 2)
    expectHarmless(door, await door.press(), { exitCode: 0, result: 'joined' })
  })

  it('is refused for its stranger on the port, whatever the stranger is called', async () => {
    const door = await opened()
    precede(
      door.world,
      'ss',
      `printf 'State Recv-Q Send-Q Local Peer Process\\nLISTEN 0 1 *:10250 *:* users:(("%s",pid=66,fd=3))\\n' "$(cat '${join(door.folder, 'name')}')"; exit`,
    )
    writeFileSync(join(door.folder, 'name'), hostileLine)
    expectHarmless(door, await door.press(), { exitCode: 1, result: 'failed', code: 'host-port' })
  })

  it('is refused for what its sudo says', async () => {
    const door = await opened({ faults: new Set(['no-sudo']) })
    says(door.world, 'sudo', hostileBytes, 2)
    expectHarmless(door, await door.press(), { exitCode: 1, result: 'failed', code: 'host-sudo' })
  })

  it('shows the names of its files and the arguments of its unit as text', async () => {
    const door = await opened({ calypso: 'joined-by-hand' })
    const root = door.world.calypso.root
    const name = `${hostileText.slice(0, 120).replaceAll('/', '-')}.yaml`
    mkdirSync(join(root, 'etc/rancher/k3s/config.yaml.d'), { recursive: true })
    writeFileSync(join(root, 'etc/rancher/k3s/config.yaml.d', name), `token: abc\n"${marker}": 1\n`)
    const templates = join(root, 'var/lib/rancher/k3s/agent/etc/containerd')
    mkdirSync(templates, { recursive: true })
    writeFileSync(join(templates, 'config.toml.tmpl'), hostileBytes)
    appendFileSync(
      join(root, 'etc/systemd/system/k3s-agent.service.env'),
      `${marker}='${hostileLine.replaceAll("'", '')}'\n`,
    )
    const run = await door.press()
    expectHarmless(door, run, { exitCode: 0, result: 'planned' })
  })
})

describe('a journal that speaks', () => {
  it('neither fails a good start', async () => {
    const door = await opened()
    says(door.world, 'journalctl', hostileBytes)
    expectHarmless(door, await door.press(), { exitCode: 0, result: 'joined' })
  })

  it('nor hides why a bad one failed', async () => {
    const door = await opened({ faults: new Set(['never-ready']) })
    says(door.world, 'journalctl', hostileBytes)
    expectHarmless(door, await door.press(), { exitCode: 1, result: 'failed', code: 'cni-not-initialised' })
  })

  it('of an agent and its containerd is quoted, and a server is trusted for its authority, whatever it calls itself', async () => {
    const lines = hostileText.split(/[\n\r]/)
    const strange = {
      agentLines: lines,
      containerdLines: lines,
      serverSubject: { commonName: hostileLine.slice(0, 64), organization: hostileLine.slice(-64) },
    }
    const door = await opened({ strange })
    expectHarmless(door, await door.press(), { exitCode: 0, result: 'joined' })
  })

  it('nor does systemd, when it refuses the start', async () => {
    const door = await opened()
    writeFileSync(join(door.folder, 'refusal'), hostileBytes)
    precede(door.world, 'systemctl', `case $* in 'start '*) cat '${join(door.folder, 'refusal')}' >&2; exit 1 ;; esac`)
    expectHarmless(door, await door.press(), { exitCode: 1, result: 'failed', code: 'start-refused' })
  })
})
