import type { VerifyEntry } from '../../model.ts'

/** What the suite asks, in the order of the layers. */
export const gpuEntries: readonly VerifyEntry[] = [
  {
    id: 'gpu.node.<node>',
    suite: 'gpu',
    layer: 1,
    asks: 'Is the GPU node there, Ready and alive?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'kubectl describe node <node>; on it: journalctl -u k3s-agent (kubeadm: -u kubelet) -n 50',
  },
  {
    id: 'gpu.runtime-class',
    suite: 'gpu',
    layer: 2,
    asks: 'Does the RuntimeClass nvidia lead to the NVIDIA runtime?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'start the servers without --disable=runtimes, or make the RuntimeClass with handler nvidia',
  },
  {
    id: 'gpu.plugin.<node>',
    suite: 'gpu',
    layer: 3,
    asks: 'Is the device plugin Ready on the node?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'press gpu-runtime for <node>, or look at the log of the plugin',
  },
  {
    id: 'gpu.capacity.<node>',
    suite: 'gpu',
    layer: 4,
    asks: 'Does the node offer all its GPUs: capacity = allocatable = expected?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'restart the device plugin of the node; when that does not help: nvidia-smi on it',
  },
  {
    id: 'gpu.annotation.<node>',
    suite: 'gpu',
    asks: 'Does what gpu-runtime recorded agree with the cluster file?',
    severity: 'warn',
    mode: 'observe',
    remedy: 'press gpu-runtime for <node>',
  },
  {
    id: 'gpu.busy.<node>',
    suite: 'gpu',
    asks: 'Who holds the GPUs?',
    severity: 'info',
    mode: 'observe',
    remedy: 'nothing: it is information',
  },
  {
    id: 'gpu.cuda',
    suite: 'gpu',
    asks: 'Can a model move between the GPU nodes (same major CUDA version)?',
    severity: 'warn',
    mode: 'observe',
    remedy: 'bring the drivers of the GPU nodes to the same major CUDA version',
  },
]

export function asks(id: string): string {
  return gpuEntries.find((entry) => entry.id === id)?.asks ?? ''
}
