import { lookup } from 'node:dns/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { openHttpClient } from '../../src/http/index.ts'
import { type Cluster, readCertificateDates } from '../../src/kubernetes/index.ts'
import { openLists, type Patience, type RunMemory, type VerifyPorts } from '../../src/verify/index.ts'
import type { Say } from '../run.ts'
import type { Verifying } from './context.ts'

/** Everything that suites may reach, for one run. `say` is set by the stage that runs. */
export function openPorts(
  { run, inputs, signal }: Verifying,
  cluster: Cluster,
  history: readonly RunMemory[],
  say: Say,
): VerifyPorts {
  const now = (): number => Date.now()
  return {
    cluster,
    lists: openLists(cluster, now, signal, inputs.wish.joining),
    openHttp: (endpoint) => openHttpClient(endpoint, { environment: run.runner.environment }),
    resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
    certificates: () => readCertificateDates({ path: inputs.kubeconfig, context: inputs.context }, signal),
    now,
    runId: run.id,
    label: run.label,
    history,
    say,
    signal,
  }
}

export function patienceOf({ inputs }: Verifying): Patience {
  return { retries: inputs.retries, wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }) }
}
