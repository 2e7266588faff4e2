/** Every scenario and fault of the rehearsal, on real parts, and held against what the embedded world made of it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FaultName, KubernetesObject } from '../../rehearsal/contract.ts'
import { faults, isMetByJoin, type Scenario, scenarios } from '../../rehearsal/scenarios/index.ts'
import { compare } from '../conformance/normalise.ts'
import type { Outcome } from '../conformance/outcome.ts'
import { outcomeOf } from '../conformance/pressed-world.ts'
import { releaseRules } from '../conformance/release-rules.ts'
import type { Lab, LabScenario } from '../inside/model.ts'
import { Skipped, scenario } from './expect.ts'
import { expectPrompt } from './moment.ts'

const execute = promisify(execFile)

/** The embedded world confines the process that plays it to loopback, so it gets one of its own. */
async function embeddedOutcome(name: string, fault: FaultName | undefined): Promise<Outcome> {
  const program = join(import.meta.dirname, '..', 'conformance', 'embedded.ts')
  const { stdout } = await execute(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, name, ...(fault === undefined ? [] : [fault])],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout) as Outcome
}

interface Seen {
  readonly outcome: Outcome
  /** How long after its first evidence a failing start was named. */
  readonly delay: string | undefined
}

async function labOutcome(lab: Lab, one: Scenario, fault: FaultName | undefined): Promise<Seen> {
  const situation = await lab.situation({ calypso: one.calypso, faults: new Set(fault === undefined ? [] : [fault]) })
  try {
    const { calypso, cluster } = situation
    const outcome = await outcomeOf(
      {
        press: (inputs) => situation.press(inputs),
        connections: () => calypso.connections(),
        requests: () => cluster.requests,
        tokens: () => situation.tokens(),
        async objects() {
          const lists = ['/api/v1/nodes', '/api/v1/namespaces/kube-system/secrets'].map(
            async (path) => ((await cluster.request('GET', path)) as { items: readonly KubernetesObject[] }).items,
          )
          return (await Promise.all(lists)).flat()
        },
        trees: () => calypso.trees(),
        secrets: () => [calypso.clientPrivateKey, ...cluster.secrets],
      },
      one,
      fault,
    )
    // What shows nothing is named by how long that lasts.
    const delay =
      fault === 'never-ready' ? undefined : await expectPrompt(situation, outcome.report, fault && mustLastMs[fault])
    return { outcome, delay }
  } finally {
    await situation.close()
  }
}

/** Of warnings that a healthy machine may show too: how long the agent must have been up in vain (actions/k3s-join/judge.ts). */
const mustLastMs: Readonly<Partial<Record<FaultName, number>>> = { 'template-harmful': 6_000 }

function inBothWorlds(one: Scenario, fault: FaultName | undefined): LabScenario {
  const name = fault === undefined ? one.name : `${one.name}-${fault}`
  return scenario(name, fault === undefined ? one.shows : faults[fault].shows, async (lab) => {
    const unplayable = fault === undefined ? undefined : lab.unplayable[fault]
    if (unplayable !== undefined) throw new Skipped(unplayable)
    // At the same time: both wait more than they work.
    const both = [embeddedOutcome(one.name, fault), labOutcome(lab, one, fault)] as const
    // Of a failure in one world the other one is not told, and its machines must be gone before the next scenario.
    await Promise.allSettled(both)
    const [embedded, { outcome: seen, delay }] = await Promise.all(both)
    const folder = join(lab.directory, 'outcomes')
    mkdirSync(folder, { recursive: true })
    for (const [world, outcome] of Object.entries({ embedded, lab: seen }))
      writeFileSync(join(folder, `${name}.${world}.json`), `${JSON.stringify(outcome, undefined, 2)}\n`)
    assert.deepEqual(seen.tokensLeft, [], 'a token Secret is left')
    const differences = compare(embedded, seen, lab.parts.k3s === undefined ? [] : releaseRules)
    if (differences.length > 0) {
      const lines = differences.map(
        ({ path, embedded: left, lab: right }) => `  ${path}\n    rehearsal  ${left}\n    lab        ${right}`,
      )
      throw new assert.AssertionError({
        message: `${differences.length} differences between the worlds\n${lines.join('\n')}\n${seen.log.join('\n')}`,
      })
    }
    const code = seen.outputs['failure-code'] ?? ''
    const ending = seen.exitCode === 0 ? (seen.outputs.result ?? '') : `fails with ${code}`
    return `both worlds: ${ending}${delay === undefined ? '' : `; ${delay}`}`
  })
}

const first = scenarios[0] as Scenario

export const sharedScenarios: readonly LabScenario[] = [
  // What is there for gpu-runtime, and for kubeadm, has scenarios of its own.
  ...scenarios
    .filter((one) => !one.isOfGpu && !one.isOfRemoval && !one.isOfStorage && !one.isOfKubeadm)
    .map((one) => inBothWorlds(one, undefined)),
  ...(Object.keys(faults) as FaultName[])
    .filter(isMetByJoin)
    .map((fault) => inBothWorlds(scenarios.find(({ name }) => name === faults[fault].scenario) ?? first, fault)),
]
