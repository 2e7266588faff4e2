import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import { ConfigurationError } from '../../actions/configuration-error.ts'
import { readInputs } from '../../actions/k3s-join/inputs.ts'
import { keyPair } from '../ssh-key-pair.ts'

const clusterFile = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')
const privateKey = keyPair().private.trim()
const keyBlob = keyPair().public.split(' ')[1]
const knownHosts = `192.168.2.80 ssh-ed25519 ${keyBlob}`
const bootstrapToken = `K10${'a'.repeat(64)}::abcdef.0123456789abcdef`

type Inputs = Readonly<Record<string, string>>

/** A runner with these inputs, and files of the workspace by path. */
function start(inputs: Inputs, files: Inputs = {}, environment: Inputs = { KUBECONFIG: '/home/runner/kube.yaml' }) {
  const events: string[] = []
  const runner = {
    input: (name: string) => (inputs[name] ?? '').trim(),
    mask: (secret: string) => void events.push(`mask ${secret}`),
    workspace: '/runner/space',
    environment,
  }
  const readFile = (path: string): string => {
    events.push(`read ${path}`)
    const content = { '/runner/space/clusters/oceanid.yaml': clusterFile, ...files }[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  return { events, read: () => readInputs(runner, (name) => void events.push(`forget ${name}`), readFile) }
}

function problemsOf(inputs: Inputs, files: Inputs = {}, environment?: Inputs): string[] {
  try {
    start(inputs, files, environment).read()
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ input, problem }) => `${input} ${problem}`)
  }
}

const calypso = {
  'cluster-file': 'clusters/oceanid.yaml',
  node: 'calypso',
  'ssh-private-key': privateKey,
  'known-hosts': knownHosts,
}

describe('the inputs of Join Calypso', () => {
  it('give the node of the seeds and careful defaults', () => {
    const inputs = start(calypso).read()
    expect(inputs).toMatchObject({
      desired: {
        cluster: 'oceanid',
        node: 'calypso',
        version: 'v1.33.4+k3s1',
        access: { address: '192.168.2.80', user: 'oceanid' },
      },
      kubeconfig: '/home/runner/kube.yaml',
      context: '',
      allowServerToken: false,
      adopt: 'plan',
      allowGpuDisruption: false,
      replaceNode: '',
      ignoreChecks: [],
      failOn: 'fail',
      timeoutMs: 180_000,
      dryRun: false,
      verify: 'fast',
    })
    expect(inputs).not.toHaveProperty('token')
    expect(inputs.desired.sources).toMatchObject({
      timeout: 'default',
      kubeconfig: '$KUBECONFIG',
      server: 'clusters/oceanid.yaml',
    })
  })

  it('normalise a key that was trimmed or comes from Windows', () => {
    const crlf = start({ ...calypso, 'ssh-private-key': privateKey.replaceAll('\n', '\r\n') }).read()
    expect(crlf.desired.access.privateKey).toBe(`${privateKey}\n`)
    expect(ssh2.utils.parseKey(crlf.desired.access.privateKey ?? '')).not.toBeInstanceOf(Error)
  })

  it('may name the key by a file of the runner, by input or in the cluster file', () => {
    const { 'ssh-private-key': _, ...keyless } = calypso
    const byInput = start(
      { ...keyless, 'ssh-private-key-file': 'keys/calypso' },
      { '/runner/space/keys/calypso': `${privateKey}\n` },
    )
    expect(byInput.read().desired.access.privateKey).toBe(`${privateKey}\n`)
    expect(byInput.events).toContain(`mask ${privateKey}\n`)
    const file = 'name: x\nnodes: { spark: { ssh: { host: 10.0.0.7, user: ops, private-key-file: /keys/spark } } }'
    const byFile = start(
      { 'cluster-file': 'x.yaml', node: 'spark', 'known-hosts': knownHosts },
      { '/runner/space/x.yaml': file, '/keys/spark': privateKey },
    )
    expect(byFile.read().desired.access.privateKey).toBe(`${privateKey}\n`)
  })

  it('win over the cluster file for how the run is done', () => {
    const file = `name: x
join: { timeout: 2m, fail-on: warn, verify: deep, ignore-checks: [host.clock] }
kubeconfig: { path: kube/config, context: admin }
nodes: { spark: { ssh: { host: 10.0.0.7, user: ops }, join: { timeout: 5m } } }`
    const inputs = start(
      {
        'cluster-file': 'x.yaml',
        node: 'spark',
        'ssh-private-key': privateKey,
        'known-hosts': knownHosts,
        'fail-on': 'never',
      },
      { '/runner/space/x.yaml': file },
    ).read()
    expect(inputs).toMatchObject({
      timeoutMs: 300_000,
      failOn: 'never',
      verify: 'deep',
      ignoreChecks: ['host.clock'],
      kubeconfig: '/runner/space/kube/config',
      context: 'admin',
    })
    expect(inputs.desired.sources).toMatchObject({ timeout: 'x.yaml', 'fail-on': 'input', kubeconfig: 'x.yaml' })
  })
})

describe('secrets', () => {
  it('are masked and forgotten before any file is read or anything is judged', () => {
    const { events, read } = start({
      ...calypso,
      token: bootstrapToken,
      'sudo-password': "pass'word\\",
      'github-token': 'ghs_x',
      timeout: 'soon',
    })
    expect(read).toThrow(ConfigurationError)
    const firstRead = events.findIndex((event) => event.startsWith('read'))
    for (const [name, secret] of [
      ['ssh-private-key', privateKey],
      ['token', bootstrapToken],
      ['sudo-password', "pass'word\\"],
      ['github-token', 'ghs_x'],
    ]) {
      expect(events.indexOf(`mask ${secret}`)).toBeGreaterThanOrEqual(0)
      expect(events.indexOf(`mask ${secret}`)).toBeLessThan(firstRead)
      expect(events.indexOf(`forget ${name}`)).toBeGreaterThan(events.indexOf(`mask ${secret}`))
      expect(events.indexOf(`forget ${name}`)).toBeLessThan(firstRead)
    }
    expect(events).toContain('mask 0123456789abcdef')
    expect(events).toContain('mask abcdef.0123456789abcdef')
  })

  it('in a wrong place are masked, and in no message', () => {
    const inputs = {
      ...calypso,
      kubeconfig: 'apiVersion: v1\nclient-key-data: c2VjcmV0',
      'ssh-private-key-file': privateKey,
      'sudo-password': 'two\nlines',
      token: 'a\x07b',
    }
    const { events, read } = start(inputs)
    let error: unknown
    try {
      read()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConfigurationError)
    const { message, evidence, problems, remedy } = error as ConfigurationError
    const said = JSON.stringify([message, evidence, problems, remedy])
    for (const part of ['c2VjcmV0', privateKey.split('\n')[1] ?? '', 'two', 'OPENSSH']) expect(said).not.toContain(part)
    expect(events).toContain(`mask ${privateKey}`)
    expect(events).toContain('forget kubeconfig')
    expect(problems.map((problem) => problem.input)).toEqual([
      'ssh-private-key-file',
      'sudo-password',
      'kubeconfig',
      'token',
    ])
  })

  it.each([
    ['a path', '/home/me/.ssh/id_ed25519', 'is no private key'],
    ['the public half', `ssh-ed25519 ${'A'.repeat(68)}`, 'is the public half of a key'],
    ['a cut key', privateKey.slice(0, -10), 'is cut, or has other text around it'],
    ['a key in one line', privateKey.replaceAll('\n', ' '), 'has lost its line breaks'],
    ['written-out line breaks', privateKey.replaceAll('\n', '\\n'), 'has \\n written out instead of line breaks'],
    [
      'an encrypted PEM key',
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----',
      'is protected by a passphrase',
    ],
    [
      'an encrypted OpenSSH key',
      ssh2.utils
        .generateKeyPairSync('ecdsa', { bits: 256, passphrase: 'p', cipher: 'aes256-ctr', rounds: 1 })
        .private.trim(),
      'is protected by a passphrase',
    ],
    [
      'PKCS #8',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'is in PKCS #8 format, which SSH does not use',
    ],
    ['a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'is a PuTTY key'],
  ])('%s is no private key', (_, text, problem) => {
    expect(problemsOf({ ...calypso, 'ssh-private-key': text })).toEqual([`ssh-private-key ${problem}`])
  })
})

describe('wrong inputs', () => {
  it('are told all at once, those of the cluster file with their places', () => {
    const file = 'name: x\nversion: latest\nnodes:\n  calypso:\n    hots: 1\n'
    expect(
      problemsOf(
        {
          'cluster-file': 'x.yaml',
          node: 'calypso',
          port: '0',
          transport: 'shh',
          'dry-run': 'yes',
          timeout: '1s',
          adopt: 'both',
          server: 'h',
          labels: 'a',
          'extra-config': 'token: x\n',
          'ignore-checks': 'A!',
        },
        { '/runner/space/x.yaml': file },
        {},
      ),
    ).toEqual([
      'port is out of range',
      'transport is not one of the choices',
      'adopt is not one of the choices',
      'ignore-checks has the wrong form',
      'timeout is too short',
      'dry-run is neither true nor false',
      'x.yaml:2:10 (version) is a channel: it names another version tomorrow',
      'x.yaml:5:5 (nodes.calypso.hots) is not known here',
      'kubeconfig ($KUBECONFIG) is missing, and no input `kubeconfig` is given',
      'server is no server address',
      'labels is no label',
      'extra-config is not set here',
    ])
  })

  it('name everything that a connection lacks', () => {
    expect(problemsOf({ node: 'spark' })).toEqual([
      'host is missing',
      'user is missing',
      'ssh-private-key is missing',
      'known-hosts is missing, and so is `host-key-fingerprint`: without a pinned host key there is no connection',
    ])
    expect(problemsOf({})).toContain('node is missing')
    expect(problemsOf({}).filter((problem) => problem.startsWith('node'))).toHaveLength(1)
  })

  it('are not called missing when it was their file that could not be read', () => {
    expect(problemsOf({ ...calypso, 'cluster-file': 'nowhere.yaml' })).toEqual(['cluster-file does not exist'])
    const { 'ssh-private-key': _, ...keyless } = calypso
    expect(problemsOf({ ...keyless, 'ssh-private-key-file': 'nowhere' })).toEqual([
      'ssh-private-key-file does not exist',
    ])
  })

  it('may not contradict each other', () => {
    expect(problemsOf({ ...calypso, transport: 'local', host: 'h' })).toEqual(
      ['host', 'ssh-private-key', 'known-hosts'].map(
        (name) => `${name} is given, but with transport local nothing is reached over SSH`,
      ),
    )
    expect(problemsOf({ 'cluster-file': 'clusters/oceanid.yaml', node: 'calypso', transport: 'local' })).toEqual([])
    expect(problemsOf({ ...calypso, 'replace-node': 'calypsa' })).toEqual(['replace-node is not the node of this run'])
    expect(problemsOf({ ...calypso, 'replace-node': 'calypso' })).toEqual([])
    expect(problemsOf({ ...calypso, 'ssh-private-key-file': '/k' })).toEqual([
      'ssh-private-key-file is given besides `ssh-private-key`',
    ])
  })

  it('may not ask for a server, nor for another distribution than the cluster file names', () => {
    const line = clusterFile.split('\n').findIndex((text) => text.includes('srv712429')) + 1
    expect(problemsOf({ ...calypso, node: 'srv712429' })).toEqual([
      `clusters/oceanid.yaml:${line}:22 (nodes.srv712429.role) is no role that k3s-join gives`,
    ])
    const kubeadm = clusterFile.replace('distribution: k3s', 'distribution: kubeadm').replace('v1.33.4+k3s1', 'v1.33.4')
    const files = { '/runner/space/x.yaml': kubeadm }
    const asked = { ...calypso, 'cluster-file': 'x.yaml' }
    expect(problemsOf(asked, files)).toEqual([])
    expect(start(asked, files).read().desired.distribution).toBe('kubeadm')
    expect(problemsOf({ ...asked, distribution: 'kubeadm' }, files)).toEqual([])
    expect(problemsOf({ ...asked, distribution: 'k3s' }, files)).toEqual([
      'distribution is not that of x.yaml, which is kubeadm',
    ])
  })

  it('may name the distribution without a cluster file, and then speak its words', () => {
    const { 'cluster-file': _, ...alone } = calypso
    const kubeadm = { ...alone, host: '192.168.2.80', user: 'oceanid', distribution: 'kubeadm', version: 'v1.32.7' }
    const { desired } = start({ ...kubeadm, 'extra-config': 'max-pods: 50' }).read()
    expect(desired).toMatchObject({ distribution: 'kubeadm', version: 'v1.32.7', extraConfig: { 'max-pods': 50 } })
    expect(problemsOf({ ...kubeadm, version: 'v1.33.4+k3s1' })).toEqual(['version is no version'])
    expect(problemsOf({ ...kubeadm, 'extra-config': '{ kubelet-arg: [max-pods=50], kubeconfig: /x }' })).toEqual([
      'extra-config is no argument of the kubelet',
      'extra-config is not set here',
    ])
    expect(problemsOf({ ...kubeadm, 'node-external-ip': '203.0.113.9' })).toEqual([
      'node-external-ip cannot be given to a node of kubeadm: its kubelet has no such argument',
    ])
  })

  it.each([
    [{ KUBECONFIG: '/a:/b' }, 'kubeconfig ($KUBECONFIG) names several files'],
    [{ KUBECONFIG: '~/.kube/config' }, 'kubeconfig ($KUBECONFIG) begins with ~, which only a shell understands'],
    [{}, 'kubeconfig ($KUBECONFIG) is missing, and no input `kubeconfig` is given'],
  ])('$KUBECONFIG must be one path: %j', (environment, problem) => {
    expect(problemsOf(calypso, {}, environment)).toEqual([problem])
    expect(problemsOf({ ...calypso, kubeconfig: 'kube.yaml' }, {}, environment)).toEqual([])
  })

  it('refuse a timeout of the cluster file that this action cannot wait for', () => {
    const file = 'name: x\nnodes: { calypso: { ssh: { host: h, user: u }, join: { timeout: 99h } } }'
    expect(problemsOf({ ...calypso, 'cluster-file': 'x.yaml' }, { '/runner/space/x.yaml': file })).toEqual([
      'x.yaml:2:65 (nodes.calypso.join.timeout) is too long',
    ])
  })

  it('end in an error that says what to do', () => {
    try {
      start({ ...calypso, timeout: '180' }).read()
    } catch (error) {
      expect(error).toMatchObject({ code: 'inputs-invalid', remedy: 'correct the workflow; nothing was touched' })
      expect((error as Error).message).toBe(
        'timeout: "180" is no duration; a duration from 10s to 30m, e.g. 90s, 5m or 1h30m; did you mean "180s"?',
      )
    }
    expect.assertions(2)
  })
})
