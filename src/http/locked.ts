import type { Endpoint } from './model.ts'

/** Whether nobody gave the service token that it takes: what would answer is the guard. */
export const isLocked = ({ guard, credentials }: Pick<Endpoint, 'guard' | 'credentials'>): boolean =>
  guard === 'cloudflare' && Object.keys(credentials).length === 0

/** What is said about such an endpoint. */
export const lockedWords = {
  found: 'may not be asked: Cloudflare Access guards it, and no service token was given',
  remedy:
    'give access-client-id and access-client-secret from secrets (nightly.yml: secrets ACCESS_CLIENT_ID and ACCESS_CLIENT_SECRET of the repository)',
} as const
