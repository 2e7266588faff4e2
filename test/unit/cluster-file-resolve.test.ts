import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  type DesiredNode,
  type NodeValues,
  type Problem,
  readClusterFile,
  resolveNode,
} from '../../src/cluster-file/index.ts'

const oceanid = readClusterFile(
  readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8'),
  'clusters/oceanid.yaml',
)
// Wire form: the type, then 32 bytes of zeros. Nobody's key.
const keyBlob = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32),
]).toString('base64')
const knownHosts = `192.168.2.80 ssh-ed25519 ${keyBlob}`
const calypso: NodeValues = { node: 'calypso', privateKey: 'key', knownHosts }
const alone: NodeValues = {
  node: 'spark',
  host: '10.0.0.7',
  user: 'ops',
  privateKey: 'key',
  hostKeyFingerprints: [`SHA256:${'A'.repeat(43)}`],
}

function desiredOf(values: NodeValues, file = undefined as typeof oceanid | undefined): DesiredNode {
  const resolution = resolveNode(values, file)
  if ('problems' in resolution) throw new Error(JSON.stringify(resolution.problems))
  return resolution.desired
}

function problemsOf(values: NodeValues, file?: typeof oceanid): readonly Problem[] {
  const resolution = resolveNode(values, file)
  return 'problems' in resolution ? resolution.problems : []
}

describe('calypso of clusters/oceanid.yaml', () => {
  it('is wanted as the seeds describe it', () => {
    expect(desiredOf(calypso, oceanid)).toMatchObject({
      cluster: 'oceanid',
      node: 'calypso',
      distribution: 'k3s',
      access: {
        transport: 'ssh',
        address: '192.168.2.80',
        port: 22,
        user: 'oceanid',
        knownHosts,
        hostKeySource: 'input known-hosts',
      },
      server: 'https://157.173.210.123:6443',
      version: 'v1.33.4+k3s1',
      labels: { 'oceanid.node/name': 'calypso', 'oceanid.node/gpu': 'nvidia-rtx-4090' },
      taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
      podNetwork: 'isolated',
      gpu: { count: 1, product: 'NVIDIA GeForce RTX 4090' },
      nodesWanted: 3,
    })
  })

  it('says where each value came from', () => {
    expect(desiredOf({ ...calypso, user: 'root', version: 'v1.33.4+k3s1' }, oceanid).sources).toMatchObject({
      host: 'clusters/oceanid.yaml',
      port: 'default',
      // Overruling is never silent; saying the same again is no conflict.
      user: 'input, over clusters/oceanid.yaml (oceanid)',
      version: 'input',
      server: 'clusters/oceanid.yaml',
      labels: 'clusters/oceanid.yaml',
      'node-ip': 'default',
      'host-key': 'input known-hosts',
    })
  })

  it('lets an input replace labels and taints as a whole, and shows what was overruled', () => {
    const desired = desiredOf({ ...calypso, labels: ['a=b', 'c='], taints: [] }, oceanid)
    expect(desired.labels).toEqual({ a: 'b', c: '' })
    expect(desired.taints).toEqual([])
    expect(desired.sources.labels).toBe(
      'input, over clusters/oceanid.yaml (oceanid.node/gpu=nvidia-rtx-4090, oceanid.node/name=calypso)',
    )
    expect(desired.sources.taints).toBe('input, over clusters/oceanid.yaml (workload-type=gpu-compute:NoSchedule)')
  })

  it('needs a key and a pin from outside, and says where each may be written', () => {
    const problems = problemsOf({ node: 'calypso' }, oceanid)
    expect(problems.map((problem) => problem.input)).toEqual(['ssh-private-key', 'known-hosts'])
    expect(problems[0]?.allowed).toContain('`nodes.calypso.ssh.private-key-file` in clusters/oceanid.yaml')
    expect(problems[0]?.allowed).toContain('calypso_ssh_key')
    expect(problems[1]?.allowed).toContain('ssh-keygen -lf')
  })

  it('suggests a node when the name is not in the file, and complains about nothing else then', () => {
    expect(problemsOf({ node: 'Calypsa' }, oceanid)).toEqual([
      {
        input: 'node',
        value: '"Calypsa"',
        problem: 'is no node of clusters/oceanid.yaml',
        allowed: 'its nodes are srv712429, srv712695, calypso',
        nearest: 'calypso',
      },
    ])
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('has no node %s', (node) => {
    expect(problemsOf({ ...calypso, node }, oceanid).map((problem) => problem.problem)).toContain(
      'is no node of clusters/oceanid.yaml',
    )
  })
})

describe('a node without a cluster file', () => {
  it('gets the defaults', () => {
    expect(desiredOf(alone)).toMatchObject({
      cluster: 'the cluster',
      version: 'match-server',
      labels: {},
      taints: [],
      podNetwork: 'shared',
      extraConfig: {},
    })
    expect(desiredOf(alone).sources).toMatchObject({ server: 'kubeconfig', version: 'default', host: 'input' })
    expect(desiredOf(alone)).not.toHaveProperty('nodesWanted')
    expect(desiredOf({ ...alone, server: 'https://10.0.0.1:6443/' })).toMatchObject({
      cluster: '10.0.0.1',
      server: 'https://10.0.0.1:6443',
    })
  })

  it('misses host, user, key and pin at once', () => {
    expect(problemsOf({ node: 'spark' }).map((problem) => problem.input)).toEqual([
      'host',
      'user',
      'ssh-private-key',
      'known-hosts',
    ])
  })

  it('needs none of them with transport local', () => {
    expect(desiredOf({ node: 'spark', transport: 'local' }).access).toMatchObject({
      transport: 'local',
      address: '',
      hostKeyFingerprints: [],
    })
  })

  it('tells every wrong value at once', () => {
    const problems = problemsOf({
      node: 'Spark_1',
      host: '-oProxyCommand=touch /tmp/x',
      user: 'root; reboot',
      privateKey: 'key',
      knownHosts: '# comment\nssh-ed25519 AAAA\n|1|x|y ssh-rsa !!!\nSHA256:abc',
      hostKeyFingerprints: ['A'.repeat(43)],
      server: 'spark:6443',
      version: '1.33.4+k3s1',
      labels: ['a: b', 'x=y', 'x=z', '=v'],
      taints: ['a:NoExecut', 'b:NoSchedule', 'b=c:NoSchedule'],
      nodeIp: '10.0.0.999',
      nodeExternalIp: 'spark',
      extraConfig: { 'agent-token': 'hunter2', 'node-name': 'x', selinux: true },
    })
    expect(problems.map(({ input, problem }) => `${input} ${problem}`)).toEqual([
      'node has the wrong form',
      'host has the wrong form',
      'user has the wrong form',
      'known-hosts line 2 is a public key without the name of its host',
      'known-hosts line 3 has no base64 key in its third place',
      'known-hosts line 4 is a fingerprint',
      'host-key-fingerprint lacks its beginning',
      'server is no server address',
      'version is no version',
      'node-ip is no IP address',
      'node-external-ip is no IP address',
      'labels is no label',
      'labels gives a key a second value',
      'labels is no label key',
      'taints is no taint',
      'taints repeats a taint',
      'extra-config is not set here',
      'extra-config is not set here',
    ])
    const nearest = Object.fromEntries(
      problems.flatMap((problem) => (problem.nearest ? [[problem.input, problem.nearest]] : [])),
    )
    expect(nearest).toEqual({
      node: 'spark-1',
      'host-key-fingerprint': `SHA256:${'A'.repeat(43)}`,
      server: 'https://spark:6443',
      version: 'v1.33.4+k3s1',
      labels: 'a=b',
      taints: 'a:NoExecute',
    })
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })
})

describe('host key pins', () => {
  const pinned = (ssh: string) =>
    readClusterFile(`name: x\nnodes:\n  spark: { ssh: { host: 10.0.0.7, user: ops, ${ssh} } }`, 'c.yaml')
  const fileFingerprint = `SHA256:${'B'.repeat(43)}`

  it('come from the file when no input gives one', () => {
    const { access } = desiredOf(
      { node: 'spark', privateKey: 'key' },
      pinned(`host-key-fingerprint: ${JSON.stringify(fileFingerprint)}`),
    )
    expect(access).toMatchObject({ hostKeyFingerprints: [fileFingerprint], hostKeySource: 'c.yaml' })
  })

  it('of the file are not trusted beside those of an input', () => {
    const { access } = desiredOf(
      { node: 'spark', privateKey: 'key', knownHosts },
      pinned(`host-key-fingerprint: ["${fileFingerprint}"]`),
    )
    expect(access).toMatchObject({ knownHosts, hostKeyFingerprints: [], hostKeySource: 'input known-hosts' })
  })

  it('are missing when known_hosts has comments and revoked keys only', () => {
    expect(
      problemsOf({ ...alone, knownHosts: `# none\n@revoked * ssh-ed25519 ${keyBlob}` }).map(
        (problem) => problem.problem,
      ),
    ).toEqual(['line 1 pins no key'])
  })
})

describe('taints', () => {
  it.each([
    ['a:NoExecute', { key: 'a', effect: 'NoExecute' }],
    ['a=:NoSchedule', { key: 'a', effect: 'NoSchedule' }],
    ['example.com/a=b.c_d:PreferNoSchedule', { key: 'example.com/a', value: 'b.c_d', effect: 'PreferNoSchedule' }],
  ])('%s is one', (text, taint) => expect(desiredOf({ ...alone, taints: [text] }).taints).toEqual([taint]))

  it.each([
    '',
    'a',
    'a=b',
    ':NoSchedule',
    'a=b=c:NoSchedule',
    'a:b:NoSchedule',
    'Example.com/a:NoSchedule',
    'a/b/c:NoSchedule',
    'a=-b:NoSchedule',
    'a:NoSchedule-',
  ])('%j is none', (text) =>
    expect(problemsOf({ ...alone, taints: [text] }).map((problem) => problem.problem)).toEqual(['is no taint']),
  )
})
