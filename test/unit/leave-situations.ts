import type { ClusterReading, NodeState } from '../../src/kubernetes/index.ts'
import type { BoundPod, Budget, LeaveSituation, Presence } from '../../src/leave/index.ts'
import { factsOfCalypso, nodeCalypso } from './situations.ts'

export const nowMs = Date.parse('2026-11-22T10:00:00Z')

export function node(more: Partial<NodeState> = {}): NodeState {
  return nodeCalypso({ uid: 'uid-of-calypso', annotations: {}, unschedulable: false, ...more })
}

export function reading(more: Partial<ClusterReading> = {}): ClusterReading {
  return {
    version: 'v1.33.4+k3s1',
    node: node(),
    leaseRenewedAtMs: nowMs - 6_000,
    leaseNodeUid: 'uid-of-calypso',
    serverTimeMs: nowMs,
    ...more,
  }
}

export function pod(name: string, more: Partial<BoundPod> = {}): BoundPod {
  return {
    namespace: 'default',
    name,
    uid: `uid-of-${name}`,
    labels: { app: name },
    owner: { kind: 'ReplicaSet', name: `${name}-5d8f` },
    isMirror: false,
    isFinished: false,
    isTerminating: false,
    isReady: true,
    emptyDirs: [],
    claims: [],
    graceSeconds: 30,
    finalizers: [],
    ...more,
  }
}

export function budget(name: string, more: Partial<Budget> = {}): Budget {
  return {
    namespace: 'default',
    name,
    selects: (labels) => labels.app === name,
    disruptionsAllowed: 1,
    currentHealthy: 2,
    desiredHealthy: 1,
    expectedPods: 2,
    letsUnhealthyGo: false,
    ...more,
  }
}

export function presence(more: Partial<Presence> = {}): Presence {
  return {
    isThere: true,
    isRunning: true,
    isServer: false,
    version: 'v1.33.4+k3s1',
    unitState: 'active',
    server: 'https://157.173.210.123:6443',
    uninstaller: '/usr/local/bin/k3s-agent-uninstall.sh',
    traces: [],
    isHalfGone: false,
    mounts: [],
    areMountsKnown: true,
    data: [],
    ...more,
  }
}

const wishes = { ignoreDaemonSets: true, deleteEmptyDirData: false, deleteUnmanagedPods: false }

export function situation(more: Partial<LeaveSituation> = {}): LeaveSituation {
  return {
    node: 'calypso',
    cluster: 'oceanid',
    servers: ['https://157.173.210.123:6443'],
    reading: reading(),
    nodes: [
      node(),
      node({
        name: 'srv712695',
        uid: 'other',
        systemUuid: '00000000-1111-2222-3333-444444444444',
        machineId: 'other',
        labels: { 'kubernetes.io/hostname': 'srv712695' },
        internalIps: ['157.173.210.123'],
      }),
    ],
    pods: [],
    budgets: [],
    attachments: [],
    localVolumes: [],
    hasPassword: true,
    wishes,
    isHostGone: false,
    unit: 'k3s-agent',
    distribution: 'k3s',
    host: { facts: factsOfCalypso(), presence: presence() },
    ...more,
  }
}
