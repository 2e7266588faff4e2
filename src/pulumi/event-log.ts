import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Collected, collectEvents } from './collect.ts'
import { readEvent } from './engine-event.ts'
import { readLines } from './output-lines.ts'
import type { Redact } from './words.ts'

/** An event repeats what its resource is made of, before and after; one that is larger is not read. */
const longestEvent = 16 * 1024 * 1024
const largestLog = 2 * 1024 * 1024 * 1024

/**
 * Reads the event log that a run of the CLI has left, one line at a time. A log that is not there is an empty one: the run ended
 * before the engine began. The program runs as the same user and could put something else there: only a plain file is read.
 */
export async function readEventLog(path: string, redact: Redact): Promise<Collected> {
  const collector = collectEvents(redact)
  const add = (line: string) => {
    const event = readEvent(line)
    if (event) collector.add(event)
  }
  const lines = readLines(longestEvent, add, () => undefined)
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return collector.collected()
  try {
    if ((await file.stat()).isFile()) {
      const stream = file.createReadStream({ end: largestLog - 1, autoClose: false })
      for await (const chunk of stream) lines.read(chunk as Buffer)
      lines.end()
    }
  } finally {
    await file.close()
  }
  return collector.collected()
}
