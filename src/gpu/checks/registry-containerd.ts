import type { CheckEntry } from '../../join/index.ts'

const row = (
  id: string,
  severity: CheckEntry['severity'],
  asks: string,
  remedy: string,
  isIgnorable: CheckEntry['isIgnorable'] = true,
): CheckEntry => ({ id, stage: 'preflight', severity, asks, remedy, isIgnorable })

/** Checks of what k3s and its containerd need for GPUs, in the order in which they are asked. */
export const containerdCheckRegistry: readonly CheckEntry[] = [
  row('k3s.service', 'fail', 'Does k3s run on this host?', 'let the machine join first, or start the unit', false),
  row(
    'containerd.service',
    'fail',
    'Does containerd run on this host? Asked where it is a unit of its own (kubeadm)',
    'let the machine join first, or start the unit',
    false,
  ),
  row(
    'gpu.containerd-config',
    'fail',
    "Can nvidia-ctk add a runtime to containerd's configuration? Not to one of version 1, or without the plugin cri (kubeadm)",
    'let `containerd config default` make it anew',
    false,
  ),
  row(
    'gpu.search-path',
    'fail',
    'Does k3s find the right nvidia-container-runtime by itself, and not what gpu-operator left in /usr/local/nvidia/toolkit?',
    '`sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled`, or a link in /usr/local/bin',
  ),
  row(
    'gpu.containerd-template',
    'fail',
    'Does a containerd template take away what k3s sets itself, or repeat a table? A warning for one that does neither',
    '`quarantine-template: true`; k3s needs no template for GPUs',
    false,
  ),
  row(
    'gpu.default-runtime',
    'fail',
    'Can k3s find the default runtime that it is told? A warning when nvidia is the default',
    'take `default-runtime` out of the place that the check names',
    false,
  ),
  row(
    'gpu.runtime-config',
    'fail',
    'Does containerd run with the runtime nvidia and the right program?',
    'restart k3s; move a template away that sets the runtimes itself',
  ),
  row(
    'gpu.restart-pending',
    'warn',
    'Would the next restart of k3s change what containerd runs with, without this plan?',
    'restart k3s when it suits, or take the change back',
  ),
]
