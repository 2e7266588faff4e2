import { describe, expect, it } from '@jest/globals'
import { planJoin } from '../../src/join/index.ts'
import { type KubeadmInstallation, paths } from '../../src/kubeadm/model.ts'
import { joinsBy, planHost } from '../../src/kubeadm/plan.ts'
import { joinState } from '../../src/kubeadm/state.ts'
import { resolveVersion } from '../../src/kubeadm/version.ts'
import { foreign, goldentooth, joinedTo, karstark, nodeKarstark, ours, readingWith } from './kubeadm-situations.ts'
import { factsOfCalypso, tritonInDocker } from './situations.ts'

const ids = (...given: Parameters<typeof planHost>): readonly string[] => planHost(...given).map((change) => change.id)
const owned = { 'k3s-gpu-actions/desired': 'x' }
const living = goldentooth({ reading: readingWith(nodeKarstark({ annotations: owned })) })
const interrupted = [{ runId: '40', server: '10.4.0.10:6443' }]
const half: Partial<KubeadmInstallation> = {
  files: [paths.bootstrapConfig, paths.clusterAuthority],
  kubeconfigs: [{ path: paths.bootstrapConfig, server: 'https://10.4.0.10:6443', caPem: ours.certPem }],
  caPem: ours.certPem,
}

describe('the plan for a host that is not joined', () => {
  it('mints, says that kubeadm reloads systemd, and joins', () => {
    const plan = planHost(goldentooth(), karstark())
    expect(plan.map((change) => change.id)).toEqual(['mint-token', 'reload', 'start'])
    expect(plan.at(-1)?.target).toBe('kubelet, by kubeadm join 10.4.0.10:6443')
    expect(plan[1]?.disrupts).toContain('GPU')
    for (const change of plan) expect(change.reason).not.toBe('')
  })

  it('mints nothing where a token was given, and enables a kubelet that is not', () => {
    const unit = { ...karstark().unit!, isEnabled: false }
    expect(ids(goldentooth({ hasGivenToken: true }), karstark({ unit }))).toEqual(['enable', 'reload', 'start'])
  })

  it('is blocked while a container outside the cluster uses the GPU, because of that reload', () => {
    const facts = factsOfCalypso({
      gpu: {
        ...factsOfCalypso().gpu,
        devices: [{ name: 'RTX 2070', driverVersion: '575.51.03', memoryMiB: 8192 }],
        processes: [tritonInDocker],
      },
    })
    const situation = goldentooth({ facts })
    expect(planJoin(situation, planHost(situation, karstark()), []).blockers.map((one) => one.id)).toEqual([
      'plan.gpu-in-use',
    ])
  })

  it('resets what an interrupted run of this project left, and joins anew', () => {
    const found = karstark({ ...half, interrupted })
    expect(joinState(goldentooth(), found)).toBe('unfinished')
    expect(ids(goldentooth(), found)).toEqual(['mint-token', 'reset', 'reload', 'start'])
  })

  it('resets nothing that a run of this project did not begin, or began for another cluster', () => {
    const elsewhere = [{ runId: '40', server: '10.9.0.1:6443' }]
    for (const found of [karstark(half), karstark({ ...half, interrupted: elsewhere })]) {
      expect(joinState(goldentooth(), found)).toBe('leftover')
      expect(ids(goldentooth(), found)).not.toContain('reset')
    }
    const strange = karstark({ ...half, caPem: foreign.certPem, interrupted })
    expect(ids(goldentooth(), strange)).not.toContain('reset')
  })

  it('resets nothing where a manifest lies, which no join of a worker writes', () => {
    for (const found of [half, { ...joinedTo(ours), hasClientCertificate: false }]) {
      const installation = karstark({ ...found, manifests: ['kube-vip.yaml'], interrupted })
      expect(joinState(goldentooth(), installation)).toBe('leftover')
      expect(ids(goldentooth(), installation)).not.toContain('reset')
    }
  })
})

describe('the plan for a host that belongs to somebody', () => {
  it.each([
    ['another cluster', karstark(joinedTo(foreign, 'https://10.9.0.1:6443'))],
    ['another cluster, although a run of ours was interrupted here', karstark({ ...joinedTo(foreign), interrupted })],
    ['a control plane', karstark({ ...joinedTo(ours), manifests: ['kube-apiserver.yaml'] })],
  ])('%s has no change', (_, found) => {
    expect(planHost(goldentooth(), found)).toEqual([])
    expect(joinsBy(goldentooth(), found)).toBe(false)
  })
})

describe('the plan for a node of this cluster', () => {
  const found = karstark(joinedTo(ours))

  it('is empty when it lives', () => {
    expect(joinState(living, found)).toBe('joined')
    expect(planHost(living, found)).toEqual([])
  })

  it('takes a finished join for joined, also when the run that did it was killed', () => {
    expect(planHost(living, karstark({ ...joinedTo(ours), interrupted }))).toEqual([])
  })

  it('deletes the token that an interrupted run left on a joined host, and never that of a join by hand', () => {
    const left = (one: KubeadmInstallation): KubeadmInstallation => ({
      ...one,
      files: [...one.files, paths.bootstrapConfig],
    })
    expect(ids(living, left(karstark({ ...joinedTo(ours), interrupted })))).toEqual(['forget-token'])
    expect(ids(living, left(karstark(joinedTo(ours))))).toEqual([])
  })

  it('starts a kubelet that rests, and restarts one that does not report, with a reason', () => {
    const resting = karstark({ ...joinedTo(ours), unit: { ...found.unit!, activeState: 'inactive', subState: 'dead' } })
    expect(planHost(living, resting)).toMatchObject([
      { id: 'start', target: 'kubelet', reason: 'the unit is inactive' },
    ])
    const silent = goldentooth({ reading: readingWith(nodeKarstark({ ready: 'Unknown', annotations: owned })) })
    expect(planHost(silent, found)).toMatchObject([
      { id: 'restart', reason: 'the node is not Ready', disrupts: 'restarts kubelet; containers keep running' },
    ])
  })

  it('restarts a kubelet that still is of the version before', () => {
    const old = goldentooth({ reading: readingWith(nodeKarstark({ kubeletVersion: 'v1.32.3', annotations: owned })) })
    expect(planHost(old, found)[0]?.reason).toBe('v1.32.3 is still running, v1.32.7 is installed')
  })

  it('waits for adoption with a node that somebody joined by hand', () => {
    const byHand = goldentooth({ reading: readingWith(nodeKarstark({ ready: 'False' })) })
    expect(planHost(byHand, found)).toMatchObject([{ id: 'restart', waitsFor: 'adopt: apply' }])
    const adopting = { ...byHand, consent: { ...byHand.consent, adopt: 'apply' as const } }
    expect(planHost(adopting, found)[0]?.waitsFor).toBeUndefined()
  })
})

describe('the wanted version', () => {
  it('is what the node runs, where that goes with the server; else the server’s', () => {
    expect(resolveVersion('match-server', 'v1.32.3')).toBe('v1.32.3')
    expect(resolveVersion('match-server', 'v1.32.3', 'v1.32.7')).toBe('v1.32.7')
    expect(resolveVersion('match-server', 'v1.32.3', 'v1.33.0')).toBe('v1.32.3')
    expect(resolveVersion('1.32.7', 'v1.32.3')).toBe('v1.32.7')
  })

  it.each([
    ['match-server', 'v1.33.4+k3s1'],
    ['v1.33.4+k3s1', 'v1.32.3'],
    ['stable', 'v1.32.3'],
    ['1.32', 'v1.32.3'],
  ])('%s with a server of %s is refused with the allowed form', (wanted, serverVersion) => {
    expect(() => resolveVersion(wanted, serverVersion)).toThrow(expect.objectContaining({ code: 'version-invalid' }))
  })
})
