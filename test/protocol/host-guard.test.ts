import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { connectHost, type Host, type ScriptLine } from '../../src/host/index.ts'
import { outerArguments, renderInput, renderProgram } from '../../src/host/render.ts'
import type { Exec } from '../../src/runner/index.ts'
import { Machine, Sshd } from './host-sshd.ts'

const noExec: Exec = async () => Promise.reject(new Error('the SSH transport starts no program on the runner'))

// What a long step on a host looks like: a child that runs, and a cleanup that must be done when nobody waits any more.
const longStep = `main() {
  on_stop 'echo "$$" >"$WORLD/cleaned"'
  sleep 600 &
  emit child "$!" shell "$$"
  wait "$!"
}`

const busybox = ['/usr/bin/busybox', '/bin/busybox'].find((path) => existsSync(path))

let machine: Machine
let server: Sshd
let host: Host
const signal = () => AbortSignal.timeout(30_000)

beforeEach(async () => {
  machine = new Machine()
  server = await new Sshd({ machine }).listen()
  host = await connectHost(server.access(), { exec: noExec }, signal())
})
afterEach(async () => {
  await host.close()
  await server.close()
  machine.remove()
})

function isAlive(pid: unknown): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))
  } catch {
    // Gone, also between two looks.
    return false
  }
}

/** Living processes of a process group. */
function membersOf(group: unknown): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || !isAlive(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2] === group
    } catch {
      return false
    }
  })
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 25_000
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`not within 25 s: ${condition}; left: ${readdirSync(machine.folder)}`)
    await delay(20)
  }
}

async function startLongStep(more: { signal?: AbortSignal; timeoutMs?: number; script?: string } = {}) {
  const started = Promise.withResolvers<ScriptLine>()
  const running = host
    .run({
      script: more.script ?? longStep,
      name: 'apply',
      env: { WORLD: machine.folder },
      privilege: 'user',
      timeoutMs: more.timeoutMs ?? 60_000,
      signal: more.signal ?? signal(),
      onLine: (line) => started.resolve(line),
    })
    .catch((error: unknown) => error)
  return { line: await started.promise, running }
}

describe('a script on a host', () => {
  it('ends with its children and does its cleanup when the run is cancelled', async () => {
    const cancel = new AbortController()
    const { line, running } = await startLongStep({ signal: cancel.signal })
    cancel.abort()
    expect(await running).toMatchObject({ code: 'cancelled', title: expect.stringContaining('script apply') })
    expect(isAlive(line.child)).toBe(false)
    expect(isAlive(line.shell)).toBe(false)
    expect(existsSync(join(machine.folder, 'cleaned'))).toBe(true)
  })

  it('ends with its children and does its cleanup when the network is cut, and the error names what was running', async () => {
    const { line, running } = await startLongStep()
    server.cut()
    expect(await running).toMatchObject({
      code: 'connection-lost',
      title: 'the connection was lost while script apply was running',
    })
    await until(() => !isAlive(line.child) && !isAlive(line.shell) && existsSync(join(machine.folder, 'cleaned')))
    await expect(
      host.run({ script: longStep, name: 'undo', privilege: 'user', timeoutMs: 1000, signal: signal() }),
    ).rejects.toMatchObject({
      code: 'connection-lost',
    })
    await expect(host.forward('127.0.0.1', 1, signal())).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('ends with a child that lost the first signal, as one does that was forked a moment before', async () => {
    const { line, running } = await startLongStep({
      script: longStep.replace('sleep 600 &', '(trap "" TERM; sleep 1; trap - TERM; exec sleep 60) &'),
    })
    await host.close()
    expect(await running).toMatchObject({ code: 'connection-lost' })
    await until(() => !isAlive(line.child) && existsSync(join(machine.folder, 'cleaned')))
  })

  it('ends when the connection is closed while it runs', async () => {
    const { line, running } = await startLongStep()
    await host.close()
    expect(await running).toMatchObject({ code: 'connection-lost' })
    await until(() => !isAlive(line.child) && existsSync(join(machine.folder, 'cleaned')))
  })

  it('is ended by the host itself when its time is over', async () => {
    const startedAt = performance.now()
    const { line, running } = await startLongStep({ timeoutMs: 1000 })
    expect(await running).toMatchObject({ code: 'script-timeout', cause: 'it did not finish within 1 s' })
    // The runner would give up after 9 s, without knowing what became of the script.
    expect(performance.now() - startedAt).toBeLessThan(8_000)
    await until(() => !isAlive(line.child) && existsSync(join(machine.folder, 'cleaned')))
  })

  it('is killed when it ignores that its time is over', async () => {
    const stubborn = `main() { trap '' TERM; emit shell "$$"; while :; do sleep 1; done; }`
    const { line, running } = await startLongStep({ timeoutMs: 1000, script: stubborn })
    expect(await running).toMatchObject({ code: 'script-timeout' })
    expect(isAlive(line.shell)).toBe(false)
  })

  it('leaves no process behind and cannot read its own channel', async () => {
    const script = `main() {
      if IFS= read -r line; then emit read "$line"; else emit read nothing; fi
      read -r _ _ _ _ group _ </proc/$$/stat
      emit group "$group"
    }`
    const result = await host.run({ script, name: 'short', privilege: 'user', timeoutMs: 10_000, signal: signal() })
    expect(result).toMatchObject({
      exitCode: 0,
      lines: [{ read: 'nothing' }, { group: expect.stringMatching(/^\d+$/) }],
    })
    await until(() => membersOf(result.lines[1]?.group).length === 0)
  })

  it('does nothing where a rehearsal gives it no root of its own', async () => {
    const unsafe = await new Sshd({ machine, environment: { REHEARSAL: '1' } }).listen()
    const other = await connectHost(unsafe.access(), { exec: noExec }, signal())
    const result = await other.run({
      script: longStep,
      name: 'apply',
      env: { WORLD: machine.folder },
      privilege: 'user',
      timeoutMs: 9000,
      signal: signal(),
    })
    expect(result).toMatchObject({ exitCode: 70, lines: [{ error: 'no-root' }] })
    await other.close()
    await unsafe.close()
  })

  it('is not led astray by a variable ROOT of the login environment', async () => {
    const odd = await new Sshd({ machine, environment: { ROOT: machine.folder, TOKEN: 'exported' } }).listen()
    const other = await connectHost(odd.access(), { exec: noExec }, signal())
    const script = 'main() { emit root "$ROOT" token "$TOKEN" seen "$(env | grep TOKEN || :)"; }'
    const result = await other.run({
      script,
      name: 'x',
      privilege: 'user',
      timeoutMs: 9000,
      signal: signal(),
      secrets: { TOKEN: 'hidden' },
    })
    expect(result.lines).toEqual([{ root: '', token: 'hidden', seen: '' }])
    await other.close()
    await odd.close()
  })

  it('reports its own failure as a result, with the end of its standard error and without its secrets', async () => {
    const script = 'main() { echo "cannot use $TOKEN" >&2; die no-luck "it said \\"no\\""; }'
    const result = await host.run({
      script,
      name: 'failing',
      privilege: 'user',
      timeoutMs: 10_000,
      signal: signal(),
      secrets: { TOKEN: 'K10secret' },
    })
    expect(result).toEqual({
      exitCode: 70,
      lines: [{ error: 'no-luck', message: 'it said "no"' }],
      stderr: 'cannot use ***\n',
    })
  })

  it('runs nothing when it arrives cut off', async () => {
    const program = renderProgram('main() { touch "$WORLD/ran"; }', { WORLD: machine.folder }, {}, { type: 'none' })
    const input = renderInput({ program, privilege: 'user', timeoutMs: 5000, sudoPassword: '', input: 'open' })
    for (const missing of [1, 4, 5, 9, 40]) {
      const child = spawn('/bin/sh', [...outerArguments], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
      child.stdin.end(input.subarray(0, -missing))
      const [code] = await once(child, 'exit')
      expect(code).toBe(74)
    }
    expect(existsSync(join(machine.folder, 'ran'))).toBe(false)
  })
})

// Busybox's timeout makes no process group of its own and its dd, kill and sh are other programs. Where there is no
// busybox there is nothing to be learnt about it.
describe.each(busybox === undefined ? [] : [{ busybox }])(
  'a script on a host that has only $busybox',
  ({ busybox: program }) => {
    beforeEach(async () => {
      await host.close()
      await server.close()
      machine.remove()
      machine = new Machine('')
      for (const name of 'sh timeout dd setsid cat tr cut id sleep true awk wc mktemp rm'.split(' '))
        symlinkSync(program, join(machine.bin, name))
      server = await new Sshd({ machine }).listen()
      host = await connectHost(server.access(), { exec: noExec }, signal())
    })

    it('has a process group of its own and ends with its children when the run is cancelled', async () => {
      const cancel = new AbortController()
      const { line, running } = await startLongStep({
        signal: cancel.signal,
        script: longStep.replace('emit child', 'emit group "$KGA_GROUP" child'),
      })
      expect(line.group).toBe('own')
      cancel.abort()
      expect(await running).toMatchObject({ code: 'cancelled' })
      await until(() => !isAlive(line.child) && !isAlive(line.shell) && existsSync(join(machine.folder, 'cleaned')))
    })

    it('is ended when its time is over', async () => {
      const { running } = await startLongStep({ timeoutMs: 1000 })
      expect(await running).toMatchObject({ code: 'script-timeout' })
      await until(() => existsSync(join(machine.folder, 'cleaned')))
    })

    it('takes an upload byte for byte', async () => {
      const path = join(machine.folder, 'source')
      writeFileSync(path, Buffer.alloc(300_000, 'a\n\0'))
      const target = await host.upload({ path, name: 'k3s', sizeBytes: 300_000 }, signal())
      expect(readFileSync(target).equals(readFileSync(path))).toBe(true)
      rmSync(dirname(target), { recursive: true })
    })
  },
)

describe('an upload', () => {
  let root: string
  beforeEach(async () => {
    await host.close()
    await server.close()
    root = join(machine.folder, 'root')
    server = await new Sshd({ machine, environment: { REHEARSAL: '1', ROOT: root } }).listen()
    host = await connectHost(server.access(), { exec: noExec }, signal())
  })
  const put = async (text: Buffer, sizeBytes = text.length, abort = signal()) => {
    const path = join(machine.folder, 'source')
    writeFileSync(path, text)
    return host.upload({ path, name: 'k3s', sizeBytes }, abort)
  }

  it('arrives byte for byte in a folder that only the user can enter, and its path is that of the host', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'line\n\0\xff#end\n', 'latin1')
    const path = await put(bytes)
    expect(path).toMatch(/^\/tmp\/k3s-gpu-actions\.\w+\/k3s$/)
    expect(readFileSync(join(root, path)).equals(bytes)).toBe(true)
    expect(statSync(join(root, path, '..')).mode & 0o777).toBe(0o700)
    expect(host.counts).toEqual({ sessions: 1, forwards: 0 })
  })

  it('that is shorter or longer than announced fails and leaves nothing', async () => {
    await expect(put(Buffer.from('short'), 6)).rejects.toMatchObject({
      code: 'upload-failed',
      cause: '5 of 6 bytes arrived',
    })
    await expect(put(Buffer.from('longer'), 5)).rejects.toMatchObject({
      code: 'upload-failed',
      cause: '6 of 5 bytes arrived',
    })
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })

  it('of a file that the runner does not have fails', async () => {
    await expect(
      host.upload({ path: join(machine.folder, 'nothing'), name: 'k3s', sizeBytes: 1 }, signal()),
    ).rejects.toMatchObject({
      code: 'upload-failed',
    })
  })

  it('of a name that is a path is refused', async () => {
    await expect(host.upload({ path: '/etc/hostname', name: '../k3s', sizeBytes: 1 }, signal())).rejects.toThrow(
      TypeError,
    )
  })

  it('that is cancelled leaves nothing', async () => {
    await expect(put(Buffer.alloc(1024), 1024, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    const cancel = new AbortController()
    const pending = put(Buffer.alloc(64 * 1024 * 1024), 64 * 1024 * 1024, cancel.signal)
    await until(() => existsSync(join(root, 'tmp')) && readdirSync(join(root, 'tmp')).length > 0)
    cancel.abort()
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => readdirSync(join(root, 'tmp')).length === 0)
  })

  it('that breaks off with the network leaves nothing', async () => {
    const pending = put(Buffer.alloc(64 * 1024 * 1024)).catch((error: unknown) => error)
    await until(() => existsSync(join(root, 'tmp')) && readdirSync(join(root, 'tmp')).length > 0)
    server.cut()
    expect(await pending).toMatchObject({
      code: 'connection-lost',
      title: 'the connection was lost while the upload of k3s was running',
    })
    await until(() => readdirSync(join(root, 'tmp')).length === 0)
  })
})
