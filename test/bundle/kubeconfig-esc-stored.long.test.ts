/** What people store in an environment, and the command that mends it: each can be typed as it stands. */
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { DefinitionValue } from '../../rehearsal/esc/model.ts'
import { type Done, type EscDoor, escDoors, server } from './kubeconfig-esc-door.ts'
import { problemsOf } from './kubeconfig-esc-harmless.ts'
import { tokenIn } from './kubeconfig-esc-texts.ts'

const opened = escDoors()
const command = 'esc env set ryan-taylor/default/stored files.KUBECONFIG --secret --string --file KUBECONFIG-FILE'

/** Stores something under the one property that is asked for, and tries it. */
async function tried(
  door: EscDoor,
  value: DefinitionValue,
  more: Readonly<Record<string, string>> = {},
): Promise<Done> {
  const done = await door.press({
    inputs: { ...door.store({ files: { KUBECONFIG: value } }), 'dry-run': 'true', ...more },
  })
  expect([done.exported, done.state, door.leftovers(), problemsOf(done)]).toEqual([{}, {}, [], []])
  expect(done.outputs.kubeconfig ?? '').toBe('')
  return done
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A service account's token that ended. */
function expiredToken(): string {
  const exp = Math.floor(Date.now() / 1000) - 3600
  return `${base64url({ alg: 'RS256', kid: 'x' })}.${base64url({ sub: 'system:serviceaccount:kube-system:ci', exp })}.${'c2ln'.repeat(20)}`
}

async function withCertificate(door: EscDoor, fromMs: number, untilMs: number, keyOfAnother = false): Promise<string> {
  const authority = await createAuthority('k3s-client-ca@1760000000')
  const subject = { commonName: 'system:admin', organization: 'system:masters' }
  const { certPem, keyPem } = await authority.issueClient(subject, { fromMs, untilMs })
  const other = await authority.issueClient(subject)
  const pem = (text: string): string => Buffer.from(text).toString('base64')
  return door.cluster
    .kubeconfig(server)
    .replace(
      / {6}token: .*/,
      `      client-certificate-data: ${pem(certPem)}\n      client-key-data: ${pem(keyOfAnother ? other.keyPem : keyPem)}`,
    )
}

describe('in a dry run, a kubeconfig that', () => {
  const hour = 3_600_000
  const day = 24 * hour

  it('is not there fails, with the command that stores it', async () => {
    const done = await tried(await opened(), { 'fn::secret': 'x' }, { property: 'files.kubeconfig' })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'esc-property-missing' } })
    expect(done.stdout).toContain(command.replace('KUBECONFIG --', 'kubeconfig --'))
  })

  it.each<[string, (door: EscDoor) => Promise<string> | string, string]>([
    [
      'has a certificate that ended',
      (door) => withCertificate(door, Date.now() - 365 * day, Date.now() - day),
      'kubeconfig-credentials',
    ],
    [
      'ends before the job may',
      (door) => withCertificate(door, Date.now() - day, Date.now() + 2 * hour),
      'kubeconfig-credentials',
    ],
    [
      'has a token that ended',
      (door) => door.cluster.kubeconfig(server).replace(/token: .*/, `token: ${expiredToken()}`),
      'kubeconfig-credentials',
    ],
    [
      'has the key of another certificate',
      (door) => withCertificate(door, Date.now() - day, Date.now() + 300 * day, true),
      'kubeconfig-key',
    ],
    [
      'is not accepted by the server',
      (door) => door.cluster.kubeconfig(server).replace(/token: .*/, 'token: revoked-a-long-time-ago'),
      'server-authentication',
    ],
  ])('%s fails, with the command that stores a new one', async (_story, text, code) => {
    const door = await opened()
    const stored = await text(door)
    const done = await tried(door, { 'fn::secret': stored })
    expect(done).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': code } })
    expect(done.report?.failure?.remedy).toContain(command)
    expect(done.stdout).toContain(command)
    expect(done.summary).toContain('--secret --string --file')
  })

  it.each<[string, DefinitionValue]>([
    ['is a path', { 'fn::secret': '/etc/rancher/k3s/k3s.yaml' }],
    ['is what a shell did not replace', { 'fn::secret': '$(cat k3s.yaml)' }],
    ['is what the CLI shows in its place', '[secret]'],
    ['is empty', { 'fn::secret': '' }],
    ['is a list', ['apiVersion: v1']],
    ['is a key', { 'fn::secret': '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n' }],
  ])('%s fails, with the command that stores one', async (_story, value) => {
    const done = await tried(await opened(), value)
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'esc-shape' } })
    expect(done.report?.failure?.remedy).toContain(command)
  })

  it('is stored in clear is fit for use, with a warning and the command', async () => {
    const door = await opened()
    const done = await tried(door, door.cluster.kubeconfig(server))
    expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'checked' } })
    const check = done.report?.checks.find(({ id }) => id === 'esc.secret')
    expect(check).toMatchObject({ verdict: 'warn', remedy: expect.stringContaining(command) })
    expect(done.stdout).toContain(command)
    door.keepSecret('a token that was stored in clear', tokenIn(door.cluster.kubeconfig(server)))
  })

  it('is stored as an object is fit for use, with a warning and the command; its secrets are masked all the same', async () => {
    const door = await opened()
    const text = door.cluster.kubeconfig(server)
    const done = await tried(door, parse(text) as DefinitionValue)
    expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'checked' } })
    for (const id of ['esc.shape', 'esc.secret'])
      expect(done.report?.checks.find((check) => check.id === id)).toMatchObject({
        verdict: 'warn',
        remedy: expect.stringContaining(command),
      })
    expect(done.stdout).toContain(`::add-mask::${tokenIn(text)}`)
    door.keepSecret('a token that was stored in clear', tokenIn(text))
  })

  it('is stored in base64 is taken as it is', async () => {
    const door = await opened()
    const done = await tried(door, { 'fn::secret': Buffer.from(door.cluster.kubeconfig(server)).toString('base64') })
    expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'checked' } })
    expect(done.report?.checks.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail')).toEqual([])
  })
})

describe('a further file', () => {
  it('that holds an everyday word takes nothing away from outputs and logs', async () => {
    const door = await opened()
    const words = { cluster: 'oceanid', organization: 'ryan-taylor', short: 'k3s', place: 'private', empty: '' }
    const inputs = door.store({
      files: { KUBECONFIG: { 'fn::secret': door.cluster.kubeconfig(server) } },
      words: Object.fromEntries(Object.entries(words).map(([name, text]) => [name, { 'fn::secret': text }])),
    })
    const files = Object.keys(words)
      .map((name) => `${name}=words.${name}`)
      .join('\n')
    const done = await door.press({ inputs: { ...inputs, files } })
    expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'loaded', context: 'oceanid' } })
    expect(Object.values(done.outputs).join('\n')).not.toContain('***')
    expect(Object.keys(JSON.parse(done.outputs.files ?? '') as object)).toEqual(Object.keys(words))
  })
})
