import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { endStray, startChild } from '../../lab/k3s/children.ts'
import { type LoadBalancer, startLoadBalancer, wordsOf } from '../../lab/k3s/load-balancer.ts'
import type { HostNetwork } from '../../rehearsal/contract.ts'
import { ask } from '../../rehearsal/host/supervisor.ts'

let folder = ''
const closers: (() => Promise<void> | void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-k3s-'))
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function balance(serverPort: number): Promise<LoadBalancer> {
  const balancer = await startLoadBalancer('127.0.0.1', serverPort, 0)
  closers.push(() => balancer.close())
  return balancer
}

describe('the load balancer of an agent', () => {
  it('forwards both directions, each to its own end', async () => {
    const port = await serve((socket) => {
      let heard = ''
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.toString()
      })
      socket.on('end', () => socket.end(`heard ${heard}`))
    })
    const balancer = await balance(port)
    const socket = connect({ port: balancer.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end('everything')
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    expect(answer).toBe('heard everything')
  })

  it('ends and resets in turns what it cannot connect, in the words of k3s', async () => {
    const balancer = await balance(await closedPort())
    let localPort = 0
    const network: HostNetwork = {
      connect: async () => {
        const socket = connect(balancer.port, '127.0.0.1')
        await once(socket, 'connect')
        localPort = socket.localPort ?? 0
        return socket
      },
    }
    const words: string[] = []
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const asked = ask(network, '127.0.0.1', balancer.port, { method: 'GET', path: '/cacerts', timeoutMs: 5000 })
      words.push(await asked.then(String, (error: unknown) => wordsOf(error, localPort)))
    }
    const reset = expect.stringMatching(
      /^read tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:6444: read: connection reset by peer$/,
    )
    expect(words).toEqual(['EOF', reset, 'EOF', reset])
  })

  it('says that its port is taken', async () => {
    const port = await serve(() => undefined)
    await expect(startLoadBalancer('127.0.0.1', 1, port)).rejects.toThrow(
      `listen tcp 127.0.0.1:${port}: bind: address already in use`,
    )
  })
})

/** Resolves once the process is gone; a zombie is. */
async function gone(pid: number): Promise<void> {
  const isThere = (): boolean =>
    existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const deadline = Date.now() + 5000
  while (isThere()) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('a child of an agent', () => {
  const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin' }
  const start = (script: string) =>
    startChild({
      name: 'kubelet',
      program: '/bin/sh',
      words: ['-c', script],
      environment,
      notes: folder,
      log: join(folder, 'log'),
    })

  it('tells how it ended, in the words of Go, and writes into its log', async () => {
    const child = start('echo what it said; exit 3')
    expect(await child.ended).toBe('exit status 3')
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('what it said\n')
    expect(await start('kill -KILL $$').ended).toBe('signal: killed')
  })

  it('is asked to end, and killed when it does not listen', async () => {
    const polite = start('exec sleep 60')
    await polite.stop(5000)
    expect(await polite.ended).toBe('signal: terminated')
    const deaf = start("trap '' TERM; echo deaf; while :; do sleep 60 & wait; done")
    while (!readFileSync(join(folder, 'log'), 'utf8').includes('deaf'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    await deaf.stop(50)
    expect(await deaf.ended).toBe('signal: killed')
  })

  it('does not outlive an agent that is killed', async () => {
    const program = join(folder, 'agent.mjs')
    const module = new URL('../../lab/k3s/children.js', import.meta.url).href
    writeFileSync(
      program,
      `import { startChild } from ${JSON.stringify(module)}
       const child = startChild({ name: 'x', program: '/bin/sleep', words: ['60'], environment: process.env, notes: ${JSON.stringify(folder)}, log: '/dev/null' })
       console.log(child.pid)
       setInterval(() => {}, 1000)`,
    )
    const agent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(agent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(pid).toBeGreaterThan(0)
    agent.kill('SIGKILL')
    await gone(pid)
  })

  it('is ended by the next agent when it lingered all the same, and nobody else in its place', async () => {
    const child = start('exec sleep 60')
    await endStray('kubelet', folder)
    expect(await child.ended).toBe('signal: killed')

    const other = start('exec sleep 60')
    // A note of another process that had this pid before.
    writeFileSync(join(folder, 'kubelet.pid'), `${other.pid} 1\n`)
    await endStray('kubelet', folder)
    expect(existsSync(join(folder, 'kubelet.pid'))).toBe(false)
    expect(existsSync(`/proc/${other.pid}`)).toBe(true)
    await other.stop(1000)
  })
})
