/** `ssh` on the rehearsal's PATH, and the SSH server that it leads to: with the OpenSSH of this machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { laySsh, opensshProgram, startTunnelHost, type TunnelHost } from '../../rehearsal/tunnel/index.ts'

const openssh = opensshProgram()
if (openssh === undefined) process.stderr.write('skipped: the tunnel of the rehearsal, because OpenSSH is missing\n')
const address = '157.173.210.123'

const folder = mkdtempSync(join(tmpdir(), 'world-tunnel-'))
let server: Server
let host: TunnelHost
let path = ''
const children: ChildProcess[] = []
beforeAll(async () => {
  server = createServer((socket) => socket.end('the API server\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  host = await startTunnelHost('tunnel', {
    connect: () => Promise.resolve(connect(port, '127.0.0.1')),
  })
  path = laySsh(join(folder, 'bin'), openssh ?? '', { [`${address}:22`]: host.port })
  writeFileSync(join(folder, 'key'), host.clientPrivateKey, { mode: 0o600 })
  writeFileSync(join(folder, 'known_hosts'), `${host.knownHosts(address)}\n`)
})
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
})
afterAll(async () => {
  await host.close()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

interface Client {
  readonly child: ChildProcess
  stderr(): string
}

function ssh(localPort: number, target: string, destination: string): Client {
  const options = [
    ...['BatchMode=yes', 'ExitOnForwardFailure=yes', 'StrictHostKeyChecking=yes', 'IdentitiesOnly=yes'],
    ...['IdentityAgent=none', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, 'GlobalKnownHostsFile=/dev/null'],
    ...['ControlMaster=no', 'ControlPath=none', 'ConnectTimeout=10'],
  ].flatMap((option) => ['-o', option])
  const argv = ['-F', 'none', '-N', '-T', ...options, '-i', join(folder, 'key'), '-p', '22']
  const child = spawn('ssh', [...argv, '-L', `127.0.0.1:${localPort}:${target}`, destination], {
    env: { PATH: path, HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  let text = ''
  child.stderr.on('data', (chunk) => (text += chunk))
  return { child, stderr: () => text }
}

/** What comes from a port, once something listens there; empty when the other side ends it at once. */
async function read(port: number, client: Client): Promise<string> {
  for (;;) {
    if (client.child.exitCode !== null) throw new Error(client.stderr())
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
    } catch {
      await sleep(20)
      continue
    }
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    await once(socket, 'close')
    return text
  }
}

describe('the tunnel of the rehearsal', () => {
  const test = openssh === undefined ? it.skip : it

  test('leads to the API server’s own loopback address, as the process that was started', async () => {
    const port = await freePort()
    const client = ssh(port, '127.0.0.1:6443', `tunnel@${address}`)
    expect(await read(port, client)).toBe('the API server\n')
    expect(host.counts).toMatchObject({ sessions: 0, forwards: 1 })
    // The wrapper has become OpenSSH: whoever signals it signals the tunnel.
    client.child.kill('SIGTERM')
    await once(client.child, 'exit')
    await expect(read(port, client)).rejects.toThrow()
  })

  test('leads nowhere else', async () => {
    const port = await freePort()
    const client = ssh(port, '127.0.0.1:22', `tunnel@${address}`)
    expect(await read(port, client)).toBe('')
    expect(client.stderr()).toContain('open failed')
  })

  test.each([
    ['root@157.173.210.123', 'Permission denied (publickey)'],
    ['tunnel@github.com', 'the rehearsal has no github.com:22'],
    ['203.0.113.7', 'the rehearsal has no 203.0.113.7:22'],
  ])('lets nobody in as %s', async (destination, words) => {
    const client = ssh(await freePort(), '127.0.0.1:6443', destination)
    const [code] = (await once(client.child, 'close')) as [number]
    expect(code).toBe(255)
    expect(client.stderr()).toContain(words)
  })

  test('shows a host key that is pinned by the name that was asked for', async () => {
    writeFileSync(join(folder, 'known_hosts'), host.knownHosts('192.168.2.80'))
    try {
      const client = ssh(await freePort(), '127.0.0.1:6443', `tunnel@${address}`)
      await once(client.child, 'close')
      expect(client.stderr()).toContain('Host key verification failed')
    } finally {
      writeFileSync(join(folder, 'known_hosts'), `${host.knownHosts(address)}\n`)
    }
  })
})
