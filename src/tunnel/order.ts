import type { Readable } from 'node:stream'
import type { TunnelOrder } from './model.ts'

const limit = 256 * 1024

/**
 * What the opener sends once the supervisor's identity is on record. Undefined: the opener ended before that, or sent nothing
 * in time; then nothing is begun, because nobody would know of it.
 */
export async function readOrder(input: Readable, deadlineMs: number): Promise<TunnelOrder | undefined> {
  let text = ''
  const timer = setTimeout(() => input.destroy(), deadlineMs)
  try {
    for await (const chunk of input.setEncoding('utf8')) {
      text += chunk
      if (text.length > limit) return undefined
    }
    const order = JSON.parse(text) as Partial<TunnelOrder>
    return typeof order.privateKey === 'string' && typeof order.knownHosts === 'string'
      ? { privateKey: order.privateKey, knownHosts: order.knownHosts }
      : undefined
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
