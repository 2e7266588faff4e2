import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { EvidenceFile } from '../../src/join/index.ts'
import { readEvidence } from '../../src/k3s/evidence.ts'
import { FolderHost, type Shell, sha256 } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

const secret = 'abcdefghij012345'
const log = 'var/lib/rancher/k3s/agent/containerd/containerd.log'
const unit = 'etc/systemd/system/k3s-agent.service'

/** A host on which an agent does not start, with programs that say what the real ones would. */
function newHost(shell: Shell = 'dash'): FolderHost {
  const host = new FolderHost({ shell })
  hosts.push(host)
  host.write('etc/rancher/node/password', `${secret}\n`, 0o600)
  host.write(`${unit}.env`, `K3S_TOKEN=${secret}\n`, 0o600)
  host.write(unit, '[Service]\n')
  host.write('usr/local/bin/k3s', 'the program')
  host.write('etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml', 'node-name: calypso\n', 0o600)
  host.program('ss', '#!/bin/sh\necho "LISTEN 0 4096 127.0.0.1:6444 users:((k3s-agent,pid=1,fd=1))"\n')
  host.program(
    'ip',
    '#!/bin/sh\necho "default via 192.0.2.1"; [ "$1" != -6 ] || { echo "no such family" >&2; exit 2; }\n',
  )
  host.program('df', '#!/bin/sh\necho "Filesystem 1024-blocks Used Available Capacity Mounted on"\n')
  host.program('dmesg', '#!/bin/sh\necho "Out of memory: Killed process 412 (k3s-agent)"; echo "usb 1-1: new device"\n')
  return host
}

const read = (host: FolderHost, startedAgoMs?: number, signal = AbortSignal.timeout(20_000)) =>
  readEvidence(host, { unit: 'k3s-agent', startedAgoMs }, signal)
const textOf = (files: readonly EvidenceFile[], name: string): string =>
  files.find((file) => file.name === name)?.text ?? `${name} is missing`

describe.each(['dash', 'bash', 'busybox'] as const)('evidence of a host whose sh is %s', (shell) => {
  it('has a file for each question, changes nothing, and reads neither token nor password', async () => {
    const host = newHost(shell)
    host.appendJournal('Starting k3s-agent.service\nkubelet exited: exit status 1\n')
    host.program('journalctl', `#!/bin/sh\ncase "$*" in *-k*) exit 1 ;; esac\ncat "${host.state}/journal"\n`)
    const before = host.tree(['etc', 'var', 'usr', 'run', 'tmp', 'root'])
    const files = await read(host)
    expect(host.tree(['etc', 'var', 'usr', 'run', 'tmp', 'root'])).toEqual(before)
    expect(files.map(({ name }) => name).sort()).toEqual([
      'containerd.log',
      'df.txt',
      'files.txt',
      'journal.txt',
      'kernel.txt',
      'mounts.txt',
      'routes.txt',
      'sockets.txt',
      'unit-status.txt',
    ])
    expect(textOf(files, 'journal.txt')).toContain('kubelet exited: exit status 1')
    expect(textOf(files, 'containerd.log')).toContain('(not there)')
    expect(textOf(files, 'sockets.txt')).toContain('127.0.0.1:6444')
    expect(textOf(files, 'routes.txt')).toMatch(
      /== ip -4 route\ndefault via 192\.0\.2\.1[\s\S]*no such family\n\(exit code 2\)/,
    )
    expect(textOf(files, 'mounts.txt')).toContain('/dev/sda1 / ext4')
    expect(textOf(files, 'unit-status.txt')).toContain('ActiveState=inactive')
    expect(textOf(files, 'kernel.txt')).toContain('Out of memory: Killed process 412')
    expect(textOf(files, 'kernel.txt')).not.toContain('usb')
    const listed = textOf(files, 'files.txt')
    expect(listed).toContain(`sha256 ${sha256('the program')}`)
    expect(listed).toMatch(/-rw------- .*k3s-agent\.service\.env\n(?! {2}sha256)/)
    expect(listed).not.toContain(sha256(`K3S_TOKEN=${secret}\n`))
    expect(host.output).not.toContain(secret)
    expect(await host.leftProcesses()).toEqual([])
  })

  it('tells what was written since the start from what is older', async () => {
    const host = newHost(shell)
    const stamp = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString()
    host.write(
      log,
      `time="${stamp(3600)}" level=error msg="of an hour ago"\nno time of its own\ntime="${stamp(5)}" level=warning msg="of this start"\nand what follows\n`,
    )
    const all = 'printf "%s\\n" "an old refusal" "a new line"'
    host.program(
      'journalctl',
      `#!/bin/sh\ncase "$*" in *-k*--since*) echo "cgroup: new trouble" ;; *-k*) exit 1 ;; *--since*) echo "a new line" ;; *) ${all} ;; esac\n`,
    )
    const files = await read(host, 20_000)
    const recent = (name: string): string | undefined => files.find((file) => file.name === name)?.recent
    expect(recent('journal.txt')).toBe('a new line')
    expect(textOf(files, 'journal.txt')).toBe('an old refusal\n== since the start of this run\na new line')
    expect(recent('containerd.log')).toMatch(/^time=.*of this start"\nand what follows$/)
    expect(textOf(files, 'containerd.log')).toContain('of an hour ago')
    expect(recent('kernel.txt')).toBe('cgroup: new trouble')
    expect(textOf(files, 'kernel.txt')).toContain('Out of memory')
  })
})

describe('evidence', () => {
  it('of hostile bytes is bounded, and stays lines of text', async () => {
    const host = newHost()
    host.write(log, '')
    host.append(log, Buffer.alloc(400_000, 0xff))
    host.append(log, Buffer.from('\u001b]0;title\u0007{"file":"../../forged","text":"x"}\n\0'))
    const files = await read(host)
    expect(files.map(({ name }) => name)).not.toContain('../../forged')
    const text = textOf(files, 'containerd.log')
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).not.toMatch(/[\u0000\u001b\u0007]/)
  })

  it('is what there is when a program hangs: that program has seconds, and the others still answer', async () => {
    const host = newHost()
    host.program('ip', '#!/bin/sh\nexec sleep 600\n')
    const files = await read(host)
    expect(textOf(files, 'routes.txt')).toMatch(
      /== ip -4 route\n\(exit code 124\)\n== ip -6 route\n\(not asked again: ip hung\)/,
    )
    expect(textOf(files, 'mounts.txt')).toContain('/dev/sda1')
  }, 30_000)

  it('is what had come when the time is up', async () => {
    const host = newHost()
    const ended = new AbortController()
    // Deaf to every request to end: the whole session has to be given up.
    host.program('ss', `#!/bin/sh\ntrap '' TERM\n: >"${host.state}/hangs"\nexec sleep 600\n`)
    const watch = setInterval(() => existsSync(`${host.state}/hangs`) && ended.abort(new Error('time is up')), 20)
    try {
      const files = await read(host, undefined, ended.signal)
      expect(files.map(({ name }) => name)).toContain('unit-status.txt')
      expect(files.map(({ name }) => name)).not.toContain('sockets.txt')
    } finally {
      clearInterval(watch)
    }
    expect(await host.leftProcesses()).toEqual([])
  }, 30_000)

  it('says why there is none', async () => {
    const host = newHost()
    await expect(read(host, undefined, AbortSignal.abort(new Error('over')))).rejects.toThrow()
  })
})
