import type { CheckEntry } from '../../join/index.ts'

const row = (
  stage: CheckEntry['stage'],
  id: string,
  asks: string,
  remedy: string,
  isIgnorable: CheckEntry['isIgnorable'],
): CheckEntry => ({ id, stage, severity: 'fail', asks, remedy, isIgnorable })

/** The cluster's part of gpu-runtime, in the order in which it is asked. */
export const clusterCheckRegistry: readonly CheckEntry[] = [
  row(
    'preflight',
    'gpu.node',
    'Is the node there, and Ready? A warning when a containerd template that is moved aside may be the cause',
    'join it first with k3s-join; `kubectl describe node`',
    true,
  ),
  row(
    'preflight',
    'gpu.machine',
    'Is the host the machine of this node? A warning when neither tells its identity',
    'give the right `host` or `node`',
    false,
  ),
  row(
    'preflight',
    'gpu.runtime-class',
    'Does the RuntimeClass nvidia lead to the runtime that k3s renders?',
    'start the servers without `--disable=runtimes`; the check gives the object',
    true,
  ),
  row(
    'preflight',
    'gpu.plugin-owner',
    'Does nobody else keep a device plugin (gpu-operator, Flux, Helm, Argo CD, a manifest by hand)?',
    '`device-plugin: verify` keeps it; `replace-device-plugin` replaces one that was made by hand',
    true,
  ),
  row(
    'preflight',
    'gpu.tolerations',
    'Do the pods of the device plugin come to the node: taints, labels, affinity?',
    'the toleration or label that it names, or `device-plugin: apply`',
    true,
  ),
  row('confirm', 'confirm.plugin', 'Does the device plugin run on the node?', 'its log says why not', false),
  row(
    'confirm',
    'capacity.registered',
    'Has the kubelet heard of the GPU?',
    'see the log of the plugin; restart it when it says nothing',
    false,
  ),
  row(
    'confirm',
    'capacity.healthy',
    'Are all registered GPUs healthy (allocatable = capacity)?',
    'nvidia-smi and dmesg on the host; then restart the plugin',
    false,
  ),
  row(
    'confirm',
    'capacity.complete',
    'Does the node offer all its GPUs, sharing and MIG counted? A warning when it offers more',
    'compare nvidia-smi with the log of the plugin',
    false,
  ),
  row(
    'confirm',
    'capacity.fresh',
    'Are the numbers those of the plugin that runs now?',
    'restart the plugin, then press again',
    false,
  ),
  row(
    'confirm',
    'confirm.gpu-pods',
    'Do the pods that had a GPU still have it? A warning with `allow-gpu-disruption`',
    'delete those that failed at admission; their owners make new ones',
    false,
  ),
]
