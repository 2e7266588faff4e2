/** Every fault that can be rehearsed, and what is pressed and committed with it. */
import type { FaultName } from '../contract.ts'
import { gpuFaults } from './gpu-faults.ts'
import { joinFaults } from './join-faults.ts'
import { kubeadmFaults } from './kubeadm-faults.ts'
import { scenarios } from './list.ts'
import type { Fault, Scenario } from './model.ts'
import { removeFaults } from './remove-faults.ts'
import { storageFaults } from './storage-faults.ts'

export const faults: Readonly<Record<FaultName, Fault>> = {
  ...joinFaults,
  ...gpuFaults,
  ...removeFaults,
  ...storageFaults,
  ...kubeadmFaults,
}

/** Whether a run of k3s-join by itself can meet it at oceanid: the others end a workflow before it begins, or come after it, or are kubeadm's. */
export function isMetByJoin(fault: FaultName): boolean {
  return !['kubeconfig', 'gpu', 'removal', 'storage', 'kubeadm'].includes(faults[fault].family)
}

/** Whether the scenario and the fault have to do with each other: those of a removal and of a storage node keep to themselves, those of a GPU tell little elsewhere. */
export function isTelling(scenario: Scenario, fault: FaultName): boolean {
  const { family } = faults[fault]
  const isApart = scenario.isOfRemoval || scenario.isOfStorage || scenario.isOfKubeadm
  if (isApart || ['removal', 'storage', 'kubeadm'].includes(family)) return scenarioOf(fault) === scenario
  return !scenario.isOfGpu || scenarioOf(fault) === scenario
}

/** The scenario that is played with a fault when nobody names one. */
export function scenarioOf(fault: FaultName | undefined): Scenario {
  const name = fault === undefined ? undefined : faults[fault].scenario
  return scenarios.find((scenario) => scenario.name === name) ?? (scenarios[0] as Scenario)
}

/** Inputs of the button: the scenario's, and the fault's over them. */
export function inputsOf(scenario: Scenario, fault: FaultName | undefined): Scenario['inputs'] {
  return { ...scenario.inputs, ...(fault === undefined ? {} : faults[fault].inputs) }
}

/** The text of the committed cluster file as the faults change it. @throws Error when it has not what they change */
export function editedClusterFile(committed: string, names: Iterable<FaultName>): string {
  return [...names]
    .flatMap((name) => faults[name].edits ?? [])
    .reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the cluster file has no "${from}"`)
      return text.replaceAll(from, to)
    }, committed)
}
