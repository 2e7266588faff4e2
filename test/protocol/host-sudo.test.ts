import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { connectHost, type Host, HostError, type ScriptRun } from '../../src/host/index.ts'
import type { Exec } from '../../src/runner/index.ts'
import { Machine, Sshd } from './host-sshd.ts'

const noExec: Exec = async () => Promise.reject(new Error('the SSH transport starts no program on the runner'))
const whoAmI = `main() {
  emit uid "$(id -u)" state "$SUDO_STATE" problem "$SUDO_PROBLEM" secret "$SECRET"
  emit environment "$(env)"
  if IFS= read -r rest; then emit left "$rest"; fi
}`

const machines: Machine[] = []
const servers: Sshd[] = []
const hosts: Host[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
  await Promise.all(servers.splice(0).map((server) => server.close()))
  for (const machine of machines.splice(0)) machine.remove()
})

async function run(
  rules: Parameters<Machine['sudo']>[0] | 'no sudo',
  sudoPassword: string | undefined,
  more: Partial<ScriptRun> = {},
) {
  const machine = new Machine(rules === 'no sudo' ? '' : undefined)
  machines.push(machine)
  if (rules !== 'no sudo') machine.sudo(rules)
  const server = await new Sshd({ machine }).listen()
  servers.push(server)
  if (rules === 'no sudo') {
    machine.unprivileged()
    machine.borrow('sh', 'cat', 'tr', 'cut', 'timeout', 'dd', 'env', 'true')
  }
  const host = await connectHost(
    server.access(sudoPassword === undefined ? {} : { sudoPassword }),
    { exec: noExec },
    AbortSignal.timeout(20_000),
  )
  hosts.push(host)
  const result = await host
    .run({
      script: whoAmI,
      name: 'who',
      privilege: 'root',
      timeoutMs: 20_000,
      signal: AbortSignal.timeout(20_000),
      secrets: { SECRET: "it's \\ secret" },
      ...more,
    })
    .catch((error: unknown) => error)
  const read = (name: string) =>
    existsSync(join(machine.folder, name)) ? readFileSync(join(machine.folder, name), 'utf8') : ''
  return { result, attempts: read('attempts').split('\n').slice(0, -1), seen: read('seen'), commands: server.commands }
}

const asRoot = (state: string) => ({
  exitCode: 0,
  lines: [
    { uid: '0', state, problem: '', secret: "it's \\ secret" },
    { environment: expect.not.stringContaining("it's") },
  ],
  stderr: '',
})

describe('a script that needs root', () => {
  it('gets it without password where sudo asks for none, and a password given in vain reaches nobody', async () => {
    expect((await run({}, undefined)).result).toEqual(asRoot('passwordless'))
    const { result, attempts } = await run({}, 'given in vain')
    expect(result).toEqual(asRoot('passwordless'))
    expect(attempts).toEqual([])
  })

  for (const password of [
    'simple',
    'it\'s \\n a \\ "hard" $one  ',
    ' ',
    '-n',
    '%s%%',
    'päßwörd',
    'k3s-gpu-actions-begin 5',
  ]) {
    it(`gets it with the password ${JSON.stringify(password)}, which no command line, environment or script sees`, async () => {
      const { result, attempts, seen, commands } = await run({ password }, password)
      expect(result).toEqual(asRoot('password'))
      expect(attempts).toEqual([password, password])
      // Options and words of the constant program are no leak.
      if (password.length > 2 && !password.startsWith('k3s'))
        expect(`${seen}${commands.join()}`).not.toContain(password)
    })
  }

  it('gets it where sudo remembers an earlier password', async () => {
    const { result, attempts } = await run({ password: 'right', cached: true }, 'wrong now')
    expect(result).toEqual(asRoot('passwordless'))
    expect(attempts).toEqual([])
  })

  it('fails after one attempt with a wrong password, so that nothing is locked', async () => {
    const { result, attempts } = await run({ password: 'right' }, 'wrong')
    expect(result).toMatchObject({ code: 'sudo-password-wrong', host: expect.stringContaining('oceanid@127.0.0.1') })
    expect(attempts).toEqual(['wrong'])
    expect(JSON.stringify(result)).not.toContain('"wrong"')
  })

  it.each([
    ['sudo-password-required', { password: 'right' }, undefined],
    ['sudo-password-required', { password: 'right' }, ''],
    ['sudo-not-allowed', { password: 'right', refuses: 'user' }, 'right'],
    ['sudo-not-allowed', { refuses: 'command' }, undefined],
    ['sudo-needs-tty', { refuses: 'tty' }, undefined],
    ['sudo-needs-tty', { password: 'right', refuses: 'tty' }, 'right'],
    ['sudo-missing', 'no sudo', 'right'],
  ] as const)('says %s (%j)', async (code, rules, password) => {
    const { result } = await run(rules, password)
    expect(result).toBeInstanceOf(HostError)
    expect(result).toMatchObject({ code, remedy: expect.stringMatching(/\w/) })
    expect((result as HostError).evidence.join('\n')).not.toContain('right')
  })

  it('runs unprivileged and knows why, where root was only wished for', async () => {
    const { result } = await run({ password: 'right' }, undefined, { privilege: 'root-if-possible' })
    expect(result).toMatchObject({
      exitCode: 0,
      lines: [{ uid: '1000', state: 'none', problem: 'sudo-password-required' }, {}],
    })
  })

  it('never meets sudo when it needs no root', async () => {
    const { result, seen } = await run({ password: 'right' }, 'right', { privilege: 'user' })
    expect(result).toMatchObject({ exitCode: 0, lines: [{ uid: '1000', state: '' }, {}] })
    expect(seen).toBe('')
  })

  it('is refused on a host without timeout, before anything runs', async () => {
    const machine = new Machine('')
    machines.push(machine)
    machine.unprivileged()
    machine.borrow('sh', 'cat', 'tr', 'cut')
    const server = await new Sshd({ machine }).listen()
    servers.push(server)
    const signal = AbortSignal.timeout(20_000)
    const host = await connectHost(server.access(), { exec: noExec }, signal)
    hosts.push(host)
    await expect(
      host.run({ script: whoAmI, name: 'who', privilege: 'user', timeoutMs: 5000, signal }),
    ).rejects.toMatchObject({ code: 'timeout-missing' })
  })

  it.each([
    ['no password is needed', {}],
    ['sudo asks for it', { password: 'right' }],
  ] as const)('never finds a password before its script, where %s', async (_title, rules) => {
    const machine = new Machine()
    machines.push(machine)
    machine.sudo(rules)
    // Stands where the script would start and keeps the first line that it would read.
    const first = join(machine.folder, 'first')
    machine.program(
      'timeout',
      `#!/bin/sh\ncase "$*" in *true) exit 0 ;; esac\nIFS= read -r line\necho "$line" >${first}\n`,
    )
    const server = await new Sshd({ machine }).listen()
    servers.push(server)
    const signal = AbortSignal.timeout(20_000)
    const host = await connectHost(server.access({ sudoPassword: 'right' }), { exec: noExec }, signal)
    hosts.push(host)
    await host.run({ script: whoAmI, name: 'who', privilege: 'root', timeoutMs: 5000, signal })
    expect(readFileSync(first, 'utf8')).toMatch(/^k3s-gpu-actions-begin \d+\n$/)
  })
})
