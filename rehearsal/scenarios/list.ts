/** What can be rehearsed. */
import { joinsOfKubeadm } from './goldentooth.ts'
import type { Scenario } from './model.ts'
import { removals } from './removals.ts'

/** Suites of seed 003: healthy before; after the join storage that was used, pods on both nodes, NodePorts, and targets of the new node. */
const provenOnK3s2 = [
  /k3s2: all 21 checks pass/,
  /k3s2: a pod asks for a volume of longhorn, image busybox:stable/,
  /Storage +5 checks: 5 pass/,
  /Network +3 checks: 3 pass/,
  /Spread of pods +1 check: 1 pass/,
  /Monitoring +2 checks: 2 pass/,
]

export const scenarios: readonly Scenario[] = [
  {
    name: 'join-calypso',
    shows: 'calypso joins oceanid for the first time, and offers its GPU',
    calypso: 'fresh',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'again',
    shows: 'the button is pressed a second time: nothing to do, one look at the GPU and no other SSH connection',
    calypso: 'fresh',
    inputs: {},
    isPressedTwice: true,
    result: 'unchanged',
  },
  {
    name: 'dry-run',
    shows: 'the plan of a first join, and nothing changed',
    calypso: 'fresh',
    inputs: { 'dry-run': true },
    result: 'planned',
  },
  {
    name: 'adopt',
    shows: 'calypso was joined by hand: what adopting it would change',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'plan' },
    result: 'planned',
  },
  {
    name: 'adopt-apply',
    shows: 'calypso was joined by hand and is adopted',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'apply', 'allow-gpu-disruption': true },
    result: 'joined',
  },
  {
    name: 'agent-stopped',
    shows: 'calypso was joined before and its agent has died: it is started again',
    calypso: 'agent-stopped',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'node-deleted',
    shows: 'the node calypso was deleted by hand while the machine was off: it joins again with a new token',
    calypso: 'node-deleted',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'k3s2',
    site: 'k3s2',
    workflow: 'examples/join-k3s2.yml',
    shows: 'k3s2 gets what Longhorn needs and joins its cluster as a storage node (seed 003)',
    calypso: 'fresh',
    inputs: { 'dry-run': false },
    result: 'joined',
    log: [
      /schedulable for Longhorn, on \/mnt\/longhorn\/sdb1/,
      /Kustomization flux-system\/apps ready/,
      ...provenOnK3s2,
    ],
    isOfStorage: true,
  },
  {
    name: 'k3s2-again',
    site: 'k3s2',
    workflow: 'examples/join-k3s2.yml',
    shows: 'the button for k3s2 is pressed a second time: nothing to do, and no SSH connection',
    calypso: 'fresh',
    inputs: { 'dry-run': false },
    isPressedTwice: true,
    result: 'unchanged',
    isOfStorage: true,
  },
  {
    name: 'gpu-bare',
    shows:
      'calypso has a driver and no container toolkit, and nobody uses its GPU: it gets one, and k3s is restarted once',
    calypso: 'fresh',
    machine: { toolkit: '', hasTriton: false },
    inputs: {},
    result: 'joined',
    log: [
      /no container toolkit/,
      /key must be C95B321B61E88C1809C4F759DDCAE044F796ECB0/,
      /Restart k3s-agent \(runtime-missing\)/,
      /1 nvidia\.com\/gpu allocatable/,
    ],
    isOfGpu: true,
  },
  {
    name: 'gpu-quarantine',
    shows:
      'calypso has not been Ready since somebody wrote the containerd template of the old procedure: it is moved aside, and the node comes back',
    workflow: 'rehearsal/workflows/gpu-runtime.yml',
    calypso: 'joined-by-us',
    machine: { hasGpuPod: true, isRestarted: true },
    done: ['template-harmful'],
    inputs: { 'quarantine-template': true, 'allow-gpu-disruption': true },
    result: 'prepared',
    log: [/calypso is not Ready/, /Restart k3s-agent \(.*harmful-template-removed/, /1 nvidia\.com\/gpu allocatable/],
    isOfGpu: true,
  },
  ...removals,
  ...joinsOfKubeadm,
]
