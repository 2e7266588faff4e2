import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ConfigurationError } from '../../actions/configuration-error.ts'
import { readInputs } from '../../actions/kubeconfig-esc/inputs.ts'
import { keyPair } from '../ssh-key-pair.ts'

const clusterFile = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')
const privateKey = keyPair().private.trim()
const keyBlob = keyPair().public.split(' ')[1]
const knownHosts = `157.173.210.123 ssh-ed25519 ${keyBlob}`

type Texts = Readonly<Record<string, string>>
const defaults: Texts = {
  'token-type': 'personal',
  expiration: '15m',
  'backend-url': 'https://api.pulumi.com',
  purpose: 'any',
  'export-env': 'true',
  'dry-run': 'false',
}

function start(inputs: Texts, files: Texts = {}, environment: Texts = {}) {
  const events: string[] = []
  const given = { ...defaults, ...inputs }
  const runner = {
    input: (name: string) => (given[name] ?? '').trim(),
    mask: (secret: string) => void events.push(`mask ${secret}`),
    workspace: '/runner/space',
    environment,
  }
  const readFile = (path: string): string => {
    const content = { '/runner/space/clusters/oceanid.yaml': clusterFile, ...files }[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  return { events, read: () => readInputs(runner, (name) => void events.push(`forget ${name}`), readFile) }
}

function problemsOf(inputs: Texts, files: Texts = {}, environment: Texts = {}): string[] {
  try {
    start(inputs, files, environment).read()
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ input, problem }) => `${input} ${problem}`)
  }
}

const calypso = { 'cluster-file': 'clusters/oceanid.yaml', node: 'calypso' }
const tunnel = {
  'tunnel-host': '157.173.210.123',
  'tunnel-user': 'tunnel',
  'tunnel-key': privateKey,
  'known-hosts': knownHosts,
}

describe('the inputs of Join Calypso', () => {
  it('give environment, property and SSH key of the cluster file, without a secret', () => {
    const inputs = start(calypso).read()
    expect(inputs).toMatchObject({
      cluster: 'oceanid',
      source: {
        kind: 'esc',
        reference: { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' },
        properties: [['pulumiConfig', 'oceanid-cluster:kubeconfig']],
        identity: { kind: 'oidc', tokenType: 'personal', scope: 'user:ryan-taylor', expirationSeconds: 900 },
      },
      files: [{ name: 'ssh-private-key', property: ['pulumiConfig', 'oceanid-cluster:calypso_ssh_key'] }],
      connect: 'direct',
      minValidityMs: 6 * 3_600_000,
      exportEnv: true,
      dryRun: false,
    })
    expect(inputs.tunnel).toBeUndefined()
  })

  it('say where each value came from', () => {
    const { provenance } = start({ ...calypso, context: 'oceanid' }).read()
    expect(provenance).toContainEqual({
      name: 'environment',
      value: 'ryan-taylor/default/oceanid-cluster',
      source: 'clusters/oceanid.yaml',
    })
    expect(provenance).toContainEqual({ name: 'context', value: 'oceanid', source: 'input' })
  })
})

describe('where the kubeconfig comes from', () => {
  it('is the input first, then the cluster file, then $KUBECONFIG', () => {
    const kinds = [
      start({ ...calypso, environment: 'acme/infra/prod' }, {}, { KUBECONFIG: '/k' }).read(),
      start({ ...calypso, kubeconfig: 'own.yaml' }).read(),
      start({}, {}, { KUBECONFIG: '/home/runner/k.yaml' }).read(),
    ].map(({ source }) => (source.kind === 'file' ? source.path : source.reference.organization))
    expect(kinds).toEqual(['acme', '/runner/space/own.yaml', '/home/runner/k.yaml'])
  })

  it('is needed, and is one', () => {
    expect(problemsOf({})).toEqual(['environment is missing'])
    expect(problemsOf({ environment: 'a/b/c', kubeconfig: 'k' })).toEqual(['kubeconfig is given besides `environment`'])
    expect(problemsOf({}, {}, { KUBECONFIG: '/a:/b' })).toEqual(['kubeconfig ($KUBECONFIG) names several files'])
  })

  it('is an environment in three parts, or in two with an organization', () => {
    const named = start({ environment: 'default/oceanid-cluster@7', organization: 'ryan-taylor' }).read()
    expect(named.source).toMatchObject({
      reference: { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster', version: '7' },
    })
    expect(problemsOf({ environment: 'default/oceanid-cluster' })).toHaveLength(1)
    expect(problemsOf({ environment: 'a/b/c/d' })).toHaveLength(1)
    expect(problemsOf({ environment: 'a/../c' })).toHaveLength(1)
  })

  it('tries the usual properties when none is named', () => {
    const { source } = start({ environment: 'ryan-taylor/default/oceanid-cluster' }).read()
    expect(source).toMatchObject({
      properties: [
        ['pulumiConfig', 'oceanid-cluster:kubeconfig'],
        ['pulumiConfig', 'default:kubeconfig'],
        ['files', 'KUBECONFIG'],
        ['environmentVariables', 'KUBECONFIG'],
      ],
    })
  })

  it('is the one that may only read, for a job that verifies', () => {
    const both = { environment: 'a/b/c', property: 'files.ADMIN', 'read-only-property': 'files.READER' }
    const propertyOf = (purpose: string) => {
      const { source } = start({ ...both, purpose }).read()
      return source.kind === 'esc' ? source.properties : []
    }
    expect(propertyOf('verify')).toEqual([['files', 'READER']])
    expect(propertyOf('deploy')).toEqual([['files', 'ADMIN']])
  })

  it('is the one for deployments, for a job that deploys and no other', () => {
    const all = { environment: 'a/b/c', property: 'files.JOINER', 'deploy-property': 'files.ADMIN' }
    const propertyOf = (purpose: string) => {
      const { source } = start({ ...all, purpose }).read()
      return source.kind === 'esc' ? source.properties : []
    }
    expect(propertyOf('deploy')).toEqual([['files', 'ADMIN']])
    for (const purpose of ['join', 'verify', 'any']) expect(propertyOf(purpose)).toEqual([['files', 'JOINER']])
  })
})

describe('secrets among the inputs', () => {
  it('are masked and forgotten before anything else, and never quoted', () => {
    const run = start({
      ...calypso,
      'access-token': 'pul-0123456789abcdef',
      'tunnel-key': 'no key at all',
      connect: 'tunnel',
    })
    expect(() => run.read()).toThrow(ConfigurationError)
    expect(run.events.slice(0, 4)).toEqual([
      'mask pul-0123456789abcdef',
      'forget access-token',
      'mask no key at all',
      'forget tunnel-key',
    ])
    try {
      run.read()
    } catch (error) {
      expect(JSON.stringify((error as ConfigurationError).problems)).not.toContain('no key at all')
    }
  })

  it('in the place of a path are masked, and in no message', () => {
    const token = 'sesame-0123456789abcdef'.repeat(60)
    const json = JSON.stringify({
      apiVersion: 'v1',
      users: [{ name: 'u', user: { token: 'sesame-0123456789abcdef' } }],
    })
    for (const content of [json, Buffer.from(token).toString('base64'), `a: ${token}\nb: c`]) {
      const run = start({ kubeconfig: content })
      expect(() => run.read()).toThrow(ConfigurationError)
      expect(run.events).toEqual([`mask ${content}`, 'forget kubeconfig'])
      expect(problemsOf({ kubeconfig: content })[0]).toMatch(
        /^kubeconfig (is the content of a file|contains the invisible character U\+000A)$/,
      )
      try {
        run.read()
      } catch (error) {
        expect(JSON.stringify(error)).not.toContain(content.slice(5, 30))
      }
    }
  })

  it('travel to Pulumi over https only', () => {
    expect(problemsOf({ environment: 'a/b/c', 'backend-url': 'http://pulumi.example.com' })).toEqual([
      'backend-url is not encrypted, and the access token would be sent there',
    ])
    expect(problemsOf({ environment: 'a/b/c', 'backend-url': 'https://pulumi.example.com:8443/api-root/' })).toEqual([])
  })
})

describe('a tunnel', () => {
  it('is used when it is complete, and only sketched otherwise', () => {
    const complete = start({ ...calypso, ...tunnel }).read()
    expect(complete).toMatchObject({ connect: 'auto', tunnel: { host: '157.173.210.123', port: 22, localPort: 16443 } })
    expect(start(calypso).read().connect).toBe('direct')
  })

  it('that is asked for names everything that it lacks', () => {
    expect(problemsOf({ ...calypso, connect: 'tunnel' })).toEqual([
      'known-hosts is missing, and a tunnel is asked for',
      'tunnel-key is missing, and a tunnel is asked for',
    ])
  })

  it.each(['-oProxyCommand=touch /tmp/x', 'a b', 'host;id', '$(id)'])('takes no host %j', (host) => {
    expect(problemsOf({ ...calypso, ...tunnel, 'tunnel-host': host })).toContainEqual(
      expect.stringMatching(/^tunnel-host (begins with a dash|holds characters that no name has)$/),
    )
  })
})

describe('further files', () => {
  it('have names that are names of files', () => {
    const files = ['KEY=files.KEY', '../KEY=files.KEY', 'key=files.OTHER', 'nothing'].join('\n')
    expect(problemsOf({ environment: 'a/b/c', files })).toEqual([
      'files is no name of a file',
      'files is named twice',
      'files is not NAME=property',
    ])
  })

  it('need an environment, and their node a cluster file', () => {
    expect(problemsOf({ kubeconfig: 'k', files: 'A=b' })).toHaveLength(1)
    expect(problemsOf({ environment: 'a/b/c', node: 'calypso' })).toEqual(['node is given without `cluster-file`'])
    expect(problemsOf({ ...calypso, node: 'nobody' })).toEqual(['node is not in clusters/oceanid.yaml'])
  })
})

it('tells every problem at once', () => {
  const wrong = {
    environment: 'a',
    property: 'pulumiConfig[',
    'min-validity': 'soon',
    'expect-ca-sha256': 'abc',
    'expect-cluster-uid': 'me',
    server: 'http://k3s',
    'token-type': 'admin',
    'export-env': 'maybe',
  }
  expect(problemsOf(wrong).map((text) => text.split(' ')[0])).toEqual([
    'token-type',
    'min-validity',
    'export-env',
    'expect-ca-sha256',
    'expect-cluster-uid',
    'server',
    'environment',
    'property',
  ])
})
