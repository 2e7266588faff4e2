/** The resolver of the lab's network: a real one that knows no name at all, as a network without a way out has it. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export interface Resolver {
  close(): Promise<void>
}

const headerBytes = 12
/** Flags of an answer (RFC 1035, 4.1.1): it is one, recursion was had, and the name does not exist. */
const isAnswer = 0x8000
const wantsRecursion = 0x0100
const hasRecursion = 0x0080
const nameError = 3

/** The answer to a question: there is no such name. Undefined for what is no question. Pure. */
export function denial(question: Buffer): Buffer | undefined {
  if (question.length < headerBytes || (question.readUInt16BE(2) & isAnswer) !== 0) return undefined
  // One question, as every resolver asks: labels up to the empty one, type and class.
  let end = headerBytes
  while (end < question.length && question[end] !== 0) end += 1 + (question[end] ?? 0)
  end += 5
  if (question.readUInt16BE(4) !== 1 || end > question.length) return undefined
  const answer = Buffer.from(question.subarray(0, end))
  const flags = isAnswer | (question.readUInt16BE(2) & wantsRecursion) | hasRecursion | nameError
  answer.writeUInt16BE(flags, 2)
  for (const counter of [6, 8, 10]) answer.writeUInt16BE(0, counter)
  return answer
}

/** Answers on UDP port 53 of the address. */
export async function startResolver(address: string, port = 53): Promise<Resolver> {
  const socket = createSocket('udp4')
  socket.on('message', (question, sender) => {
    const answer = denial(question)
    if (answer !== undefined) socket.send(answer, sender.port, sender.address)
  })
  socket.bind(port, address)
  await once(socket, 'listening')
  return {
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}
