import type { VerifyEntry } from '../../model.ts'

/** What the suite asks. Together they are what "the GPU works" means: a pod was scheduled, got a device, and computed on it. */
export const gpuJobEntries: readonly VerifyEntry[] = [
  {
    id: 'gpu-job.scheduled.<node>',
    suite: 'gpu-job',
    layer: 5,
    asks: 'Does a pod that asks for a GPU get onto the node?',
    severity: 'fail',
    mode: 'probe',
    remedy: 'kubectl describe node <node>: taints, what is allocated, and the events',
  },
  {
    id: 'gpu-job.device.<node>',
    suite: 'gpu-job',
    layer: 6,
    asks: 'Does the pod see the GPU that was recorded for the node, with its driver?',
    severity: 'fail',
    mode: 'probe',
    remedy: 'nvidia-smi on <node>; press gpu-runtime for <node>',
  },
  {
    id: 'gpu-job.compute.<node>',
    suite: 'gpu-job',
    layer: 7,
    asks: 'Does the GPU compute, and is the result right?',
    severity: 'fail',
    mode: 'probe',
    remedy: 'nvidia-smi and dmesg on <node>; press gpu-runtime for <node>',
  },
  {
    id: 'gpu-job.leftovers',
    suite: 'gpu-job',
    asks: 'Is everything gone that probes made?',
    severity: 'warn',
    mode: 'probe',
    remedy: 'kubectl delete jobs -A -l app.kubernetes.io/managed-by=k3s-gpu-actions',
  },
]

export type Step = 'scheduled' | 'device' | 'compute'

export function asks(step: Step | 'leftovers'): string {
  return gpuJobEntries.find(({ id }) => id.split('.')[1] === step)?.asks ?? ''
}
