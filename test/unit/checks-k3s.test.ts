import { describe, expect, it } from '@jest/globals'
import type { HostFacts } from '../../src/host/index.ts'
import type { JoinSituation } from '../../src/join/index.ts'
import { type K3sInstallation, k3sChecks } from '../../src/k3s/index.ts'
import type { Check } from '../../src/report/index.ts'
import { desiredCalypso, factsOfCalypso, joinedByHand, nothingInstalled, situation } from './situations.ts'

const versionCheck = { id: 'k3s.version', verdict: 'pass', question: '', found: '' } as const
function ask(
  id: string,
  given: Partial<JoinSituation> = {},
  found: K3sInstallation = nothingInstalled,
): Check | undefined {
  return k3sChecks(situation(given), found, versionCheck).find((one) => one.id === id)
}
const askFacts = (id: string, facts: Partial<HostFacts>, found?: K3sInstallation): Check | undefined =>
  ask(id, { facts: factsOfCalypso(facts) }, found)

const config = '/etc/rancher/k3s/config.yaml'
type Setting = K3sInstallation['settings'][number]
const settings = (
  ...given: readonly (readonly [string, Setting['key'], string])[]
): Pick<K3sInstallation, 'settings'> => ({
  settings: given.map(([path, key, value]) => ({
    path,
    key,
    isAdded: value.startsWith('+'),
    value: value.replace(/^\+/, ''),
  })),
})
const withArguments = (...words: readonly string[]): K3sInstallation => ({
  ...joinedByHand,
  unit: { ...joinedByHand.unit!, arguments: words },
})

describe('a host as it should be', () => {
  it.each([
    ['fresh', nothingInstalled],
    ['joined', { ...joinedByHand, environment: undefined }],
  ])('passes every check when it is %s', (_state, found) => {
    const checks = k3sChecks(situation(), found as K3sInstallation, versionCheck)
    // Whether the node's password fits is asked only where the agent is started, and elsewhere tested.
    const others = checks.filter((one) => one.verdict !== 'pass' && one.id !== 'k3s.node-password')
    expect(others).toEqual([])
    expect(checks.length).toBeGreaterThan(10)
  })
})

describe('labels that a kubelet refuses', () => {
  const restricted = 'node-role.kubernetes.io/gpu=true'

  it('are found in a configuration file, with file and label, and routed to the API', () => {
    const found = { ...nothingInstalled, ...settings([config, 'node-label', ''], [config, 'node-label', restricted]) }
    expect(ask('k3s.labels', {}, found)).toMatchObject({
      verdict: 'fail',
      found: `${config} sets node-role.kubernetes.io/gpu`,
      remedy: expect.stringMatching(/`labels` of this action/),
      evidence: [`${config}: ${restricted}`],
    })
  })

  it.each([
    ['allowed ones', [[config, 'node-label', 'node.kubernetes.io/instance-type=gpu,oceanid.node/gpu=x']], 'pass'],
    ['a taint of that name', [[config, 'node-taint', 'node-role.kubernetes.io/gpu=true:NoSchedule']], 'pass'],
    ['one of several in one word', [[config, 'node-label', `a=b, ${restricted}`]], 'fail'],
    ['the kubelet’s own argument', [[config, 'kubelet-arg', `node-labels=a=b,${restricted}`]], 'fail'],
    [
      'a list that a later file replaces',
      [
        [config, 'node-label', restricted],
        [`${config}.d/90.yaml`, 'node-label', ''],
        [`${config}.d/90.yaml`, 'node-label', 'a=b'],
      ],
      'pass',
    ],
    [
      'a list that a later file is added to',
      [
        [config, 'node-label', restricted],
        [`${config}.d/90.yaml`, 'node-label', '+'],
        [`${config}.d/90.yaml`, 'node-label', '+a=b'],
      ],
      'fail',
    ],
    [
      'our own drop-in, which is written anew',
      [[`${config}.d/50-k3s-gpu-actions.yaml`, 'node-label', restricted]],
      'pass',
    ],
    ['text that is no label', [[config, 'node-label', '::error::\n/=/kubernetes.io']], 'pass'],
  ] as const)('%s', (_what, given, verdict) => {
    expect(ask('k3s.labels', {}, { ...nothingInstalled, ...settings(...given) })?.verdict).toBe(verdict)
  })

  it.each([
    ['agent', '--node-label', restricted],
    ['agent', `--node-label=${restricted}`],
    ['agent', '--kubelet-arg', `node-labels=${restricted}`],
    ['agent', `--kubelet-arg=node-labels=${restricted}`],
  ])('are found among the arguments of the unit: %j', (...words) => {
    const check = ask('k3s.labels', {}, withArguments(...words))
    expect(check).toMatchObject({ verdict: 'fail', found: expect.stringMatching(/\(ExecStart\) sets node-role/) })
    expect(check?.cause).toMatch(/dies at its next start/)
  })

  it('stop no adoption that takes them out of the unit', () => {
    const consent = { ...situation().consent, adopt: 'apply' as const }
    const found = withArguments('agent', '--node-label', restricted)
    expect(ask('k3s.labels', { consent }, found)).toMatchObject({
      verdict: 'warn',
      cause: expect.stringMatching(/this run takes it out/),
    })
    const kubelet = withArguments('agent', '--kubelet-arg', `node-labels=${restricted}`)
    expect(ask('k3s.labels', { consent }, kubelet)?.verdict).toBe('fail')
  })

  it('may stand in a file that nobody could read', () => {
    const found = { ...nothingInstalled, configFiles: [{ path: config, sha256: '', mode: '600', keys: [] }] }
    expect(ask('k3s.labels', {}, found)).toMatchObject({ verdict: 'skip', found: `unknown: ${config} cannot be read` })
  })
})

describe('ports', () => {
  const held = (process: string, owner = '') => ({ ports: [{ port: 10250, process, pid: 812, owner }] })
  const stopped = { ...joinedByHand, unit: { ...joinedByHand.unit!, activeState: 'failed' } }

  it.each([
    ['k3s-agent', 'k3s-agent.service', joinedByHand, 'pass'],
    ['kubelet', '', joinedByHand, 'pass'],
    ['', '', joinedByHand, 'pass'],
    ['kubelet', 'kubelet.service', joinedByHand, 'fail'],
    ['nginx', '', joinedByHand, 'fail'],
    ['k3s-agent', '', stopped, 'fail'],
    ['', '', stopped, 'fail'],
    ['kubelet', 'kubelet.service', nothingInstalled, 'fail'],
  ] as const)('held by %s of %s', (process, owner, found, verdict) => {
    expect(askFacts('host.port.10250', held(process, owner), found)?.verdict).toBe(verdict)
    expect(askFacts('host.port.6444', held(process, owner), found)?.verdict).toBe('pass')
  })

  it('are told with process, pid and unit, and what the agent’s own unit does', () => {
    expect(askFacts('host.port.10250', held('kubelet', 'kubelet.service'), stopped)).toMatchObject({
      found: 'held by kubelet (pid 812, kubelet.service)',
      cause: expect.stringMatching(/k3s-agent itself is failed/),
      remedy: expect.stringMatching(/disable --now kubelet\.service/),
    })
  })

  it('finds the stranger behind the agent’s own socket', () => {
    const ports = [...held('k3s-agent').ports, ...held('nginx', 'nginx.service').ports]
    expect(askFacts('host.port.10250', { ports }, joinedByHand)?.found).toMatch(/nginx\.service/)
  })
})

describe('kernel, swap and SELinux', () => {
  const modules = (state: HostFacts['modules'][number]['state'], ...names: readonly string[]) => ({
    modules: factsOfCalypso().modules.map((one) => (names.includes(one.name) ? { ...one, state } : one)),
  })

  it('stops without overlay, warns without the others, and needs vxlan only where pods are reached', () => {
    expect(askFacts('host.modules', modules('missing', 'overlay', 'vxlan'))?.verdict).toBe('fail')
    expect(askFacts('host.modules', modules('missing', 'br_netfilter'))).toMatchObject({
      verdict: 'warn',
      found: 'missing: br_netfilter (kernel 6.8.0)',
    })
    expect(askFacts('host.modules', modules('missing', 'vxlan'))?.verdict).toBe('pass')
    const facts = factsOfCalypso(modules('missing', 'vxlan'))
    expect(ask('host.modules', { facts, desired: desiredCalypso({ podNetwork: 'shared' }) })?.verdict).toBe('warn')
    expect(askFacts('host.modules', modules('loadable', 'overlay'))?.found).toBe('all are there; overlay when needed')
    expect(askFacts('host.modules', modules('unknown', 'overlay'))?.verdict).toBe('skip')
    expect(askFacts('host.modules', { modules: [] })?.verdict).toBe('skip')
  })

  it('minds swap only where the kubelet was told to', () => {
    const swapBytes = 2 * 1024 ** 3
    expect(askFacts('host.swap', { swapBytes })?.verdict).toBe('pass')
    const refusing = { ...nothingInstalled, ...settings([config, 'kubelet-arg', 'fail-swap-on=true']) }
    expect(askFacts('host.swap', { swapBytes }, refusing)).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringMatching(config),
    })
    expect(askFacts('host.swap', { swapBytes: 0 }, refusing)?.verdict).toBe('pass')
    expect(
      askFacts('host.swap', { swapBytes }, withArguments('agent', '--kubelet-arg=fail-swap-on=true'))?.verdict,
    ).toBe('warn')
    const desired = desiredCalypso({ extraConfig: { 'kubelet-arg': ['fail-swap-on=true'] } })
    expect(ask('host.swap', { facts: factsOfCalypso({ swapBytes }), desired })?.verdict).toBe('warn')
    expect(askFacts('host.swap', { memoryBytes: 0 })?.verdict).toBe('skip')
  })

  it.each([
    ['disabled', false, 'pass'],
    ['permissive', false, 'pass'],
    ['enforcing', true, 'pass'],
    ['enforcing', false, 'warn'],
    ['unknown', false, 'skip'],
  ] as const)('SELinux %s, policy %s → %s', (selinux, hasSelinuxPolicy, verdict) => {
    expect(askFacts('host.selinux', { selinux }, { ...nothingInstalled, hasSelinuxPolicy })?.verdict).toBe(verdict)
  })
})

describe('name servers', () => {
  const etc = (...servers: readonly string[]) => ({ path: '/etc/resolv.conf', isReadable: true, servers })
  const run = (...servers: readonly string[]) => ({ ...etc(...servers), path: '/run/systemd/resolve/resolv.conf' })

  it.each([
    [[etc('192.168.2.1'), run()], /^192\.168\.2\.1 \(\/etc\/resolv\.conf\)$/],
    [[etc('127.0.0.53'), run('192.168.2.1', 'fd00::1')], /^192\.168\.2\.1, fd00::1 \(\/run/],
  ])('are taken from the first file that a pod can use', (resolvers, found) => {
    expect(askFacts('host.resolver', { resolvers })).toMatchObject({
      verdict: 'pass',
      found: expect.stringMatching(found),
    })
  })

  it.each([
    ['only loopback', [etc('127.0.0.53'), run('127.0.0.1')]],
    ['one loopback among good ones', [etc('192.168.2.1', '::1'), run()]],
    ['no file at all', [etc(), run()]],
    ['a line without an address', [etc('192.168.2.1', '-'), run()]],
    ['link-local with a zone', [etc('fe80::1%eth0'), run()]],
    ['no address', [etc('::error::\u001b[31m'), run()]],
  ])('%s: k3s takes Google’s, and that is said', (_what, resolvers) => {
    expect(askFacts('host.resolver', { resolvers })).toMatchObject({
      verdict: 'warn',
      found: '8.8.8.8 and 2001:4860:4860::8888, which k3s takes without asking',
    })
  })

  it.each([
    ['v1.33.3+k3s1', '8.8.8.8, which', 'warn'],
    ['v1.30.14+k3s1', '8.8.8.8, which', 'warn'],
    ['v1.34.1+k3s1', '169.254.169.254', 'pass'],
  ])('%s knows Google Cloud’s server or does not', (version, found, verdict) => {
    const facts = factsOfCalypso({ resolvers: [etc('169.254.169.254'), run()] })
    const check = ask('host.resolver', { version, facts })
    expect(check?.verdict).toBe(verdict)
    expect(check?.found).toContain(found)
  })

  it('are not chosen when somebody has chosen, and unknown when nobody tells', () => {
    const desired = desiredCalypso({ extraConfig: { 'resolv-conf': '/etc/x' } })
    expect(ask('host.resolver', { desired, facts: factsOfCalypso({ resolvers: [] }) })?.verdict).toBe('pass')
    const configFiles = [{ path: config, sha256: 'x', mode: '600', keys: ['resolv-conf'] }]
    expect(askFacts('host.resolver', { resolvers: [] }, { ...nothingInstalled, configFiles })?.found).toContain(config)
    expect(askFacts('host.resolver', { resolvers: [] })?.verdict).toBe('skip')
    expect(askFacts('host.resolver', { resolvers: [{ ...etc(), isReadable: false }] })?.verdict).toBe('skip')
  })
})

describe('another Kubernetes', () => {
  const trace = (kind: HostFacts['kubernetes'][number]['kind'], name: string, unit = '') => ({
    kind,
    name,
    pid: 7,
    unit,
  })

  it('that runs stops the join, and is named', () => {
    expect(askFacts('host.cni', { kubernetes: [trace('kubelet', 'kubelet', 'kubelet.service')] })).toMatchObject({
      verdict: 'fail',
      found: 'kubelet (pid 7, kubelet.service) runs here',
      remedy: expect.stringMatching(/disable --now kubelet\.service/),
    })
  })

  it('that left things behind is a warning with commands', () => {
    const kubernetes = [
      trace('kubelet-config', '/etc/kubernetes/kubelet.conf'),
      trace('cni-config', '10-calico.conflist'),
      trace('interface', 'cni0'),
    ]
    expect(askFacts('host.cni', { kubernetes })).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringMatching(/kubeadm reset; sudo ip link delete cni0; sudo rm \/etc\/cni\/net\.d\/10-calico/),
    })
  })

  it.each([
    ['podman’s network', [trace('cni-config', '87-podman-bridge.conflist')], nothingInstalled, 'pass'],
    ['what k3s made itself', [trace('interface', 'cni0'), trace('interface', 'flannel.1')], joinedByHand, 'pass'],
    ['the kubelet of the agent', [trace('kubelet', 'kubelet', 'k3s-agent.service')], joinedByHand, 'pass'],
    ['cilium beside k3s', [trace('interface', 'cilium_host')], joinedByHand, 'warn'],
    ['what k3s left when it was taken away', [trace('interface', 'flannel.1')], nothingInstalled, 'warn'],
  ] as const)('%s', (_what, kubernetes, found, verdict) => {
    expect(askFacts('host.cni', { kubernetes }, found)?.verdict).toBe(verdict)
  })
})

describe('what is installed', () => {
  it.each([
    ['v1.34.1+k3s1', 'warn'],
    ['v1.33.4+k3s2', 'warn'],
    ['v1.33.4+k3s1', 'pass'],
    ['v1.32.0+k3s1', 'pass'],
    ['', undefined],
    ['::error::', undefined],
  ])('%s beside a server of v1.33.4+k3s1', (installed, verdict) => {
    const found = { ...joinedByHand, binary: { ...joinedByHand.binary!, version: installed } }
    expect(ask('k3s.installed-version', {}, found)?.verdict).toBe(verdict)
  })
})
