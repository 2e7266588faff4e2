import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import type { HostWorld } from '../../rehearsal/contract.ts'
import { type HostOptions, startHost } from '../../rehearsal/host/index.ts'
import { Connection, finished, forget, networkTo, printed, scratch } from './world-host-client.ts'

const opened: { host?: HostWorld; directory?: string; connection?: Connection }[] = []

async function world(changes: Partial<HostOptions> = {}): Promise<HostWorld> {
  const directory = scratch()
  const host = await startHost({ name: 'calypso', directory, network: networkTo('refused'), pace: 0.02, ...changes })
  opened.push({ host, directory })
  return host
}
async function connect(host: HostWorld): Promise<Connection> {
  const connection = await Connection.open(host)
  opened.push({ connection })
  return connection
}

afterEach(async () => {
  for (const { connection } of opened) connection?.client.destroy()
  for (const { host, directory } of opened) {
    await host?.close()
    if (directory !== undefined) forget(directory)
  }
  opened.length = 0
})

describe('the SSH server of an embedded host', () => {
  it('runs commands in a real shell, passes input, output and exit code, and knows nothing but the tree', async () => {
    const host = await world()
    const connection = await connect(host)
    const outcome = await connection.run(
      'cat; pwd; env | cut -d= -f1 | sort | tr "\\n" " "; echo oops >&2; exit 7',
      'typed\n',
    )
    expect(outcome).toMatchObject({ code: 7, stderr: 'oops\n' })
    expect(outcome.stdout).toBe(`typed\n${join(host.root, 'home/oceanid')}\nHOME LANG PATH PWD REHEARSAL ROOT USER `)
    expect((await connection.run('kill -TERM $$')).signal).toBe('SIGTERM')
    expect(host.counts).toEqual({ connections: 1, sessions: 2, forwards: 0 })
  })

  it('carries more than a window in both directions', async () => {
    const connection = await connect(await world())
    const sent = 'x'.repeat(8 * 1024 * 1024)
    const outcome = await connection.run('cat', sent)
    expect(outcome.stdout.length).toBe(sent.length)
    expect(outcome.code).toBe(0)
  })

  it('accepts the one key of the one user, and nothing else', async () => {
    const host = await world()
    const stranger = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private
    await expect(Connection.open(host, { privateKey: stranger })).rejects.toThrow('authentication methods failed')
    await expect(Connection.open(host, { username: 'root' })).rejects.toThrow('authentication methods failed')
    // biome-ignore lint/suspicious/noExplicitAny: a client without a key has none.
    await expect(Connection.open(host, { privateKey: undefined as any, password: 'oceanid' })).rejects.toThrow(
      'authentication methods failed',
    )
    const connection = await connect(host)
    await expect(new Promise((_, reject) => connection.client.shell((error) => reject(error)))).rejects.toThrow()
    await expect(new Promise((_, reject) => connection.client.sftp((error) => reject(error)))).rejects.toThrow()
  })

  it('presents a key other than the pinned one when somebody stands between', async () => {
    const host = await world({ faults: new Set(['wrong-host-key']) })
    await expect(Connection.open(host)).rejects.toThrow('Host denied')
  })

  it('opens ten sessions at once and refuses the eleventh', async () => {
    const host = await world()
    const connection = await connect(host)
    const channels = await Promise.all(Array.from({ length: 10 }, () => connection.channel('cat')))
    await expect(connection.channel('cat')).rejects.toThrow('open fail')
    const ends = channels.map(finished)
    for (const channel of channels) channel.end()
    await Promise.all(ends)
    expect((await connection.run('echo again')).stdout).toBe('again\n')
    expect(host.counts.sessions).toBe(11)
  })

  it('connects from its own network position, and says so when that fails', async () => {
    const echo = createServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const address = echo.address()
    const network = networkTo(typeof address === 'object' && address !== null ? address.port : 0)
    const connection = await connect(await world({ network }))
    const channel = await connection.forward('157.173.210.123', 6443)
    const answer = printed(channel, /hello/)
    channel.write('hello')
    await answer
    expect(network.asked).toEqual(['157.173.210.123:6443'])
    channel.destroy()
    echo.close()
    const refused = await connect(await world({ network: networkTo('refused') }))
    await expect(refused.forward('157.173.210.123', 6443)).rejects.toMatchObject({ reason: 2 })
  })

  it('prohibits forwarding where sshd is configured so', async () => {
    const connection = await connect(await world({ faults: new Set(['forwarding-refused']) }))
    await expect(connection.forward('157.173.210.123', 6443)).rejects.toMatchObject({ reason: 1 })
  })

  it('ends the input of a command whose channel is closed', async () => {
    const host = await world()
    const connection = await connect(host)
    const channel = await connection.channel('echo started; cat > /dev/null; echo done > "$ROOT/tmp/ended"')
    await printed(channel, /started/)
    channel.close()
    const gone = await connection.run('while [ ! -e "$ROOT/tmp/ended" ]; do sleep 0.02; done; cat "$ROOT/tmp/ended"')
    expect(gone.stdout).toBe('done\n')
  })

  it('passes signals to the command that runs', async () => {
    const connection = await connect(await world())
    const channel = await connection.channel('trap "echo told; exit 9" USR1; echo ready; while :; do sleep 0.05; done')
    await printed(channel, /ready/)
    const end = finished(channel)
    channel.signal('USR1')
    expect(await end).toMatchObject({ code: 9, stdout: 'told\n' })
  })

  it('leaves no process behind when it is switched off, not even one that hid in a session of its own', async () => {
    const host = await world()
    const connection = await connect(host)
    const channel = await connection.channel(
      'setsid sh -c "trap : TERM HUP; echo hidden; while :; do sleep 60; done" & timeout 60 sh -c "echo limited; sleep 60" & wait',
    )
    await printed(channel, /hidden[\s\S]*limited|limited[\s\S]*hidden/)
    const living = () =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => existsSync(`/proc/${pid}/environ`) && environmentOf(pid).includes(`ROOT=${host.root}`))
    expect(living().length).toBeGreaterThan(2)
    await host.close()
    await vanished(living)
    expect(living()).toEqual([])
  })
})

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return []
  }
}

/** A killed process is gone when its parent has seen it: the kernel's business, within a moment. */
async function vanished(living: () => string[]): Promise<void> {
  const deadline = Date.now() + 2000
  while (living().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
}
