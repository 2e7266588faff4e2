import type { Row } from './model.ts'

const nothing = { strength: 'state', matches: [], recorded: [] } as const

/** What is left to say when no text names anything: the state of the unit and of the node. */
export const stateRows: readonly Row[] = [
  {
    ...nothing,
    id: 'crash-loop-still-ready',
    code: 'crash-loop',
    when: { restartsAtLeast: 1, nodeExists: true, nodeReady: true },
    title: '{unit} crashes and restarts ({restarts} times so far), although the node still counts as Ready',
    cause:
      'a Node stays Ready for about a minute after its kubelet’s last word; no known cause was found in the agent’s journal',
    remedy:
      'do not trust Ready now; read the lines below; on the host: journalctl -u {unit}; then press the button again',
    provenance: 'observed',
    seen: 'join/restricted-label-existing-node (its states; its journal does name the cause)',
  },
  {
    ...nothing,
    id: 'crash-loop',
    code: 'crash-loop',
    when: { restartsAtLeast: 1 },
    title: '{unit} crashes and restarts ({restarts} times so far); no known cause was found in its journal',
    cause: 'unknown; its last alarming lines are below',
    remedy: 'read them; on the host: journalctl -u {unit}; then press the button again',
    provenance: 'observed',
    seen: 'join/bad-template-toml (its journal alone does not name the cause)',
  },
  {
    ...nothing,
    id: 'dead-agent-node-ready',
    code: 'agent-not-active',
    when: { unitActive: false, nodeExists: true, nodeReady: true },
    title: '{unit} does not run, although the node still counts as Ready',
    cause:
      'a Node stays Ready for about a minute (53 s were measured) after its kubelet’s last word; nobody speaks for it now',
    remedy:
      'do not trust Ready now; on the host: systemctl status {unit}, journalctl -u {unit}; then press the button again',
    provenance: 'observed',
    seen: 'join/restricted-label-existing-node (its states)',
  },
  {
    ...nothing,
    id: 'unit-not-active',
    code: 'agent-not-active',
    when: { unitActive: false },
    title: '{unit} never became active; no known cause was found in its journal',
    cause:
      'it is still trying: an agent reports itself ready only when it reached the server, got its configuration and registered',
    remedy: 'read its last lines below; on the host: journalctl -u {unit}; then press the button again',
    provenance: 'reported',
    seen: 'k3s-io/k3s#11808, #9009',
  },
  {
    ...nothing,
    id: 'active-not-ready',
    code: 'node-not-ready',
    when: { unitActive: true, nodeExists: true, nodeReady: false },
    title: '{unit} is active, but the node does not become Ready',
    cause: 'the kubelet says: {message}',
    remedy: 'read the kubelet’s reason above and the last lines below; kubectl describe node {subject} has more',
    provenance: 'observed',
    seen: 'join/bad-template-v1-plugins-cri',
  },
  {
    ...nothing,
    id: 'active-no-node',
    code: 'node-not-registered',
    when: { unitActive: true, nodeExists: false },
    title: '{unit} is active, but no node of this name appears in the cluster',
    cause: 'it may have joined another cluster, or registered under another name',
    remedy:
      'compare where the agent was told to join (K3S_URL in the env file of k3s, server: in /etc/kubernetes/kubelet.conf) and its node name with what was asked for; kubectl get nodes shows what is there',
    provenance: 'invented',
    seen: 'reasoning; the like was observed with kubeadm and a leftover kubelet.conf',
  },
]
