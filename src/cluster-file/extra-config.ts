import { invisibleCharacter } from './grammar.ts'
import { type Complaint, withNearest } from './problem.ts'

/** A complaint about one key of extra-config; `key` is undefined when it is about the whole. */
export interface KeyComplaint extends Complaint {
  readonly key?: string
}

// The distribution's own names (docs: cli/agent), with their short forms, which its config files accept too.
const instead: Readonly<Record<string, string>> = {
  'node-name': 'use the input `node`',
  'node-label': 'use the input `labels`',
  'node-taint': 'use the input `taints`',
  'node-ip': 'use the input `node-ip`',
  i: 'use the input `node-ip`',
  'node-external-ip': 'use the input `node-external-ip`',
  server: 'use the input `server`',
  s: 'use the input `server`',
  token: 'use the input `token`, filled from a secret',
  t: 'use the input `token`, filled from a secret',
  'token-file': 'use the input `token`, filled from a secret',
  'agent-token': 'use the input `token`, filled from a secret',
  'agent-token-file': 'use the input `token`, filled from a secret',
  'cluster-secret': 'use the input `token`, filled from a secret',
  'with-node-id': 'leave it out: the node is found again by its exact name (input `node`)',
  'vpn-auth': 'use `vpn-auth-file`: it holds a secret, and this text is kept in clear',
  'data-dir': 'leave it out: only the standard folder is supported',
  d: 'leave it out: only the standard folder is supported',
  config: 'leave it out: the settings themselves go here',
  c: 'leave it out: the settings themselves go here',
}

const kubeletInstead: Readonly<Record<string, string>> = {
  'node-labels': 'use the input `labels`',
  'register-with-taints': 'use the input `taints`',
  'hostname-override': 'use the input `node`',
  'node-ip': 'use the input `node-ip`',
}

// With kubeadm the agent is the kubelet: these are decided by kubeadm itself or by its drop-in for the unit
// (kubernetes cmd/krel/templates/latest/kubeadm/10-kubeadm.conf; cmd/kubeadm/app/phases/kubelet/flags.go).
const kubeadmInstead: Readonly<Record<string, string>> = {
  ...kubeletInstead,
  config: 'leave it out: kubeadm writes it from the cluster (ConfigMap kubelet-config)',
  kubeconfig: 'leave it out: kubeadm writes it',
  'bootstrap-kubeconfig': 'leave it out: kubeadm writes it, and it holds the token',
  'container-runtime-endpoint': 'leave it out: kubeadm sets it from the socket that is found',
  'cert-dir': 'leave it out: only the standard folder is supported',
  'root-dir': 'leave it out: only the standard folder is supported',
}

const ofDistribution = {
  k3s: instead,
  kubeadm: kubeadmInstead,
} as const

const isScalar = (value: unknown): boolean =>
  ['string', 'boolean'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value))

function valueComplaint(name: string, value: unknown): Complaint | undefined {
  const values = Array.isArray(value) ? value : [value]
  if (!values.every(isScalar))
    return {
      problem: 'has a value that is neither text, number, true, false nor a list of them',
      allowed: 'a scalar, or a list of scalars',
    }
  const character = values.map((one) => invisibleCharacter(String(one))).find((found) => found !== undefined)
  if (character)
    return { problem: `contains the invisible character ${character}`, allowed: 'printable text of one line' }
  if (name !== 'kubelet-arg') return undefined
  for (const one of values) {
    const argument = String(one).replace(/^--?/, '').split('=')[0] ?? ''
    const remedy = kubeletInstead[argument]
    if (Object.hasOwn(kubeletInstead, argument) && remedy)
      return { problem: `holds the kubelet's ${argument}, which has an input of its own`, allowed: remedy }
  }
  return undefined
}

/**
 * Keys that have an input of their own or hold a secret, and values that no configuration of the agent has. The agent of k3s reads a
 * file of its own; with kubeadm the keys are arguments of the kubelet.
 */
export function extraConfigComplaints(content: unknown, distribution: 'k3s' | 'kubeadm'): readonly KeyComplaint[] {
  const remedies: Readonly<Record<string, string>> = ofDistribution[distribution]
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    const example = distribution === 'k3s' ? 'selinux: true' : 'max-pods: 50'
    return [{ problem: 'is no mapping', allowed: `YAML keys and values, e.g. \`${example}\`` }]
  }
  return Object.entries(content).flatMap(([key, value]): KeyComplaint[] => {
    // `key+` appends to what earlier files say (docs: installation/configuration).
    const name = key.replace(/\+$/, '').replace(/^-+/, '').toLowerCase().replaceAll('_', '-')
    const remedy = Object.hasOwn(remedies, name) ? remedies[name] : undefined
    if (remedy) return [{ key, problem: 'is not set here', allowed: remedy }]
    if (distribution === 'kubeadm' && (name === 'kubelet-arg' || key.endsWith('+')))
      return [
        {
          key,
          problem: 'is no argument of the kubelet',
          allowed: "with kubeadm, the kubelet's own arguments by their names, e.g. `max-pods: 50`",
        },
      ]
    if (!/^[a-z][a-z0-9-]*\+?$/.test(key)) {
      const guess = `${name}${key.endsWith('+') ? '+' : ''}`
      const isKey = /^[a-z][a-z0-9-]*\+?$/.test(guess)
      return [
        {
          key,
          problem: 'is no key of the configuration',
          allowed: 'lower-case letters, digits and dashes',
          ...withNearest(isKey ? guess : undefined),
        },
      ]
    }
    const complaint = valueComplaint(name, value)
    return complaint ? [{ key, ...complaint }] : []
  })
}
