/** What scenarios share: their form, waiting for something to be so, and looking at a cluster. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Press } from '../../rehearsal/press.ts'
import type { LabCluster } from '../contract.ts'
import type { Lab, LabScenario, ScenarioResult } from '../inside/model.ts'
import type { LabNode, Situation, SituationOptions } from '../situation.ts'

/** A part that a scenario needs cannot be had here. */
export class Skipped extends Error {}

/** A scenario whose body resolves with what was seen, in one line, and throws when it was something else. */
export function scenario(name: string, shows: string, body: (lab: Lab) => Promise<string>): LabScenario {
  return {
    name,
    shows,
    async run(lab): Promise<ScenarioResult> {
      try {
        return { outcome: 'passed', text: await body(lab) }
      } catch (error) {
        if (error instanceof Skipped) return { outcome: 'skipped', text: error.message }
        const { message, stack = '' } = error as Error
        return {
          outcome: 'failed',
          text: message.split('\n')[0] ?? '',
          detail: error instanceof assert.AssertionError ? message : stack,
        }
      }
    },
  }
}

/** As `scenario`, in a situation that is closed in every ending. */
export function inSituation(
  name: string,
  shows: string,
  options: SituationOptions,
  body: (situation: Situation, lab: Lab) => Promise<string>,
): LabScenario {
  return scenario(name, shows, async (lab) => {
    const situation = await lab.situation(options)
    try {
      return await body(situation, lab)
    } finally {
      await situation.close()
    }
  })
}

/** Asks every 100 ms until the answer is not undefined. Throws with the name of what was waited for. */
export async function until<Value>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await sleep(100)
  }
}

/** The end of a press as the scenario expects it; else the log of the run is the message. */
export function expectPress(
  press: Press,
  expected: { readonly exitCode: number; readonly outputs?: Readonly<Record<string, string>> },
): void {
  const seen = {
    exitCode: press.exitCode,
    outputs: Object.fromEntries(Object.keys(expected.outputs ?? {}).map((name) => [name, press.outputs[name]])),
  }
  const wanted = { exitCode: expected.exitCode, outputs: expected.outputs ?? {} }
  try {
    assert.deepEqual(seen, wanted)
  } catch {
    throw new assert.AssertionError({
      message: `the run ended as ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}; its log:\n${press.stdout}${press.stderr}`,
    })
  }
}

export function readyStatus(node: LabNode | undefined): string | undefined {
  return node?.status.conditions.find((condition) => condition.type === 'Ready')?.status
}

/** Seconds since the node's Lease was renewed; undefined without a Lease. */
export async function leaseAge({ cluster }: Situation, name: string): Promise<number | undefined> {
  const lease = (await cluster.request(
    'GET',
    `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`,
  )) as { spec: { renewTime: string } } | undefined
  return lease === undefined ? undefined : (Date.now() - Date.parse(lease.spec.renewTime)) / 1000
}

/** Runs a pod of busybox on a node through the real scheduler, and resolves with what it printed. */
export async function runPod(
  { cluster }: { readonly cluster: Pick<LabCluster, 'request'> },
  options: {
    readonly name: string
    readonly node: string
    readonly command: readonly string[]
    readonly limits?: Readonly<Record<string, string>>
    readonly runtimeClass?: string
    readonly timeoutMs?: number
  },
): Promise<string> {
  const pods = '/api/v1/namespaces/default/pods'
  // The controller makes a namespace's default account a moment after the namespace.
  await until(
    'service account default',
    20_000,
    async () => (await cluster.request('GET', '/api/v1/namespaces/default/serviceaccounts/default')) !== undefined,
  )
  await cluster.request('POST', pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: options.name, namespace: 'default' },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      nodeSelector: { 'kubernetes.io/hostname': options.node },
      tolerations: [{ operator: 'Exists' }],
      ...(options.runtimeClass === undefined ? {} : { runtimeClassName: options.runtimeClass }),
      containers: [
        {
          name: 'main',
          image: 'docker.io/lab/busybox:1',
          imagePullPolicy: 'Never',
          command: options.command,
          ...(options.limits === undefined ? {} : { resources: { limits: options.limits } }),
        },
      ],
    },
  })
  let last: unknown
  const phase = await until(`pod ${options.name} to end`, options.timeoutMs ?? 30_000, async () => {
    const pod = (await cluster.request('GET', `${pods}/${options.name}`)) as { status: { phase: string } } | undefined
    last = pod?.status
    return pod !== undefined && ['Succeeded', 'Failed'].includes(pod.status.phase) && pod.status.phase
  }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}\n${JSON.stringify(last, undefined, 2)}`)
  })
  const printed = String(await cluster.request('GET', `${pods}/${options.name}/log`))
  assert.equal(phase, 'Succeeded', `pod ${options.name} ended as ${phase}: ${printed}\n${JSON.stringify(last)}`)
  return printed.trim()
}
