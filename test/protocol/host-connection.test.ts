import { createHmac } from 'node:crypto'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import type { HostAccess } from '../../src/cluster-file/index.ts'
import { connectHost, type Host, HostError } from '../../src/host/index.ts'
import { fingerprint } from '../../src/host/known-hosts.ts'
import type { Exec } from '../../src/runner/index.ts'
import { keyPair, Machine, Sshd, type SshdOptions } from './host-sshd.ts'

const noExec: Exec = async () => Promise.reject(new Error('the SSH transport starts no program on the runner'))
const signal = () => AbortSignal.timeout(30_000)

let machine: Machine
const cleanups: (() => Promise<void>)[] = []
beforeEach(() => {
  machine = new Machine()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  machine.remove()
})

async function sshd(options: Partial<SshdOptions> = {}): Promise<Sshd> {
  const server = await new Sshd({ machine, ...options }).listen()
  cleanups.push(() => server.close())
  return server
}

async function open(access: HostAccess, abort = signal()): Promise<Host> {
  const host = await connectHost(access, { exec: noExec }, abort)
  cleanups.push(() => host.close())
  return host
}

async function failure(access: HostAccess, abort = signal()): Promise<HostError> {
  const error = await open(access, abort).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(HostError)
  return error as HostError
}

function sha256Of(publicKey: string): string {
  return fingerprint(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'))
}

describe('the host key', () => {
  it('is accepted from a plain, a hashed and a wildcard line and from a fingerprint, and the host says which it was', async () => {
    const server = await sshd()
    const name = `[127.0.0.1]:${server.port}`
    const salt = Buffer.from('twenty bytes of salt')
    const hash = createHmac('sha1', salt).update(name).digest('base64')
    const pin = sha256Of(server.hostKey.public)
    const other = sha256Of(keyPair().public)
    for (const more of [
      {},
      { knownHosts: `# ours\r\n\r\ngithub.test,${name} ${server.hostKey.public} comment\r\n` },
      { knownHosts: `|1|${salt.toString('base64')}|${hash} ${server.hostKey.public}` },
      { knownHosts: `[127.0.0.*]:* ${server.hostKey.public}` },
      { knownHosts: `127.0.0.1 ${server.hostKey.public}` },
      { knownHosts: '', hostKeyFingerprints: [other, pin] },
      { knownHosts: '', hostKeyFingerprints: [`${pin}=`] },
    ]) {
      expect((await open(server.access(more))).hostKeyFingerprint).toBe(pin)
    }
  })

  it('that nobody pinned is shown with the way to compare it, and nobody logs in', async () => {
    const server = await sshd()
    const error = await failure(server.access({ knownHosts: `elsewhere ${server.hostKey.public}` }))
    expect(error).toMatchObject({
      code: 'host-key-unknown',
      remedy: expect.stringContaining('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'),
    })
    expect(error.evidence).toContain(`offered: ssh-ed25519 ${sha256Of(server.hostKey.public)}`)
    expect(error.evidence.join()).toContain('no line of known_hosts names')
    expect(server.connections).toBe(1)
    expect(server.logins).toBe(0)
  })

  it('that is not the pinned one is a mismatch, without a second try', async () => {
    const server = await sshd()
    const pinned = keyPair()
    const error = await failure(server.access({ knownHosts: `[127.0.0.1]:${server.port} ${pinned.public}` }))
    expect(error).toMatchObject({ code: 'host-key-mismatch' })
    expect(error.message).toContain('input known-hosts')
    expect(error.evidence).toEqual([
      `offered: ssh-ed25519 ${sha256Of(server.hostKey.public)}`,
      `pinned: ssh-ed25519 ${sha256Of(pinned.public)}`,
    ])
    expect(server.connections).toBe(1)
    expect(server.logins).toBe(0)
  })

  it('of a host with several keys is the one whose type is pinned', async () => {
    const [ed25519, ecdsa, rsa] = [keyPair(), keyPair('ecdsa'), keyPair('rsa')]
    const server = await sshd({ hostKeys: [ed25519.private, ecdsa.private, rsa.private] })
    for (const pair of [ecdsa, rsa]) {
      const host = await open(server.access({ knownHosts: `[127.0.0.1]:${server.port} ${pair.public}` }))
      expect(host.hostKeyFingerprint).toBe(sha256Of(pair.public))
    }
    expect(server.connections).toBe(2)
    // A fingerprint does not say its type, so the host is asked for its other keys.
    const host = await open(server.access({ knownHosts: '', hostKeyFingerprints: [sha256Of(rsa.public)] }))
    expect(host.hostKeyFingerprint).toBe(sha256Of(rsa.public))
    const error = await failure(server.access({ knownHosts: '', hostKeyFingerprints: [sha256Of(keyPair().public)] }))
    expect(error.code).toBe('host-key-mismatch')
    expect(error.evidence.filter((line) => line.startsWith('offered: '))).toHaveLength(3)
  })

  it('of a type that the host does not have is a mismatch as well', async () => {
    const server = await sshd()
    const error = await failure(server.access({ knownHosts: `[127.0.0.1]:${server.port} ${keyPair('rsa').public}` }))
    expect(error).toMatchObject({ code: 'host-key-mismatch', cause: expect.stringContaining('ssh-rsa') })
  })

  it('that is revoked is refused, although a fingerprint allows it', async () => {
    const server = await sshd()
    const knownHosts = `@revoked * ${server.hostKey.public}`
    const error = await failure(server.access({ knownHosts, hostKeyFingerprints: [sha256Of(server.hostKey.public)] }))
    expect(error.code).toBe('host-key-revoked')
  })

  it('of an authority is explained as not supported', async () => {
    const server = await sshd()
    const error = await failure(server.access({ knownHosts: `@cert-authority * ${keyPair().public}` }))
    expect(error.code).toBe('host-key-unknown')
    expect(error.evidence.join()).toContain('host certificates are not supported')
  })
})

describe('a connection', () => {
  it.each([
    ['a key that the host does not know', { privateKey: keyPair().private }, 'authentication-refused'],
    ['no key', { privateKey: undefined }, 'authentication-refused'],
    [
      'a key with a passphrase',
      {
        privateKey: ssh2.utils.generateKeyPairSync('ecdsa', {
          bits: 256,
          passphrase: 'x',
          cipher: 'aes256-ctr',
          rounds: 4,
        }).private,
      },
      'private-key-encrypted',
    ],
    ['half a key', { privateKey: keyPair().private.slice(0, 120) }, 'private-key-malformed'],
    ['something that is no key', { privateKey: 'hunter2hunter2' }, 'private-key-malformed'],
    ['a public key', { privateKey: keyPair().public }, 'private-key-malformed'],
  ])('with %s fails and shows nothing of it', async (_title, more, code) => {
    const server = await sshd()
    const { privateKey, ...rest } = { ...server.access(), ...more }
    const error = await failure(privateKey === undefined ? rest : { ...rest, privateKey })
    expect(error).toMatchObject({ code, host: `oceanid@127.0.0.1:${server.port}`, remedy: expect.stringMatching(/\w/) })
    for (const line of (privateKey ?? '').split('\n').filter((text) => text.length > 8 && !text.startsWith('-----'))) {
      expect(JSON.stringify(error) + error.message).not.toContain(line)
    }
  })

  it('accepts a key that lost its last line break and gained carriage returns', async () => {
    const server = await sshd()
    const host = await open(server.access({ privateKey: server.client.private.trim().replaceAll('\n', '\r\n') }))
    expect(host.label).toBe(`oceanid@127.0.0.1:${server.port}`)
  })

  it('to a closed port is refused', async () => {
    const server = await sshd()
    await server.close()
    expect(await failure(server.access())).toMatchObject({
      code: 'connection-refused',
      cause: expect.stringContaining(String(server.port)),
    })
  })

  it('that the host drops before the log-in is tried again, three times at most', async () => {
    const busy = await sshd({ drops: 2 })
    expect((await open(busy.access())).label).toContain('oceanid')
    const banned = await sshd({ drops: 99 })
    expect(await failure(banned.access())).toMatchObject({ code: 'connection-reset' })
    expect(banned.connections).toBe(3)
  })

  it('to something that is no SSH server, or silent, ends with the deadline of the caller', async () => {
    const silent: Server = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    cleanups.push(async () => void silent.close())
    const server = await sshd()
    const access = server.access({ port: (silent.address() as AddressInfo).port })
    expect(await failure(access, AbortSignal.timeout(300))).toMatchObject({ code: 'deadline' })
    const cancel = new AbortController()
    const pending = failure(access, cancel.signal)
    cancel.abort()
    expect(await pending).toMatchObject({ code: 'cancelled' })
  })

  it('on which no session can be opened says what the server refuses', async () => {
    const server = await sshd({ refusesSessions: true })
    const host = await open(server.access())
    await expect(
      host.run({ script: 'main() { :; }', name: 'survey', privilege: 'user', timeoutMs: 1000, signal: signal() }),
    ).rejects.toMatchObject({
      code: 'channel-refused',
      title: expect.stringContaining('script survey'),
    })
  })

  it('refuses a sudo password with a line break before it connects', async () => {
    const server = await sshd()
    const error = await failure(server.access({ sudoPassword: 'two\nlines' }))
    expect(error.code).toBe('access-invalid')
    expect(JSON.stringify(error) + error.message).not.toContain('two')
    expect(server.connections).toBe(0)
  })

  it('survives start-up files that print on the host', async () => {
    const server = await sshd()
    const host = await open(server.access())
    const script = 'main() { echo "Welcome to calypso"; echo "[1,2]"; emit fact last; }'
    const result = await host
      .run({ script, name: 'x', privilege: 'user', timeoutMs: 9000, signal: signal() })
      .catch((error: unknown) => error)
    expect(result).toEqual({ exitCode: 0, lines: [{ fact: 'last' }], stderr: 'Welcome to calypso\n[1,2]\n' })
  })

  it('cuts a text of megabytes, which is no reason to end anything', async () => {
    const host = await open((await sshd()).access())
    const script = `main() { emit text "$(head -c 2000000 /dev/zero | tr '\\0' x)" last yes; }`
    const { lines } = await host.run({ script, name: 'long', privilege: 'user', timeoutMs: 20_000, signal: signal() })
    expect(lines).toEqual([{ text: `${'x'.repeat(163_840)} (cut)`, last: 'yes' }])
  })

  it('ends a host that never stops printing', async () => {
    const server = await sshd()
    const host = await open(server.access())
    const script = 'main() { while :; do printf "%01000d" 1; done; }'
    await expect(
      host.run({ script, name: 'flood', privilege: 'user', timeoutMs: 20_000, signal: signal() }),
    ).rejects.toMatchObject({ code: 'output-too-large' })
  })
})

describe('a forwarded connection', () => {
  async function echo(): Promise<number> {
    const server = createServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(async () => void server.close())
    return (server.address() as AddressInfo).port
  }

  it('reaches what the host reaches, and is counted apart from sessions', async () => {
    const host = await open((await sshd()).access())
    const stream = await host.forward('127.0.0.1', await echo(), signal())
    stream.write('ping')
    expect(String(await new Promise((resolve) => stream.once('data', resolve)))).toBe('ping')
    stream.destroy()
    expect(host.counts).toEqual({ sessions: 0, forwards: 1 })
  })

  it('to a closed port says that the host cannot reach it', async () => {
    const host = await open((await sshd()).access())
    await expect(host.forward('127.0.0.1', 1, signal())).rejects.toMatchObject({
      code: 'connection-failed',
      title: '127.0.0.1:1 cannot be reached from the host',
    })
  })

  it('is told apart when the host forwards nothing at all', async () => {
    const host = await open((await sshd({ forwarding: 'prohibited' })).access())
    await expect(host.forward('127.0.0.1', await echo(), signal())).rejects.toMatchObject({
      code: 'forwarding-refused',
      remedy: expect.stringContaining('AllowTcpForwarding'),
    })
  })

  it('that nobody answers ends with the deadline of the caller, and the connection stays usable', async () => {
    const host = await open((await sshd({ forwarding: 'silent' })).access())
    await expect(host.forward('127.0.0.1', 9, AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'deadline',
      title: expect.stringContaining('127.0.0.1:9'),
    })
    const result = await host.run({
      script: 'main() { emit still here; }',
      name: 'x',
      privilege: 'user',
      timeoutMs: 9000,
      signal: signal(),
    })
    expect(result.lines).toEqual([{ still: 'here' }])
  })
})
