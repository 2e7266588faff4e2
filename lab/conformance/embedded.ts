/**
 * `node lab/conformance/embedded.ts SCENARIO [FAULT]`: one scenario of the rehearsal in the embedded world, pressed through the
 * committed bundle; prints its outcome as one JSON document. A program of its own, because the embedded world confines the
 * process that plays it to loopback.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultName } from '../../rehearsal/contract.ts'
import { committedInputs, layWorkspace, pressBundle } from '../../rehearsal/press.ts'
import { faults, type Scenario, scenarios } from '../../rehearsal/scenarios/index.ts'
import { treesOf } from '../../rehearsal/trees.ts'
import { startWorld } from '../../rehearsal/world.ts'
import type { Outcome } from './outcome.ts'
import { outcomeOf } from './pressed-world.ts'

/** Times of systemd and agent as in the tests of the bundle: what is compared holds no times. */
const pace = 0.2

/** Runs the scenario in a world of its own, of which nothing is left. */
async function embeddedOutcome(scenario: Scenario, fault: FaultName | undefined): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-embedded-'))
  try {
    const injected = new Set(fault === undefined ? [] : [fault])
    const workspace = layWorkspace(folder, injected)
    const world = await startWorld({
      directory: join(folder, 'world'),
      faults: injected,
      calypso: scenario.calypso,
      pace,
    })
    try {
      const { endpoints, caFile, cluster, calypso } = world
      const machine = { KUBECONFIG: world.kubeconfigFile }
      const place = { folder, endpoints, caFile, machine, ...(workspace === undefined ? {} : { workspace }) }
      const privateKey = calypso.clientPrivateKey
      const defaults = committedInputs({ privateKey, knownHosts: world.vars.CALYPSO_KNOWN_HOSTS ?? '' })
      return await outcomeOf(
        {
          press: (inputs) => pressBundle(place, { inputs: { ...defaults, ...inputs } }).ended,
          connections: () => calypso.counts.connections,
          requests: () => cluster.requests,
          tokens: () =>
            cluster.objects
              .list('secrets/kube-system/')
              .map((secret) => secret.metadata.name)
              .filter((name) => name.startsWith('bootstrap-token-')),
          objects: () => [...cluster.objects.list('nodes/'), ...cluster.objects.list('secrets/kube-system/')],
          trees: () => treesOf(calypso.root),
          secrets: () => [privateKey, ...cluster.secrets],
        },
        scenario,
        fault,
      )
    } finally {
      await world.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @throws TypeError with the usage. A fault belongs to the scenario that shows it best: what it does to others is compared nowhere. */
function readArguments([scenarioName = '', faultName, ...rest]: readonly string[]): {
  readonly scenario: Scenario
  readonly fault: FaultName | undefined
} {
  const scenario = scenarios.find((candidate) => candidate.name === scenarioName)
  const names = Object.keys(faults) as FaultName[]
  const fault = names.find((name) => name === faultName)
  const home = fault === undefined ? scenarioName : (faults[fault].scenario ?? scenarios[0]?.name)
  const isUnderstood = rest.length === 0 && (faultName === undefined || fault !== undefined) && home === scenarioName
  if (scenario === undefined || !isUnderstood) {
    const of = (name: FaultName): string =>
      faults[name].scenario === undefined ? name : `${name} (of ${faults[name].scenario})`
    const known = `scenarios: ${scenarios.map((one) => one.name).join(', ')}\nfaults, of ${scenarios[0]?.name}: ${names.map(of).join(', ')}`
    throw new TypeError(`usage: node lab/conformance/embedded.ts SCENARIO [FAULT]\n${known}`)
  }
  return { scenario, fault }
}

try {
  const { scenario, fault } = readArguments(process.argv.slice(2))
  process.stdout.write(`${JSON.stringify(await embeddedOutcome(scenario, fault), null, 2)}\n`)
} catch (error) {
  if (!(error instanceof TypeError && error.message.startsWith('usage:'))) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
