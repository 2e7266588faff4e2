import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { JoinSituation } from '../../src/join/index.ts'
import { type KubeadmInstallation, paths } from '../../src/kubeadm/model.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'
import { desiredCalypso, factsOfCalypso, nodeCalypso } from './situations.ts'

export const server = 'https://10.4.0.10:6443'
export const [ours, foreign] = await Promise.all([createAuthority('kubernetes'), createAuthority('kubernetes')])

/** karstark of seed 001 before it joins: packages v1.32.7, a cluster of v1.32.3. */
export function karstark(changes: Partial<KubeadmInstallation> = {}): KubeadmInstallation {
  return {
    programs: {
      kubeadm: { path: '/usr/bin/kubeadm', version: 'v1.32.7' },
      kubelet: { path: '/usr/bin/kubelet', version: 'v1.32.7' },
      containerd: { path: '/usr/bin/containerd', version: 'v1.7.24' },
    },
    missingTools: [],
    unit: {
      path: '/usr/lib/systemd/system/kubelet.service',
      activeState: 'activating',
      subState: 'auto-restart',
      isEnabled: true,
      isMasked: false,
      restarts: 12,
      needsReload: false,
      dropIns: ['/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf'],
      readsKubeadm: true,
      changedSinceStart: [],
    },
    containerd: {
      activeState: 'active',
      isEnabled: true,
      config: {
        path: paths.containerdConfig,
        version: 2,
        isCriDisabled: false,
        defaultRuntime: 'runc',
        systemdCgroup: { runc: true },
        hasImports: false,
      },
    },
    criSockets: ['unix:///var/run/containerd/containerd.sock'],
    sysctl: { ipForward: '1', ipv6Forward: '0', bridgeNfIptables: '1' },
    files: [],
    kubeconfigs: [],
    manifests: [],
    hasClientCertificate: false,
    cgroupDriver: '',
    interrupted: [],
    authorityPem: ours.certPem,
    cluster: {
      clusterInfo: { state: 'read', server, caPem: ours.certPem },
      kubeadmConfig: { state: 'read', version: 'v1.32.3', controlPlaneEndpoint: '10.4.0.10:6443' },
      kubeletConfig: { state: 'read', cgroupDriver: 'systemd', failSwapOn: true },
      served: 'kubeconfig',
    },
    ...changes,
  }
}

/** What a join leaves: the files, and what the kubelet.conf says of its cluster. */
export function joinedTo(authority: { readonly certPem: string }, address = server): Partial<KubeadmInstallation> {
  return {
    unit: { ...karstark().unit!, activeState: 'active', subState: 'running' },
    files: [paths.kubeletConfig, paths.clusterAuthority, paths.kubeletSettings, paths.kubeletFlags],
    kubeconfigs: [{ path: paths.kubeletConfig, server: address, caPem: authority.certPem }],
    caPem: authority.certPem,
    hasClientCertificate: true,
  }
}

export function nodeKarstark(changes: Partial<NodeState> = {}): NodeState {
  return nodeCalypso({ name: 'karstark', labels: {}, taints: [], kubeletVersion: 'v1.32.7', ...changes })
}

export function goldentooth(changes: Partial<JoinSituation> = {}): JoinSituation {
  const nowMs = Date.parse('2026-08-01T10:00:00Z')
  return {
    desired: desiredCalypso({
      cluster: 'goldentooth',
      node: 'karstark',
      distribution: 'kubeadm',
      labels: {},
      taints: [],
    }),
    server,
    version: 'v1.32.7',
    reading: { version: 'v1.32.3', serverTimeMs: nowMs },
    nodes: [],
    facts: factsOfCalypso({ hostname: 'karstark' }),
    consent: { adopt: 'plan', allowServerToken: false, allowGpuDisruption: false, replaceNode: '' },
    isDeep: false,
    hasGivenToken: false,
    tokenLifetimeMs: 600_000,
    readAtRunnerMs: nowMs,
    ...changes,
  }
}

/** A reading with the Node, its heartbeat of a second ago. */
export function readingWith(node: NodeState): JoinSituation['reading'] {
  const nowMs = Date.parse('2026-08-01T10:00:00Z')
  return { version: 'v1.32.3', serverTimeMs: nowMs, node, leaseRenewedAtMs: nowMs - 1000, leaseNodeUid: node.uid }
}
