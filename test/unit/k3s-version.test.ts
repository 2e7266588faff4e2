import { describe, expect, it } from '@jest/globals'
import { parse } from 'semver'
import { cacheVersion, checkVersionPair, compareVersions, parseVersion, resolveVersion } from '../../src/k3s/version.ts'

describe('k3s versions', () => {
  it('are ordered as k3s numbers them', () => {
    const ordered = [
      'v1.30.9+k3s1',
      'v1.33.4-rc1+k3s1',
      'v1.33.4-rc10+k3s1',
      'v1.33.4+k3s1',
      'v1.33.4+k3s2',
      'v1.33.4+k3s10',
      'v1.33.10+k3s1',
      'v1.100.0+k3s1',
    ]
    for (let left = 0; left < ordered.length; left++) {
      for (let right = 0; right < ordered.length; right++) {
        const order = Math.sign(compareVersions(ordered[left] as string, ordered[right] as string))
        expect(order).toBe(Math.sign(left - right))
      }
    }
    expect(compareVersions('1.33.4+k3s1', 'v1.33.4+k3s1')).toBe(0)
  })

  it('have cache keys that differ where versions do, and that semver keeps', () => {
    const key = (text: string): string =>
      cacheVersion(parseVersion(text) as NonNullable<ReturnType<typeof parseVersion>>)
    expect(key('v1.33.4+k3s1')).toBe('1.33.4-k3s.1')
    expect(key('v1.33.4+k3s2')).toBe('1.33.4-k3s.2')
    for (const text of ['v1.33.4+k3s10', 'v1.33.4-rc2+k3s1']) expect(parse(key(text))?.version).toBe(key(text))
  })

  it.each([
    '',
    'v1.33.4',
    'v1.33.4+rke2r1',
    'v1.33.4+k3s',
    'v1.33.4+k3s1; rm -rf /',
    'v1.33.4+k3s1\nx',
    '../v1.33.4+k3s1',
  ])('%j is none', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })
})

describe('the wish for a version', () => {
  it('match-server is the exact version of the server', () => {
    expect(resolveVersion('match-server', 'v1.33.4+k3s1')).toBe('v1.33.4+k3s1')
  })
  it('an exact version is itself, with v', () => {
    expect(resolveVersion('1.32.8+k3s1', 'v1.33.4+k3s1')).toBe('v1.32.8+k3s1')
  })
  it.each([
    ['stable', /channel/],
    ['latest', /channel/],
    ['v1.33', /channel/],
    ['1.33.4', /suffix is missing, e\.g\. v1\.33\.4\+k3s1/],
    ['newest', /no known form/],
    ['', /no known form/],
  ])('%j is refused with the allowed form', (wanted, why) => {
    try {
      resolveVersion(wanted, 'v1.33.4+k3s1')
    } catch (error) {
      expect(`${(error as Error).message} ${(error as Error).cause}`).toMatch(why)
      expect(error).toMatchObject({ code: 'version-invalid', remedy: expect.stringContaining('match-server') })
      return
    }
    throw new Error('was not refused')
  })
  it('match-server needs a server of k3s', () => {
    expect(() => resolveVersion('match-server', 'v1.33.4')).toThrow(/no k3s version/)
  })
})

describe('a pair of versions', () => {
  it.each([
    ['v1.33.4+k3s1', 'v1.33.4+k3s1', 'pass'],
    ['v1.33.4+k3s2', 'v1.33.4+k3s1', 'fail'],
    ['v1.33.4+k3s10', 'v1.33.4+k3s2', 'fail'],
    ['v1.34.0+k3s1', 'v1.33.4+k3s1', 'fail'],
    ['v1.33.3+k3s1', 'v1.33.4+k3s1', 'warn'],
    ['v1.33.4+k3s1', 'v1.33.4+k3s2', 'warn'],
    ['v1.30.9+k3s1', 'v1.33.4+k3s1', 'warn'],
    ['v1.29.13+k3s1', 'v1.33.4+k3s1', 'fail'],
    ['v1.31.4+k3s1', 'v1.33.3+k3s1', 'fail'],
    ['v1.31.5+k3s1', 'v1.33.3+k3s1', 'warn'],
    ['v1.31.4+k3s1', 'v1.31.9+k3s1', 'warn'],
    ['v1.29.12+k3s1', 'v1.32.1+k3s1', 'fail'],
    ['v1.29.13+k3s1', 'v1.32.1+k3s1', 'warn'],
    ['v1.28.15+k3s1', 'v1.32.1+k3s1', 'fail'],
    ['v1.33.4', 'v1.33.4+k3s1', 'error'],
    ['v1.33.4+k3s1', 'v1.33.4', 'error'],
  ] as const)('agent %s with server %s: %s', (agent, server, verdict) => {
    const check = checkVersionPair(agent, server)
    expect(check.verdict).toBe(verdict)
    expect(check.id).toBe('k3s.version')
    if (verdict !== 'pass') expect(`${check.cause}|${check.remedy}`).not.toContain('undefined')
  })
})
