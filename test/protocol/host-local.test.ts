import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { HostAccess } from '../../src/cluster-file/index.ts'
import { connectHost, type Host } from '../../src/host/index.ts'
import type { Exec } from '../../src/runner/index.ts'
import { Machine } from './host-sshd.ts'

const local: HostAccess = {
  transport: 'local',
  address: '',
  port: 22,
  user: '',
  hostKeyFingerprints: [],
  hostKeySource: '',
}
const signal = () => AbortSignal.timeout(30_000)

let machine: Machine
let host: Host
let children: ChildProcess[]
let seen: { args: readonly string[]; env: Readonly<Record<string, string>> }[]

/** As @actions/exec: all input is written and ended at once, the child shares the runner's process group, and an error of its input is fatal. */
const exec: Exec = async (command, args, options) => {
  seen.push({ args, env: options.env })
  const child = spawn(command, [...args], { env: { ...options.env, PATH: machine.path } })
  children.push(child)
  child.stdout.on('data', options.onStdout)
  child.stderr.on('data', options.onStderr)
  const failed = Promise.withResolvers<never>()
  child.stdin.on('error', failed.reject)
  child.stdin.end(options.input)
  const [code, ended] = await Promise.race([once(child, 'close'), failed.promise])
  return ended === null ? code : 128
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(15_000)
  while (!condition()) await delay(20, undefined, { signal: deadline })
}

beforeEach(async () => {
  machine = new Machine()
  children = []
  seen = []
  host = await connectHost(local, { exec }, signal())
})
afterEach(async () => {
  await host.close()
  machine.remove()
})

describe('the runner itself as a host', () => {
  it('runs scripts as a remote host does, with nothing of the job in command line or environment', async () => {
    const script = 'main() { emit secret "$SECRET" argument "$ARGUMENT" environment "$(env)"; }'
    const result = await host.run({
      script,
      name: 'x',
      env: { ARGUMENT: 'a\nb' },
      secrets: { SECRET: 'hidden one' },
      privilege: 'user',
      timeoutMs: 10_000,
      signal: signal(),
    })
    expect(result).toMatchObject({
      exitCode: 0,
      lines: [{ secret: 'hidden one', argument: 'a\nb', environment: expect.not.stringContaining('hidden one') }],
    })
    expect(JSON.stringify(seen)).not.toContain('hidden one')
    expect(Object.keys(seen[0]?.env ?? {}).every((name) => ['PATH', 'HOME', 'USER', 'LOGNAME'].includes(name))).toBe(
      true,
    )
    expect(host.label).toBe('local')
    expect(host.hostKeyFingerprint).toBeUndefined()
  })

  it('becomes root with a password, and fails with a wrong one', async () => {
    machine.sudo({ password: "it's" })
    const script = 'main() { emit uid "$(id -u)"; }'
    const run = { script, name: 'x', privilege: 'root', timeoutMs: 10_000, signal: signal() } as const
    const withPassword = await connectHost({ ...local, sudoPassword: "it's" }, { exec }, signal())
    expect((await withPassword.run(run)).lines).toEqual([{ uid: '0' }])
    await withPassword.close()
    const withWrong = await connectHost({ ...local, sudoPassword: 'wrong' }, { exec }, signal())
    await expect(withWrong.run(run)).rejects.toMatchObject({ code: 'sudo-password-wrong', host: 'local' })
    await withWrong.close()
  })

  it.each(['cancelled', 'closed'])(
    'ends a script with its children and its cleanup when the run is %s',
    async (how) => {
      const cancel = new AbortController()
      const started = Promise.withResolvers<unknown>()
      const running = host
        .run({
          script: 'main() { on_stop \'echo x >"$WORLD/cleaned"\'; sleep 600 & emit child "$!"; wait "$!"; }',
          name: 'apply',
          env: { WORLD: machine.folder },
          privilege: 'user',
          timeoutMs: 60_000,
          signal: cancel.signal,
          onLine: (line) => started.resolve(line.child),
        })
        .catch((error: unknown) => error)
      const pid = await started.promise
      if (how === 'cancelled') cancel.abort()
      else await host.close()
      const outcome = await running
      if (how === 'cancelled') expect(outcome).toMatchObject({ code: 'cancelled' })
      await until(() => existsSync(join(machine.folder, 'cleaned')) && !existsSync(`/proc/${String(pid)}`))
    },
  )

  it('ends a script whose runner died, without signalling anything beside it', async () => {
    // The stand-in for a dead runner is a process of ours that ends; the guard watches it as it would watch the runner.
    const runner = spawn('sleep', ['600'])
    const bystander = spawn('sleep', ['600'])
    const { outerArguments, renderInput, renderProgram } = await import('../../src/host/render.ts')
    const file = join(machine.folder, 'alive')
    writeFileSync(file, '')
    const script = 'main() { emit started yes; sleep 600 & wait "$!"; }'
    const program = renderProgram(script, {}, {}, { type: 'watch', pid: runner.pid!, file })
    const input = renderInput({ program, privilege: 'user', timeoutMs: 60_000, sudoPassword: '', input: 'closed' })
    const child = spawn('sh', [...outerArguments], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(input)
    await once(child.stdout, 'data')
    const ended = once(child, 'exit')
    runner.kill('SIGKILL')
    await ended
    expect(bystander.exitCode).toBeNull()
    expect(bystander.signalCode).toBeNull()
    bystander.kill()
  })

  it('copies uploads into a folder that only the user can enter', async () => {
    const path = join(machine.folder, 'k3s')
    writeFileSync(path, 'binary')
    const target = await host.upload({ path, name: 'k3s', sizeBytes: 6 }, signal())
    expect(readFileSync(target, 'utf8')).toBe('binary')
    expect(statSync(dirname(target)).mode & 0o777).toBe(0o700)
    rmSync(dirname(target), { recursive: true })
    await expect(host.upload({ path, name: 'k3s', sizeBytes: 7 }, signal())).rejects.toMatchObject({
      code: 'upload-failed',
    })
  })

  it('connects from its own network position', async () => {
    const server = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const stream = await host.forward('127.0.0.1', (server.address() as AddressInfo).port, signal())
    expect(String((await once(stream, 'data'))[0])).toBe('hello')
    stream.destroy()
    server.close()
    await expect(host.forward('127.0.0.1', 1, signal())).rejects.toMatchObject({
      code: 'connection-failed',
      cause: expect.stringContaining('ECONNREFUSED'),
    })
    await expect(host.forward('127.0.0.1', 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect(host.counts).toEqual({ sessions: 0, forwards: 2 })
  })
})
