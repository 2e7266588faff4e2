import { type AccessRequest, ClusterError, type KindReference } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { missingRights, rightsOf } from '../../access.ts'
import { unanswered } from '../../gather.ts'
import type { Suite, VerifyPorts, VerifyWish } from '../../model.ts'
import { questionOf } from '../../words.ts'
import { apiEntries } from './entries.ts'
import {
  joinToken,
  judgeReady,
  judgeRights,
  judgeTokens,
  judgeUnreachable,
  judgeVersion,
  tokenNodeLabel,
} from './judge.ts'

export { joinToken, judgeReady, judgeRights, judgeTokens, judgeUnreachable, judgeVersion } from './judge.ts'

const secretKind: KindReference = { group: '', version: 'v1', resource: 'secrets' }

/** Rights on kinds that the cluster does not have are nothing that anybody lacks. */
async function served({ lists }: VerifyPorts, requests: readonly AccessRequest[]): Promise<readonly AccessRequest[]> {
  const isServed = await Promise.all(
    requests.map(async ({ group }) => group === '' || (await lists.versionsOf(group)).length > 0),
  )
  return requests.filter((_request, index) => isServed[index])
}

async function rights(ports: VerifyPorts, wish: VerifyWish, others: readonly Suite[]): Promise<Check> {
  const asked = await served(ports, rightsOf(others, wish))
  return judgeRights(await missingRights(ports.cluster, asked, ports.signal), asked.length, wish)
}

/** Metadata alone: what is in a Secret is nobody's business here. */
async function tokens({ lists }: VerifyPorts, wish: VerifyWish): Promise<Check> {
  const options = { namespace: 'kube-system', labelSelector: tokenNodeLabel, isMetadataOnly: true }
  try {
    const found = (await lists.of(secretKind, joinToken, options)) ?? []
    return judgeTokens(found, lists.serverTimeMs(), wish)
  } catch (error) {
    // A right to list Secrets is a right to read them: no manifest of verification grants it.
    const { remedy: _remedy, ...check } = unanswered(
      'api.join-tokens',
      questionOf(apiEntries, 'api.join-tokens'),
      error,
    )
    return check
  }
}

/**
 * The API server, its version, and what its user may do there.
 * @param others The suites whose rights `api.rights` asks for, as far as they were chosen.
 */
export function makeApiSuite(others: readonly Suite[]): Suite {
  return {
    name: 'api',
    entries: apiEntries,
    // /version, /readyz, /apis and questions about one's own rights are open to everybody who is authenticated.
    access: () => [],
    verify: async (ports, wish) => {
      let health: Awaited<ReturnType<VerifyPorts['lists']['health']>>
      try {
        health = await ports.lists.health()
      } catch (error) {
        if (ports.signal.aborted || !(error instanceof ClusterError)) throw error
        return { checks: judgeUnreachable(error, wish) }
      }
      const { version, notReady } = health
      const reachable: Check = {
        id: 'api.reachable',
        verdict: 'pass',
        question: questionOf(apiEntries, 'api.reachable'),
        found: ports.cluster.server,
      }
      const checks = [
        reachable,
        judgeReady(notReady, wish),
        judgeVersion(version, wish),
        ...(await Promise.all([rights(ports, wish, others), tokens(ports, wish)])),
      ]
      return { checks, facts: { 'server version': version } }
    },
  }
}
