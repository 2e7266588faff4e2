import { describe, expect, it } from '@jest/globals'
import type { HostAccess } from '../../src/cluster-file/index.ts'
import { redactor } from '../../src/host/error.ts'
import { channelError, connectionError, forwardingError } from '../../src/host/ssh-failures.ts'

const access: HostAccess = {
  transport: 'ssh',
  address: '192.168.2.80',
  port: 22,
  user: 'oceanid',
  privateKey: 'the key',
  sudoPassword: 'the password',
  hostKeyFingerprints: [],
  hostKeySource: '',
}
const label = 'oceanid@192.168.2.80'
const redact = redactor([access.privateKey, access.sudoPassword])

describe('a failed connection', () => {
  it.each([
    [{ message: 'getaddrinfo ENOTFOUND calypso', code: 'ENOTFOUND', level: 'client-socket' }, 'name-not-found'],
    [{ message: 'getaddrinfo EAI_AGAIN calypso', code: 'EAI_AGAIN', level: 'client-socket' }, 'name-not-found'],
    [{ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', level: 'client-socket' }, 'connection-refused'],
    [{ message: 'connect EHOSTUNREACH', code: 'EHOSTUNREACH', level: 'client-socket' }, 'connection-failed'],
    [{ message: 'connect ETIMEDOUT', code: 'ETIMEDOUT', level: 'client-socket' }, 'connection-timeout'],
    [{ message: 'Timed out while waiting for handshake', level: 'client-timeout' }, 'connection-timeout'],
    [{ message: 'read ECONNRESET', code: 'ECONNRESET', level: 'client-socket' }, 'connection-reset'],
    [{ message: 'Connection lost before handshake', level: 'client-socket' }, 'connection-reset'],
    [{ message: 'No response from server', code: 'ETIMEDOUT' }, 'connection-reset'],
    [
      { message: 'All configured authentication methods failed', level: 'client-authentication' },
      'authentication-refused',
    ],
    [{ message: 'Handshake failed: no matching C->S cipher', level: 'handshake' }, 'handshake-failed'],
    [
      { message: 'Cannot parse privateKey: Encrypted private OpenSSH key detected, but no passphrase given' },
      'private-key-encrypted',
    ],
    [{ message: 'Cannot parse privateKey: Unsupported key format' }, 'private-key-malformed'],
    [{ message: 'something new' }, 'connection-failed'],
    ['a string', 'connection-failed'],
    [undefined, 'connection-failed'],
    [null, 'connection-failed'],
  ])('%j is %s, with a cause and a remedy', (error, code) => {
    const failure = connectionError(label, access, error, redact)
    expect(failure).toMatchObject({
      code,
      host: label,
      cause: expect.stringMatching(/\w/),
      remedy: expect.stringMatching(/\w/),
    })
    expect(failure.message).toContain(label)
  })

  it('shows neither key nor password, whatever the error says', () => {
    const failure = connectionError(label, access, new Error('it was the key with the password'), redact)
    expect(JSON.stringify({ ...failure, message: failure.message })).not.toMatch(/the key|the password/)
  })
})

describe('a refused channel', () => {
  it.each([
    [1, 'forwarding-refused', 'prohibits'],
    [2, 'connection-failed', 'Connection refused'],
    [4, 'forwarding-refused', 'Connection refused'],
    [undefined, 'forwarding-refused', 'Connection refused'],
  ])('with reason %j is %s', (reason, code, cause) => {
    const error = Object.assign(new Error('(SSH) Channel open failure: Connection refused'), { reason })
    expect(forwardingError(label, access, '157.173.210.123', 6443, error)).toMatchObject({
      code,
      cause: expect.stringContaining(cause),
    })
  })

  it('for a session names what could not be started', () => {
    expect(channelError(label, 'script survey', new Error('Unable to exec'))).toMatchObject({
      code: 'channel-refused',
      title: 'script survey could not be started',
      evidence: ['Unable to exec'],
    })
  })
})
