/** Joins of a kubeadm cluster: the button of examples/join-goldentooth.yml, in a repository of its user. */
import type { Scenario } from './model.ts'

const goldentooth = {
  site: 'goldentooth',
  workflow: 'examples/join-goldentooth.yml',
  calypso: 'fresh',
  isOfKubeadm: true,
} as const

export const joinsOfKubeadm: readonly Scenario[] = [
  {
    name: 'goldentooth',
    shows: 'karstark joins goldentooth, a cluster of kubeadm: the button of the example, in a repository of its user',
    ...goldentooth,
    inputs: { node: 'karstark', 'dry-run': false },
    result: 'joined',
    log: [/kubeadm join/],
  },
  {
    name: 'goldentooth-again',
    shows: 'the button of karstark is pressed a second time: nothing to do, and no SSH connection',
    ...goldentooth,
    inputs: { node: 'karstark', 'dry-run': false },
    isPressedTwice: true,
    result: 'unchanged',
  },
  {
    name: 'goldentooth-dry-run',
    shows: 'what a join of lipps would do',
    ...goldentooth,
    node: 'lipps',
    inputs: { node: 'lipps', 'dry-run': true },
    result: 'planned',
  },
  {
    name: 'velaryon',
    shows:
      'velaryon joins goldentooth, its containerd is told of NVIDIA’s runtime, seed 001’s plugin is replaced, and a pod computes on its GPU',
    ...goldentooth,
    node: 'velaryon',
    machine: { mayReplacePlugin: true },
    inputs: {
      node: 'velaryon',
      'dry-run': false,
      'replace-device-plugin': 'kube-system/nvidia-device-plugin-daemonset',
    },
    result: 'joined',
    log: [/nvidia-ctk runtime configure/, /Restart containerd \(runtime-missing\)/, /1 nvidia\.com\/gpu allocatable/],
  },
]
