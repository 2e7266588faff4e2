/** A kubeconfig is loaded: what later steps get, what it asks for, and what a runner that masks still shows of it. */
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type Done, type EscDoor, escDoors, server, sshKeyProperty } from './kubeconfig-esc-door.ts'
import { RunnerMasker } from './kubeconfig-esc-masker.ts'
import { fingerprintOf, kubeconfigOfK3s, pemLines, type StoredKubeconfig, tokenIn } from './kubeconfig-esc-texts.ts'

const opened = escDoors()
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

/** Outputs, report and exported variables: what a later step or job reads of it. */
function readable(done: Done): Readonly<Record<string, string>> {
  const exported = Object.entries(done.exported).map(([name, value]) => [`variable ${name}`, value])
  const report = readFileSync(done.outputs.report ?? '', 'utf8')
  return { ...done.outputs, ...Object.fromEntries(exported), 'the report itself': report }
}

function expectToSurvive(done: Done, masker: RunnerMasker): void {
  const lost = Object.entries(readable(done)).filter(([, text]) => masker.hiddenIn(text).length > 0)
  expect(lost.map(([name]) => name)).toEqual([])
  expect(Object.values(done.outputs).join('\n')).not.toContain('***')
}

async function loaded(door: EscDoor): Promise<{ done: Done; stored: StoredKubeconfig }> {
  const stored = await kubeconfigOfK3s(door)
  for (const [name, value] of Object.entries(stored.secrets)) door.keepSecret(name, value)
  const inputs = door.store({
    files: { KUBECONFIG: { 'fn::secret': stored.text } },
    pulumiConfig: { 'oceanid-cluster:calypso_ssh_key': { 'fn::secret': door.sshKey } },
  })
  const before = { pulumi: door.pulumi.requests.length, github: door.idTokens.requests.length }
  const done = await door.press({
    inputs: { ...inputs, files: `ssh-private-key=${sshKeyProperty}`, 'access-token': '' },
    machine: door.trusted(),
  })
  expect(done).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'loaded', 'failure-code': '' } })
  // Open, two properties; the ID token, and its exchange.
  expect(door.pulumi.requests.slice(before.pulumi).map((one) => one.replace(/open\/\S+/, 'open/…'))).toEqual([
    'POST /api/oauth/token 200',
    'POST /api/esc/environments/ryan-taylor/default/stored/open 200',
    'GET /api/esc/environments/ryan-taylor/default/stored/open/… 200',
    'GET /api/esc/environments/ryan-taylor/default/stored/open/… 200',
  ])
  expect(door.idTokens.requests.length - before.github).toBe(1)
  return { done, stored }
}

describe('a kubeconfig with a certificate, a token and the credentials of another cluster', () => {
  it('is placed for this user alone, one context of it and every byte of that, and is gone with the job', async () => {
    const door = await opened()
    const { done, stored } = await loaded(door)
    const { kubeconfig = '', files = '' } = done.outputs
    expect(done.exported).toEqual({ KUBECONFIG: kubeconfig })
    const { 'ssh-private-key': keyFile = '' } = JSON.parse(files) as Record<string, string>
    expect([kubeconfig, keyFile].map(modeOf)).toEqual(['600', '600'])
    const folder = dirname(kubeconfig)
    expect(dirname(dirname(folder))).toBe(door.temp)
    expect([dirname(folder), folder, dirname(keyFile)].map(modeOf)).toEqual(['700', '700', '700'])
    expect(basename(keyFile)).toBe('ssh-private-key')
    expect(readFileSync(keyFile, 'utf8')).toBe(door.sshKey)

    const placed = readFileSync(kubeconfig, 'utf8')
    const [before, after] = [parse(stored.text), parse(placed)]
    const isDefault = ({ name }: { name: string }): boolean => name === 'default'
    expect(after).toEqual({
      ...before,
      clusters: before.clusters.filter(isDefault),
      contexts: before.contexts.filter(isDefault),
      users: before.users.filter(isDefault),
    })
    const lines = stored.text.split('\n')
    expect(placed.split('\n').filter((line) => !lines.includes(line))).toEqual([])
    for (const kept of [
      '# taken from tethys by hand',
      `    server:   '${server}'   # its public address`,
      'preferences: {}',
    ])
      expect(placed.split('\n')).toContain(kept)

    expect(done.outputs).toMatchObject({
      context: 'default',
      server,
      'ca-sha256': fingerprintOf(door.cluster.caPem),
      reachable: 'true',
      'cluster-uid': door.cluster.objects.get('namespaces/kube-system')?.metadata.uid,
    })
    expect(Number(done.outputs['days-left'])).toBeGreaterThan(3000)
    expect(done.outputs['expires-at']).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Object.keys(done.state).sort()).toEqual(['nonce', 'slug'])

    const post = await door.post(done)
    expect([post.exitCode, post.stdout, post.stderr, post.exported]).toEqual([0, '', '', {}])
    expect(door.leftovers()).toEqual([])
  })

  it('has its secrets masked, its everyday words not, and nothing of what later steps read is taken for a secret', async () => {
    const door = await opened()
    const { done, stored } = await loaded(door)
    const masker = new RunnerMasker(done.stdout)
    const { secrets } = stored
    for (const value of [secrets['the key'], secrets['the token'], ...pemLines(secrets['the decoded key'] ?? '')])
      expect(masker.hides(value ?? '')).toBe(true)
    for (const line of pemLines(door.sshKey)) expect(masker.hides(line)).toBe(true)
    // Nobody but the first step has the other tokens; they are hidden all the same.
    for (const value of [
      ...door.idTokens.secrets.slice(1),
      ...door.pulumi.secrets.filter((one) => one.startsWith('pul-')).slice(1),
    ])
      expect(masker.hides(value)).toBe(true)
    const everyday =
      'apiVersion: v1\nkind: Config\nusers:\n- name: default\nname: default\nclusters:\ncontexts:\ncurrent-context: default\npreferences: {}\nuser:\n-----BEGIN PRIVATE KEY-----\n{\n}\n"'
    for (const line of [...everyday.split('\n'), ...door.cluster.caPem.split('\n')])
      expect(masker.hiddenIn(line)).toEqual([])
    expect(masker.asked.filter((value) => /[\r\n]/.test(value))).toEqual([])
    expectToSurvive(done, masker)
  })
})

describe('with an access token', () => {
  it('it asks twice, and its token is known to nobody afterwards', async () => {
    const door = await opened()
    const done = await door.press()
    expect(done.outputs.result).toBe('loaded')
    expect(door.pulumi.requests).toHaveLength(2)
    expect(door.idTokens.requests).toEqual([])
    // The token is a secret of the workflow, which the runner masks before any step.
    expectToSurvive(done, new RunnerMasker(done.stdout, [door.accessToken]))
    expect(readFileSync(done.outputs.kubeconfig ?? '', 'utf8')).toBe(door.cluster.jobKubeconfig(server))
    expect(tokenIn(readFileSync(join(done.outputs.kubeconfig ?? ''), 'utf8'))).not.toBe('')
  })
})
