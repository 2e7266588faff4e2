/** Answers as a real Triton gave them (test/fixtures/triton). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../workflow/repository-root.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const known = new Map<string, Reply>()

/**
 * @param name of the recording, without `.http`
 * @param names name of a model in the recording → name here
 */
export function recorded(name: string, names: Readonly<Record<string, string>> = {}): Reply {
  const reply =
    known.get(name) ?? parse(readFileSync(join(repositoryRoot, 'test', 'fixtures', 'triton', `${name}.http`)))
  known.set(name, reply)
  let text = Buffer.from(reply.body).toString('latin1')
  for (const [from, to] of Object.entries(names)) text = text.replaceAll(from, to)
  return { ...reply, body: Buffer.from(text, 'latin1') }
}

/** The body of a recording as JSON. */
export function recordedJson(name: string): unknown {
  return JSON.parse(Buffer.from(recorded(name).body).toString('utf8'))
}

function parse(bytes: Buffer): Reply {
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(': ')
    if (!/^content-length$/i.test(line.slice(0, at))) headers[line.slice(0, at)] = line.slice(at + 2)
  }
  return { status: Number(first.split(' ')[1]), headers, body: bytes.subarray(end + 4) }
}

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) }
}
