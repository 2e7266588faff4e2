import { describe, expect, it } from '@jest/globals'
import {
  annotations,
  compareWithDesired,
  desiredDigest,
  hasDrift,
  isRestrictedLabel,
  mendTaints,
  metadataDrift,
} from '../../src/join/index.ts'
import { desiredCalypso, nodeCalypso, server, version } from './situations.ts'

const digest = desiredDigest(desiredCalypso(), server, version)
const ownNode = (changes = {}) => nodeCalypso({ annotations: { [annotations.desired]: digest }, ...changes })
const reading = (node = ownNode(), ageMs: number | 'none' = 6_000) => ({
  version,
  node,
  serverTimeMs: 1_000_000,
  ...(ageMs === 'none' ? {} : { leaseRenewedAtMs: 1_000_000 - ageMs }),
})
const compare = (given: ReturnType<typeof reading>) => compareWithDesired(desiredCalypso(), server, version, given)

describe('nothing to do', () => {
  it('needs our record, version, labels, taints, Ready and a heartbeat, all at once', () => {
    expect(compare(reading())).toEqual({ isAsDesired: true, differences: [], heartbeatAgeMs: 6_000 })
  })

  it.each([
    ['our record', reading(nodeCalypso()), /not been brought under/],
    [
      'an equal record',
      reading(ownNode({ annotations: { [annotations.desired]: 'sha256:0' } })),
      /desired state has changed/,
    ],
    ['the version', reading(ownNode({ kubeletVersion: 'v1.33.3+k3s1' })), /v1\.33\.3\+k3s1, wanted v1\.33\.4\+k3s1/],
    ['a label', reading(ownNode({ labels: { 'oceanid.node/name': 'calypso' } })), /labels or taints/],
    ['the taint', reading(ownNode({ taints: [] })), /labels or taints/],
    ['Ready', reading(ownNode({ ready: 'Unknown' })), /Ready is Unknown/],
    ['a Lease', reading(ownNode(), 'none'), /no heartbeat/],
    [
      'a Lease, when it was registered 41 s ago',
      reading(ownNode({ createdAt: '1970-01-01T00:15:59Z' }), 'none'),
      /no heartbeat/,
    ],
    ['a Lease of the last 40 s', reading(ownNode(), 41_000), /41 s ago/],
  ])('is not claimed without %s', (_name, given, difference) => {
    const comparison = compare(given)
    expect(comparison.isAsDesired).toBe(false)
    expect(comparison.differences.join('; ')).toMatch(difference)
  })

  it('is claimed of a Node that was just registered: its Lease comes with the next turn of its kubelet', () => {
    const registered = ownNode({ createdAt: '1970-01-01T00:16:35Z' })
    expect(compare(reading(registered, 'none'))).toMatchObject({ isAsDesired: true, heartbeatAgeMs: 5_000 })
    expect(compare(reading({ ...registered, ready: 'Unknown' }, 'none')).differences.join()).toMatch(/no heartbeat/)
    // The Lease of an earlier Node of the same name is collected a little later.
    expect(compare(reading(registered, 300_000))).toMatchObject({ isAsDesired: true, heartbeatAgeMs: 5_000 })
    // Its own Lease was renewed once and no more: the agent died seconds after it had registered.
    const died = { ...reading(registered, 300_000), leaseNodeUid: registered.uid }
    expect(compare(died)).toMatchObject({ isAsDesired: false, heartbeatAgeMs: 300_000 })
  })

  it("is judged by the server's clock: a heartbeat from a server that is ahead is fresh", () => {
    expect(compare({ ...reading(), leaseRenewedAtMs: 1_000_500 }).heartbeatAgeMs).toBe(0)
  })
})

describe('the digest of the desired state', () => {
  it('does not depend on the order in which labels, taints or configuration are written', () => {
    const labels = { 'oceanid.node/gpu': 'nvidia-rtx-4090', 'oceanid.node/name': 'calypso' }
    expect(desiredDigest(desiredCalypso({ labels }), server, version)).toBe(digest)
    const config = { 'kubelet-arg': ['a=1'], debug: true }
    const reversed = { debug: true, 'kubelet-arg': ['a=1'] }
    expect(desiredDigest(desiredCalypso({ extraConfig: config }), server, version)).toBe(
      desiredDigest(desiredCalypso({ extraConfig: reversed }), server, version),
    )
  })

  it.each([
    ['a label', desiredCalypso({ labels: {} })],
    ['a taint', desiredCalypso({ taints: [] })],
    ['the node address', desiredCalypso({ nodeIp: '192.168.2.81' })],
    ['the configuration', desiredCalypso({ extraConfig: { debug: true } })],
  ])('changes with %s', (_name, changed) => {
    expect(desiredDigest(changed, server, version)).not.toBe(digest)
  })
})

describe('labels and taints', () => {
  it('adds and changes what is wanted, removes only what this project set, and leaves foreign ones alone', () => {
    const node = nodeCalypso({
      labels: { 'oceanid.node/name': 'other', foreign: 'stays', retired: 'ours' },
      annotations: {
        [annotations.ownedLabels]: 'oceanid.node/name,retired',
        [annotations.ownedTaints]: 'old:NoSchedule',
      },
      taints: [
        { key: 'old', effect: 'NoSchedule' },
        { key: 'foreign', effect: 'NoExecute' },
      ],
    })
    const drift = metadataDrift(desiredCalypso(), node)
    expect(drift.labels).toEqual({
      'oceanid.node/name': 'calypso',
      'oceanid.node/gpu': 'nvidia-rtx-4090',
      retired: null,
    })
    expect(mendTaints(node.taints, drift)).toEqual([
      { key: 'foreign', effect: 'NoExecute' },
      { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' },
    ])
  })

  it('replaces a taint whose value changed instead of doubling it', () => {
    const node = nodeCalypso({ taints: [{ key: 'workload-type', value: 'training', effect: 'NoSchedule' }] })
    const drift = metadataDrift(desiredCalypso(), node)
    expect(mendTaints(node.taints, drift)).toEqual([
      { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' },
    ])
  })

  it('finds no drift on a node that is as wanted', () => {
    expect(hasDrift(metadataDrift(desiredCalypso(), nodeCalypso()))).toBe(false)
  })

  it.each([
    ['node-role.kubernetes.io/gpu', true],
    ['kubernetes.io/anything', true],
    ['example.k8s.io/x', true],
    ['node.kubernetes.io/pool', false],
    ['team.node.kubernetes.io/pool', false],
    ['kubernetes.io/hostname', false],
    ['topology.kubernetes.io/zone', false],
    ['oceanid.node/gpu', false],
    ['notkubernetes.io/x', false],
    ['plain', false],
  ])('knows that a kubelet %s is refused: %s', (key, restricted) => {
    expect(isRestrictedLabel(key)).toBe(restricted)
  })
})
