/** What the script says that asks from within a pod whether the cluster's network reaches it (`k3s-gpu-actions/pod-network`). */
import type { VerifyFault } from '../../contract.ts'
import type { Program, ProgramEnd } from '../../kubelet/model.ts'

const mark = 'k3s-gpu-actions/pod-network'

/** calypso's pods reach nothing elsewhere: its owner declares it. */
export function networkProgram(node: string, faults: ReadonlySet<VerifyFault>) {
  const isCutOff = node === 'calypso' || faults.has('verify-pod-network')
  return ({ words }: Program): ProgramEnd | undefined => {
    if (!words.some((word) => word.includes(mark))) return undefined
    const answers = isCutOff
      ? [
          'dns failed ;; connection timed out; no servers could be reached',
          'service failed nc: 10.43.0.1 (10.43.0.1:443): Connection timed out',
        ]
      : ['dns ok', 'service ok']
    return { afterMs: 600, code: 0, log: ['asks 10.43.0.10', ...answers].map((line) => `${mark} ${line}`) }
  }
}
