import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { applyRuntime, type RuntimeMaterial } from '../../src/gpu/apply.ts'
import { askContainers } from '../../src/gpu/container-calls.ts'
import { toolkitPackages } from '../../src/gpu/model.ts'
import { undoRuntime } from '../../src/gpu/undo.ts'
import { all, containerd, gpuHost, key, material, stateOf, template, templateSum } from './gpu-apply-host.ts'
import type { FolderHost, Shell } from './k3s-install-host.ts'

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 }
const ownConfig = 'etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml'
const rule = 'etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules'
const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})
function newHost(shell: Shell = 'dash'): FolderHost {
  const host = gpuHost(shell)
  hosts.push(host)
  return host
}
const undo = (host: FolderHost, runId: string) => undoRuntime(host, runId, { ...limits, unit: 'k3s-agent' })

describe.each<Shell>(['dash', 'busybox'])('a GPU host whose sh is %s', (shell) => {
  it('gets everything in order, has nothing to do the second time, and is as before when it is undone', async () => {
    const host = newHost(shell)
    const before = stateOf(host)
    const seen: string[] = []
    const first = await applyRuntime(host, material('one'), {
      ...limits,
      onStep: (step, state) => seen.push(`${step} ${state}`),
    })
    expect(seen).toEqual(all.map((step) => `${step} done`))
    expect(first).toMatchObject({ isChanged: true, warnings: [], interrupted: [] })
    expect(host.read('var/lib/dpkg/stand-in')).toBe(
      [...toolkitPackages]
        .sort()
        .map((name) => `${name} 1.20.0-1\n`)
        .join(''),
    )
    expect(host.read(`${containerd}/config.toml.tmpl`)).toBeUndefined()
    expect(host.read(`${containerd}/config.toml.tmpl.disabled-${templateSum.slice(0, 8)}`)).toBe(template)
    expect(host.read(ownConfig)).toMatch(/^default-runtime: nvidia$/m)
    expect(host.read(rule)).toMatch(/RUN\+="\/[^"]*nvidia-ctk system create-dev-char-symlinks --create-all"/)
    expect(host.read('usr/share/keyrings/nvidia-container-toolkit-keyring.gpg')).toBe(`${key}\n`)
    const prepared = stateOf(host)
    expect((await applyRuntime(host, material('two'), limits)).isChanged).toBe(false)
    expect(stateOf(host)).toEqual(prepared)
    expect(host.calls().join('\n')).not.toMatch(/restart|daemon-reload/)

    expect(await undo(host, 'one')).toEqual({
      undone: [
        'hold-packages',
        'install-toolkit',
        'write-default-runtime',
        'quarantine-template',
        'link-devices',
        'add-repository',
      ],
      remaining: [],
      evidence: [],
    })
    expect(stateOf(host)).toEqual(before)
    expect(host.read('var/lib/k3s-gpu-actions/gpu-runs/one/log')).toBeUndefined()
    // Packages were not let near systemd, nobody was asked anything, and needrestart restarted nothing.
    expect([...new Set(host.read('tmp/apt-environment')?.trim().split('\n'))]).toEqual(['1 noninteractive 1'])
  })

  it('takes the default runtime away, and brings it back with a restart when k3s was restarted in between', async () => {
    const host = newHost(shell)
    host.write(ownConfig, 'default-runtime: nvidia\n', 0o600)
    const before = host.tree(['etc'])
    await applyRuntime(host, material('away', { steps: ['remove-default-runtime'] }), limits)
    expect(host.read(ownConfig)).toBeUndefined()
    host.setUnit('activating', 'start', 78)
    expect(await undo(host, 'away')).toMatchObject({ undone: ['remove-default-runtime', 'restart'], remaining: [] })
    expect(host.tree(['etc'])).toEqual(before)
    expect(host.calls().filter((call) => /systemctl (restart|daemon)/.test(call))).toEqual([
      'systemctl restart --no-block k3s-agent.service',
    ])
  })

  it('makes a GPU call in each container that has the GPU, through its own runtime', async () => {
    const host = newHost(shell)
    const id = (letter: string): string => letter.repeat(64)
    const process = (pid: number, group: string): void => {
      host.write(`proc/${pid}/cgroup`, `0::${group}\n`)
      host.write(`proc/${pid}/root/dev/nvidiactl`, '')
    }
    process(10, '/init.scope')
    process(20, `/system.slice/docker-${id('a')}.scope`)
    process(21, `/system.slice/docker-${id('a')}.scope`)
    process(
      30,
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podx.slice/cri-containerd-${id('b')}.scope`,
    )
    process(40, `/machine.slice/libpod-${id('c')}.scope`)
    process(50, `/machine.slice/libpod-conmon-${id('d')}.scope`)
    process(60, '/system.slice/docker-$(touch evil).scope')
    host.program(
      'docker',
      `#!/bin/sh\ncase $1 in inspect) echo '/triton"\\ \\$(x)' ;; exec) echo 'GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-x)' ;; esac\n`,
    )
    host.program(
      'k3s',
      `#!/bin/sh\ncase $2 in inspect) echo ai/embedder-0/embedder ;; exec) echo 'Failed to initialize NVML: Unknown Error'; echo 'FATA[0000] execing command in container: command terminated with exit code 255' >&2; exit 1 ;; esac\n`,
    )
    host.program(
      'podman',
      `#!/bin/sh\ncase $1 in exec) echo 'executable file not found in $PATH' >&2; exit 127 ;; esac\n`,
    )
    const calls = await askContainers(host, limits)
    expect(
      calls.map(({ runtime, id: found, name, outcome, said }) => [
        runtime,
        found[0],
        name,
        outcome,
        said.split('\n')[0],
      ]),
    ).toEqual([
      ['docker', 'a', '/triton"\\ \\$(x)', 'ok', 'GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-x)'],
      ['k3s', 'b', 'ai/embedder-0/embedder', 'failed', 'exit code 1: Failed to initialize NVML: Unknown Error'],
      ['podman', 'c', '', 'not-asked', 'executable file not found in $PATH'],
    ])
    expect(host.read('evil')).toBeUndefined()
  })
})

describe('what must not happen', () => {
  it.each<[string, (host: FolderHost) => void, Partial<RuntimeMaterial>, string, RegExp]>([
    ['the key of another', (host) => host.write('served-key', 'A'.repeat(40)), {}, 'key-differs', /A{40}/],
    [
      'two keys, one of them wanted',
      (host) => host.write('served-key', `${key}:\nfpr:::::::::x:\npub:-:1:1:X:\nfpr:::::::::${'B'.repeat(40)}`),
      {},
      'key-differs',
      /B{40}/,
    ],
    [
      'a keyring of somebody else',
      (host) => host.write('usr/share/keyrings/nvidia-container-toolkit-keyring.gpg', 'A'.repeat(40)),
      {},
      'keyring-differs',
      /left as it is/,
    ],
    [
      'an address that gives no key',
      (host) => host.program('sleep', '#!/bin/sh\n'),
      { repository: { url: 'https://nowhere.example', keys: [key] } },
      'key-unreachable',
      /nowhere/,
    ],
    [
      'a template that changed since it was judged',
      (host) => host.append(`${containerd}/config.toml.tmpl`, '# edited\n'),
      { steps: ['quarantine-template'] },
      'template-changed',
      /left as it is/,
    ],
    [
      'a default runtime that k3s cannot find',
      () => undefined,
      { steps: ['write-default-runtime'], searchPath: ['/usr/local/nvidia/toolkit', 'usr/bin', '', '/opt'] },
      'runtime-missing',
      /would not start/,
    ],
    [
      'a template outside of its folder',
      () => undefined,
      { steps: ['quarantine-template'], templates: [{ path: '/etc/passwd', sha256: templateSum }] },
      'bad-value',
      /no template/,
    ],
    [
      'a package manager that fails',
      (host) => host.write('apt-fails', ''),
      {},
      'repository-unusable',
      /could not be read/,
    ],
  ])('%s', async (_story, arrange, change, code, cause) => {
    const host = newHost()
    arrange(host)
    const before = stateOf(host)
    await expect(applyRuntime(host, material('refused', change), limits)).rejects.toMatchObject({
      code,
      cause: expect.stringMatching(cause),
      remedy: expect.stringMatching(/./),
    })
    expect((await undo(host, 'refused')).remaining).toEqual([])
    expect(stateOf(host)).toEqual(before)
  })

  it('what another program installs right now is waited for, and what it left half done is not finished for it', async () => {
    const host = newHost()
    const lock = 'var/lib/dpkg/lock-frontend'
    host.write(lock, '')
    host.write('half', 'half-configured linux-image-generic\n')
    const inode = statSync(join(host.root, lock)).ino
    // As the kernel lists it, with the lock of somebody who waits for it (proc_pid(5), /proc/locks).
    const held = `3: POSIX  ADVISORY  WRITE 4242 08:02:${inode} 0 EOF\n3: -> POSIX  ADVISORY  WRITE 77 08:02:${inode} 0 EOF\n`
    host.write('proc/locks', held)
    const ended = setTimeout(() => {
      host.write('half', '')
      host.write('proc/locks', '1: FLOCK  ADVISORY  WRITE 1 00:19:5 0 EOF\n')
    }, 300)
    const steps = ['add-repository', 'install-toolkit'] as const
    expect((await applyRuntime(host, material('waits', { steps }), limits)).isChanged).toBe(true)
    clearTimeout(ended)
    await undo(host, 'waits')
    host.write('half', 'half-configured linux-image-generic\n')
    await expect(applyRuntime(host, material('cut', { steps }), limits)).rejects.toMatchObject({
      code: 'dpkg-interrupted',
    })
  })

  it('gives nothing up because links in /dev/char cannot be made, and says so', async () => {
    const host = newHost()
    host.write('ctk-fails', '')
    const outcome = await applyRuntime(host, material('links', { steps: ['link-devices'] }), limits)
    expect(outcome).toMatchObject({
      isChanged: false,
      warnings: [expect.stringMatching(/missing required device major/)],
    })
    expect(host.read(rule)).toBeUndefined()
  })

  it.each<[string, Partial<RuntimeMaterial>]>([
    ['version', { toolkitVersion: '1.20.0; reboot' }],
    ['URL', { repository: { url: 'https://x/ y\ndeb https://evil', keys: [key] } }],
    ['fingerprint', { repository: { url: 'https://x', keys: ['F796ECB0'] } }],
    ['fingerprint', { repository: { url: 'https://x', keys: [] } }],
    ['package', { hold: ['-o=APT::x'] }],
    ['package', { prerequisites: ['curl $(x)'] }],
    ['template', { templates: [{ path: '/a b', sha256: templateSum }] }],
    ['search path', { searchPath: ['/usr/bin:/tmp'] }],
  ])('takes a strange %s for a mistake of the caller, before any session', async (words, change) => {
    const host = newHost()
    await expect(applyRuntime(host, material('one', change), limits)).rejects.toThrow(words)
    expect(host.counts.sessions).toBe(0)
  })
})
