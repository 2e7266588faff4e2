/** First steps of every agent, embedded or on a lab host: is this the right cluster, and does it let the node in? */
import type { Conversation } from './conversation.ts'
import { caHashOf, type Token } from './supervisor.ts'

/** Of a name that another machine took before (pkg/agent/config of k3s). */
export const passwordRejected =
  "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"

/** Who approaches the cluster, and how it tells. */
export interface Approach {
  readonly talk: Conversation
  /** As configured, `https://157.173.210.123:6443`. */
  readonly server: string
  say(level: 'info' | 'error', message: string): void
  pause(milliseconds: number): Promise<void>
  /** How a connection failed, seen through the agent's own load balancer; throws the error when the agent is ending. */
  words(error: unknown, attempt: number): string
}

/**
 * Compares the cluster's CA with the token, as pkg/clientaccess does: fetched without trust, compared, fetched again with
 * trust. Tries every 2 s until both succeed; the conversation knows the CA then.
 */
export async function validateCluster(approach: Approach, token: Token): Promise<void> {
  const { talk } = approach
  const prefix = `Failed to validate connection to cluster at ${approach.server}: `
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { text } = await talk.ask({ method: 'GET', path: '/cacerts' })
      const hash = caHashOf(text)
      if (token.caHash === undefined || token.caHash === hash) {
        await talk.ask({ method: 'GET', path: '/cacerts', ca: text })
        talk.ca = text
        return
      }
      approach.say(
        'error',
        `${prefix}token CA hash does not match the Cluster CA certificate hash: ${token.caHash} != ${hash}`,
      )
    } catch (error) {
      const words = approach.words(error, attempt)
      approach.say('error', `${prefix}failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": ${words}`)
    }
    await approach.pause(2000)
  }
}

/** Asks every 5 s, for ever, until `attempt` has no problem any more; k3s waits so whatever the problem is. */
export async function awaitAdmission(approach: Approach, attempt: () => Promise<string | undefined>): Promise<void> {
  for (;;) {
    const problem = await attempt()
    if (problem === undefined) return
    approach.say('info', `Waiting to retrieve agent configuration; server is not ready: ${problem}`)
    await approach.pause(5000)
  }
}

/** What the answer to `GET /v1-k3s/config` is wrong with, in k3s's words. */
export function configProblem(status: number): string | undefined {
  if (status === 200) return undefined
  const what = status === 401 ? 'not authorized' : `https://127.0.0.1:6444/v1-k3s/config: ${status}`
  return `failed to retrieve configuration from server: ${what}`
}
