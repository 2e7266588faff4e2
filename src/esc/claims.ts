import { isObject, parseJson } from './answers.ts'
import { quoteRemote } from './errors.ts'

/** What a trust policy may look at and a log may show; the order is that of the explanation. None of them is a secret. */
const known = [
  'iss',
  'aud',
  'sub',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'environment',
  'job_workflow_ref',
  'workflow_ref',
  'ref',
  'ref_type',
  'event_name',
  'runner_environment',
] as const

const longestToken = 64 * 1024

/**
 * The claims of an ID token that say which job it is, decoded and not verified: for people, never for a decision. Empty for anything
 * that is no token; each value is one bounded line.
 */
export function claimsOf(idToken: string): Readonly<Record<string, string>> {
  const [, payload = '', , ...rest] = idToken.length > longestToken ? [] : idToken.split('.')
  if (rest.length > 0 || payload === '') return {}
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'))
  if (!isObject(claims)) return {}
  return Object.fromEntries(
    known.flatMap((name) => {
      const value = Object.hasOwn(claims, name) ? claims[name] : undefined
      const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(', ') : value
      const isShown = typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean'
      return isShown && text !== '' ? [[name, quoteRemote(String(text))] as const] : []
    }),
  )
}

/**
 * Whether `sub` has the form with the immutable ids of owner and repository, `repo:octo-org@123456/octo-repo@456789:…`: the default of
 * repositories that were created, renamed or moved since July 2026 (GitHub's changelog of 2026-04-23, and its OIDC reference).
 */
export function isImmutableSubject(sub: string): boolean {
  return /^repo:[^/:@]+@\d+\/[^:@]+@\d+:/.test(sub)
}
