import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stringify } from 'yaml'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { KubeconfigError, readKubeconfig } from '../../src/kubeconfig/index.ts'
import { openCluster, openSelected } from '../../src/kubernetes/index.ts'
import { fixture, fixtureNames } from './kubeconfig-materials.ts'

const authority = await createAuthority('kubeconfig-test-ca')
const caData = Buffer.from(authority.certPem).toString('base64')

type Part = Record<string, unknown>

function kubeconfig(parts: { cluster?: Part; user?: Part; more?: Part } = {}): Part {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'oceanid',
    contexts: [{ name: 'oceanid', context: { cluster: 'oceanid', user: 'join' } }],
    clusters: [
      {
        name: 'oceanid',
        cluster: { server: 'https://157.173.210.123:6443', 'certificate-authority-data': caData, ...parts.cluster },
      },
    ],
    users: [{ name: 'join', user: { token: 'abc', ...parts.user } }],
    ...parts.more,
  }
}

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function open(content: string | Part, context?: string): Promise<Awaited<ReturnType<typeof openCluster>>> {
  const kubeconfigPath = join(folder, `kubeconfig-${files++}.yaml`)
  await writeFile(kubeconfigPath, typeof content === 'string' ? content : stringify(content))
  return await openCluster({
    kubeconfigPath,
    ...(context === undefined ? {} : { context }),
    signal: new AbortController().signal,
  })
}

async function failure(content: string | Part, context?: string): Promise<KubeconfigError> {
  const error = await open(content, context).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(KubeconfigError)
  return error as KubeconfigError
}

describe('a kubeconfig', () => {
  it('gives server and certificate authority of its current context', async () => {
    const cluster = await open(kubeconfig({ cluster: { server: 'https://157.173.210.123:6443/' } }))
    expect(cluster.server).toBe('https://157.173.210.123:6443')
    expect(cluster.caPem).toBe(authority.certPem)
  })

  it('that is not there says which file and what to do', async () => {
    const error = await openCluster({
      kubeconfigPath: join(folder, 'none'),
      signal: new AbortController().signal,
    }).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'kubeconfig-missing', cause: 'there is no such file' })
    expect(error.message).toContain(join(folder, 'none'))
  })

  const refusals: readonly [string, { cluster?: Part; user?: Part }][] = [
    ['exec', { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/tmp/evil' } } }],
    ['auth-provider', { user: { 'auth-provider': { name: 'gcp' } } }],
    ['insecure-skip-tls-verify', { cluster: { 'insecure-skip-tls-verify': true } }],
    ['insecure-skip-tls-verify', { cluster: { 'insecure-skip-tls-verify': 'yes' } }],
    ['http://', { cluster: { server: 'http://157.173.210.123:8080' } }],
    ['user name', { cluster: { server: 'https://user:pw@157.173.210.123:6443' } }],
    ['certificate-authority', { cluster: { 'certificate-authority': '/etc/ca.crt' } }],
    ['client-key', { user: { 'client-key': '/root/.ssh/id_ed25519' } }],
    ['tokenFile', { user: { tokenFile: '/var/run/secrets/token' } }],
    ['proxy-url', { cluster: { 'proxy-url': 'socks5://203.0.113.9' } }],
  ]
  it.each(refusals)('with %s is refused with the reason and a way out', async (what, parts) => {
    const error = await failure(kubeconfig(parts))
    expect(error.code).toBe('kubeconfig-refused')
    expect(error.message).toContain(what)
    expect(error.cause).not.toBe('')
    expect(error.remedy).not.toBe('')
  })

  it('is judged by the chosen context alone: what others do is not used', async () => {
    const evil = { name: 'evil', user: { exec: { command: '/tmp/evil' } } }
    const text = kubeconfig({ more: { users: [{ name: 'join', user: { token: 'abc' } }, evil] } })
    await expect(open(text)).resolves.toMatchObject({ server: 'https://157.173.210.123:6443' })
    const both = {
      ...text,
      contexts: [...(text.contexts as unknown[]), { name: 'other', context: { cluster: 'oceanid', user: 'evil' } }],
    }
    expect((await failure(both, 'other')).code).toBe('kubeconfig-refused')
  })

  const invalid: readonly [string, string | Part, RegExp][] = [
    ['empty text', '', /not a mapping/],
    ['broken YAML', 'clusters: [', /not valid YAML/],
    ['no current-context', kubeconfig({ more: { 'current-context': '' } }), /current-context/],
    ['a context nobody defined', kubeconfig({ more: { 'current-context': 'elsewhere' } }), /no context "elsewhere"/],
    [
      'no certificate authority',
      kubeconfig({ cluster: { 'certificate-authority-data': undefined } }),
      /certificate authority/,
    ],
    [
      'an authority that is no PEM',
      kubeconfig({ cluster: { 'certificate-authority-data': 'Zm9v' } }),
      /certificate-authority-data .* no usable certificate/,
    ],
    ['no credentials', kubeconfig({ user: { token: undefined } }), /no credentials/],
    ['no server', kubeconfig({ cluster: { server: 'calypso' } }), /no usable server/],
    [
      'two users of one name',
      kubeconfig({
        more: {
          users: [
            { name: 'join', user: { token: 'a' } },
            { name: 'join', user: { exec: { command: 'x' } } },
          ],
        },
      }),
      /2 users named "join"/,
    ],
  ]
  it.each(invalid)('with %s is invalid', async (_, content, message) => {
    const error = await failure(content)
    expect(error.code).toBe('kubeconfig-invalid')
    expect(error.message).toMatch(message)
  })

  it('with a client key of another certificate is invalid before anything is sent', async () => {
    const [one, other] = [await authority.issue(['a']), await authority.issue(['b'])]
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const user = {
      token: undefined,
      'client-certificate-data': base64(one.certPem),
      'client-key-data': base64(other.keyPem),
    }
    const error = await failure(kubeconfig({ user }))
    expect(error.code).toBe('kubeconfig-invalid')
    expect(error.cause).toContain('do not belong together')
  })

  it('shows no line of itself in errors', async () => {
    const error = await failure('users:\n- user: {token: secret-value-1234\nfoo')
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('secret-value')
  })

  it('is judged by the one policy of the house, whoever opens it', async () => {
    for (const name of fixtureNames().filter((one) => !one.startsWith('check-'))) {
      const text = fixture(name)
      const direct = ((): unknown => {
        try {
          return readKubeconfig(text, { context: '', allowExec: [] })
        } catch (error) {
          return error
        }
      })() as KubeconfigError
      // As bytes half a character is another text, and no text at all.
      if (!text.isWellFormed()) continue
      expect(await failure(text)).toMatchObject({ code: direct.code, title: direct.title })
    }
  })

  it('that has been read already is opened as it is', async () => {
    const { selected } = readKubeconfig(stringify(kubeconfig()), { context: '', allowExec: [] })
    const cluster = await openSelected(selected, new AbortController().signal)
    expect(cluster).toMatchObject({ server: 'https://157.173.210.123:6443', caPem: authority.certPem })
    await expect(openSelected(selected, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })

  it('that is no file, or no text, or endless, is not read', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const binary = join(folder, 'binary')
    await writeFile(binary, Buffer.from([0x6b, 0x3a, 0xff, 0xfe, 0x00]))
    const large = join(folder, 'large')
    await writeFile(large, '#'.repeat(1024 * 1024 + 1))
    const of = (kubeconfigPath: string): Promise<unknown> =>
      openCluster({ kubeconfigPath, signal: new AbortController().signal }).catch((reason: unknown) => reason)
    expect(await of(pipe)).toMatchObject({ code: 'kubeconfig-missing', cause: expect.stringContaining('pipe') })
    expect(await of('/dev/zero')).toMatchObject({
      code: 'kubeconfig-missing',
      cause: expect.stringContaining('device'),
    })
    expect(await of(folder)).toMatchObject({ code: 'kubeconfig-missing', cause: 'it is a folder' })
    expect(await of('')).toMatchObject({ code: 'kubeconfig-missing', title: 'no kubeconfig was given' })
    expect(await of(binary)).toMatchObject({ code: 'kubeconfig-invalid', title: expect.stringContaining('not a text') })
    expect(await of(large)).toMatchObject({ code: 'kubeconfig-invalid', title: expect.stringContaining('1 MiB') })
  })
})
