import { deployStack } from './deploy-stack.ts'
import { gpuRuntime } from './gpu-runtime.ts'
import { kubeadm } from './kubeadm.ts'
import { kubeconfigEsc } from './kubeconfig-esc.ts'
import { leaving } from './leaving.ts'
import { leavingAttacked } from './leaving-attacked.ts'
import type { Mutant } from './model.ts'
import { preparations } from './prerequisites.ts'
import { handshakeFirst } from './promise-01.ts'
import { neverGuesses } from './promise-02.ts'
import { secondRun } from './promise-03.ts'
import { noServerToken } from './promise-04.ts'
import { hostKey } from './promise-05.ts'
import { noSecrets } from './promise-06.ts'
import { remoteTextIsData } from './promise-07.ts'
import { noSurprise } from './promise-08.ts'
import { gpuWorks } from './promise-09.ts'
import { interruptions } from './promise-10.ts'
import { reviewed } from './promise-11.ts'
import { storageNodes } from './storage.ts'
import { verifyCluster } from './verify-cluster.ts'

/** All mutants, by promise. */
export const mutants: readonly Mutant[] = [
  ...handshakeFirst,
  ...neverGuesses,
  ...secondRun,
  ...noServerToken,
  ...hostKey,
  ...noSecrets,
  ...remoteTextIsData,
  ...noSurprise,
  ...gpuWorks,
  ...interruptions,
  ...reviewed,
  ...kubeconfigEsc,
  ...kubeadm,
  ...gpuRuntime,
  ...verifyCluster,
  ...deployStack,
  ...storageNodes,
  ...preparations,
  ...leaving,
  ...leavingAttacked,
]

/** Promises without a mutant, and why. */
export const withoutMutant: ReadonlyMap<number, string> = new Map()
