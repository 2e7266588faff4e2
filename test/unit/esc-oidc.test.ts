import { describe, expect, it } from '@jest/globals'
import { audienceOf, claimsOf, isImmutableSubject, scopeOf } from '../../src/esc/index.ts'

const encode = (claims: unknown) =>
  ['{"alg":"RS256"}', typeof claims === 'string' ? claims : JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

describe('the scope of an exchange', () => {
  it.each([
    ['personal', '', 'user:ryan-taylor'],
    ['personal', 'user:somebody', 'user:somebody'],
    ['organization', '', ''],
    ['organization', 'admin', 'admin'],
    ['team', 'team:Platform Ops', 'team:Platform Ops'],
    ['runner', 'runner:tethys', 'runner:tethys'],
  ] as const)('%s token, given %j: %j', (tokenType, given, expected) => {
    expect(scopeOf(tokenType, given, 'ryan-taylor')).toBe(expected)
  })

  it.each([
    ['team', '', 'is missing', undefined],
    ['runner', '', 'is missing', undefined],
    ['personal', 'somebody', 'not of the form user:NAME', 'user:somebody'],
    ['personal', 'team:ops', 'not of the form user:NAME', 'user:ops'],
    ['team', 'team:', 'not of the form team:NAME', undefined],
    ['organization', 'user:x', 'is not for organization tokens', undefined],
    ['team', 'team:a\nb', 'invisible', undefined],
  ] as const)('%s token, given %j: %s', (tokenType, given, problem, nearest) => {
    const complaint = scopeOf(tokenType, given, 'ryan-taylor')
    expect(complaint).toMatchObject({ problem: expect.stringContaining(problem), ...(nearest ? { nearest } : {}) })
  })

  it('goes with an audience of the organization', () => {
    expect(audienceOf('ryan-taylor')).toBe('urn:pulumi:org:ryan-taylor')
  })
})

describe('the claims of an ID token', () => {
  it('are those that a policy looks at, none that is nobody’s business', () => {
    const claims = {
      sub: 'repo:o/r:environment:production',
      aud: ['urn:pulumi:org:o', 7],
      repository_id: 12345678901234567890n.toString(),
      repository_owner_id: 4711,
      environment: 'production',
      jti: 'one-time',
      actor: 'somebody',
      exp: 1,
    }
    expect(claimsOf(encode(claims))).toEqual({
      sub: 'repo:o/r:environment:production',
      aud: 'urn:pulumi:org:o',
      repository_id: '12345678901234567890',
      repository_owner_id: '4711',
      environment: 'production',
    })
  })

  it('are bounded lines, whatever somebody put into them', () => {
    const claims = claimsOf(encode({ sub: `a\n::error::forged\u202e${'x'.repeat(900)}`, ref: { a: 1 }, iss: '' }))
    expect(Object.keys(claims)).toEqual(['sub'])
    expect(claims.sub).toMatch(/^a ::error::forged x+…$/)
    expect(claims.sub?.length).toBe(300)
  })

  it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', encode('[1]'), encode('"text"'), encode('{broken'), encode('null')])(
    'are none of %j',
    (token) => {
      expect(claimsOf(token)).toEqual({})
    },
  )

  it('are not looked for in what is no token by its length, nor in prototypes', () => {
    expect(claimsOf(encode({ sub: 'x'.repeat(70_000) }))).toEqual({})
    expect(claimsOf(encode('{"__proto__":{"sub":"forged"}}'))).toEqual({})
  })

  it('tell the immutable form of the subject', () => {
    expect(isImmutableSubject('repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main')).toBe(true)
    expect(isImmutableSubject('repo:octo-org/octo-repo:ref:refs/heads/main')).toBe(false)
    expect(isImmutableSubject('repo:octo-org/octo-repo:environment:a@1/b@2:c')).toBe(false)
  })
})
