import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { promisedTrees } from '../../rehearsal/trees.ts'
import { applyChanges } from '../../src/k3s/install.ts'
import { type ApplyMaterial, type ApplyStep, paths } from '../../src/k3s/model.ts'
import { forgetFormerToken, undoChanges } from '../../src/k3s/remove.ts'
import { FolderHost, installer, program, type Shell, sha256 } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
/** Undone after every test, also one that fails. */
const endings: (() => Promise<void>)[] = []
function newHost(options?: ConstructorParameters<typeof FolderHost>[0]): FolderHost {
  const host = new FolderHost(options)
  hosts.push(host)
  return host
}
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 }
const token = `K10${'ab'.repeat(32)}::abcdef.0123456789abcdef`
const joinSteps: readonly ApplyStep[] = [
  'install-binary',
  'run-installer',
  'write-config',
  'edit-environment',
  'enable',
]
const shells: readonly Shell[] = ['dash', 'bash', 'busybox']

function material(host: FolderHost, changes: Partial<ApplyMaterial> = {}): ApplyMaterial {
  const steps = changes.steps ?? joinSteps
  return {
    runId: 'run-41',
    holder: 'Join Calypso run 41 (somebody)',
    isRestartFollowing: true,
    ...(steps.includes('install-binary')
      ? { binary: { stagedPath: host.stage(program()), sha256: sha256(program()) } }
      : {}),
    installer: { text: installer(), sha256: sha256(installer()) },
    config: 'node-name: calypso\nnode-label+:\n  - oceanid.node/gpu=nvidia-rtx-4090\n',
    environment: { url: 'https://157.173.210.123:6443', token },
    ...changes,
    steps,
  }
}

describe.each(shells)('a host whose sh is %s', (shell) => {
  it('gets everything that a join needs, has nothing to do the second time, and is as before when it is undone', async () => {
    const host = newHost({ shell })
    const before = host.tree()
    const seen: string[] = []
    const first = await applyChanges(host, material(host), {
      ...limits,
      onStep: (step, state) => seen.push(`${step} ${state}`),
    })
    expect(seen).toEqual(joinSteps.map((step) => `${step} done`))
    expect(first).toMatchObject({ isChanged: true, interrupted: [], holdsFormerToken: false })
    expect(host.read(paths.binary)).toBe(program())
    expect(host.mode(paths.binary)).toBe('755')
    expect(host.mode(paths.ownConfig)).toBe('600')
    expect(host.mode('etc/rancher/k3s/config.yaml.d')).toBe('755')
    expect(host.read(paths.environment)).toBe(`K3S_URL=https://157.173.210.123:6443\nK3S_TOKEN=${token}\n`)
    expect(host.mode(paths.environment)).toBe('600')
    expect(host.mode(paths.backups)).toBe('700')
    expect(host.tree()['etc/systemd/system/multi-user.target.wants/k3s-agent.service']).toContain(paths.unit)
    expect(host.calls()).not.toContain('systemctl daemon-reload')
    expect(readdirSync(join(host.root, 'tmp'))).toEqual(['installer-environment'])

    const joined = host.tree()
    const second = await applyChanges(host, material(host, { runId: 'run-42' }), limits)
    expect(second).toMatchObject({ isChanged: false, interrupted: [] })
    expect(host.tree()).toEqual(joined)

    const undo = await undoChanges(host, 'run-41', limits)
    expect(undo).toEqual({ undone: [...joinSteps].reverse(), remaining: [] })
    expect(host.tree()).toEqual(before)
    expect(await undoChanges(host, 'run-41', limits)).toEqual({ undone: [], remaining: [] })
    expect(await undoChanges(host, 'never-was-here', limits)).toEqual({ undone: [], remaining: [] })
  })

  it('changes an installation that was made by hand, and gets it back byte by byte', async () => {
    const host = newHost({ shell })
    const unit = `[Service]\nExecStart=/usr/local/bin/k3s \\\n    agent \\\n\t'--node-label' \\\n\t'oceanid.node/gpu=it'\\''s' \\\n\t'--flannel-iface=eth0' \\\n\n[Install]\nWantedBy=multi-user.target`
    host.write(paths.unit, unit, 0o640)
    host.write(
      paths.environment,
      `# by hand\nHTTP_PROXY='http://proxy:3128'\nK3S_TOKEN='K10${'cd'.repeat(32)}::server:secret'\nK3S_URL='https://old:6443'\n`,
      0o644,
    )
    host.write(paths.binary, program('v1.32.0+k3s1'), 0o750)
    host.setUnit('active', 'running', 77)
    host.flag('needs-reload')
    const before = host.tree()
    const steps: readonly ApplyStep[] = ['install-binary', 'write-config', 'edit-environment', 'edit-unit', 'reload']
    const outcome = await applyChanges(
      host,
      material(host, { steps, removeArguments: ['--node-label', '--token', '-t'] }),
      limits,
    )
    expect(outcome.steps.map((one) => one.state)).toEqual(steps.map(() => 'done'))
    expect(outcome.holdsFormerToken).toBe(true)
    expect(host.read(paths.unit)).toBe(unit.replace(`\\\n\t'--node-label' \\\n\t'oceanid.node/gpu=it'\\''s' `, ''))
    expect(host.mode(paths.unit)).toBe('640')
    expect(host.read(paths.environment)).toBe(
      `# by hand\nHTTP_PROXY='http://proxy:3128'\nK3S_TOKEN=${token}\nK3S_URL=https://157.173.210.123:6443\n`,
    )
    expect(host.mode(paths.environment)).toBe('600')

    // The agent was restarted with the new files, so it is restarted with the old ones.
    host.setUnit('activating', 'start', 78)
    host.flag('needs-reload')
    const undo = await undoChanges(host, 'run-41', limits)
    expect(undo).toEqual({
      undone: ['edit-unit', 'edit-environment', 'write-config', 'install-binary', 'reload', 'restart'],
      remaining: [],
    })
    expect(host.tree()).toEqual(before)
    expect(host.calls()).toContain('systemctl restart --no-block k3s-agent.service')
    expect(host.calls().some((call) => call.startsWith('systemctl stop'))).toBe(false)
  })

  it('keeps the env file and the start at boot when the installer runs over an installation', async () => {
    const host = newHost({ shell })
    host.write(paths.binary, program(), 0o755)
    host.write(paths.unit, '[Service]\nExecStart=/usr/local/bin/k3s agent\n')
    host.write(paths.environment, 'HTTP_PROXY=http://proxy:3128\n', 0o600)
    const link = 'etc/systemd/system/multi-user.target.wants/k3s-agent.service'
    symlinkSync(paths.unit, join(host.root, link))
    await applyChanges(host, material(host, { steps: ['run-installer'] }), limits)
    expect(host.read(paths.environment)).toBe('HTTP_PROXY=http://proxy:3128\n')
    expect(host.tree()[link]).toContain(paths.unit)
    expect(host.read(paths.unit)).toContain('Type=notify')
  })
})

describe('what must not happen', () => {
  it('puts no uploaded file in place that is not the wanted one, and removes it', async () => {
    const host = newHost()
    const before = host.tree([])
    const staged = host.stage('something else')
    const wrong = material(host, {
      binary: { stagedPath: staged, sha256: sha256(program()) },
      steps: ['install-binary'],
    })
    await expect(
      applyChanges(host, { ...wrong, binary: { stagedPath: staged, sha256: sha256(program()) } }, limits),
    ).rejects.toMatchObject({
      code: 'binary-mismatch',
      step: 'install-binary',
      cause: expect.stringContaining(sha256('something else')),
    })
    expect(host.read(staged)).toBeUndefined()
    expect(host.read(paths.binary)).toBeUndefined()
    expect(await undoChanges(host, 'run-41', limits)).toEqual({ undone: [], remaining: [] })
    expect(host.tree([])).toEqual(before)
  })

  it('runs no installer that is not the wanted one', async () => {
    const host = newHost()
    host.write(paths.binary, program(), 0o755)
    const before = host.tree()
    const changed = `${installer()}touch "$ROOT/etc/ran"\n`
    const wrong = material(host, {
      steps: ['run-installer'],
      installer: { text: changed, sha256: sha256(installer()) },
    })
    await expect(applyChanges(host, wrong, limits)).rejects.toMatchObject({ code: 'installer-mismatch' })
    expect(host.tree()).toEqual(before)
  })

  it('shows what a failing installer said, and takes back what it had done', async () => {
    const host = newHost()
    const before = host.tree()
    const text = installer('echo "[ERROR]  the disk is \\"full\\"" >&2; exit 7')
    const failing = applyChanges(host, material(host, { installer: { text, sha256: sha256(text) } }), limits)
    await expect(failing).rejects.toMatchObject({
      code: 'installer-failed',
      step: 'run-installer',
      cause: 'the installer ended with exit code 7',
      evidence: expect.arrayContaining(['[ERROR]  the disk is "full"']),
    })
    expect(host.tree()).not.toEqual(before)
    expect((await undoChanges(host, 'run-41', limits)).undone).toEqual(['run-installer', 'install-binary'])
    expect(host.tree()).toEqual(before)
  })

  it('says that /usr/local/bin is read-only, and changes nothing', async () => {
    const host = newHost()
    const before = host.tree(['etc', 'opt', 'root', 'home'])
    const bin = join(host.root, 'usr/local/bin')
    // Not even root can make files there.
    await import('node:fs/promises').then((fs) => fs.rmdir(bin))
    symlinkSync('/sys/kernel', bin)
    await expect(applyChanges(host, material(host), limits)).rejects.toMatchObject({
      code: 'folder-read-only',
      step: 'install-binary',
      cause: expect.stringContaining('/usr/local/bin'),
    })
    expect(host.tree(['etc', 'opt', 'root', 'home'])).toEqual(before)
    expect(readdirSync(join(host.root, 'tmp'))).toEqual([])
  })

  it('leaves a unit alone that it cannot read', async () => {
    const host = newHost()
    host.write(paths.unit, "[Service]\nExecStart=/bin/sh -c 'k3s agent --node-label a=b'\n")
    const before = host.tree()
    const edit = applyChanges(host, material(host, { steps: ['edit-unit'], removeArguments: ['--node-label'] }), limits)
    await expect(edit).rejects.toMatchObject({ code: 'unit-unreadable', step: 'edit-unit' })
    await undoChanges(host, 'run-41', limits)
    expect(host.tree()).toEqual(before)
  })

  it('refuses hosts without systemd and without flock', async () => {
    const host = newHost()
    await import('node:fs/promises').then((fs) => fs.rm(join(host.root, 'run/systemd'), { recursive: true }))
    await expect(applyChanges(host, material(host), limits)).rejects.toMatchObject({ code: 'init-unsupported' })
    const bare = newHost({ without: ['flock'] })
    await expect(applyChanges(bare, material(bare), limits)).rejects.toMatchObject({ code: 'lock-unavailable' })
    expect(readdirSync(join(bare.root, 'tmp'))).toEqual([])
  })

  it('lets no token or material of a secret kind into arguments or environments of any program', async () => {
    const spies = 'awk cat chmod cmp cp env grep ln ls mkdir mv rm sed sha256sum tail timeout'.split(' ')
    const host = newHost({ spies })
    host.write(paths.unit, `[Service]\nExecStart=/usr/local/bin/k3s agent --token server-secret --node-label a=b\n`)
    host.write(paths.environment, `K3S_TOKEN=K10${'cd'.repeat(32)}::server:other-secret\n`, 0o600)
    const steps: readonly ApplyStep[] = [...joinSteps, 'edit-unit', 'reload']
    await applyChanges(host, material(host, { steps, removeArguments: ['--token', '--node-label'] }), limits)
    await undoChanges(host, 'run-41', limits)
    const told = host.told() + host.read('tmp/installer-environment') + host.output
    expect(told).toContain('awk')
    for (const secret of [token, 'abcdef.0123456789abcdef', 'server-secret', 'other-secret'])
      expect(told).not.toContain(secret)
    expect(host.read('tmp/installer-environment')).not.toMatch(/^(?:K3S_|TOKEN|CONFIG|INSTALLER=)/m)
    expect(host.read('tmp/installer-environment')).toContain('SYSTEMD_OFFLINE=1')
  })

  it('takes material that does not fit its steps for a mistake of the caller, before any session', async () => {
    const host = newHost()
    const { config: _config, ...without } = material(host)
    await expect(applyChanges(host, without, limits)).rejects.toThrow(new TypeError('step write-config needs config'))
    await expect(applyChanges(host, material(host, { runId: '../../etc' }), limits)).rejects.toThrow(TypeError)
    await expect(undoChanges(host, '..', limits)).rejects.toThrow(TypeError)
    await expect(applyChanges(host, material(host, { removeArguments: ['$(reboot)'] }), limits)).rejects.toThrow(
      TypeError,
    )
    expect(host.counts.sessions).toBe(0)
  })

  it('lets a token that holds a line break become no second line of the env file', async () => {
    const host = newHost()
    const forged = material(host, { environment: { url: 'https://a:6443', token: 'x\nLD_PRELOAD=/tmp/evil.so' } })
    await expect(applyChanges(host, forged, limits)).rejects.toMatchObject({ code: 'bad-value' })
    expect(host.read(paths.environment)).toBeUndefined()
  })
})

describe('the host lock', () => {
  async function hold(host: FolderHost): Promise<() => Promise<void>> {
    host.write(paths.lock, 'Join Calypso run 40 (night "shift")\n')
    const holder = spawn('flock', [join(host.root, paths.lock), 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    const closed = once(holder, 'close')
    const release = async () => {
      holder.stdin.end()
      await closed
    }
    endings.push(release)
    return release
  }

  it('names the run that holds the host when waiting for it takes too long, and changes nothing', async () => {
    const host = newHost()
    await hold(host)
    const before = host.tree()
    const late = applyChanges(host, material(host), { ...limits, lockWaitMs: 0 })
    await expect(late).rejects.toMatchObject({
      code: 'host-locked',
      cause: expect.stringContaining('Join Calypso run 40 (night "shift")'),
    })
    await expect(undoChanges(host, 'run-41', { ...limits, lockWaitMs: 0 })).rejects.toMatchObject({
      code: 'host-locked',
    })
    expect(host.tree()).toEqual(before)
    expect(readdirSync(join(host.root, 'tmp'))).toEqual([])
  })

  it('goes on as soon as the other run has ended', async () => {
    const host = newHost()
    const release = await hold(host)
    const waiting = Promise.withResolvers<string>()
    const run = applyChanges(host, material(host), { ...limits, onWaiting: waiting.resolve })
    expect(await waiting.promise).toContain('run 40')
    await release()
    expect((await run).isChanged).toBe(true)
    expect(host.read(paths.lock)).toBe('')
  })
})

describe('undo after the agent was started', () => {
  async function joinedAndStarted(): Promise<{ host: FolderHost; before: ReturnType<FolderHost['tree']> }> {
    const host = newHost()
    mkdirSync(join(host.root, 'usr/libexec'))
    const before = host.tree([...promisedTrees, 'var/lib', 'usr/libexec'])
    await applyChanges(host, material(host), limits)
    host.setUnit('activating', 'start', 300)
    host.write('etc/rancher/node/password', 'of-the-node\n', 0o600)
    host.write('var/lib/rancher/k3s/agent/client.key', 'private\n', 0o600)
    host.write('var/lib/rancher/k3s/data/current/bin', 'program\n')
    host.write('var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/x/y', 'of a pod\n')
    host.write('var/lib/cni/networks/cbr0/10.42.3.2', 'container\n')
    mkdirSync(join(host.root, 'usr/libexec/kubernetes/kubelet-plugins/volume/exec'), { recursive: true })
    return { host, before }
  }

  it('stops it and deletes what came with it: everything is as before the join', async () => {
    const { host, before } = await joinedAndStarted()
    // A unit that is gone needs no daemon-reload, which could take the GPU from running containers.
    host.flag('needs-reload')
    const undo = await undoChanges(host, 'run-41', limits)
    expect(undo).toEqual({ undone: ['start', 'agent-data', ...[...joinSteps].reverse()], remaining: [] })
    expect(host.calls()).toContain('systemctl stop k3s-agent.service')
    expect(host.calls()).not.toContain('systemctl daemon-reload')
    expect(host.tree([...promisedTrees, 'var/lib', 'usr/libexec'])).toEqual(before)
  })

  it('deletes only what was added to folders that were there, and says what the agent changed in them', async () => {
    const host = newHost()
    const template = 'var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'
    host.write(template, '{{ template "base" . }}\n')
    host.write('var/lib/rancher/k3s/agent/client-ca.crt', 'of an earlier cluster\n')
    host.write('var/lib/rancher/k3s/storage/volume/data', 'of the owner\n')
    const before = host.tree()
    await applyChanges(host, material(host), limits)
    host.setUnit('failed', 'failed', 0)
    host.write('var/lib/rancher/k3s/agent/containerd/io.containerd.content.v1/blob', 'layer\n')
    host.write('var/lib/rancher/k3s/agent/etc/containerd/config.toml', 'version = 3\n')
    const same = await undoChanges(host, 'run-41', limits)
    expect({ remaining: same.remaining, tree: host.tree() }).toEqual({ remaining: [], tree: before })

    await applyChanges(host, material(host), limits)
    host.setUnit('failed', 'failed', 0)
    host.write('var/lib/rancher/k3s/agent/client-ca.crt', 'of this cluster\n')
    const changed = await undoChanges(host, 'run-41', limits)
    expect(changed.remaining).toEqual(['/var/lib/rancher/k3s/agent (1 of its former files were changed by the agent)'])
  })

  it.each([
    ['a mount below it', '/dev/sdb1 /var/lib/rancher/k3s/agent/images ext4 rw 0 0\n'],
    [
      'a container layered over it',
      'overlay /run/k3s/x/rootfs overlay rw,lowerdir=/var/lib/rancher/k3s/agent/containerd/1/fs 0 0\n',
    ],
  ])(
    'keeps the folder of the agent because of %s',
    async (_why, mount) => {
      const { host } = await joinedAndStarted()
      host.write('proc/mounts', mount)
      const undo = await undoChanges(host, 'run-41', limits)
      expect(undo.remaining).toEqual(['/var/lib/rancher/k3s/agent (containers or mounts still use it)'])
      expect(host.read('var/lib/rancher/k3s/agent/client.key')).toBe('private\n')
      expect(host.read('var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/x/y')).toBeUndefined()
    },
    15_000,
  )

  it('keeps what a pod that outlived its agent has mounted in its own view, and what a process runs from', async () => {
    const { host } = await joinedAndStarted()
    host.write(
      'proc/612/mountinfo',
      '641 612 8:1 /var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/x /data rw - ext4 /dev/sda1 rw\n',
    )
    host.link('proc/612/exe', '/var/lib/rancher/k3s/data/current/bin/containerd-shim-runc-v2')
    const undo = await undoChanges(host, 'run-41', limits)
    expect(undo.remaining).toEqual([
      '/var/lib/rancher/k3s/data (a process still uses it)',
      '/var/lib/kubelet (containers or mounts still use it)',
    ])
    expect(host.read('var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/x/y')).toBe('of a pod\n')
  }, 15_000)

  it('leaves an agent alone that runs as before', async () => {
    const host = newHost()
    host.write(paths.binary, program(), 0o755)
    host.setUnit('active', 'running', 77)
    await applyChanges(host, material(host, { steps: ['write-config'] }), limits)
    expect(await undoChanges(host, 'run-41', limits)).toEqual({ undone: ['write-config'], remaining: [] })
    expect(host.calls().filter((call) => !call.startsWith('systemctl show'))).toEqual([])
  })

  it("deletes the copy of a server's token on request, and says afterwards that the env file cannot be restored", async () => {
    const host = newHost()
    host.write(paths.environment, `K3S_TOKEN=K10${'cd'.repeat(32)}::server:owner\n`, 0o600)
    const outcome = await applyChanges(host, material(host, { steps: ['edit-environment'] }), limits)
    expect(outcome.holdsFormerToken).toBe(true)
    const copies = () =>
      Object.keys(host.tree(['var/lib/k3s-gpu-actions'])).filter(
        (path) => !path.endsWith('/') && readFileSync(join(host.root, path), 'utf8').includes('server:owner'),
      )
    expect(copies()).toHaveLength(1)
    expect(await forgetFormerToken(host, 'run-41', limits)).toHaveLength(1)
    expect(copies()).toEqual([])
    const undo = await undoChanges(host, 'run-41', limits)
    expect(undo.remaining.join()).toContain(paths.environment)
    expect(host.read(paths.environment)).toContain(token)
  })

  it("finds a server's token in what killed runs left, at whatever moment they were killed, and can be asked twice", async () => {
    const host = newHost()
    const owners = `K3S_URL=https://157.173.210.123:6443\n\tK3S_TOKEN=K10${'cd'.repeat(32)}::server:owner\n`
    const runs = `${paths.backups}/runs`
    host.write(`${runs}/killed-1/log`, 'step edit-environment\nreplaced 0 /etc/systemd/system/k3s-agent.service.env\n')
    host.write(`${runs}/killed-1/backups/0`, owners, 0o600)
    host.write(`${runs}/killed-2/log`, 'step edit-environment\nreplaced 0 /usr/local/bin/k3s\n')
    // The program itself speaks of tokens; it is no secret.
    host.write(`${runs}/killed-2/backups/0`, 'usage: k3s agent --token VALUE\n')
    host.write(`${runs}/killed-2/backups/1.part`, owners, 0o600)
    host.write(`${runs}/killed-2/unit-pieces`, 'text --token\ntext K10::server:owner\n', 0o600)
    const undone = '/etc/systemd/system/.k3s-gpu-actions.killed-3.undo'
    host.write(undone, owners, 0o600)
    host.write(paths.environment, `K3S_URL=https://157.173.210.123:6443\nK3S_TOKEN=${token}\n`, 0o600)

    const outcome = await applyChanges(host, material(host, { steps: ['edit-environment'] }), limits)
    expect(outcome).toMatchObject({ isChanged: false, holdsFormerToken: true })
    expect((await forgetFormerToken(host, 'run-41', limits)).toSorted()).toEqual([
      undone,
      `${runs}/killed-1/backups/0`,
      `${runs}/killed-2/backups/1.part`,
      `${runs}/killed-2/unit-pieces`,
    ])
    expect(host.read(`${runs}/killed-2/backups/0`)).toBeDefined()
    expect(await forgetFormerToken(host, 'run-41', limits)).toEqual([])
    const again = await applyChanges(host, material(host, { steps: ['edit-environment'] }), limits)
    expect(again.holdsFormerToken).toBe(false)
  })
})
