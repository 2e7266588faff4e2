/** Tokens of jobs, as GITHUB_TOKEN: each has the permissions of its job, and ends with it. */
import { randomBytes } from 'node:crypto'
import type { JobTokens } from './contract.ts'

/** Who asks: a token's permissions; `unknown` for one that was never given out or has ended, `nobody` without one. */
export type Bearer =
  | 'nobody'
  | 'unknown'
  | { readonly permissions: Readonly<Record<string, string>>; readonly login: string }

export interface Tokens extends JobTokens {
  bearer(authorization: string): Bearer
}

/** The token of a run that asked nobody for one; it may read what everybody may. */
export const openToken = 'ghs_rehearsalOnlyThisTokenOpensNothing00'

export function issueTokens(): Tokens {
  const given = new Map<string, Exclude<Bearer, string>>([
    [openToken, { permissions: { metadata: 'read' }, login: 'github-actions[bot]' }],
  ])
  return {
    admit(permissions) {
      // As long as GitHub's, and like them in what comes first.
      const token = `ghs_rehearsal${randomBytes(16).toString('hex').slice(0, 27)}`
      given.set(token, { permissions: { ...permissions, metadata: 'read' }, login: 'github-actions[bot]' })
      return { token, end: () => void given.delete(token) }
    },
    bearer(authorization) {
      if (authorization === '') return 'nobody'
      const token = /^(?:token|bearer)\s+(\S+)$/i.exec(authorization)?.[1] ?? ''
      return given.get(token) ?? 'unknown'
    },
  }
}
