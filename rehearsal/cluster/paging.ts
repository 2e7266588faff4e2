import type { Call } from './http.ts'
import { failures, StatusError } from './status.ts'

/** `limit` and `continue`: pages of one list, the rest of which is found again by the name after which it goes on. */
export function pageOf<Item>(call: Call, items: readonly Item[], version: number) {
  const limit = Number(call.query.get('limit') ?? '0')
  const token = call.query.get('continue') ?? ''
  let start = 0
  if (token !== '') {
    const read = /^(\d+)@(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'))
    if (!read) throw failures.badRequest('continue key is not valid: illegal base64 data')
    // The real server keeps a list for five minutes; this one for as long as nothing changes too much.
    if (Number(read[2]) + 1000 < version)
      throw new StatusError(
        410,
        'Expired',
        'The provided continue parameter is too old to display a consistent list result.',
      )
    start = Number(read[1])
  }
  if (!(limit > 0) || start + limit >= items.length) return { items: items.slice(start) }
  const isWhole = !call.query.has('labelSelector') && !call.query.has('fieldSelector')
  return {
    items: items.slice(start, start + limit),
    continue: Buffer.from(`${start + limit}@${version}`).toString('base64url'),
    // Unknown to a server that would have to look at every object to know it.
    ...(isWhole && { remainingItemCount: items.length - start - limit }),
  }
}
