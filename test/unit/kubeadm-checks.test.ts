import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { entryOf, type JoinSituation } from '../../src/join/index.ts'
import { ignoredPreflightErrors, kubeadmCheckRegistry, kubeadmChecks } from '../../src/kubeadm/checks/index.ts'
import { criSocketOf } from '../../src/kubeadm/cri.ts'
import { type KubeadmInstallation, paths } from '../../src/kubeadm/model.ts'
import type { Check } from '../../src/report/index.ts'
import { foreign, goldentooth, joinedTo, karstark, nodeKarstark, ours, readingWith } from './kubeadm-situations.ts'
import { factsOfCalypso } from './situations.ts'

function asked(situation: JoinSituation, found: KubeadmInstallation): Map<string, Check> {
  const checks = kubeadmChecks(situation, found)
  for (const { id } of checks) expect(entryOf(kubeadmCheckRegistry, id)).toBeDefined()
  for (const check of checks)
    if (check.verdict === 'fail' || check.verdict === 'warn') {
      expect(check.cause).not.toBe('')
      expect(check.remedy).not.toBe('')
    }
  return new Map(checks.map((check) => [check.id, check]))
}

/** Checks that are neither pass nor skip, `id verdict`. */
function wrong(situation: JoinSituation, found: KubeadmInstallation): readonly string[] {
  return [...asked(situation, found).values()]
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')
    .map(({ id, verdict }) => `${id} ${verdict}`)
}

const unit = karstark().unit!
const { containerd } = karstark()
const config = containerd.config!
const withFacts = (changes: Parameters<typeof factsOfCalypso>[0]): JoinSituation =>
  goldentooth({ facts: factsOfCalypso(changes) })

describe('karstark as seed 001 has it', () => {
  it('may join: its packages are a newer patch than the server, which is only a warning', () => {
    expect(wrong(goldentooth(), karstark())).toEqual(['kubeadm.version warn'])
  })

  it('is a node of this cluster afterwards, and stays one', () => {
    const ports = [{ port: 10250, process: 'kubelet', pid: 812, owner: 'kubelet.service' }]
    const situation = goldentooth({ facts: factsOfCalypso({ ports }), reading: readingWith(nodeKarstark()) })
    expect(wrong(situation, karstark(joinedTo(ours)))).toEqual(['kubeadm.version warn'])
  })
})

describe('what kubeadm would refuse, wait for, or not notice', () => {
  it.each<[string, string, JoinSituation, Partial<KubeadmInstallation>]>([
    ['no kubelet', 'kubeadm.programs fail', goldentooth(), { programs: { kubeadm: karstark().programs.kubeadm! } }],
    ['no iptables with 1.32', 'kubeadm.programs fail', goldentooth(), { missingTools: ['iptables', 'losetup'] }],
    [
      'two CRI sockets and no usable containerd',
      'kubeadm.cri-socket fail',
      goldentooth(),
      {
        criSockets: ['unix:///var/run/containerd/containerd.sock', 'unix:///var/run/crio/crio.sock'],
        containerd: { ...containerd, config: { ...config, isCriDisabled: true } },
      },
    ],
    [
      'containerd down',
      'kubeadm.containerd fail',
      goldentooth(),
      { criSockets: [], containerd: { ...containerd, activeState: 'inactive' } },
    ],
    [
      'containerd without CRI',
      'kubeadm.containerd fail',
      goldentooth(),
      { containerd: { ...containerd, config: { ...config, isCriDisabled: true } } },
    ],
    [
      'containerd not at boot',
      'kubeadm.containerd warn',
      goldentooth(),
      { containerd: { ...containerd, isEnabled: false } },
    ],
    [
      'two cgroup drivers',
      'kubeadm.cgroup-driver fail',
      goldentooth(),
      { containerd: { ...containerd, config: { ...config, systemdCgroup: {} } } },
    ],
    ['swap', 'kubeadm.swap fail', withFacts({ swapBytes: 100 * 1024 ** 2 }), {}],
    ['no forwarding', 'kubeadm.ip-forward fail', goldentooth(), { sysctl: { ...karstark().sysctl, ipForward: '0' } }],
    [
      'the port is taken',
      'kubeadm.port fail',
      withFacts({ ports: [{ port: 10250, process: 'nc', pid: 7, owner: '' }] }),
      {},
    ],
    ['no unit', 'kubeadm.kubelet-unit fail', goldentooth(), { unit: undefined as never }],
    ['a masked unit', 'kubeadm.kubelet-unit fail', goldentooth(), { unit: { ...unit, isMasked: true } }],
    [
      'a unit that does not read what kubeadm writes',
      'kubeadm.kubelet-unit fail',
      goldentooth(),
      { unit: { ...unit, dropIns: [], readsKubeadm: false } },
    ],
    [
      'a bootstrap file that nobody of us left',
      'kubeadm.leftovers fail',
      goldentooth(),
      {
        files: [paths.bootstrapConfig],
        kubeconfigs: [{ path: paths.bootstrapConfig, server: goldentooth().server, caPem: ours.certPem }],
      },
    ],
  ])('%s: %s', (_, expected, situation, changes) => {
    expect(wrong(situation, karstark(changes))).toContain(expected)
  })

  it('says nothing of swap that the cluster’s own configuration allows', () => {
    const cluster = {
      ...karstark().cluster!,
      kubeletConfig: { state: 'read' as const, cgroupDriver: 'systemd', failSwapOn: false },
    }
    expect(wrong(withFacts({ swapBytes: 1 }), karstark({ cluster }))).not.toContain('kubeadm.swap fail')
  })

  it('leaves the cgroup driver to containerd 2 where the kubelet asks for it', () => {
    const programs = { ...karstark().programs, containerd: { path: '/usr/bin/containerd', version: 'v2.0.1' } }
    const found = karstark({ programs, containerd: { ...containerd, config: { ...config, systemdCgroup: {} } } })
    expect(asked(goldentooth(), found).get('kubeadm.cgroup-driver')?.verdict).toBe('pass')
  })

  it('takes containerd of two sockets, which kubeadm has to be told', () => {
    const criSockets = ['unix:///var/run/containerd/containerd.sock', 'unix:///var/run/crio/crio.sock']
    expect(criSocketOf(karstark({ criSockets }))).toBe(criSockets[0])
    expect(criSocketOf(karstark({ criSockets: [criSockets[1]!] }))).toBe(criSockets[1])
  })
})

describe('versions', () => {
  const verdict = (kubelet: string, kubeadm: string, server: string, wanted = kubelet): string | undefined => {
    const programs = {
      ...karstark().programs,
      kubelet: { path: '/usr/bin/kubelet', version: kubelet },
      kubeadm: { path: '/usr/bin/kubeadm', version: kubeadm },
    }
    const reading = { ...goldentooth().reading, version: server }
    return asked(goldentooth({ version: wanted, reading }), karstark({ programs })).get('kubeadm.version')?.verdict
  }

  it.each([
    ['v1.32.3', 'v1.32.3', 'v1.32.3', 'pass'],
    ['v1.32.7', 'v1.32.7', 'v1.32.3', 'warn'],
    // fixtures/kubeadm/80-kubelet-134: kubeadm and the server say nothing.
    ['v1.34.0', 'v1.33.13', 'v1.33.13', 'fail'],
    // fixtures/kubeadm/73-server-older-131
    ['v1.30.0', 'v1.33.13', 'v1.31.0', 'fail'],
    ['v1.31.0', 'v1.31.0', 'v1.32.3', 'warn'],
    ['v1.29.9', 'v1.32.3', 'v1.32.3', 'warn'],
    ['v1.28.9', 'v1.32.3', 'v1.32.3', 'fail'],
    ['', 'v1.32.3', 'v1.32.3', 'skip'],
  ])('kubelet %s and kubeadm %s with a server of %s: %s', (kubelet, kubeadm, server, expected) => {
    expect(verdict(kubelet, kubeadm, server)).toBe(expected)
  })

  it('that are wanted have to be installed: nothing is downloaded', () => {
    expect(verdict('v1.32.3', 'v1.32.3', 'v1.32.3', 'v1.32.7')).toBe('fail')
  })
})

describe('a host that belongs to somebody else', () => {
  const cases: readonly [string, KubeadmInstallation][] = [
    ['a node of another cluster that lives', karstark(joinedTo(foreign, 'https://10.9.0.1:6443'))],
    ['a node of another cluster at the same address', karstark(joinedTo(foreign))],
    [
      'a dead node of another cluster',
      karstark({ ...joinedTo(foreign, 'https://10.9.0.1:6443'), unit, hasClientCertificate: false }),
    ],
    ['a control plane', karstark({ ...joinedTo(ours), manifests: ['kube-apiserver.yaml', 'etcd.yaml'] })],
    [
      'a node of another cluster beside our interrupted run',
      karstark({
        ...joinedTo(foreign, 'https://10.9.0.1:6443'),
        interrupted: [{ runId: '41', server: '10.4.0.10:6443' }],
      }),
    ],
  ]
  it.each(cases)('%s is never joined, and nobody may ignore it', (_, found) => {
    expect(wrong(goldentooth(), found)).toContain('plan.kubeadm-cluster fail')
    expect(entryOf(kubeadmCheckRegistry, 'plan.kubeadm-cluster')?.isIgnorable).toBe(false)
  })

  it('is not joined beside another Kubernetes, whose pods live in the same folder; a node of this cluster is none the worse', () => {
    const others = ['k3s-agent.service']
    expect(wrong(goldentooth(), karstark({ others }))).toContain('plan.kubeadm-cluster fail')
    const living = goldentooth({ reading: readingWith(nodeKarstark()) })
    expect(wrong(living, karstark({ ...joinedTo(ours), others }))).not.toContain('plan.kubeadm-cluster fail')
  })

  it('leaves a foreign pki/ca.crt that kubeadm would never overwrite', () => {
    const found = karstark({ files: [paths.clusterAuthority], caPem: foreign.certPem })
    expect(wrong(goldentooth(), found)).toEqual(expect.arrayContaining(['kubeadm.leftovers fail', 'kubeadm.ca fail']))
  })

  it('is this machine no more: a Node that is still called Ready makes kubeadm refuse', () => {
    const situation = goldentooth({ reading: readingWith(nodeKarstark()) })
    expect(wrong(situation, karstark())).toContain('plan.kubeadm-node fail')
    const gone = goldentooth({ reading: readingWith(nodeKarstark({ ready: 'Unknown' })) })
    expect(wrong(gone, karstark())).not.toContain('plan.kubeadm-node fail')
  })
})

describe('what kubeadm is told to ignore', () => {
  const recorded = (name: string): readonly string[] => {
    const text = readFileSync(join(import.meta.dirname, '../../../test/fixtures/kubeadm', name), 'utf8')
    return [...text.matchAll(/\[(?:ERROR|WARNING) ([^\]]+)\]/g)]
      .map((match) => match[1] ?? '')
      .filter((id) => id !== 'SystemVerification')
  }
  const swap = withFacts({ swapBytes: 1 })

  it.each<[string, string, string, JoinSituation, KubeadmInstallation]>([
    ['61-port-10250.err', 'kubeadm.port', 'Port-10250', goldentooth(), karstark()],
    [
      '63-ip-forward-0.err',
      'kubeadm.ip-forward',
      'FileContent--proc-sys-net-ipv4-ip_forward',
      goldentooth(),
      karstark(),
    ],
    ['65-kubelet-disabled.err', 'kubeadm.kubelet-unit', 'Service-Kubelet', goldentooth(), karstark()],
    ['72-swap-join.err', 'kubeadm.swap', 'Swap', swap, karstark()],
  ])('are the names that it used itself in %s', (fixture, id, names, situation, found) => {
    expect(ignoredPreflightErrors(situation, found, [id])).toEqual(names.split(' '))
    expect([...recorded(fixture)].sort()).toEqual(names.split(' '))
  })

  it('is an explicit list, and never a file that is in the way: a join over a kubelet.conf can end in another cluster', () => {
    const every = kubeadmCheckRegistry.map((entry) => entry.id)
    const names = ignoredPreflightErrors(swap, karstark({ ...joinedTo(foreign), missingTools: ['ip'] }), every)
    expect(names).toContain('FileExisting-ip')
    expect(names).not.toContain('all')
    expect(names.join(' ')).not.toContain('FileAvailable')
    expect(recorded('30-already-joined.err')).toContain('FileAvailable--etc-kubernetes-kubelet.conf')
    expect(entryOf(kubeadmCheckRegistry, 'kubeadm.leftovers')?.isIgnorable).toBe(false)
    expect(ignoredPreflightErrors(goldentooth(), karstark(), [])).toEqual([])
    expect(ignoredPreflightErrors(goldentooth(), karstark(), ['all', 'constructor', '--skip-phases'])).toEqual([])
  })
})
