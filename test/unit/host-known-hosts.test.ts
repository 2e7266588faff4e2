import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { fingerprint, hostKeyAlgorithms, judgeHostKey, keyType, readPins } from '../../src/host/known-hosts.ts'

/** A public key's wire form: its type, and content that only tells keys apart. */
function key(type = 'ssh-ed25519', content = 'a'): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, Buffer.from(type), Buffer.from(content.repeat(32))])
}
const line = (names: string, of = key()) => `${names} ${keyType(of)} ${of.toString('base64')}`
const hashed = (name: string) => {
  const salt = Buffer.from('salt of twenty bytes')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

describe('known_hosts', () => {
  it.each([
    ['calypso', 'calypso', 22, true],
    ['calypso', 'CALYPSO', 22, true],
    ['Calypso', 'calypso', 22, true],
    ['a,192.168.2.80,b', '192.168.2.80', 22, true],
    ['192.168.2.*', '192.168.2.80', 22, true],
    ['192.168.2.?', '192.168.2.80', 22, false],
    ['192.168.2.8?', '192.168.2.80', 22, true],
    ['192.168.2.*,!192.168.2.80', '192.168.2.80', 22, false],
    ['!192.168.2.81,192.168.2.*', '192.168.2.80', 22, true],
    ['192x168x2x80', '192.168.2.80', 22, false],
    ['[192.168.2.80]:2222', '192.168.2.80', 2222, true],
    ['[192.168.2.80]:2222', '192.168.2.80', 2223, false],
    ['[192.168.2.80]:2222', '192.168.2.80', 22, false],
    ['[192.168.2.80]:22', '192.168.2.80', 22, true],
    ['192.168.2.80', '192.168.2.80', 2222, true],
    ['[fd00::2]:2222', 'fd00::2', 2222, true],
    ['fd00::2', 'fd00::2', 22, true],
    [hashed('calypso'), 'calypso', 22, true],
    [hashed('calypso'), 'spark', 22, false],
    [hashed('[calypso]:2222'), 'calypso', 2222, true],
    ['|2|x|y', 'calypso', 22, false],
    ['(.*)+$', 'calypso', 22, false],
  ])('%s pins %s port %i: %j', (names, address, port, isPinned) => {
    const pins = readPins(line(names), [], address, port)
    expect(judgeHostKey(pins, key())).toBe(isPinned ? 'accepted' : 'unknown')
  })

  it('prefers the line with the port to the line without', () => {
    const text = [line('calypso', key('ssh-ed25519', 'a')), line('[calypso]:2222', key('ssh-ed25519', 'b'))].join('\n')
    const pins = readPins(text, [], 'calypso', 2222)
    expect(judgeHostKey(pins, key('ssh-ed25519', 'b'))).toBe('accepted')
    expect(judgeHostKey(pins, key('ssh-ed25519', 'a'))).toBe('mismatch')
  })

  it('accepts any of several keys of one host, and no other', () => {
    const text = [line('calypso'), '', '# comment', `${line('calypso', key('ssh-rsa'))}  oceanid@calypso`].join('\r\n')
    const pins = readPins(text, [], 'calypso', 22)
    expect(judgeHostKey(pins, key())).toBe('accepted')
    expect(judgeHostKey(pins, key('ssh-rsa'))).toBe('accepted')
    expect(judgeHostKey(pins, key('ssh-rsa', 'b'))).toBe('mismatch')
    expect(pins.notes).toEqual([])
  })

  it('lets a revocation win over every pin', () => {
    const pins = readPins(`${line('calypso')}\n@revoked ${line('*')}`, [fingerprint(key())], 'calypso', 22)
    expect(judgeHostKey(pins, key())).toBe('revoked')
  })

  it('says what is wrong with its lines and takes nothing from them', () => {
    const swapped = `calypso ssh-rsa ${key('ssh-ed25519').toString('base64')}`
    const text = [
      'calypso',
      'calypso ssh-ed25519 not-base64!',
      swapped,
      '@unknown calypso ssh-ed25519 AAAA',
      `@cert-authority ${line('calypso')}`,
    ].join('\n')
    const pins = readPins(text, ['MD5:00:11', ''], 'calypso', 22)
    expect(judgeHostKey(pins, key())).not.toBe('accepted')
    expect(pins.notes).toEqual([
      expect.stringContaining('line 1 '),
      expect.stringContaining('line 2 '),
      expect.stringContaining('line 3 '),
      expect.stringContaining('line 4 '),
      expect.stringContaining('host certificates are not supported'),
      expect.stringContaining('MD5:00:11'),
    ])
  })

  it('without any pin knows no key', () => {
    expect(judgeHostKey(readPins('', [], 'calypso', 22), key())).toBe('unknown')
    expect(judgeHostKey(readPins('', ['SHA256:'], 'calypso', 22), key())).toBe('mismatch')
    expect(keyType(Buffer.from([0, 0]))).toBe('unknown')
    expect(keyType(Buffer.from([255, 255, 255, 255, 10, 27]))).toBe('unknown')
  })

  it('offers only pinned types, never RSA with SHA-1, and everything where a fingerprint hides its type', () => {
    const rsa = readPins(line('calypso', key('ssh-rsa')), [], 'calypso', 22)
    expect(hostKeyAlgorithms(rsa, [])).toEqual(['rsa-sha2-512', 'rsa-sha2-256'])
    const print = readPins('', [fingerprint(key())], 'calypso', 22)
    expect(hostKeyAlgorithms(print, [])).toHaveLength(6)
    expect(hostKeyAlgorithms(print, ['ssh-ed25519', 'ssh-rsa'])).toEqual([
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ])
  })
})
