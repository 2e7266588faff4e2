/** What one check of a target says, and how a question that got no answer becomes one. */
import { HttpFault } from '../../../http/index.ts'
import type { Check } from '../../../report/index.ts'
import type { Explained } from '../../../triton/index.ts'

export type Answered = Omit<Check, 'id' | 'question'>

export const pass = (found: string, evidence?: readonly string[]): Answered => ({
  verdict: 'pass',
  found,
  ...(evidence && evidence.length > 0 && { evidence }),
})

export const skip = (found: string, remedy?: string): Answered => ({
  verdict: 'skip',
  found,
  ...(remedy !== undefined && { remedy }),
})

export const bad = (
  verdict: 'warn' | 'fail',
  { found, cause, remedy }: Explained,
  evidence?: readonly string[],
): Answered => ({
  verdict,
  found,
  cause,
  remedy,
  ...(evidence && evidence.length > 0 && { evidence }),
})

/**
 * A question without an answer. No way to the host at all is infrastructure, an `error`; a host that is reached and does not answer as
 * a server should is the answer.
 * @param isDirect nothing stands before Triton, so that what is met there is Triton or its machine
 */
export function faultAnswer(fault: HttpFault, isDirect: boolean): Answered {
  const { code, title, cause, remedy } = fault
  const isMet =
    code === 'timeout'
      ? fault.isConnected
      : code === 'refused'
        ? isDirect
        : !/^(name-unknown|unreachable|proxy|unsendable)$/.test(code)
  return { verdict: isMet ? 'fail' : 'error', found: title, cause, remedy }
}

/** For what is only asked to see that it is closed: where nothing answers, nothing is open. */
export async function orUnasked(ask: () => Promise<Answered>): Promise<Answered> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof HttpFault) return skip(`could not be asked: ${error.title}`)
    throw error
  }
}

/** Everything but HttpFault is thrown again. */
export async function orFault(ask: () => Promise<Answered>, isDirect: boolean): Promise<Answered> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof HttpFault) return faultAnswer(error, isDirect)
    throw error
  }
}
