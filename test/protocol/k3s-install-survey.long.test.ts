import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { applyChanges } from '../../src/k3s/install.ts'
import { type K3sInstallation, paths } from '../../src/k3s/model.ts'

import { surveyFragment, surveyInstallation } from '../../src/k3s/survey.ts'
import { FolderHost, program, sha256 } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})
const limits = { signal: new AbortController().signal, timeoutMs: 20_000 }
const hash = 'ab'.repeat(32)

async function survey(host: FolderHost): Promise<K3sInstallation> {
  const before = host.tree()
  const script = `${surveyFragment}\nmain() { survey_distribution; }\n`
  const result = await host.run({ name: 'survey', script, privilege: 'root-if-possible', ...limits })
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  expect(host.tree()).toEqual(before)
  return surveyInstallation(result.lines)
}

describe.each(['dash', 'bash', 'busybox'] as const)('a host whose sh is %s', (shell) => {
  function newHost(): FolderHost {
    const host = new FolderHost({ shell, spies: ['awk', 'grep', 'ls', 'sed', 'sha256sum', 'timeout'] })
    hosts.push(host)
    return host
  }

  it('says that there is nothing', async () => {
    expect(await survey(newHost())).toEqual({
      configFiles: [],
      changedSinceStart: [],
      hasNodePassword: false,
      hasServerUnit: false,
      templates: [],
      settings: [],
      hasSelinuxPolicy: false,
    })
  })

  it('tells of an installation by hand, and keeps every secret', async () => {
    const host = newHost()
    const unit = [
      '[Service]',
      `ExecStart=/usr/local/bin/k3s \\`,
      `    agent \\`,
      `\t'--token' \\`,
      `\t'the secret' \\`,
      `\t'--token=the-secret' -t the-secret --agent-token=the-secret -token the-secret \\`,
      `\t--datastore-endpoint mysql://u:the-secret@h --vpn-auth=name=x,joinKey=the-secret \\`,
      `\t'--node-label' 'oceanid.node/gpu=it'\\''s "the" one' "--token-file" /etc/token --flannel-iface=eth0 --token`,
      '',
    ].join('\n')
    host.write(paths.binary, program(), 0o755)
    host.write(paths.unit, unit)
    const environment = `# K3S_TOKEN=the-secret\nK3S_TOKEN='K10${hash}::server:the-secret'\nK3S_URL="https://157.173.210.123:6443"\nHTTP_PROXY=http://u:the-secret@p\nnonsense the-secret\n`
    host.write(paths.environment, environment, 0o640)
    host.write(
      'etc/rancher/k3s/config.yaml',
      '# token: x\ntoken: the-secret\n"node-label":\n  - a=b\nkubelet-arg+: [the-secret=the-secret, node-labels=c=d]\n',
      0o600,
    )
    host.write('etc/rancher/k3s/config.yaml.d/90-last.yml', 'debug: true\n')
    host.write('etc/rancher/k3s/config.yaml.d/10-first.yaml', 'node-ip: 1.2.3.4\r\n')
    host.write('etc/rancher/k3s/config.yaml.d/README', 'no: yes\n')
    host.write('etc/rancher/node/password', 'the-secret\n', 0o600)
    host.write('var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl', '[plugins]\nx = 1\n')
    host.write('var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl', '{{ template "base" . }}\n')
    host.setUnit('active', 'running', 77)
    host.write('etc/systemd/system/k3s.service', '[Service]\nExecStart=/usr/local/bin/k3s server --token the-secret\n')
    host.flag('needs-reload')

    expect(await survey(host)).toEqual({
      binary: { path: paths.binary, version: 'v1.33.4+k3s1', sha256: sha256(program()) },
      unit: {
        name: 'k3s-agent',
        path: paths.unit,
        sha256: sha256(unit),
        arguments: [
          ...['agent', '--token', '***', '--token=***', '-t', '***', '--agent-token=***', '-token', '***'],
          ...['--datastore-endpoint', '***', '--vpn-auth=***', '--node-label', `oceanid.node/gpu=it's "the" one`],
          ...['--token-file', '/etc/token', '--flannel-iface=eth0', '--token'],
        ],
        activeState: 'active',
        subState: 'running',
        isEnabled: false,
        restarts: 0,
        needsReload: true,
      },
      environment: {
        path: paths.environment,
        sha256: sha256(environment),
        mode: '640',
        keys: ['K3S_TOKEN', 'K3S_URL', 'HTTP_PROXY'],
        url: 'https://157.173.210.123:6443',
        tokenKind: 'server',
      },
      configFiles: [
        expect.objectContaining({
          path: '/etc/rancher/k3s/config.yaml',
          mode: '600',
          keys: ['token', 'node-label', 'kubelet-arg+'],
        }),
        expect.objectContaining({
          path: '/etc/rancher/k3s/config.yaml.d/10-first.yaml',
          mode: '644',
          keys: ['node-ip'],
        }),
        expect.objectContaining({ path: '/etc/rancher/k3s/config.yaml.d/90-last.yml', keys: ['debug'] }),
      ],
      hasNodePassword: true,
      hasServerUnit: true,
      changedSinceStart: [],
      settings: [
        ['node-label', false, ''],
        ['node-label', false, 'a=b'],
        ['kubelet-arg', true, ''],
        ['kubelet-arg', true, 'node-labels=c=d'],
      ].map(([key, isAdded, value]) => ({ path: '/etc/rancher/k3s/config.yaml', key, isAdded, value })),
      hasSelinuxPolicy: false,
      templates: [
        expect.objectContaining({
          path: '/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl',
          hasBaseTemplate: false,
        }),
        expect.objectContaining({
          path: '/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl',
          hasBaseTemplate: true,
        }),
      ],
    })
    expect(host.output).not.toMatch(/the.secret/)
    expect(host.told()).not.toMatch(/the.secret/)
  })

  it('reads labels however people write them, and no more of the file', async () => {
    const host = newHost()
    const forms: readonly (readonly [string, readonly string[]])[] = [
      ['node-label: a=b\n', ['node-label =', 'node-label =a=b']],
      ['node-label:\n  - a=b # why\n  - \'c=d#e\'\n\n# x\n- "f=\\"g\\""\n', ['=', '=a=b', '=c=d#e', '=f="g"']],
      ['node-label: [a=b, "c=d,e=f", \'g=]\']  # x\n', ['=', '=a=b', '=c=d,e=f', '=g=]']],
      ['node-label: [\n  a=b,\n  c=d\n]\ntoken: the-secret\n', ['=', '=a=b', '=c=d']],
      ['"node-label+":\r\n- a=b\r\n', ['node-label +', 'node-label +a=b']],
      ['node-taint: []\nnode-labels: x=y\nother:\n  - the-secret\n', ['node-taint =']],
      [
        'kubelet-arg:\n- node-labels=a=b\n- the-secret=x\n- fail-swap-on=true\n',
        ['=', '=node-labels=a=b', '=fail-swap-on=true'],
      ],
      ['node-label:\nfoo: bar\n  - the-secret\n- the-secret\n', ['=']],
      ['node-label: ~\nnode-taint: null\n', ['node-label =', 'node-taint =']],
      ['other: |\n  node-label: the-secret\n', []],
    ]
    const folder = 'etc/rancher/k3s/config.yaml.d'
    for (const [index, [text]] of forms.entries()) host.write(`${folder}/${index}.yaml`, text, 0o600)
    const { settings } = await survey(host)
    for (const [index, [text, expected]] of forms.entries()) {
      const here = settings.filter(({ path }) => path === `/${folder}/${index}.yaml`)
      const told = here.map(({ key, isAdded, value }) => `${key} ${isAdded ? '+' : '='}${value}`)
      const first = /^[a-z-]+/.exec(text)?.[0] ?? ''
      expect({ text, told }).toEqual({
        text,
        told: expected.map((one) => (/^[=+]/.test(one) ? `${first} ${one}` : one)),
      })
    }
    expect(host.output).not.toMatch(/the.secret/)
  })

  it('ends with endless lists of labels, and keeps control characters data', async () => {
    const host = newHost()
    const many = Array.from({ length: 5000 }, (_, index) => `  - l${index}=\u001b[31m::error::${'x'.repeat(600)}\n`)
    host.write('etc/rancher/k3s/config.yaml', `node-label:\n${many.join('')}`, 0o600)
    const { settings } = await survey(host)
    expect(settings).toHaveLength(257)
    expect(settings[1]?.value).toHaveLength(400)
    expect(settings[1]?.value).toMatch(/^l0=\u001b\[31m::error::x/)
  })

  it('reads back the drop-in that apply wrote, to the last byte', async () => {
    const host = newHost()
    const config = '# ours\nnode-name: calypso\nnode-label+:\n  - "a=\\"b\\"\u00e9"\n\n'
    await applyChanges(
      host,
      { runId: 'r', holder: 'h', steps: ['write-config'], config, isRestartFollowing: true },
      limits,
    )
    expect(await survey(host)).toMatchObject({
      ownConfig: config,
      configFiles: [{ path: paths.ownConfig, mode: '600', sha256: sha256(config) }],
    })
  })
})

describe.each(['dash', 'busybox'] as const)('an agent that runs on a host whose sh is %s', (shell) => {
  const started = Date.parse('2026-11-21T08:05:16Z') / 1000
  const runningSince = 'ExecMainStartTimestamp=Sat 2026-11-21 08:05:16 UTC\n'
  function newHost(unit: readonly [active: string, more: string]): FolderHost {
    const host = new FolderHost({ shell })
    hosts.push(host)
    for (const [path, age] of [
      [paths.binary, 0],
      [paths.unit, 1],
      [paths.environment, -1],
      [paths.ownConfig, 3600],
    ] as const) {
      host.write(path, path === paths.unit ? '[Service]\nExecStart=/usr/local/bin/k3s agent\n' : '', 0o755)
      utimesSync(join(host.root, path), started + age, started + age)
    }
    host.setUnit(unit[0], 'running', 77, unit[1])
    return host
  }

  it.each([
    ['active', runningSince],
    ['activating', runningSince],
    ['active', 'ExecMainStartTimestamp=\nActiveEnterTimestamp=Sat 2026-11-21 08:05:16 UTC\n'],
  ])('does not run yet with files that are newer than its start (%s, %j)', async (active, more) => {
    const found = await survey(newHost([active, more]))
    expect(found.changedSinceStart).toEqual([paths.unit, paths.ownConfig])
  })

  it.each([
    ['inactive', runningSince],
    ['active', ''],
    ['active', 'ExecMainStartTimestamp=n/a\n'],
  ])('has nothing pending that could be known (%s, %j)', async (active, more) => {
    expect((await survey(newHost([active, more]))).changedSinceStart).toEqual([])
  })

  it('has nothing pending after changes that need no restart, and all of them after changes that do', async () => {
    const steps = ['write-config', 'edit-environment', 'edit-unit', 'reload'] as const
    const material = {
      holder: 'h',
      steps,
      config: 'a: b\n',
      environment: { url: 'https://a:6443' },
      removeArguments: ['--x'],
    }
    const host = newHost(['active', runningSince])
    host.write(paths.unit, '[Service]\nExecStart=/usr/local/bin/k3s agent --x y\n')
    for (const path of [paths.unit, paths.environment]) utimesSync(join(host.root, path), started - 60, started - 60)
    host.remove(paths.ownConfig)
    host.flag('needs-reload')
    const quiet = await applyChanges(host, { ...material, runId: 'r1', isRestartFollowing: false }, limits)
    expect(quiet.steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done'])
    expect(host.calls()).toContain('systemctl daemon-reload')
    expect((await survey(host)).changedSinceStart).toEqual([])
    const again = {
      ...material,
      runId: 'r2',
      config: 'a: c\n',
      environment: { url: 'https://b:6443' },
      isRestartFollowing: true,
    }
    await applyChanges(host, again, limits)
    expect((await survey(host)).changedSinceStart).toEqual([paths.environment, paths.ownConfig])
  })

  it('shows systemd a unit that was edited, by its time, until it was read again', async () => {
    const host = newHost(['active', runningSince])
    host.write(paths.unit, '[Service]\nExecStart=/usr/local/bin/k3s agent --x y\n')
    utimesSync(join(host.root, paths.unit), started - 60, started - 60)
    utimesSync(join(host.root, paths.ownConfig), started - 60, started - 60)
    const killedBeforeReload = { runId: 'r', holder: 'h', steps: ['edit-unit'], removeArguments: ['--x'] } as const
    await applyChanges(host, { ...killedBeforeReload, isRestartFollowing: false }, limits)
    expect((await survey(host)).changedSinceStart).toEqual([paths.unit])
  })

  it('is judged by the age of its process where there is one, so that a clock that was wrong at boot does not matter', async () => {
    const host = newHost(['active', runningSince])
    const now = Date.now() / 1000
    // Booted 5000 s ago, started 1000 s after that; its name is made to mislead.
    host.write('proc/uptime', '5000.09 1.00\n')
    const fields = ['S', ...Array.from({ length: 18 }, () => '0'), '100000', '7', '7']
    host.write('proc/77/stat', `77 (k3s agent) S 1) ${fields.join(' ')}\n`)
    const startedAt = now - 4000
    utimesSync(join(host.root, paths.binary), startedAt - 5, startedAt - 5)
    utimesSync(join(host.root, paths.environment), startedAt + 5, startedAt + 5)
    expect((await survey(host)).changedSinceStart).toEqual([paths.environment])
  })
})

describe('what systemd really uses', () => {
  function newHost(execStart: string, more = ''): FolderHost {
    const host = new FolderHost()
    hosts.push(host)
    host.write(paths.binary, program(), 0o755)
    host.write(paths.unit, `[Service]\nExecStart=${execStart}\n`)
    host.setUnit('active', 'running', 77, more)
    return host
  }

  it.each([
    ['/opt/bin/k3s agent', '/opt/bin/k3s'],
    ['-/opt/bin/k3s agent', '/opt/bin/k3s'],
    ['/usr/bin/nice /usr/local/bin/k3s agent', '/usr/bin/nice'],
    ['/usr/local/bin/k3s agent', paths.binary],
  ])('is named as the program: %s', async (execStart, path) => {
    expect((await survey(newHost(execStart))).binary?.path).toBe(path)
  })

  it('is asked of systemd, whose command line can be another one than that of the file', async () => {
    const host = newHost(
      '/usr/local/bin/k3s agent',
      'ExecStart={ path=/opt/k3s v2/k3s ; argv[]=/opt/k3s v2/k3s agent --token the-secret ; ignore_errors=no }\n',
    )
    host.write('opt/k3s v2/k3s', program('v1.30.0+k3s1'), 0o755)
    expect((await survey(host)).binary).toEqual({
      path: '/opt/k3s v2/k3s',
      version: 'v1.30.0+k3s1',
      sha256: sha256(program('v1.30.0+k3s1')),
    })
    expect(host.output).not.toContain('the-secret')
    expect(host.told()).not.toContain('the-secret')
  })

  it('does not ask a wrapper for its version, which might do anything', async () => {
    const host = newHost('/opt/start-k3s agent')
    host.write('opt/start-k3s', '#!/bin/sh\ntouch "$ROOT/tmp/was-called"\n', 0o755)
    expect((await survey(host)).binary).toMatchObject({ path: '/opt/start-k3s', version: '' })
    expect(host.read('tmp/was-called')).toBeUndefined()
  })

  it('is the drop-in where one gives the command line, not the unit file that no longer counts', async () => {
    const folder = '/etc/systemd/system/k3s-agent.service.d'
    const host = newHost('/usr/local/bin/k3s agent', `DropInPaths=${folder}/10-limits.conf ${folder}/20-exec.conf\n`)
    host.write(`${folder}/10-limits.conf`, '[Service]\nExecStart=\nLimitNOFILE=5\n')
    host.write(`${folder}/20-exec.conf`, '[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s agent --debug\n')
    host.write(paths.environment, 'K3S_URL=https://a:6443\n', 0o600)
    expect(await survey(host)).toMatchObject({
      unit: { name: 'k3s-agent', path: `${folder}/20-exec.conf`, arguments: ['agent', '--debug'] },
      environment: { path: paths.environment },
    })
  })

  it('is no server that was masked', async () => {
    const host = newHost('/usr/local/bin/k3s agent')
    host.link('etc/systemd/system/k3s.service', '/dev/null')
    expect((await survey(host)).hasServerUnit).toBe(false)
    host.remove('etc/systemd/system/k3s.service')
    host.write('etc/systemd/system/k3s.service', '[Service]\nExecStart=/usr/local/bin/k3s server\n')
    expect(await survey(host)).toMatchObject({ unit: { name: 'k3s-agent' }, hasServerUnit: true })
  })
})

describe('what the survey makes of', () => {
  function newHost(): FolderHost {
    const host = new FolderHost()
    hosts.push(host)
    return host
  }

  it.each([
    ['', 'none'],
    [`K10${hash}::server:pw`, 'server'],
    [`K10${hash}::node:pw`, 'agent'],
    [`K10${hash}::abcdef.0123456789abcdef`, 'bootstrap'],
    ['abcdef.0123456789abcdef', 'bootstrap'],
    ['abcdef.0123456789abcde', 'short'],
    ['ABCDEF.0123456789abcdef', 'short'],
    [`K10${hash.slice(1)}::server:pw`, 'short'],
    [`K10${hash}::server:`, 'short'],
    [`K10${hash}::root:pw`, 'short'],
    ['K10', 'short'],
    ['a password', 'short'],
  ])('the token %j', async (token, kind) => {
    const host = newHost()
    host.write(paths.environment, `K3S_TOKEN='${token}'\n`, 0o600)
    expect((await survey(host)).environment?.tokenKind).toBe(kind)
  })

  it('a k3s that does not answer, and one that says nonsense', async () => {
    const host = newHost()
    host.write(paths.binary, "#!/bin/sh\necho 'k3s version v1\";forged'\n", 0o755)
    expect((await survey(host)).binary?.version).toBe('v1')
    host.write(paths.binary, '#!/bin/sh\nexit 1\n', 0o755)
    expect((await survey(host)).binary).toMatchObject({ path: paths.binary, version: '' })
  })

  it('a unit whose command line cannot be read', async () => {
    const host = newHost()
    host.write(paths.unit, "[Service]\nExecStart=k3s agent '--token\n")
    expect((await survey(host)).unit).toMatchObject({ name: 'k3s-agent', arguments: [] })
  })

  it('an unset state of systemd', async () => {
    const host = newHost()
    host.write(paths.unit, '[Service]\nExecStart=/usr/local/bin/k3s agent\n')
    writeFileSync(join(host.state, 'unit'), '')
    expect((await survey(host)).unit).toMatchObject({ activeState: 'inactive', subState: 'dead', restarts: 0 })
  })
})
