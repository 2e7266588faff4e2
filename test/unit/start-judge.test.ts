import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { failureOfStart } from '../../actions/explain-start.ts'
import { catalogue } from '../../src/diagnosis/index.ts'
import { nodeCalypso } from './situations.ts'
import { died, goal, notReady, play, recorded, type Seen, unit } from './start-replay.ts'

const waiting =
  'time="2026-11-21T08:00:01Z" level=error msg="Failed to validate connection to cluster at https://157.173.210.123:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF"'
const noNetwork =
  'E1121 08:00:08.000001     412 kubelet.go:3002] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"'
const refused =
  'time="2026-11-21T08:00:01Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of \'/etc/rancher/node/password\' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"'
const dropped =
  'time="2026-11-21T08:00:01.808505642Z" level=warning msg="Ignoring unknown key in TOML for plugin" error="strict mode: fields in the document are missing in the target struct" key="containerd runtimes nvidia" plugin=io.containerd.grpc.v1.cri'
const label =
  "        failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/gpu]"
const systemdStarts = 'Starting k3s-agent.service - Lightweight Kubernetes...'
const withoutNetwork = notReady('container runtime network not ready: cni plugin not initialized')
const begun: Seen = { atMs: 100, unit: unit('activating', 'start') }
const up: Seen = { atMs: 3_000, unit: unit('active', 'running') }
const registered: Seen = { atMs: 2_500, node: withoutNetwork }

describe('a start that is still going on', () => {
  it('is given up when what is in its way lasts', () => {
    const again = [1_000, 3_000, 5_000, 7_000, 9_000].map((atMs) => ({ atMs, journal: `${waiting} ${atMs}` }))
    expect(play([begun, ...again])).toMatchObject({ reason: 'symptom', sinceMs: 1_000, namedMs: 9_000 })
  })

  it('is not given up for what was in its way once, however slowly it goes on', () => {
    const ready: Seen = { atMs: 41_000, node: nodeCalypso() }
    const slowly = [
      begun,
      { atMs: 1_000, journal: waiting },
      { ...registered, atMs: 30_000 },
      { ...up, atMs: 40_000 },
      ready,
    ]
    expect(play(slowly, { untilMs: 120_000 })).toBeUndefined()
  })

  it('is not given up for what it came through: its node is registered, and its flannel takes its time', () => {
    const named = play([
      begun,
      { atMs: 1_000, journal: waiting },
      { ...registered, atMs: 7_000 },
      { atMs: 8_000, journal: noNetwork },
    ])
    expect(named).toMatchObject({ reason: 'not-ready', sinceMs: 7_000, namedMs: 67_000 })
  })

  it('is given up 15 s after an agent said that it is up, when the node stays without network', () => {
    const named = play([begun, registered, up, { atMs: 3_100, journal: noNetwork }])
    expect(named).toMatchObject({ reason: 'not-ready', sinceMs: 3_000, namedMs: 18_000 })
  })

  it('is given up by the first line of a refusal', () => {
    const named = play([begun, { atMs: 1_900, journal: refused }])
    expect(named).toMatchObject({ reason: 'node-password-rejected', sinceMs: 1_900, namedMs: 1_900 })
    expect(named?.failure.failure.evidence.at(-1)).toBe(
      'seen 1.9 s after the start, named 1.9 s after it: unit activating (start), 0 restarts; node not registered',
    )
  })

  it('is given up at the first restart when nobody says why', () => {
    const named = play([begun, { atMs: 2_000, unit: died() }, { atMs: 7_000, unit: died(1) }])
    expect(named).toMatchObject({ reason: 'crash-loop', namedMs: 7_000 })
  })
})

describe('a complaint of containerd', () => {
  const complaint: Seen = { atMs: 1_200, containerd: dropped }

  it('is forgiven when the node becomes Ready all the same', () => {
    const ready: Seen = { atMs: 8_500, node: nodeCalypso() }
    expect(play([begun, complaint, registered, up, ready], { untilMs: 120_000 })).toBeUndefined()
  })

  it('is what ends the start when the agent is up and the node is not Ready within a look or two of its kubelet', () => {
    const named = play([begun, complaint, registered, up])
    expect(named).toMatchObject({ reason: 'containerd-template-harmful', sinceMs: 1_200, namedMs: 9_000 })
    expect(named?.failure.failure).toMatchObject({ code: 'containerd-template-harmful' })
    expect(named?.failure.failure.evidence[0]).toBe(`containerd.log: ${dropped}`)
  })

  it('counts from when it was heard, when that was later', () => {
    expect(play([begun, registered, up, { ...complaint, atMs: 5_000 }])).toMatchObject({
      sinceMs: 5_000,
      namedMs: 11_000,
    })
  })

  it('does not take the blame for what the journal says ended the agent', () => {
    const named = play([begun, complaint, { atMs: 2_000, journal: label }, { atMs: 2_100, unit: died() }])
    expect(named).toMatchObject({ reason: 'restricted-label', namedMs: 2_000 })
    expect(named?.failure.failure.code).toBe('restricted-label')
  })

  it('ends a start that hangs before its node is registered', () => {
    expect(play([begun, complaint])).toMatchObject({ reason: 'containerd-template-harmful', namedMs: 9_500 })
  })
})

describe('an ordered restart of a healthy agent', () => {
  const old = unit('active', 'running', { isNew: false, restarts: 3 })
  const alive = nodeCalypso()
  const going: readonly Seen[] = [
    { atMs: 0, node: alive },
    { atMs: 0, unit: old },
    { atMs: 100, unit: unit('deactivating', 'stop-sigterm', { isNew: false, restarts: 3 }) },
    { atMs: 150, journal: label },
    { atMs: 160, journal: 'F1121 08:00:08.000001     412 server.go:1] "kubelet exited" err="context canceled"' },
    { atMs: 170, journal: 'time="2026-11-21T08:00:08Z" level=fatal msg="token is not valid"' },
    { atMs: 180, containerd: dropped },
  ]
  const comes: readonly Seen[] = [
    { atMs: 200, journal: systemdStarts },
    { atMs: 600, unit: unit('activating', 'start', { restarts: 3 }) },
    { atMs: 3_000, unit: unit('active', 'running', { restarts: 3 }) },
  ]

  it('is not judged by the last words of the process that goes', () => {
    expect(play([...going, ...comes], { action: 'restart', untilMs: 60_000 })).toBeUndefined()
  })

  it('nor explained by them, when the new one fails for another reason', () => {
    const named = play([...going, ...comes.slice(0, 2), { atMs: 1_000, journal: refused }], { action: 'restart' })
    expect(named?.failure.failure.code).toBe('node-password-rejected')
    expect(named?.failure.failure.evidence.join()).not.toContain('node-role.kubernetes.io/gpu')
  })
})

describe('a start that real parts have shown', () => {
  it.each([
    ['restricted-label-new-node', 'restricted-label', /unknown 'kubernetes\.io' or 'k8s\.io' labels/],
    ['restricted-label-existing-node', 'restricted-label', /unknown 'kubernetes\.io' or 'k8s\.io' labels/],
  ])('%s is named by the line that says why', (folder, code, line) => {
    const named = play(recorded(folder))
    expect(named?.failure.failure.code).toBe(code)
    expect(named?.by?.journal).toMatch(line)
    expect(named?.sinceMs).toBe(named?.namedMs)
  })

  it.each([
    ['bad-template-toml', 'containerd-config-invalid', /failed to unmarshal TOML|Failure unmarshaling TOML/],
    ['bad-template-version', 'containerd-config-invalid', /expected containerd config version/],
  ])('%s is named when its process ends, by what only containerd’s log says', (folder, code, line) => {
    const named = play(recorded(folder))
    expect(named?.failure.failure.code).toBe(code)
    expect(named?.failure.failure.evidence[0]).toMatch(line)
    // Its first end, not its first restart 5 s later.
    expect(named?.by?.unit).toMatchObject({ subState: 'auto-restart', restarts: 0 })
  })

  it('bad-template-v1-plugins-cri is named while the unit is active, as soon as a node could be Ready', () => {
    const folder = 'bad-template-v1-plugins-cri'
    const activeMs = 2_400
    const named = play([
      ...recorded(folder),
      { atMs: 2_300, node: withoutNetwork },
      { atMs: activeMs, unit: unit('active', 'running') },
    ])
    expect(named?.failure.failure.code).toBe('containerd-template-harmful')
    expect(named?.namedMs).toBeLessThanOrEqual(activeMs + 6_500)
  })

  it('bad-template-v1-plugins-cri is a slow riddle without containerd’s log', () => {
    const seen = recorded('bad-template-v1-plugins-cri').filter((one) => one.containerd === undefined)
    const named = play([
      ...seen,
      { atMs: 2_300, node: withoutNetwork },
      { atMs: 2_400, unit: unit('active', 'running') },
    ])
    expect(named?.failure.failure.code).toBe('cni-not-initialised')
    const better = named?.failure.inTheLightOf(['nothing of interest', dropped])
    expect(better?.failure.code).toBe('containerd-template-harmful')
    expect(better?.failure.evidence.at(-1)).toMatch(/^seen /)
    expect(named?.failure.inTheLightOf(['nothing of interest'])).toBe(named?.failure)
  })

  it('of a restart is not explained by what the process said that was replaced', () => {
    const named = play([begun, registered, up, { atMs: 3_100, journal: noNetwork }], { action: 'restart' })
    const spent = `Nov 21 08:00:00 calypso k3s[1390]: ${refused}`
    const begins = `Nov 21 08:00:01 calypso systemd[1]: ${systemdStarts}`
    expect(named?.failure.inTheLightOf([spent, begins, 'nothing of interest'])).toBe(named?.failure)
    expect(named?.failure.inTheLightOf([begins, spent])?.failure.code).toBe('node-password-rejected')
  })
})

describe('a deadline', () => {
  it('says what was seen last: unit, node, why it is not Ready, and the last line', () => {
    const failure = failureOfStart('k3s-agent', 'start', goal, {
      type: 'deadline',
      elapsedMs: 180_000,
      state: {
        unit: unit('activating', 'start'),
        node: withoutNetwork,
        journal: [{ text: 'a last line', atMs: 177_000 }],
      },
    })
    expect(failure.failure.evidence.slice(-3)).toEqual([
      'deadline reached 3 min after the start; last seen: unit activating (start), 0 restarts; node Ready=False',
      'the node is not Ready because KubeletNotReady: container runtime network not ready: cni plugin not initialized',
      'last line, 2 min 57 s after the start: a last line',
    ])
  })

  it('says so when nothing was heard at all', () => {
    const failure = failureOfStart('k3s-agent', 'start', goal, {
      type: 'deadline',
      elapsedMs: 10_000,
      state: { journal: [] },
    })
    expect(failure.failure).toMatchObject({ code: expect.any(String) })
    expect(failure.failure.evidence.slice(-2)).toEqual([
      'deadline reached 10.0 s after the start; last seen: unit not seen yet; node not registered',
      'the journal is empty since the start',
    ])
  })
})

describe('a start by kubeadm join', () => {
  const ofKubeadm = { of: 'kubelet', notReadyLimitMs: Number.POSITIVE_INFINITY }
  const words = (name: string): string[] =>
    readFileSync(join(process.cwd(), 'test/fixtures/kubeadm', name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
  const at = (atMs: number, name: string): Seen[] => words(name).map((kubeadm) => ({ atMs, kubeadm }))
  // As it was reported; the catalogue holds it.
  const swap = catalogue.find((row) => row.id === 'swap-on')?.recorded[1] ?? ''

  it('that ends with an error is given up at once, by its own words', () => {
    const seen = [...at(300, '61-port-10250.err'), { atMs: 320, ended: 1 }]
    expect(play(seen, ofKubeadm)).toMatchObject({
      sinceMs: 320,
      namedMs: 320,
      failure: { failure: { code: 'host-port' } },
    })
  })

  it('is not waited out when the kubelet says what kubeadm waits four minutes for', () => {
    const seen = [
      ...at(300, '76-killed-mid-join.out'),
      { atMs: 900, unit: unit('active', 'running') },
      { atMs: 1_000, journal: swap },
      { atMs: 1_100, unit: died() },
    ]
    expect(play(seen, ofKubeadm)).toMatchObject({ namedMs: 1_100, failure: { failure: { code: 'swap-on' } } })
  })

  it('is not explained by the helpless words of kubeadm where the kubelet’s journal has the reason', () => {
    const seen = [
      { atMs: 900, unit: unit('active', 'running') },
      { atMs: 1_000, journal: swap },
      ...at(12_800, '72-swap-join.err'),
      { atMs: 12_810, ended: 1 },
    ]
    expect(play(seen, ofKubeadm)?.failure.failure.code).toBe('swap-on')
  })

  it('has the whole time of the run for a network plugin that has to be pulled first', () => {
    const seen = [
      { atMs: 900, unit: unit('active', 'running') },
      ...at(1_900, '10-join-ok-first.out'),
      { atMs: 1_960, ended: 0 },
      { atMs: 2_000, node: notReady('container runtime network not ready: cni plugin not initialized') },
    ]
    expect(play(seen, ofKubeadm)).toBeUndefined()
  })

  it('is given up when the cluster gives the kubelet no certificate, and not for the moment that it takes', () => {
    const anonymous = catalogue.find((row) => row.id === 'kubeadm-kubelet-anonymous')?.recorded[0] ?? ''
    const begins: Seen = { atMs: 900, unit: unit('active', 'running') }
    const said = (from: number, to: number): Seen[] =>
      Array.from({ length: (to - from) / 2_000 + 1 }, (_, index) => ({
        atMs: from + index * 2_000,
        journal: anonymous,
      }))
    expect(play([begins, ...said(1_000, 61_000)], ofKubeadm)).toMatchObject({
      namedMs: 31_000,
      failure: { failure: { code: 'kubeadm-csr-not-approved' } },
    })
    const well: Seen[] = [begins, ...said(1_000, 15_000), { atMs: 16_000, ended: 0 }, registered]
    expect(play([...well, { atMs: 15_500, node: withoutNetwork }], ofKubeadm)).toBeUndefined()
  })

  it('that ended well without a node in this cluster has gone somewhere else, and that is said within seconds', () => {
    const seen = [
      { atMs: 900, unit: unit('active', 'running') },
      ...at(1_900, '49-leftover-LIVE-othercluster-skip-preflight.out'),
      { atMs: 1_960, ended: 0 },
    ]
    expect(play(seen, ofKubeadm)).toMatchObject({
      reason: 'joined-elsewhere',
      namedMs: 12_000,
      failure: { failure: { code: 'kubeadm-joined-elsewhere' } },
    })
  })
})
