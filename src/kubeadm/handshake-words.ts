import { type HostAnswer, oneLine } from '../join/index.ts'
import type { Check } from '../report/index.ts'

/** What writes cluster-info, its rights and those of bootstrap tokens anew. */
export const tokenPhase = 'on a control plane: sudo kubeadm init phase bootstrap-token'

/** What the server says of a refusal: message of its Status, or the beginning of the body. Remote text. */
export function saidBy(answer: HostAnswer): string {
  try {
    const { message } = JSON.parse(answer.body) as { message?: unknown }
    if (typeof message === 'string') return oneLine(message)
  } catch {
    // Not the API server's words.
  }
  return oneLine(answer.body)
}

/** `data` of a ConfigMap; undefined: the answer is none. */
export function dataOf(answer: HostAnswer): Readonly<Record<string, string>> | undefined {
  try {
    const { data } = JSON.parse(answer.body) as { data?: unknown }
    if (typeof data !== 'object' || data === null) return undefined
    return Object.fromEntries(Object.entries(data).filter(([, value]) => typeof value === 'string'))
  } catch {
    return undefined
  }
}

/** Why there is no cluster-info in an answer, by its status. Pure. */
export function withoutInfo(answer: HostAnswer): Pick<Check, 'found' | 'cause' | 'remedy' | 'evidence'> {
  const evidence = [saidBy(answer)]
  const found = `cluster-info: HTTP ${answer.status}`
  switch (answer.status) {
    case 200:
      return {
        found: 'cluster-info holds no kubeconfig of one cluster',
        cause: 'it was edited by hand; kubeadm has nothing to join by',
        remedy: tokenPhase,
        evidence: [],
      }
    case 401:
      // fixtures/kubeadm/59-anonymous-off
      return {
        found,
        cause:
          'the API server answers nobody without credentials (--anonymous-auth=false), and kubeadm finds the cluster without any',
        remedy:
          'allow anonymous requests for this path only (AuthenticationConfiguration, anonymous.conditions), or join this node by hand with a discovery file',
        evidence,
      }
    case 403:
      return {
        found,
        cause:
          'the Role kubeadm:bootstrap-signer-clusterinfo in kube-public, or its binding to system:anonymous, is gone',
        remedy: tokenPhase,
        evidence,
      }
    case 404:
      return {
        found: 'there is no cluster-info',
        cause: 'the cluster was not set up by kubeadm, or it was deleted',
        remedy: `${tokenPhase}; or set \`distribution: k3s\``,
        evidence,
      }
    default:
      return {
        found,
        cause: 'what answers there is no API server of kubeadm',
        remedy: 'check host and port of `server`',
        evidence,
      }
  }
}
