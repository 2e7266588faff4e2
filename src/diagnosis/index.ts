import { diagnoseWith } from './diagnose.ts'
import type { Diagnosis, Evidence, Row } from './model.ts'
import { containerdHostRows } from './rows-containerd-host.ts'
import { gpuContainerRows } from './rows-gpu-container.ts'
import { gpuDriverRows } from './rows-gpu-driver.ts'
import { gpuPluginRows } from './rows-gpu-plugin.ts'
import { hostRows } from './rows-host.ts'
import { admissionRows } from './rows-k3s-admission.ts'
import { configurationRows } from './rows-k3s-configuration.ts'
import { containerdRows } from './rows-k3s-containerd.ts'
import { nodeNetworkRows } from './rows-k3s-flannel.ts'
import { kubeletRows } from './rows-k3s-kubelet.ts'
import { networkRows } from './rows-k3s-network.ts'
import { serverIdentityRows } from './rows-k3s-tls.ts'
import { kernelHintRows, kernelRows } from './rows-kernel.ts'
import { kubeadmRows } from './rows-kubeadm.ts'
import { stateRows } from './rows-state.ts'
import { systemdRows } from './rows-systemd.ts'

export { diagnoseWith, unknownFailure } from './diagnose.ts'
export type * from './model.ts'
export { gpuStages } from './rows-gpu-driver.ts'

/**
 * The symptom catalogue. Of several symptoms the one that stands first here is told: what comes late on the way to a Ready
 * node before what comes early, because an agent that is past the early ones met them in passing only.
 */
export const catalogue: readonly Row[] = [
  ...gpuPluginRows,
  ...gpuContainerRows,
  ...gpuDriverRows,
  ...kubeadmRows,
  ...admissionRows,
  ...serverIdentityRows,
  ...nodeNetworkRows,
  ...kernelRows,
  ...containerdRows,
  ...containerdHostRows,
  ...configurationRows,
  ...kubeletRows,
  ...hostRows,
  ...networkRows,
  ...systemdRows,
  ...kernelHintRows,
  ...stateRows,
]

/** Explains why a node did not join, or what `Evidence.fails` names did not come about, or undefined: then `unknownFailure` says so. */
export function diagnose(evidence: Evidence): Diagnosis | undefined {
  return diagnoseWith(catalogue, evidence)
}
