/** Everything that the lab can show, in the order of a whole run. */
import type { LabScenario } from '../inside/model.ts'
import { measurements } from '../measure/index.ts'
import { accessScenarios } from './access.ts'
import { aroundScenarios } from './around.ts'
import { sharedScenarios } from './both-worlds.ts'
import { gpuScenarios } from './gpu.ts'
import { gpuRuntimeScenarios } from './gpu-runtime.ts'
import { interruptedScenarios } from './interrupted.ts'
import { kubeadmScenarios } from './kubeadm.ts'
import { kubeadmGpuScenarios } from './kubeadm-gpu.ts'
import { kubeadmInterruptedScenarios } from './kubeadm-interrupted.ts'
import { kubeadmRefusedScenarios } from './kubeadm-refused.ts'
import { kubeadmStartScenarios } from './kubeadm-start.ts'
import { nodeScenarios } from './nodes.ts'
import { removeScenarios } from './remove.ts'
import { tunnelScenarios } from './tunnel.ts'
import { verifyGpuJobScenarios } from './verify-gpu-job.ts'
import { verifyTritonScenarios } from './verify-triton.ts'
import { verifyWorkloadScenarios } from './verify-workloads.ts'

export const scenarios: readonly LabScenario[] = [
  ...sharedScenarios,
  ...nodeScenarios,
  ...removeScenarios,
  ...accessScenarios,
  ...interruptedScenarios,
  ...gpuScenarios,
  ...gpuRuntimeScenarios,
  ...tunnelScenarios,
  ...kubeadmScenarios,
  ...kubeadmRefusedScenarios,
  ...kubeadmStartScenarios,
  ...kubeadmInterruptedScenarios,
  ...kubeadmGpuScenarios,
  ...aroundScenarios,
  ...verifyTritonScenarios,
  ...verifyGpuJobScenarios,
  ...verifyWorkloadScenarios,
]

/** Not tests: run by their names only. */
export { measurements }
