import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { changeLogScript } from '../../src/host/index.ts'
import { quote } from '../../src/host/render.ts'
import { scripts as hostScripts } from '../../src/host/scripts.generated.ts'
import { paths } from '../../src/k3s/model.ts'
import { scripts } from '../../src/k3s/scripts.generated.ts'

// The busybox host also has busybox's awk, sed and the rest.
const busyboxBin = mkdtempSync(join(tmpdir(), 'k3s-scripts-'))
for (const name of ['awk', 'sed', 'ls', 'cat', 'sh']) symlinkSync('/usr/bin/busybox', join(busyboxBin, name))
afterAll(() => rmSync(busyboxBin, { recursive: true }))

const shells = [
  ['dash', '/usr/bin/dash', [], '/usr/bin:/bin'],
  ['bash', '/usr/bin/bash', ['--norc', '--posix'], '/usr/bin:/bin'],
  ['busybox', join(busyboxBin, 'sh'), [], `${busyboxBin}:/usr/bin:/bin`],
] as const

describe.each(shells)('on %s', (_name, program, options, path) => {
  /** Runs shell text with the functions of the scripts. */
  function sh(
    text: string,
    input = '',
    variables: Readonly<Record<string, string>> = {},
  ): { status: number | null; stdout: string } {
    const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`)
    const all = [hostScripts.library, scripts['unit-file'], scripts.survey, scripts.edit, ...assignments, text].join(
      '\n',
    )
    const { status, stdout } = spawnSync(program, [...options, '-c', all], {
      input,
      encoding: 'latin1',
      env: { PATH: path, ROOT: '/nowhere', REHEARSAL: '1' },
    })
    return { status, stdout }
  }

  describe('the env file', () => {
    const change = (file: string, url: string, token = '') => sh('change_environment', `${url}\n${token}\n${file}`)

    it.each([
      ['an empty one gets both keys', '', 'K3S_URL=https://a:6443\nK3S_TOKEN=t\n'],
      [
        'other keys and comments stay byte by byte',
        `# K3S_URL=x\n  ; K3S_TOKEN\n\n HTTP_PROXY = 'http://p' \nX="a\nK3S_URL=not-a-key\nb"\n\u00e9\u0001=\u00ff\n`,
        undefined,
      ],
      [
        'quotes of a value that is as wanted stay',
        'K3S_URL=\'https://a:6443\'\nK3S_TOKEN="t"\n',
        'K3S_URL=\'https://a:6443\'\nK3S_TOKEN="t"\n',
      ],
      [
        'a key that is there twice is there once',
        'K3S_TOKEN=1\nA=b\nK3S_TOKEN=2\nK3S_URL=https://a:6443',
        'K3S_TOKEN=t\nA=b\nK3S_URL=https://a:6443\n',
      ],
      [
        'a value that goes on in the next line is one value',
        'K3S_TOKEN=old\\\nmore\nA=b\nK3S_URL="x\ny"\n',
        'K3S_TOKEN=t\nA=b\nK3S_URL=https://a:6443\n',
      ],
      [
        'a comment that goes on in the next line is one comment',
        '# see \\\nK3S_URL=x\nK3S_URL=y\n',
        '# see \\\nK3S_URL=x\nK3S_URL=https://a:6443\nK3S_TOKEN=t\n',
      ],
      ['keys that only look alike stay', 'K3S_URLS=1\nMY_K3S_URL=2\nk3s_url=3\nK3S_TOKEN_FILE=/f\n', undefined],
    ])('%s', (_title, before, after) => {
      const { status, stdout } = change(before, 'https://a:6443', 't')
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: after ?? `${before}K3S_URL=https://a:6443\nK3S_TOKEN=t\n`,
      })
    })

    it('keeps the token when none is given', () => {
      expect(change('K3S_TOKEN=old\n', 'https://a').stdout).toBe('K3S_TOKEN=old\nK3S_URL=https://a\n')
    })

    it.each(["it's", 'a b', '$(id)', '`id`', 'a\\b', 'a"b', `all'of"it\\$\``, '#', '***', "'", 'a=b=c', '&\\&'])(
      'writes the token %j so that systemd and sh read it as it is, and leaves it alone afterwards',
      (token) => {
        const { stdout } = change('', 'https://a', token)
        const again = change(stdout, 'https://a', token)
        expect(again.stdout).toBe(stdout)
        const line = stdout.split('\n')[1] ?? ''
        expect(sh(`${line}\nprintf '%s' "$K3S_TOKEN"`).stdout).toBe(token)
      },
    )

    it.each(['A="x\n', "K3S_TOKEN='x\n", 'A=b\\'])('is left alone when a value does not end: %j', (file) => {
      expect(change(file, 'https://a', 't').status).toBe(2)
    })
  })

  describe('the command line of the unit', () => {
    const head =
      '[Unit]\nDescription=x\n# ExecStart=/usr/local/bin/k3s no\n[Service]\nExecStartPre=-/sbin/modprobe overlay\n'
    const tail = '\n[Install]\nWantedBy=multi-user.target\n'
    const remove = (unit: string, names = '--node-label --node-taint --token -t', ended = 'yes') =>
      sh(
        `set +e\npieces=$(split_exec)\ncode=$?\nif [ $code = 0 ]; then printf '%s\\n' "$pieces" | without_arguments ${ended}; else exit $code; fi`,
        unit,
        { REMOVE_ARGUMENTS: names },
      )

    it.each([
      [
        'one argument a line, as the installer writes it',
        "k3s \\\n    agent \\\n\t'--node-label' \\\n\t'a=b' \\\n\t'--node-taint' \\\n\t'c=d:NoSchedule' \\\n\t'--flannel-iface=eth0' \\\n\n",
        "k3s \\\n    agent \\\n\t'--flannel-iface=eth0' \\\n\n",
      ],
      ['all of them', "k3s \\\n    agent \\\n\t'--node-label' \\\n\t'a=b' \\\n\n", 'k3s \\\n    agent \\\n\n'],
      ['joined by =', 'k3s agent --node-label=a=b --debug\n', 'k3s agent --debug\n'],
      [
        'on one line, in quotes of both kinds',
        `k3s agent "--node-label" 'a=b c' --debug "--token=x y"\n`,
        'k3s agent --debug\n',
      ],
      ['repeated', 'k3s agent --node-label a=b --v 1 --node-label c=d --node-label=e=f\n', 'k3s agent --v 1\n'],
      ['one dash, which Go reads like two', 'k3s agent -node-label a=b -t secret -token=x\n', 'k3s agent\n'],
      ['a value that looks like an argument', 'k3s agent --token --node-label --debug\n', 'k3s agent --debug\n'],
      ['a name without a value', 'k3s agent --debug --node-label\n', 'k3s agent --debug\n'],
      [
        "the installer's quoting of a single quote",
        "k3s agent '--node-label' 'a='\\''b' --debug\n",
        'k3s agent --debug\n',
      ],
      [
        'a comment between continuation lines',
        'k3s agent \\\n# why\n  --node-label a=b \\\n; and\n  --debug\n',
        'k3s agent \\\n; and\n  --debug\n',
      ],
      ['nothing to remove', 'k3s   agent\t--node-labels=a --x="\\x41 \\"q\\"" \n', undefined],
    ])('%s', (_title, before, after) => {
      const unit = (command: string) => `${head}ExecStart=/usr/local/bin/${command}${tail}`
      expect(remove(unit(before))).toEqual({ status: 0, stdout: unit(after ?? before) })
    })

    it('keeps a missing line break at the end missing', () => {
      expect(remove('[Service]\nExecStart=k3s agent --token x', undefined, 'no').stdout).toBe(
        '[Service]\nExecStart=k3s agent',
      )
      expect(
        remove('[Service]\nExecStart = -/opt/bin/k3s agent --token x\nRestart=always', undefined, 'no').stdout,
      ).toBe('[Service]\nExecStart = -/opt/bin/k3s agent\nRestart=always')
    })

    it.each([
      ['no ExecStart', '[Service]\nType=notify\n', 1],
      ['an ExecStart of another section', '[Unit]\nExecStart=/usr/local/bin/k3s agent\n', 1],
      ['two of them', '[Service]\nExecStart=k3s agent\nExecStart=k3s agent\n', 1],
      ['a quote that does not end', "[Service]\nExecStart=k3s agent '--token\n", 2],
      ['a quote over a continuation', "[Service]\nExecStart=k3s agent '--token \\\n x'\n", 2],
      ['another program', "[Service]\nExecStart=/bin/sh -c 'k3s agent --token x'\n", 3],
      ['two commands', '[Service]\nExecStart=k3s agent ; k3s agent --token x\n', 3],
    ])('is refused: %s', (_title, unit, status) => {
      expect(remove(unit)).toMatchObject({ status })
    })
  })
})

it('has the same paths on the host as in the contract', () => {
  const all = [...Object.values(scripts), changeLogScript].join('\n')
  for (const path of Object.values(paths)) expect(all).toContain(path)
})

it('never calls what unmounts by force or removes more than a run made', () => {
  // A removal runs the official uninstaller, after it has proven that nothing foreign is mounted: test/protocol/leave-host.long.test.ts.
  const others = Object.entries(scripts).filter(([name]) => !name.startsWith('leave'))
  for (const [name, text] of others) {
    const commands = text.replace(/["'][^"'\n]*["']/g, '')
    expect({ name, found: /killall\b(?!\.sh)|umount|sh "?\S*uninstall/.exec(commands)?.[0] }).toEqual({
      name,
      found: undefined,
    })
  }
})
