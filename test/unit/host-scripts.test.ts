import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { HostError, redactor } from '../../src/host/error.ts'
import {
  outerArguments,
  outerCommand,
  quote,
  renderEnvironment,
  renderInput,
  renderProgram,
} from '../../src/host/render.ts'
import { scripts } from '../../src/host/scripts.generated.ts'
import { SessionOutput } from '../../src/host/session.ts'

// --norc: bash takes a socket on its standard input for a remote log-in and would read .bashrc; as sh it does not.
const shells = [['dash'], ['bash', '--norc'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', ':']).error === undefined,
)

function run(
  shell: readonly string[],
  body: string,
  values: readonly Buffer[] = [],
  environment: Record<string, string> = {},
) {
  // Bytes travel as octal escapes: Node's own argv would have to be valid UTF-8.
  const sets = values.map(
    (value, index) =>
      `v${index}=$(printf '${[...value].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}x'); v${index}=\${v${index}%x}`,
  )
  const program = [scripts.library, ...sets, body].join('\n')
  return spawnSync(shell[0]!, [...shell.slice(1)], {
    input: program,
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...environment },
  })
}

describe.each(shells.map((shell) => ({ shell })))('the library, by $shell', ({ shell }) => {
  it('prints any bytes as valid JSON', () => {
    const texts = [
      '',
      'plain',
      '"',
      '\\',
      '\\n',
      'a"b\\c',
      '\n',
      'a\n\nb\n\n',
      '\t\r\u0001\u001f\u007f',
      'äöü € 😀',
      '$(id) `id` ${x} %s %n',
      '-n',
      "it's",
      '[]!^-]',
      '\u2028',
    ]
    const broken: [number[], string][] = [
      [[0xff, 0xfe], '\ufffd\ufffd'],
      [[0xc0, 0x80], '\ufffd\ufffd'],
      [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
      [[0x61, 0xe2, 0x82], 'a\ufffd\ufffd'],
      [[0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
      [[0xe2, 0x22, 0x0a], '\ufffd"\n'],
    ]
    const values = [
      ...texts.map((text) => Buffer.from(text)),
      ...broken.map(([bytes]) => Buffer.from(bytes)),
      ...Array.from({ length: 255 }, (_, byte) => Buffer.from([byte + 1])),
    ]
    const { stdout, stderr } = run(shell, values.map((_, index) => `emit key "$v${index}" other x`).join('\n'), values)
    const lines = new TextDecoder('utf-8', { fatal: true })
      .decode(stdout)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { key: string })
    expect(stderr.toString()).toBe('')
    expect(lines.map(({ key }) => key)).toEqual([
      ...texts,
      ...broken.map(([, text]) => text),
      ...Array.from({ length: 255 }, (_, byte) => (byte + 1 < 128 ? String.fromCharCode(byte + 1) : '\ufffd')),
    ])
  })

  it('prints numbers and booleans, and null for what is neither', () => {
    const values = ['0', '123', '-5', 'true', 'false', '', '-', '1-2', '0123', '1e5', 'NaN', '1,"x":2', '}', '[N/A]']
    const { stdout } = run(shell, `emit ${values.map((value, index) => `k${index}:n ${quote(value)}`).join(' ')}`)
    expect(Object.values(JSON.parse(stdout.toString()) as object)).toEqual([
      0,
      123,
      -5,
      true,
      false,
      ...Array<null>(9).fill(null),
    ])
  })

  it('dies with a code and a message', () => {
    const { stdout, status } = run(shell, 'die no-luck two "words\n"; echo never')
    expect(JSON.parse(stdout.toString())).toEqual({ error: 'no-luck', message: 'two words\n' })
    expect(status).toBe(70)
  })

  it('does the cleanups in reverse order, each although another failed, and keeps the exit code', () => {
    const { stdout, status } = run(shell, 'on_stop "echo one"\non_stop "false"\non_stop "echo three"\nexit 5')
    expect(stdout.toString()).toBe('three\none\n')
    expect(status).toBe(5)
  })

  it('does its cleanup although signals keep coming', () => {
    const body = `main() {
      on_stop 'sleep 0.05; echo cleaned'
      (trap '' PIPE; while kill -s TERM $$ 2>/dev/null; do :; done) &
      wait "$!" || :
    }
    main`
    for (let round = 0; round < 8; round += 1) expect(run(shell, body).stdout.toString()).toBe('cleaned\n')
  })

  it('hashes files and knows which commands there are', () => {
    const { stdout } = run(
      shell,
      'emit sum "$(sha256 /dev/null)" has:n "$(has cat && echo true)" none:n "$(has no-such-command || echo false)"',
    )
    expect(JSON.parse(stdout.toString())).toEqual({
      sum: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      has: true,
      none: false,
    })
  })

  it('gives variables exactly their values, and secrets to no child', () => {
    const hostile = ["it's", '$(id)', '`id`', 'a\nb\n', '\\', '"', ' x ', '', '#end', "'; exit 9; '"]
    const names = hostile.map((_, index) => `V_${'ABCDEFGHIJ'[index]}`)
    const env = Object.fromEntries(hostile.map((value, index) => [names[index]!, value]))
    const secrets = { TOKEN: "K10'secret\nline" }
    const script = `main() { emit ${names.map((name) => `${name} "$${name}"`).join(' ')} TOKEN "$TOKEN" inherited "$(env | grep -c 'TOKEN\\|secret' || :)"; }`
    const { stdout } = spawnSync(
      shell[0]!,
      [...shell.slice(1), '-c', renderProgram(script, env, secrets, { type: 'none' })],
      { env: { PATH: '/usr/bin:/bin', TOKEN: 'exported' } },
    )
    expect(JSON.parse(stdout.toString())).toEqual({ ...env, ...secrets, inherited: '0' })
  })
})

describe('what is sent to a host', () => {
  it('starts with a constant command that any login shell reads alike', () => {
    for (const text of [scripts.outer, scripts.inner]) expect(text).not.toMatch(/['\\]/)
    expect(outerCommand).toBe(
      `exec sh -c '${scripts.outer}' 'k3s-gpu-actions' '${scripts.inner}'`.replace('sh -c', "sh '-c'"),
    )
    expect(outerArguments).toHaveLength(4)
  })

  it('refuses names that steer the shell, and values that no variable can hold, without showing them', () => {
    for (const name of ['PATH', 'IFS', 'LD_PRELOAD', 'BASH_ENV', 'ROOT', 'REHEARSAL', 'lower', 'A B', 'A=1;x', '']) {
      expect(() => renderEnvironment({ [name]: 'x' }, {})).toThrow(TypeError)
      expect(() => renderEnvironment({}, { [name]: 'x' })).toThrow(TypeError)
    }
    expect(() => renderEnvironment({}, { TOKEN: 'hidden\0' })).toThrow(/^((?!hidden).)*$/)
  })

  it('calls main exactly once', () => {
    for (const script of ['main() { :; }', 'main() { :; }\n', 'main() { :; }\nmain\n']) {
      expect(renderProgram(script, {}, {}, { type: 'none' }).match(/^main$/gm)).toHaveLength(1)
    }
  })

  it('holds the password only where root is wanted', () => {
    const input = (privilege: 'user' | 'root') =>
      renderInput({ program: 'x', privilege, timeoutMs: 1500, sudoPassword: 'secret', input: 'open' }).toString()
    expect(input('user')).toBe('\nuser\n2\nopen\n\nk3s-gpu-actions-begin 1\nx')
    expect(input('root')).toBe('secret\nroot\n2\nopen\nsecret\nk3s-gpu-actions-begin 1\nx')
  })
})

describe('what comes back from a host', () => {
  it('is put together from any pieces, and only objects are lines', () => {
    const output = new SessionOutput()
    const bytes = Buffer.from('{"a":"€"}\nnoise\n[1]\n"x"\n{"broken\n{"b":1}')
    for (const byte of bytes) output.stdout(Buffer.from([byte]))
    output.end()
    expect(output.lines).toEqual([{ a: '€' }, { b: 1 }])
    expect(output.errors).toBe('noise\n[1]\n"x"\n{"broken\n')
  })

  it('is bounded', () => {
    const output = new SessionOutput()
    output.stderr(Buffer.alloc(200_000, 'x'))
    expect(output.errors).toHaveLength(64 * 1024)
    expect(() => output.stdout(Buffer.alloc(2 * 1024 * 1024, 'x'))).toThrow(RangeError)
  })

  it('shows no secret in an error, not even line by line', () => {
    const key = '-----BEGIN KEY-----\nline-one-of-it\nline-two-of-it\n-----END KEY-----'
    const error = new HostError(
      'connection-failed',
      'a@b',
      { title: 't', cause: 'has line-two-of-it', remedy: 'pw', evidence: [`x ${key} y`, ''] },
      redactor([key, 'pw', '', undefined]),
    )
    expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/line-|pw/)
    expect(error.evidence).toEqual(['x *** y'])
  })
})
