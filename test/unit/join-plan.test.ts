import { describe, expect, it } from '@jest/globals'
import {
  annotations,
  desiredDigest,
  effectiveChanges,
  hostChecks,
  type JoinSituation,
  planJoin,
  touchesHost,
} from '../../src/join/index.ts'
import { type K3sInstallation, k3sChecks, planHost, renderConfig } from '../../src/k3s/index.ts'
import { reportVerdict } from '../../src/report/index.ts'
import {
  desiredCalypso,
  factsOfCalypso,
  joinedByHand,
  nodeCalypso,
  nothingInstalled,
  server,
  situation,
  tritonInDocker,
  version,
} from './situations.ts'

const version0 = { id: 'k3s.version', verdict: 'pass', question: '', found: '' } as const
const release = { sizeBytes: 69 * 1024 ** 2, sha256: 'a'.repeat(64) }
const plan = (given: JoinSituation, found: K3sInstallation) =>
  planJoin(given, planHost(given, found, release), reportVerdict(hostChecks(given), 'fail').failing)
const ids = (changes: readonly { id: string }[]): string[] => changes.map((change) => change.id)
const kinds = (changes: readonly { kind: string }[]): Set<string> => new Set(changes.map((change) => change.kind))
const withTriton = factsOfCalypso({
  gpu: {
    devices: [{ name: 'NVIDIA GeForce RTX 4090', driverVersion: '575.51.03', memoryMiB: 24564 }],
    pciDevices: 1,
    problem: '',
    processes: [tritonInDocker],
    areProcessesKnown: true,
  },
})
const aliveNode = { version, node: nodeCalypso(), serverTimeMs: 1_000_000, leaseRenewedAtMs: 995_000 }
/** What a complete run of ours leaves. */
const joinedByUs: K3sInstallation = {
  ...joinedByHand,
  unit: { ...joinedByHand.unit!, arguments: ['agent'] },
  environment: { ...joinedByHand.environment!, tokenKind: 'bootstrap' },
  ownConfig: renderConfig(desiredCalypso()),
}
const ownNode = nodeCalypso({
  annotations: {
    [annotations.desired]: desiredDigest(desiredCalypso(), server, version),
    [annotations.ownedLabels]: 'oceanid.node/gpu,oceanid.node/name',
    [annotations.ownedTaints]: 'workload-type:NoSchedule',
  },
})

describe('a fresh join', () => {
  const made = plan(situation({ facts: withTriton }), nothingInstalled)

  it('mints first, installs, starts, then labels: each with a reason and a way back', () => {
    expect(ids(made.changes)).toEqual([
      'mint-token',
      'upload-binary',
      'install-binary',
      'run-installer',
      'write-config',
      'edit-environment',
      'enable',
      'start',
      'label-node',
      'taint-node',
      'record-desired',
    ])
    for (const change of made.changes) {
      expect(change.reason).not.toBe('')
      expect(change.undo).not.toBe('')
    }
  })

  it('disturbs nothing: no restart and no daemon-reload, so a GPU in use blocks nothing', () => {
    expect(kinds(made.changes)).not.toContain('restart')
    expect(kinds(made.changes)).not.toContain('reload')
    expect(made.changes.filter((change) => change.disrupts)).toEqual([])
    expect(made.blockers).toEqual([])
  })

  it('mints nothing when a token was given', () => {
    expect(ids(plan(situation({ hasGivenToken: true }), nothingInstalled).changes)).not.toContain('mint-token')
  })
})

describe('a node that was joined by hand', () => {
  it('is shown its drift and left running: only labels, taints and ownership are recorded', () => {
    const made = plan(situation({ reading: aliveNode }), joinedByHand)
    expect(ids(effectiveChanges(made))).toEqual(['record-desired'])
    expect(touchesHost(made)).toBe(false)
    const waiting = made.changes.filter((change) => change.waitsFor === 'adopt: apply')
    expect(ids(waiting)).toEqual(['mint-token', 'write-config', 'edit-environment', 'edit-unit', 'reload', 'restart'])
    expect(waiting.find((change) => change.id === 'edit-environment')?.reason).toMatch(/server's own/)
  })

  it('is never reinstalled, also when adoption is allowed', () => {
    const consent = { ...situation().consent, adopt: 'apply' as const }
    const made = plan(situation({ reading: aliveNode, consent }), joinedByHand)
    expect(ids(made.changes)).not.toContain('run-installer')
    expect(ids(made.changes)).not.toContain('install-binary')
    expect(touchesHost(made)).toBe(true)
  })

  it('is not restarted while a process outside the cluster uses the GPU, unless that is allowed', () => {
    const consent = { ...situation().consent, adopt: 'apply' as const }
    const blocked = plan(situation({ reading: aliveNode, facts: withTriton, consent }), joinedByHand)
    expect(ids(blocked.blockers)).toEqual(['plan.gpu-in-use'])
    expect(blocked.blockers[0]?.found).toMatch(/tritonserver \(pid 2143, docker\)/)
    const allowed = plan(
      situation({ reading: aliveNode, facts: withTriton, consent: { ...consent, allowGpuDisruption: true } }),
      joinedByHand,
    )
    expect(allowed.blockers).toEqual([])
  })

  it('keeps the server token when that is allowed', () => {
    const consent = { ...situation().consent, allowServerToken: true }
    expect(ids(plan(situation({ reading: aliveNode, consent }), joinedByHand).changes)).not.toContain('mint-token')
  })

  it('records ownership once: the second look has nothing left to record', () => {
    const owned = nodeCalypso({
      annotations: {
        [annotations.ownedLabels]: 'oceanid.node/gpu,oceanid.node/name',
        [annotations.ownedTaints]: 'workload-type:NoSchedule',
      },
    })
    expect(effectiveChanges(plan(situation({ reading: { ...aliveNode, node: owned } }), joinedByHand))).toEqual([])
  })
})

describe('a node of ours', () => {
  const ours = { ...aliveNode, node: ownNode }

  it('has an empty plan when everything is as wanted', () => {
    expect(plan(situation({ reading: ours }), joinedByUs)).toEqual({ changes: [], blockers: [] })
  })

  it('gets a changed label without any restart', () => {
    const desired = desiredCalypso({ labels: { ...desiredCalypso().labels, 'oceanid.node/rack': 'a' } })
    const made = plan(situation({ desired, reading: ours }), joinedByUs)
    expect(ids(made.changes)).toEqual(['write-config', 'label-node', 'record-desired'])
  })

  it('is restarted, with the reason, when its configuration changes', () => {
    const made = plan(situation({ desired: desiredCalypso({ nodeIp: '192.168.2.81' }), reading: ours }), joinedByUs)
    const restart = made.changes.find((change) => change.id === 'restart')
    expect(restart?.reason).toBe('changed configuration')
    expect(restart?.disrupts).toMatch(/containers keep running/)
  })

  it('is upgraded in place when the version differs', () => {
    const found = { ...joinedByUs, binary: { ...joinedByHand.binary!, version: 'v1.33.3+k3s1' } }
    const node = { ...ownNode, kubeletVersion: 'v1.33.3+k3s1' }
    const made = plan(situation({ reading: { ...ours, node } }), found)
    expect(ids(made.changes)).toEqual(['upload-binary', 'install-binary', 'restart'])
    expect(made.changes[0]?.reason).toMatch(/v1\.33\.3\+k3s1 is installed, v1\.33\.4\+k3s1 is wanted/)
  })

  it('gets a new token and a start when its unit is down', () => {
    const found = { ...joinedByUs, unit: { ...joinedByUs.unit!, activeState: 'inactive' } }
    expect(
      ids(plan(situation({ reading: { ...ours, node: { ...ownNode, ready: 'Unknown' } } }), found).changes),
    ).toEqual(['mint-token', 'edit-environment', 'start'])
  })
})

describe('what a killed run leaves', () => {
  const ours = { ...aliveNode, node: ownNode }

  it('an agent that is only trying to start is restarted, because starting it again would do nothing', () => {
    const found = { ...joinedByUs, unit: { ...joinedByUs.unit!, activeState: 'activating' } }
    const made = plan(situation({ facts: withTriton }), found)
    expect(made.changes.find((change) => change.id === 'restart')).toMatchObject({ kind: 'start' })
    expect(ids(made.changes)).toContain('mint-token')
    // It is not up, so nothing that uses the GPU is disturbed.
    expect(made.blockers).toEqual([])
  })

  it('files that the running agent has not read are a reason to restart it', () => {
    const found = { ...joinedByUs, changedSinceStart: ['/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml'] }
    const restart = plan(situation({ reading: ours }), found).changes.find((change) => change.id === 'restart')
    expect(restart?.reason).toMatch(/50-k3s-gpu-actions\.yaml changed after it was started/)
  })

  it('a unit that systemd has not read again is reloaded, and that needs consent while the GPU is in use', () => {
    const found = { ...joinedByUs, unit: { ...joinedByUs.unit!, needsReload: true } }
    expect(ids(plan(situation({ reading: ours }), found).changes)).toEqual(['reload', 'restart'])
    expect(ids(plan(situation({ reading: ours, facts: withTriton }), found).blockers)).toEqual(['plan.gpu-in-use'])
  })

  it('a program that is newer than what runs is started', () => {
    const node = { ...ownNode, kubeletVersion: 'v1.33.3+k3s1' }
    const restart = plan(situation({ reading: { ...ours, node } }), joinedByUs).changes.find(
      (change) => change.id === 'restart',
    )
    expect(restart?.reason).toMatch(/v1\.33\.3\+k3s1 is still running, v1\.33\.4\+k3s1 is installed/)
  })

  it('half an adoption is still an adoption: without consent its host is not touched', () => {
    const found = { ...joinedByHand, ownConfig: renderConfig(desiredCalypso()) }
    const made = plan(situation({ reading: aliveNode }), found)
    expect(touchesHost(made)).toBe(false)
    expect(ids(made.changes.filter((change) => change.waitsFor))).toContain('restart')
  })

  it('a unit that neither runs nor has a node is nobody’s: the next run goes on from there', () => {
    const found = {
      ...joinedByHand,
      unit: { ...joinedByHand.unit!, activeState: 'inactive', arguments: ['agent'], isEnabled: false },
      environment: undefined,
    }
    const made = plan(situation(), found)
    expect(made.changes.filter((change) => change.waitsFor)).toEqual([])
    expect(ids(made.changes)).toEqual(
      expect.arrayContaining(['mint-token', 'write-config', 'edit-environment', 'enable', 'start']),
    )
  })
})

describe('a silent agent', () => {
  it('whose heartbeat is old is restarted although the node still says Ready', () => {
    const stale = { ...aliveNode, node: ownNode, leaseRenewedAtMs: 940_000 }
    expect(
      plan(situation({ reading: stale }), joinedByUs).changes.find((change) => change.id === 'restart')?.reason,
    ).toMatch(/no fresh heartbeat/)
  })
})

describe('tokens that stay', () => {
  it.each(['server', 'agent', 'short'] as const)('a token of kind %s is replaced', (tokenKind) => {
    const consent = { ...situation().consent, adopt: 'apply' as const }
    const found = { ...joinedByUs, environment: { ...joinedByUs.environment!, tokenKind } }
    const reading = { ...aliveNode, node: ownNode }
    expect(ids(plan(situation({ reading, consent }), found).changes)).toEqual([
      'mint-token',
      'edit-environment',
      'restart',
    ])
    expect(k3sChecks(situation({ reading }), found, version0).map((one) => [one.id, one.verdict])).toContainEqual([
      'k3s.server-token',
      'warn',
    ])
  })

  it('a token in a configuration file is pointed out, with path and mode', () => {
    const found = {
      ...joinedByUs,
      configFiles: [{ path: '/etc/rancher/k3s/config.yaml', sha256: '', mode: '644', keys: ['server', 'token'] }],
    }
    const check = k3sChecks(situation(), found, version0).find((one) => one.id === 'k3s.server-token')
    expect(check?.found).toBe('/etc/rancher/k3s/config.yaml (mode 644) sets token')
  })
})

describe('a daemon-reload', () => {
  const reload = {
    id: 'reload',
    kind: 'reload',
    target: 'systemd',
    reason: 'the unit was edited',
    undo: 'none',
  } as const

  it('alone can take the GPU from running containers, so it needs consent like a restart', () => {
    const given = situation({ facts: withTriton })
    expect(ids(planJoin(given, [reload], []).blockers)).toEqual(['plan.gpu-in-use'])
    const consent = { ...given.consent, allowGpuDisruption: true }
    expect(planJoin({ ...given, consent }, [reload], []).blockers).toEqual([])
    expect(planJoin(situation(), [reload], []).blockers).toEqual([])
  })
})

describe('a GPU whose processes cannot be listed', () => {
  it('counts as used: a restart needs consent', () => {
    const facts = factsOfCalypso({
      gpu: {
        devices: [],
        pciDevices: 1,
        problem: 'Driver/library version mismatch',
        processes: [],
        areProcessesKnown: false,
      },
    })
    const consent = { ...situation().consent, adopt: 'apply' as const }
    const made = plan(situation({ reading: aliveNode, facts, consent }), joinedByHand)
    expect(made.blockers[0]).toMatchObject({
      id: 'plan.gpu-in-use',
      found: expect.stringMatching(/could not be listed: Driver\/library version mismatch/),
    })
  })
})

describe('a host that is something else', () => {
  const failing = (found: K3sInstallation): string[] =>
    k3sChecks(situation(), found, version0)
      .filter((one) => one.verdict === 'fail')
      .map((one) => one.id)

  it('is refused when it is a server, also when an agent lies beside it', () => {
    expect(failing({ ...joinedByHand, hasServerUnit: true })).toContain('k3s.role')
  })

  it('is refused when k3s lies where nothing of ours would change it', () => {
    expect(failing({ ...joinedByHand, binary: { ...joinedByHand.binary!, path: '/opt/bin/k3s' } })).toEqual([
      'k3s.place',
    ])
  })
})

describe('names', () => {
  const stranger = nodeCalypso({ systemUuid: '11111111-2222-3333-4444-555555555555', machineId: 'ffff' })

  it('refuses a node whose name belongs to a live machine, and shows both identities', () => {
    const consent = { ...situation().consent, replaceNode: 'calypso' }
    const made = plan(situation({ reading: { ...aliveNode, node: stranger }, consent }), nothingInstalled)
    const blocker = made.blockers.find((one) => one.id === 'cluster.name')
    expect(blocker?.found).toMatch(/a live machine with another identity/)
    expect(blocker?.evidence?.join('\n')).toMatch(/11111111-2222[\s\S]*4c4c4544/)
  })

  it('never replaces a live node, whatever was typed or ignored', () => {
    const consent = { ...situation().consent, replaceNode: 'calypso' }
    // One that is not Ready and has a heartbeat waits for its pod network, say.
    for (const node of [stranger, { ...stranger, systemUuid: '' }, { ...stranger, ready: 'False' as const }]) {
      const given = situation({ reading: { ...aliveNode, node }, consent })
      const made = planJoin(given, planHost(given, nothingInstalled, release), [])
      expect(ids(made.changes)).not.toContain('delete-node')
      expect(ids(made.blockers)).toEqual(['cluster.name'])
    }
  })

  it('is not fooled by a copied machine-id: the board decides', () => {
    const clone = { ...stranger, machineId: factsOfCalypso().machineId }
    expect(ids(plan(situation({ reading: { ...aliveNode, node: clone } }), nothingInstalled).blockers)).toEqual([
      'cluster.name',
    ])
    const vendor = { ...clone, systemUuid: '03000200-0400-0500-0006-000700080009' }
    expect(plan(situation({ reading: { ...aliveNode, node: vendor } }), nothingInstalled).blockers).toEqual([])
  })

  it('lets a reinstalled machine take its dead node’s place when the name was typed', () => {
    const consent = { ...situation().consent, replaceNode: 'calypso' }
    const dead = { ...aliveNode, leaseRenewedAtMs: 900_000, node: nodeCalypso({ ready: 'Unknown' }) }
    expect(ids(plan(situation({ reading: dead, consent }), nothingInstalled).changes)).toEqual(
      expect.arrayContaining(['delete-node', 'mint-token', 'start']),
    )
  })

  it('replaces a dead node only when its name was typed', () => {
    const dead = { ...aliveNode, leaseRenewedAtMs: 900_000, node: { ...stranger, ready: 'Unknown' as const } }
    expect(
      plan(situation({ reading: dead }), nothingInstalled)
        .blockers.map((one) => one.remedy)
        .join(),
    ).toMatch(/replace-node = calypso/)
    const consent = { ...situation().consent, replaceNode: 'calypso' }
    const made = plan(situation({ reading: dead, consent }), nothingInstalled)
    expect(made.blockers).toEqual([])
    expect(made.changes[0]).toMatchObject({ id: 'delete-node', kind: 'delete' })
  })
})

describe('preflight', () => {
  const verdicts = (given: JoinSituation): Record<string, string> =>
    Object.fromEntries(hostChecks(given).map((one) => [one.id, one.verdict]))

  it('calls a private host with public servers a warning, and a fact when it is declared', () => {
    expect(verdicts(situation({ desired: desiredCalypso({ podNetwork: 'shared' }) }))['cluster.topology']).toBe('warn')
    expect(verdicts(situation())['cluster.topology']).toBe('pass')
  })

  it("compares the host's clock with the server's, whatever the runner's says", () => {
    const facts = factsOfCalypso({ clock: { hostMs: 5_000_000, runnerMs: 1_000_000 } })
    expect(verdicts(situation({ facts, reading: { version, serverTimeMs: 5_002_000 } }))['host.clock']).toBe('pass')
    const behind = hostChecks(
      situation({ facts: factsOfCalypso({ clock: { hostMs: 748_000, runnerMs: 1_000_000 } }) }),
    ).find((one) => one.id === 'host.clock')
    expect(behind).toMatchObject({ verdict: 'fail', found: '252 s behind', remedy: 'sudo timedatectl set-ntp true' })
  })

  it.each([
    ['host.sudo', factsOfCalypso({ privilege: { state: 'none', problem: 'oceanid may not use sudo' } })],
    ['host.architecture', factsOfCalypso({ architecture: 'riscv64' })],
    ['host.init', factsOfCalypso({ init: 'openrc' })],
    ['host.cgroup', factsOfCalypso({ cgroup: { version: 2, controllers: ['cpu', 'cpuset', 'pids'] } })],
    [
      'host.disk.var-lib',
      factsOfCalypso({ disks: [{ path: '/var/lib', availableBytes: 1024, totalBytes: 0, availableInodes: 10 }] }),
    ],
  ])('stops on %s', (id, facts) => {
    expect(verdicts(situation({ facts }))[id]).toBe('fail')
  })
})
