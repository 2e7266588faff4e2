import { isDeepStrictEqual } from 'node:util'

/** Whether two values say the same as JSON. Copies, because a test runner gives objects of another realm, which are never strictly equal. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(structuredClone(one), structuredClone(other))
}
