/** A client that asks again where an answer says nothing about the server: one lost packet at night is no news. */
import { setTimeout as pause } from 'node:timers/promises'
import { type HttpAnswer, type HttpClient, HttpFault } from '../../../http/index.ts'

/** What stays as it is, however often one asks. */
const lasting = /^(too-large|tls|not-http|unsendable)$/

/** A tunnel that reconnects, a proxy in the middle of a restart, a limit of requests. */
function isPassing({ kind, status }: HttpAnswer): boolean {
  return kind === 'tunnel-down' || kind === 'origin-down' || status === 429
}

/** @param afterMs milliseconds before each repetition */
export function patientClient(http: HttpClient, afterMs: readonly number[]): HttpClient {
  return {
    endpoint: http.endpoint,
    get requests() {
      return http.requests
    },
    async ask(question, signal) {
      for (const waitMs of afterMs) {
        try {
          const answer = await http.ask(question, signal)
          if (!isPassing(answer)) return answer
        } catch (error) {
          if (!(error instanceof HttpFault) || lasting.test(error.code)) throw error
        }
        await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
      return http.ask(question, signal)
    },
    close: () => http.close(),
  }
}
