import { commentTime } from '../../src/report/index.ts'
import type { CommentSeen, Conversation } from '../../src/runner/index.ts'

/** Author of what is written with the token of a job (GitHub's documentation, "Automatic token authentication"). */
const jobToken = 'github-actions[bot]'

export interface Kept {
  readonly did: 'written' | 'edited' | 'nothing'
  readonly url: string
  /** One line for the log. */
  readonly said: string
}

/**
 * Keeps the one comment that begins with this marker. Only comments of the token's own author are ever edited or removed: anybody may
 * write a comment that begins with our marker. Two runs at the same time come to one comment: whoever wrote one looks again, and the
 * oldest stays. Rejects as the conversation does.
 */
export async function keepComment(conversation: Conversation, marker: string, body: string): Promise<Kept> {
  const ours = ofAuthor(await conversation.list(`${marker}\n`), jobToken)
  const kept = await settle(conversation, ours, body)
  if (kept !== undefined) return kept

  const mine = await conversation.create(body)
  // Now the author is known, also when the token is another than the job's. The list may be a moment behind.
  const seen = ofAuthor(await conversation.list(`${marker}\n`), mine.author).filter(({ id }) => id !== mine.id)
  const others = seen.filter(({ id }) => id < mine.id)
  if (others.length === 0) return { did: 'written', url: mine.url, said: 'the comment is written' }
  return (
    (await settle(conversation, [...others, mine], body)) ?? {
      did: 'written',
      url: mine.url,
      said: 'the comment is written',
    }
  )
}

function ofAuthor(comments: readonly CommentSeen[], author: string): readonly CommentSeen[] {
  return author === '' ? [] : comments.filter((one) => one.author === author)
}

/** The clocks of two runners differ by less. A comment of the future would never be edited again, so none is believed. */
const clockMs = 10 * 60_000

function timeOf({ body }: CommentSeen): number {
  const time = commentTime(body) ?? 0
  return time > Date.now() + clockMs ? 0 : time
}

/** Edits the oldest that is still there, and removes the others; undefined: there is none. */
async function settle(
  conversation: Conversation,
  comments: readonly CommentSeen[],
  body: string,
): Promise<Kept | undefined> {
  const [oldest, ...others] = comments
  if (oldest === undefined) return undefined
  const newest = comments.reduce((time, one) => Math.max(time, timeOf(one)), 0)
  const isOutdone = newest > (commentTime(body) ?? Number.POSITIVE_INFINITY)
  // What a later run has said stays said, in the comment that stays.
  const text = isOutdone ? (comments.find((one) => timeOf(one) === newest)?.body ?? body) : body
  const isSame = oldest.body.replaceAll('\r', '').trimEnd() === text.trimEnd()
  const edited = isSame ? oldest : await conversation.edit(oldest.id, text)
  if (edited === undefined) return await settle(conversation, others, body)
  for (const { id } of others) await conversation.remove(id)
  const { url } = oldest
  if (isOutdone) return { did: 'nothing', url, said: 'a later run has written the comment' }
  return isSame
    ? { did: 'nothing', url, said: 'the comment says it already' }
    : { did: 'edited', url, said: 'the comment is edited' }
}
