import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import {
  editedClusterFile,
  families,
  faults,
  inputsOf,
  judge,
  type Scenario,
  scenarioOf,
  scenarios,
} from '../../rehearsal/scenarios/index.ts'
import { type RecordedRun, repositoryRoot } from '../../rehearsal/workflow/index.ts'
import { networkOf, startWorld } from '../../rehearsal/world.ts'
import { temporaryFolder } from './runner-fixture.ts'

const scenario = (name: string): Scenario => scenarios.find((candidate) => candidate.name === name) as Scenario
const ended = (conclusion: RecordedRun['conclusion'], outputs: Readonly<Record<string, string>>): RecordedRun => ({
  conclusion,
  log: '',
  summary: '',
  annotations: [],
  artifacts: {},
  directory: '',
  runName: '',
  jobs: [{ id: 'join', name: 'Join', conclusion, outputs, steps: [], runsOn: [], permissions: {} }],
})
const worldWith = (connections: number) => ({ calypso: { counts: { connections, sessions: 0, forwards: 0 } } }) as never

describe('the verdict of a rehearsal', () => {
  it('is good when the result is the scenario’s', () => {
    expect(
      judge(scenario('join-calypso'), undefined, ended('success', { result: 'joined' }), worldWith(1), 0).isAsExpected,
    ).toBe(true)
  })

  it('is bad for another result or a failed run, and says which', () => {
    const other = judge(scenario('again'), undefined, ended('success', { result: 'joined' }), worldWith(0), 0)
    expect(other.isAsExpected).toBe(false)
    expect(other.text).toContain('the result joined instead of success with the result unchanged')
    const outputs = { result: 'failed', 'failure-code': 'host-sudo' }
    const failed = judge(scenario('join-calypso'), undefined, ended('failure', outputs), worldWith(1), 0)
    expect(failed.isAsExpected).toBe(false)
    expect(failed.text).toContain('ended as failure with the result failed and the code host-sudo')
  })

  it('is bad for a second press that opened more SSH connections than the one of gpu-runtime, and a join opens none', () => {
    const unchanged = ended('success', { result: 'unchanged', 'gpu-result': 'unchanged' })
    expect(judge(scenario('again'), undefined, unchanged, worldWith(2), 1).isAsExpected).toBe(true)
    expect(judge(scenario('again'), undefined, unchanged, worldWith(3), 1)).toEqual({
      isAsExpected: false,
      text: 'Not as expected: the second press opened 2 SSH connections instead of 1.',
    })
    expect(judge(scenario('again'), undefined, unchanged, worldWith(2), 1, 'join').isAsExpected).toBe(false)
  })

  it('is bad for a join whose GPU was passed over', () => {
    const skipped = ended('success', { result: 'joined', 'gpu-result': 'skipped' })
    expect(judge(scenario('join-calypso'), undefined, skipped, worldWith(2), 0).text).toContain(
      'gpu-runtime ended with the result skipped instead of prepared',
    )
  })

  it.each([
    ['failure', 'token-refused', true],
    ['failure', 'api-unreachable', false],
    ['failure', '', false],
    ['success', '', false],
    ['cancelled', 'token-refused', false],
  ] as const)('on a fault: %s with the code "%s" is as expected: %s', (conclusion, code, expected) => {
    const run = ended(conclusion, code === '' ? {} : { 'failure-code': code })
    expect(judge(scenario('join-calypso'), 'wrong-token', run, worldWith(1), 0).isAsExpected).toBe(expected)
  })

  it('expects a workflow to end before a join that would meet the fault later, or not at all', () => {
    const refused = ended('failure', { result: 'failed', 'failure-code': 'server-access' })
    expect(judge(scenario('adopt'), 'no-rbac', refused, worldWith(0), 0).isAsExpected).toBe(true)
    expect(judge(scenario('adopt'), 'no-rbac', refused, worldWith(0), 0, 'join').isAsExpected).toBe(false)
    const late = ended('failure', { result: 'failed', 'failure-code': 'kubeconfig-rights' })
    expect(judge(scenario('join-calypso'), 'no-rbac', late, worldWith(0), 0, 'join').isAsExpected).toBe(true)
    expect(judge(scenario('join-calypso'), 'no-rbac', late, worldWith(0), 0).isAsExpected).toBe(false)
  })

  it('wants to read in the log what a fault is to be found by', () => {
    const outputs = { result: 'failed', 'failure-code': 'esc-permission' }
    const silent = judge(scenario('join-calypso'), 'esc-permission', ended('failure', outputs), worldWith(0), 0)
    expect(silent.isAsExpected).toBe(false)
    expect(silent.text).toContain('its log does not show /ryan-taylor')
    const telling = { ...ended('failure', outputs), log: 'ryan-taylor/default/oceanid-cluster may not be opened' }
    expect(judge(scenario('join-calypso'), 'esc-permission', telling, worldWith(0), 0).isAsExpected).toBe(true)
  })

  it('expects of a scenario that stops before a fault what it ends with otherwise, and says so', () => {
    const planned = judge(scenario('adopt'), 'wrong-ca-hash', ended('success', { result: 'planned' }), worldWith(1), 0)
    expect(planned).toEqual({
      isAsExpected: true,
      text: 'As expected: calypso was joined by hand: what adopting it would change, although somebody else answers at the address of the API server, as calypso sees it.',
    })
    const early = ended('failure', { result: 'failed', 'failure-code': 'ca-mismatch' })
    expect(judge(scenario('adopt'), 'wrong-ca-hash', early, worldWith(1), 0).isAsExpected).toBe(false)
    expect(judge(scenario('adopt-apply'), 'wrong-ca-hash', early, worldWith(1), 0).isAsExpected).toBe(true)
    expect(judge(scenario('again'), 'wrong-ca-hash', early, worldWith(1), 0).isAsExpected).toBe(true)
  })

  it('plays a fault in its own scenario, with what is typed and committed for it', () => {
    expect(scenarioOf(undefined).name).toBe('join-calypso')
    expect(scenarioOf('wrong-token').name).toBe('join-calypso')
    expect(scenarioOf('restricted-label-ignored').name).toBe('agent-stopped')
    expect(inputsOf(scenario('adopt'), 'node-password-ignored')).toEqual({
      adopt: 'plan',
      'ignore-checks': 'k3s.node-password',
    })
    expect(editedClusterFile('a: 1\nversion: v1.33.4+k3s1 # all\n', ['agent-newer'])).toBe(
      'a: 1\nversion: v1.34.1+k3s1 # all\n',
    )
    expect(() => editedClusterFile('version: v1.32.0+k3s1', ['agent-newer'])).toThrow('has no "version: v1.33.4+k3s1"')
    const committed = readFileSync(join(repositoryRoot, 'clusters/oceanid.yaml'), 'utf8')
    for (const name of Object.keys(faults) as FaultName[]) editedClusterFile(committed, [name])
  })

  it('expects another code of a scenario that meets a fault another way', () => {
    const refused = ended('failure', { 'failure-code': 'node-password-rejected' })
    expect(judge(scenario('adopt-apply'), 'node-password', refused, worldWith(1), 0).isAsExpected).toBe(true)
    expect(judge(scenario('join-calypso'), 'node-password', refused, worldWith(1), 0).isAsExpected).toBe(false)
    const joined = ended('success', { result: 'joined' })
    expect(judge(scenario('adopt-apply'), 'node-password', joined, worldWith(1), 0).text).toContain(
      'instead of the code node-password-rejected',
    )
  })

  it('knows every scenario that a fault says it is not met by, or met by another way', () => {
    const names = scenarios.map(({ name }) => name)
    for (const { unmetBy = [], codeIn = {} } of Object.values(faults))
      for (const name of [...unmetBy, ...Object.keys(codeIn)]) expect(names).toContain(name)
  })

  it('expects a fault that the action gets around to do no harm', () => {
    expect(
      judge(scenario('join-calypso'), 'forwarding-refused', ended('success', { result: 'joined' }), worldWith(1), 0)
        .isAsExpected,
    ).toBe(true)
  })
})

describe('the command line', () => {
  const rehearse = async (...args: string[]): Promise<{ code: number; text: string }> => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'rehearsal', 'main.ts'), ...args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    const [code] = (await once(child, 'close')) as [number]
    return { code, text }
  }

  it('lists every scenario, and every fault once, below its family, with its own scenario unless that is the first', async () => {
    const { code, text } = await rehearse('--list')
    expect(code).toBe(0)
    for (const name of [...scenarios.map((entry) => entry.name), ...Object.keys(faults)])
      expect(text).toContain(`  ${name} `)
    for (const name of Object.keys(faults)) expect(text.split(`\n  ${name} `)).toHaveLength(2)
    for (const title of Object.values(families)) expect(text).toContain(`\n ${title}\n  `)
    expect(text).toMatch(/\n {2}restricted-label-ignored .* \(agent-stopped\)\n/)
    expect(text).not.toMatch(/\(join-calypso\)/)
  })

  it('names the nearest for a wrong one', async () => {
    expect(await rehearse('--fault', 'wrong-tokn')).toMatchObject({
      code: 1,
      text: expect.stringContaining("Did you mean 'wrong-token'?\nfaults: oidc-untrusted, "),
    })
    expect(await rehearse('agian')).toMatchObject({ code: 1, text: expect.stringContaining("Did you mean 'again'?") })
    expect(await rehearse('--flaut')).toMatchObject({
      code: 1,
      text: expect.stringContaining("Unknown option '--flaut'"),
    })
  })
})

describe('the world', () => {
  it('gives a workflow all it needs, under the addresses of the cluster file, and cannot leave loopback itself', async () => {
    const { statSync } = await import('node:fs')
    const world = await startWorld({ directory: join(temporaryFolder(), 'world'), faults: new Set(), calypso: 'fresh' })
    try {
      expect(world.endpoints.map((endpoint) => `${endpoint.host}:${endpoint.port}`).sort()).toEqual([
        '157.173.210.123:6443',
        '192.168.2.80:22',
        'api.github.com:443',
        'api.pulumi.com:443',
        'github.com:443',
        'gpu.boathou.se:443',
        'pipelines.actions.githubusercontent.com:443',
        'raw.githubusercontent.com:443',
        'release-assets.githubusercontent.com:443',
        'token.actions.githubusercontent.com:443',
      ])
      expect(world.vars.CALYPSO_KNOWN_HOSTS).toMatch(/^192\.168\.2\.80 ssh-ed25519 /)
      // GitHub has the service token for the model and the passphrase of the stack alone; what else is secret comes from Pulumi, and the runner's machine has none of it.
      expect([Object.keys(world.secrets), Object.keys(world.machine).includes('KUBECONFIG')]).toEqual([
        ['ACCESS_CLIENT_ID', 'ACCESS_CLIENT_SECRET', 'PULUMI_CONFIG_PASSPHRASE'],
        false,
      ])
      expect(world.pulumi.secrets.some((secret) => secret.includes('PRIVATE KEY'))).toBe(true)
      expect(world.pulumi.secrets).toContain(world.cluster.jobKubeconfig('https://157.173.210.123:6443'))
      expect(statSync(world.kubeconfigFile).mode & 0o777).toBe(0o600)
      expect(readFileSync(world.kubeconfigFile, 'utf8')).toContain('https://157.173.210.123:6443')
      const { connect } = await import('node:net')
      expect(() => connect(443, '203.0.113.5')).toThrow('the rehearsal has no 203.0.113.5:443')
    } finally {
      await world.close()
    }
  })

  it('blocks or bends only what lies between calypso and the server', async () => {
    const closed = new AbortController()
    const network = networkOf(
      () => [
        { host: '192.0.2.1', port: 6443, to: 'timeout' },
        { host: '192.0.2.2', port: 1, to: 'refused' },
      ],
      closed.signal,
    )
    const dropped = network.connect('192.0.2.1', 6443)
    await expect(network.connect('192.0.2.2', 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(network.connect('127.0.0.1', 6444)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(network.connect('192.0.2.3', 1)).rejects.toThrow('the rehearsal has no 192.0.2.3:1')
    closed.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })
})
