/** The promises of k3s-join, through its committed bundle: inputs in; outputs, files and exit code out. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, mutations, type Press, tokenNames } from './door.ts'

const opened = doors()

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** No secret in streams, outputs, state, summary, or any file that the run left on the runner. */
function expectNoSecrets({ secrets, folder }: Door, press: Press): void {
  // ::add-mask:: is how the runner learns what to hide; it never shows those lines.
  const shown = press.stdout
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n')
  const texts: [string, string][] = [
    ['stdout', shown],
    ['stderr', press.stderr],
  ]
  const runs = readdirSync(folder).filter((name) => name.startsWith('press-'))
  for (const run of runs)
    for (const path of filesBelow(join(folder, run))) texts.push([path, readFileSync(path, 'utf8')])
  for (const [where, text] of texts)
    for (const secret of secrets())
      expect({ where, holdsSecret: text.includes(secret) }).toEqual({ where, holdsSecret: false })
}

describe('a first join', () => {
  it('joins, keeps within its budget of sessions, leaves no token, and a second press opens no connection', async () => {
    const door = await opened()
    const { world, press } = door
    const first = await press()
    expect(first.stdout).toContain('calypso joined oceanid')
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: {
        result: 'joined',
        changed: 'true',
        restarted: 'false',
        'node-name': 'calypso',
        version: 'v1.33.4+k3s1',
        'internal-ip': '192.168.2.80',
        'failure-code': '',
      },
    })
    expect(first.outputs['node-uid']).toBe(world.cluster.objects.get('nodes/calypso')?.metadata.uid)
    // Survey, the lock that keeps other runs away, upload, apply, one watch, and a second look at who uses the GPU; forwards are counted apart.
    expect(world.calypso.counts.sessions).toBeLessThanOrEqual(6)
    expect(world.calypso.counts.connections).toBe(1)
    expect(tokenNames(world)).toEqual([])
    // The minted token is among what is looked for, although it is gone by now.
    expect(door.secrets().length).toBeGreaterThan(world.cluster.secrets.length + 4)
    expectNoSecrets(door, first)

    const second = await press()
    expect(second).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false', plan: '[]' } })
    expect(world.calypso.counts.connections).toBe(1)
    expect(second.stdout).toMatch(/Nothing was changed; no SSH session was opened/)
  })

  it('leaves a token on the host that opens nothing any more, in a file that only root reads', async () => {
    const { world, press } = await opened()
    await press()
    const file = join(world.calypso.root, 'etc/systemd/system/k3s-agent.service.env')
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    const token = /K3S_TOKEN='?([^'\n]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
    expect(token).toMatch(/^K10[0-9a-f]{64}::[a-z0-9]{6}\.[a-z0-9]{16}$/)
    expect(world.cluster.tokens.authenticateAfresh(token.split('::')[1] ?? '')).toBeFalsy()
  })

  it('shows a dry run that changes nothing, neither on the host nor in the cluster', async () => {
    const { world, press, trees } = await opened()
    const before = trees()
    const run = await press({ 'dry-run': 'true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'planned', changed: 'false' } })
    expect(run.stdout).toContain('token not exercised')
    expect(JSON.parse(run.outputs.plan ?? '[]')).toHaveLength(11)
    expect(trees()).toEqual(before)
    expect(mutations(world)).toEqual([])
  })
})

describe('nothing changes before the handshake has passed', () => {
  it.each([
    ['wrong-ca-hash', 'ca-mismatch', /is not the API server of the kubeconfig/],
    ['wrong-token', 'token-refused', /refused its token/],
    ['api-blocked', 'api-unreachable', /157\.173\.210\.123:6443 does not answer the host/],
    ['port-closed', 'api-unreachable', /157\.173\.210\.123:6443 refuses connections from the host/],
    ['name-unknown', 'api-unreachable', /k3s\.oceanid\.test:6443 does not resolve on the host/],
    ['wrong-host-key', 'host-key-mismatch', /ssh-keygen -lf/],
    ['no-sudo', 'host-sudo', /cannot become root/],
    ['no-rbac', 'kubeconfig-rights', /k3s-join-rbac\.yaml/],
  ] as const)('%s ends with code %s, cause and remedy, and the host as it was', async (fault, code, text) => {
    const door = await opened({ faults: new Set([fault]) })
    const { world, press, trees } = door
    const before = trees()
    const run = await press()
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { result: 'failed', 'failure-code': code, changed: expect.stringMatching(/true|false/) },
    })
    expect(run.stdout).toMatch(text)
    expect(run.stdout).toMatch(/nothing was changed on calypso/)
    for (const part of ['cause', 'remedy', 'state'] as const) expect(run.report?.failure?.[part]).toBeTruthy()
    expect(run.summary).toMatch(/^## ❌/)
    expect(trees()).toEqual(before)
    expect(tokenNames(world)).toEqual([])
    expectNoSecrets(door, run)
  })
})

describe('a start that fails', () => {
  it('names the refused label by its first line, takes everything back, and says what is left', async () => {
    const { world, press, trees } = await opened({ faults: new Set(['restricted-label']) })
    const before = trees()
    const run = await press({ 'ignore-checks': 'k3s.labels' })
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'restricted-label' } })
    expect(run.report?.failure?.provenance).toBe('observed')
    expect(run.report?.failure?.state).toMatch(/^undone: unit stopped/)
    expect(world.calypso.unit('k3s-agent.service')?.activeState ?? 'inactive').not.toBe('active')
    expect(world.cluster.objects.get('nodes/calypso')).toBeUndefined()
    expect(tokenNames(world)).toEqual([])
    // With what the agent made while it ran, its password file among it.
    expect(trees()).toEqual(before)
  })
})

describe('an agent that runs and never becomes ready', () => {
  it('is given up in seconds, not at the deadline, and named with what was last seen', async () => {
    const { world, press } = await opened({ faults: new Set(['never-ready']) })
    const run = await press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cni-not-initialised' } })
    expect(run.report?.durationMs).toBeLessThan(40_000)
    expect(run.report?.failure?.evidence.join('\n')).toMatch(/cni plugin not initialized[\s\S]*node Ready=False/)
    expect(run.report?.failure?.state).toMatch(/node deleted/)
    expect(world.cluster.objects.get('nodes/calypso')).toBeUndefined()
  })
})

describe('bad input', () => {
  it('reports every problem of all inputs at once, never a secret, and touches nothing', async () => {
    const { world, press } = await opened()
    const run = await press({
      node: 'Calypso!',
      port: '99999',
      adopt: 'aply',
      timeout: 'soon',
      labels: 'no-equals-sign',
      'dry-run': 'perhaps',
      'ssh-private-key': 'not a key at all',
      'known-hosts': '',
    })
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'inputs-invalid' } })
    for (const name of ['node', 'port', 'adopt', 'timeout', 'labels', 'dry-run', 'ssh-private-key'])
      expect(run.stdout).toMatch(new RegExp(`\\b${name}\\b`))
    expect(run.stdout).toContain('apply')
    expect(
      run.stdout
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n'),
    ).not.toContain('not a key at all')
    expect(world.cluster.requests).toEqual([])
    expect(world.calypso.counts.connections).toBe(0)
  })
})

describe('remote text is data', () => {
  it('a hostile host can neither issue workflow commands nor break the summary', async () => {
    const { world, press } = await opened()
    const hostile =
      'Evil\\n::set-output name=result::joined ##[set-output name=x]y </details> | ``` @everyone ![x](http://x)'
    writeFileSync(
      join(world.calypso.root, 'etc/os-release'),
      `ID=ubuntu\nVERSION_ID="22.04"\nPRETTY_NAME="${hostile.replaceAll('`', '\\`')}"\n`,
    )
    const run = await press({ 'dry-run': 'true' })
    expect(run.exitCode).toBe(0)
    expect(run.outputs.result).toBe('planned')
    // What the runner would take for a command: :: at the start of a line, ##[ anywhere.
    const commands = run.stdout
      .split('\n')
      .filter(
        (line) =>
          /^\s*::(?!add-mask|group|endgroup|warning|error|debug|notice|stop-commands|[0-9a-f-]{36}::)/.test(line) ||
          line.includes('##[set-output'),
      )
    expect(commands).toEqual([])
    expect(run.summary).not.toContain('![x](http')
    expect(run.summary).not.toMatch(/Evil[^\n]*<\/details>/)
  })
})
