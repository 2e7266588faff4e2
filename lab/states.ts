/** States of a machine that this project has joined before, reached by what brings a real one there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { leaseObject, microTimestamp } from '../rehearsal/cluster/index.ts'
import type { CalypsoState, KubernetesObject } from '../rehearsal/contract.ts'
import type { LabCluster, LabHost } from './contract.ts'
import { until } from './hosts/until.ts'

const unit = 'k3s-agent.service'
/** Longer than what counts as alive, and shorter than what the node controller waits before it says so. */
const silentMs = 41_000
/** The API server remembers for about 10 s that a token was good, also when its Secret is gone. */
const forgottenMs = 30_000

export interface JoinedMachine {
  readonly cluster: Pick<LabCluster, 'request'>
  readonly host: Pick<LabHost, 'name' | 'run' | 'journal'>
}

/** Brings a machine whose join has just ended well into the state. */
export async function bring(machine: JoinedMachine, state: CalypsoState): Promise<void> {
  if (state === 'agent-stopped') await stopAgent(machine)
  if (state === 'node-deleted') await deleteNode(machine)
}

/**
 * The agent ends, and nobody has noticed yet: its Node is Ready as before, and its last sign of life is 41 s old. That is waited
 * for in earnest: a heartbeat could be set back, but the registration of the Node, which is one too, could not.
 */
async function stopAgent({ cluster, host }: JoinedMachine): Promise<void> {
  await must(host, ['systemctl', 'stop', unit])
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
  // Its kubelet sends the first one 10 s after its Node, and was not given that long.
  const last = { spec: { renewTime: microTimestamp(Date.now()) } }
  if ((await cluster.request('PATCH', `${leases}/${host.name}`, last)) === undefined) {
    const node = (await cluster.request('GET', `/api/v1/nodes/${host.name}`)) as KubernetesObject
    await cluster.request('POST', leases, leaseObject(host.name, Date.now(), node.metadata.uid))
  }
  await sleep(silentMs)
}

/** The machine is off while somebody deletes its Node; when it is on again, neither its certificate nor its token opens anything. */
async function deleteNode({ cluster, host }: JoinedMachine): Promise<void> {
  await must(host, ['systemctl', 'stop', unit])
  await untilSpent({ cluster, host })
  await cluster.request('DELETE', `/api/v1/nodes/${host.name}`)
  const password = `/api/v1/namespaces/kube-system/secrets/${host.name}.node-password.k3s`
  await until('its password being collected', 10_000, async () =>
    (await cluster.request('GET', password)) === undefined ? true : undefined,
  )
  await must(host, ['systemctl', 'start', '--no-block', unit])
  await until('its agent being refused', 20_000, async () =>
    /retrying without client certificate authentication[\s\S]*(?:not authorized|401 Unauthorized)/.test(
      await host.journal(unit),
    )
      ? true
      : undefined,
  )
}

/** Waits until the token in the machine's environment file, whose Secret is gone, opens nothing any more. */
export async function untilSpent({
  cluster,
  host,
}: Omit<JoinedMachine, 'host'> & { readonly host: Pick<LabHost, 'name' | 'run'> }): Promise<void> {
  const { stdout } = await host.run(['cat', `/etc/systemd/system/${unit}.env`])
  const token = /K3S_TOKEN='?K10[0-9a-f]{64}::([a-z0-9]{6}\.[a-z0-9]{16})/.exec(stdout)?.[1]
  if (token === undefined) throw new Error(`${host.name} has no bootstrap token in its environment file`)
  await until('the spent token being refused', forgottenMs, async () =>
    (await opens(cluster, token)) ? undefined : true,
  )
}

/** By the API server's own judgement. */
async function opens(cluster: Pick<LabCluster, 'request'>, token: string): Promise<boolean> {
  const review = (await cluster.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token },
  })) as { readonly status: { readonly authenticated?: boolean } }
  return review.status.authenticated === true
}

async function must(host: Pick<LabHost, 'run'>, command: readonly string[]): Promise<void> {
  const { code, stderr } = await host.run(command)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`)
}
