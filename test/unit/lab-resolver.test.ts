import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { denial } from '../../lab/cluster/resolver.ts'

/** A question for the address of k3s.oceanid.test, as glibc asks it, with room for EDNS behind. */
const question = Buffer.from(
  '1a2b01200001000000000001036b3373076f6365616e69640474657374000001000100002904b0000000000000',
  'hex',
)

describe('the resolver of a lab', () => {
  it('says of every name that it does not exist', () => {
    const answer = denial(question)
    // The same id, an answer, recursion wanted and had, no such name; the question and nothing else.
    expect(answer?.toString('hex')).toBe('1a2b81830001000000000000036b3373076f6365616e696404746573740000010001')
  })

  it('is silent to what is no question', () => {
    expect(denial(Buffer.alloc(4))).toBeUndefined()
    expect(denial(denial(question) ?? Buffer.alloc(0))).toBeUndefined()
    expect(denial(question.subarray(0, 20))).toBeUndefined()
    const endless = Buffer.concat([question.subarray(0, 12), Buffer.alloc(500, 63)])
    expect(denial(endless)).toBeUndefined()
  })

  it('answers over UDP', async () => {
    const { startResolver } = await import('../../lab/cluster/resolver.ts')
    const probe = createSocket('udp4').bind(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address()
    probe.close()
    await once(probe, 'close')
    const resolver = await startResolver('127.0.0.1', port)
    const client = createSocket('udp4')
    try {
      const answered = once(client, 'message') as Promise<[Buffer]>
      client.send(question, port, '127.0.0.1')
      expect((await answered)[0].readUInt16BE(2) & 0xf).toBe(3)
    } finally {
      client.close()
      await resolver.close()
    }
  })
})
