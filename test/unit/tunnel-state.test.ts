import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { identify, isAlive } from '../../src/ownership/index.ts'
import { closeTunnel, type TunnelRequest, type TunnelState, tunnelFault } from '../../src/tunnel/index.ts'
import { readOrder } from '../../src/tunnel/order.ts'
import { asFile, sshArguments, validate } from '../../src/tunnel/ssh-arguments.ts'
import { destinationOf, readState, writeState } from '../../src/tunnel/state.ts'

const state: TunnelState = {
  schema: 'k3s-gpu-actions/tunnel/v1',
  nonce: 'n',
  label: 'kubeconfig-esc, run 41',
  host: '192.0.2.1',
  port: 22,
  user: 'tunnel',
  localPort: 16443,
  target: '127.0.0.1:6443',
  startedAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-01-02T09:04:05.000Z',
  phase: 'connected',
}

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunnel-state-'))
  file = join(folder, 'tunnel.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a state file', () => {
  it('is read as it was written, and nothing else stays', () => {
    writeState(file, state)
    writeState(file, { ...state, phase: 'ended' })
    expect(readState(file)).toEqual({ ...state, phase: 'ended' })
    expect(readdirSync(folder)).toEqual(['tunnel.json'])
  })

  it.each([
    ['nothing', ''],
    ['half of one', JSON.stringify(state).slice(0, 80)],
    ['no object', '[]'],
    ['another schema', JSON.stringify({ ...state, schema: 'v2' })],
    ['a pid that is a group', JSON.stringify({ ...state, supervisor: { pid: '-1', started: 'x' } })],
    ['a time that is none', JSON.stringify({ ...state, expiresAt: 'soon' })],
    [
      'an end of an unknown kind',
      JSON.stringify({
        ...state,
        ended: { at: state.startedAt, code: 'x', title: '', cause: '', remedy: '', evidence: [] },
      }),
    ],
    ['more than a state can be', JSON.stringify({ ...state, label: 'x'.repeat(70_000) })],
  ])('that holds %s is none', (_name, text) => {
    writeFileSync(file, text)
    expect(readState(file)).toBeUndefined()
    expect(tunnelFault(join(folder, 'kubeconfig'))).toBeUndefined()
  })

  it('is never read through a link, or from what is no file', () => {
    writeFileSync(join(folder, 'other'), JSON.stringify(state))
    symlinkSync('other', file)
    expect(readState(file)).toBeUndefined()
    rmSync(file)
    mkdirSync(file)
    expect(readState(file)).toBeUndefined()
  })

  it('that names a process of somebody else ends nothing', async () => {
    // This very process, with its right start: only the nonce is missing.
    const self = identify(process.pid)
    if (self === undefined) throw new Error('this process is not known')
    writeState(file, { ...state, supervisor: self, ssh: self })
    await closeTunnel(folder)
    expect(isAlive(self)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('whose processes are gone means that the tunnel has ended', () => {
    writeState(file, { ...state, supervisor: { pid: process.pid, started: 'another boot/1' } })
    expect(tunnelFault(join(folder, 'kubeconfig'))).toMatchObject({ code: 'tunnel-ended' })
  })

  it('beside no kubeconfig of ours says nothing', () => {
    expect(tunnelFault('/nowhere/kubeconfig')).toBeUndefined()
    expect(tunnelFault('')).toBeUndefined()
  })
})

describe('the order to a supervisor', () => {
  it('is taken whole or not at all', async () => {
    const given = async (text: string | undefined): Promise<unknown> => {
      const input = new PassThrough()
      const order = readOrder(input, 50)
      if (text !== undefined) input.end(text)
      return await order
    }
    expect(await given('{"privateKey":"k","knownHosts":"h","more":1}')).toEqual({ privateKey: 'k', knownHosts: 'h' })
    expect(await given('{"privateKey":"k"')).toBeUndefined()
    expect(await given('')).toBeUndefined()
    expect(await given(undefined)).toBeUndefined()
    expect(await given(`{"privateKey":"${'k'.repeat(300_000)}"}`)).toBeUndefined()
  })
})

describe('a request', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'
  const request: TunnelRequest = {
    host: '192.0.2.1',
    port: 22,
    user: 'tunnel',
    privateKey: key,
    knownHosts: `192.0.2.1 ssh-ed25519 ${'A'.repeat(68)}`,
    localPort: 16443,
    target: { host: '127.0.0.1', port: 6443 },
    lifetimeMs: 60_000,
    server: { caPem: '', tlsServerName: '' },
  }

  it('is accepted as people write it', () => {
    const hosts = ['192.0.2.1', '2001:db8::1', 'bastion.example.org', 'srv_1']
    for (const host of hosts) expect(() => validate({ ...request, host })).not.toThrow()
    expect(() => validate({ ...request, target: { host: '::1', port: 6443 } })).not.toThrow()
  })

  it.each([
    ['an option in the place of a host', { host: '-oProxyCommand=touch /tmp/x' }],
    ['an address with a user', { host: 'root@192.0.2.1' }],
    ['a URL', { host: 'ssh://192.0.2.1:22' }],
    ['an empty host', { host: '' }],
    ['a host with a line end', { host: '192.0.2.1\n' }],
    ['an option in the place of a user', { user: '-l' }],
    ['a user with a space', { user: 'a b' }],
    ['a target with another forwarding', { target: { host: '127.0.0.1:1:x', port: 6443 } }],
    ['a port that is none', { localPort: 70_000 }],
    ['no key', { privateKey: '' }],
    ['the public half', { privateKey: 'ssh-ed25519 AAAA' }],
    ['no time at all', { lifetimeMs: 0 }],
  ])('is refused with %s', (_name, more) => {
    expect(() => validate({ ...request, ...more })).toThrow()
  })

  it('becomes arguments that say everything, and nothing secret', () => {
    const words = sshArguments(destinationOf({ ...request, target: { host: '::1', port: 6443 } }))
    expect(words.slice(0, 2)).toEqual(['-F', 'none'])
    expect(words.slice(-4)).toEqual(['-L', '127.0.0.1:16443:[::1]:6443', '--', '192.0.2.1'])
    for (const option of [
      'StrictHostKeyChecking=yes',
      'GlobalKnownHostsFile=/dev/null',
      'IdentityAgent=none',
      'BatchMode=yes',
    ]) {
      expect(words).toContain(option)
    }
    expect(words.join(' ')).not.toContain(folder)
  })

  it('has its key written as OpenSSH reads it', () => {
    expect(asFile('a\r\nb')).toBe('a\nb\n')
    writeFileSync(join(folder, 'k'), asFile(key))
    expect(readFileSync(join(folder, 'k'), 'utf8')).toBe(key)
  })
})
