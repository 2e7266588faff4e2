import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ClusterFileError, type Problem, readClusterFile } from '../../src/cluster-file/index.ts'

const oceanid = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')

function problemsOf(text: string): readonly Problem[] {
  try {
    readClusterFile(text, 'c.yaml')
  } catch (error) {
    if (error instanceof ClusterFileError) return error.problems
    throw error
  }
  return []
}

/** `line:column problem` of every problem, in order. */
const brief = (text: string): string[] => problemsOf(text).map(({ input, problem }) => `${input} ${problem}`)

const node = (body: string): string => `name: x\nnodes:\n  calypso:\n${body.replace(/^/gm, '    ')}\n`

describe('the cluster file of the seeds', () => {
  it('is valid and says what the seeds say', () => {
    const { content, path } = readClusterFile(oceanid, 'clusters/oceanid.yaml')
    expect(path).toBe('clusters/oceanid.yaml')
    expect(content.name).toBe('oceanid')
    expect(content.version).toBe('v1.33.4+k3s1')
    expect(content.api?.server).toBe('https://157.173.210.123:6443')
    expect(Object.keys(content.nodes)).toEqual(['srv712429', 'srv712695', 'calypso'])
    expect(content.nodes.srv712429).toEqual({ role: 'server', address: '157.173.210.123' })
    expect(content.nodes.calypso?.ssh).toMatchObject({ host: '192.168.2.80', user: 'oceanid' })
    expect(content.verify?.triton?.[0]).toMatchObject({ access: 'cloudflare', 'gpu-proof': 'gpu-likely', p95: '250ms' })
  })

  it('pins no host key and holds no secret', () => {
    expect(oceanid).not.toMatch(/SHA256:|AAAA|PRIVATE KEY|K10/)
  })

  it('says where things stand', () => {
    const file = readClusterFile('name: x\nnodes:\n  calypso: { ssh: { port: 22 } }\n', 'c.yaml')
    expect(file.at(['nodes', 'calypso', 'ssh', 'port'])).toBe('c.yaml:3:27 (nodes.calypso.ssh.port)')
  })
})

describe('a cluster file with mistakes', () => {
  it('tells all of them at once, each with line and column, in the order of the file', () => {
    const text = `name: Oceanid
version: 1.33
nodes:
  calypso:
    host: 192.168.2.80
    lables: { a: b }
    transport: shh
    taints: ["a=b:NoSchedul"]
    ssh: { port: 70000 }
  spark:
    gpu: { cont: 1 }
`
    expect(brief(text)).toEqual([
      'c.yaml:1:7 (name) has the wrong form',
      'c.yaml:2:10 (version) is not text',
      'c.yaml:5:5 (nodes.calypso.host) is not known here',
      'c.yaml:6:5 (nodes.calypso.lables) is not known here',
      'c.yaml:7:16 (nodes.calypso.transport) is not one of the choices',
      'c.yaml:8:14 (nodes.calypso.taints[0]) is no taint',
      'c.yaml:9:18 (nodes.calypso.ssh.port) is out of range',
      'c.yaml:11:12 (nodes.spark.gpu.cont) is not known here',
    ])
    expect(problemsOf(text).map((problem) => problem.nearest)).toEqual([
      'oceanid',
      undefined,
      'ssh.host',
      'labels',
      'ssh',
      'a=b:NoSchedule',
      undefined,
      'count',
    ])
  })

  it('says what to write instead of a bare number', () => {
    expect(problemsOf('name: x\nversion: 1.33\nnodes: { a: {} }')[0]?.allowed).toBe('put it in quotes: "1.33"')
    expect(problemsOf(node('labels: { rank: true }'))[0]?.allowed).toBe('put it in quotes: "true"')
  })

  it.each([
    ['nothing at all', '', ['c.yaml:1:1 describes no cluster']],
    ['a list', '- a', ['c.yaml:1:1 describes no cluster']],
    [
      'neither name nor nodes',
      'distribution: k3s',
      ['c.yaml:1:1 lacks the key "name"', 'c.yaml:1:1 lacks the key "nodes"'],
    ],
    ['no nodes', 'name: x\nnodes: {}', ['c.yaml:2:8 (nodes) is empty']],
    ['a second document', 'name: x\n---\nname: y', ['c.yaml:2:1 there is a second document']],
    ['a key that is not text', 'name: x\nnodes: { [a]: {} }', ['c.yaml:2:10 a key is not text; put it in quotes']],
    ['a tab', 'nodes:\n\tx: {}', ['c.yaml:2:1 a tab is used as indentation']],
    ['a tag', 'name: !!binary eA==\nnodes: { a: {} }', ['c.yaml:1:16 has a tag']],
    ['an unknown tag', 'name: !run x', ['c.yaml:1:7 there is a tag that plain YAML does not know']],
    ['an alias to nothing', 'name: *x', ['c.yaml:1:7 has an alias that cannot be resolved, or too many of them']],
    ['an alias inside itself', 'name: &x [*x]', ['c.yaml:1:11 is nested without end']],
    ['a prototype', '__proto__: { x: 1 }\nname: x\nnodes: { a: {} }', ['c.yaml:1:1 (__proto__) is not known here']],
    ['a merge key', 'name: x\nnodes: { a: { <<: {} } }', ['c.yaml:2:15 (nodes.a["<<"]) is not known here']],
  ])('refuses %s', (_, text, expected) => {
    expect(brief(text)).toEqual(expected)
  })

  it('finds a key that is written twice, also a node', () => {
    expect(brief('name: x\nname: y\nnodes:\n  a: {}\n  a: {}\n')).toEqual([
      'c.yaml:2:1 the same key appears twice in one mapping',
      'c.yaml:5:3 the same key appears twice in one mapping',
    ])
  })

  it('tells every syntax error, one for each line', () => {
    const found = brief('name: "x\\q"\nversion: "y\\q"\nnodes: {}')
    expect(found.map((text) => text.slice(0, 8))).toEqual(['c.yaml:1', 'c.yaml:2'])
  })

  it('is not exhausted by aliases of aliases', () => {
    const levels = [...'abcdefghi'].map(
      (name, index, all) => `${name}: &${name} [${Array(9).fill(index === 0 ? 'x' : `*${all[index - 1]}`)}]`,
    )
    const startedAt = performance.now()
    expect(brief(levels.join('\n'))[0]).toContain('alias')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it.each([['['.repeat(100_000)], [`name: ${'{a: '.repeat(60)}1${'}'.repeat(60)}`]])(
    'is not exhausted by nesting',
    (text) => {
      expect(brief(text).join()).toMatch(/nested/)
    },
  )

  it('does not even parse what is too large', () => {
    expect(brief(`name: ${'x'.repeat(300_000)}`)).toEqual(['c.yaml is larger than 256 KiB'])
  })
})

describe('values that Kubernetes or the host would refuse later', () => {
  it.each([
    ['labels: { "bad key": x }', 'is no label key'],
    ['labels: { a/b/c: x }', 'is no label key'],
    ['labels: { a: "x y" }', 'is no label value'],
    [`labels: { a: ${'x'.repeat(64)} }`, 'is no label value'],
    ['labels: { kubernetes.io/hostname: x }', 'is set by the kubelet itself'],
    ['labels: { node-role.kubernetes.io/control-plane: "" }', 'marks servers, and this node is an agent'],
    ['taints: ["a=b:NoSchedule", "a=c:NoSchedule"]', 'repeats a taint'],
    ['address: 300.1.1.1', 'is no IP address'],
    ['node-ip: 10.0.0.0/24', 'is a network, not an address'],
    ['node-ip: 10.0.0.1,10.0.0.2', 'has two addresses of the same family'],
    ['version: stable', 'is a channel: it names another version tomorrow'],
    ['version: v1.33.4', 'is no version'],
    ['ssh: { host: -oProxyCommand=x }', 'has the wrong form'],
    ['ssh: { host: "root@10.0.0.1" }', 'has the wrong form'],
    ['ssh: { user: "a b" }', 'has the wrong form'],
    ['ssh: { user: "" }', 'has the wrong form'],
    ['ssh: { private-key-file: -x }', 'begins with a dash'],
    ['ssh: { host-key-fingerprint: "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff" }', 'is an MD5 fingerprint'],
    ['ssh: { host-key-fingerprint: [SHA256:short] }', 'is no fingerprint'],
    [
      'ssh: { known-hosts: "h ssh-ed25519 AAAA" }',
      'line 1 says ssh-ed25519 before the key, but the key inside is another; it is cut or forged',
    ],
    ['gpu: { product: "a\\nb" }', 'contains the invisible character U+000A'],
    ['gpu: { product: "a\\e[2Jb" }', 'contains the invisible character U+001B'],
    ['gpu: { product: "a\\u202eb" }', 'contains the invisible character U+202E'],
    ['extra-config: { token: x }', 'is not set here'],
    ['extra-config: { node-label+: [a=b] }', 'is not set here'],
    ['extra-config: { --Server: x }', 'is not set here'],
    ['extra-config: { "a\\nb": x }', 'is no key of the configuration'],
    ['extra-config: { x: { y: z } }', 'has a value that is neither text, number, true, false nor a list of them'],
    ['extra-config: { x: "a\\nb" }', 'contains the invisible character U+000A'],
    [
      'extra-config: { kubelet-arg: ["node-labels=a=b"] }',
      "holds the kubelet's node-labels, which has an input of its own",
    ],
    ['join: { timeout: soon }', 'has the wrong form'],
    ['join: { ignore-checks: ["host clock"] }', 'has the wrong form'],
  ])('%s', (body, problem) => {
    expect(problemsOf(node(body)).map((found) => found.problem)).toEqual([problem])
  })

  it('knows the version form of each distribution', () => {
    const file = (distribution: string, version: string): string =>
      `name: x\ndistribution: ${distribution}\nversion: ${version}\nnodes: { a: {} }`
    expect(problemsOf(file('kubeadm', 'v1.33.4'))).toEqual([])
    expect(problemsOf(file('kubeadm', 'v1.33.4+k3s1'))[0]?.nearest).toBe('v1.33.4')
    expect(problemsOf(file('k3s', 'v1.33.4'))[0]?.nearest).toBe('v1.33.4+k3s1')
    expect(problemsOf(file('k3s', 'match-server'))).toEqual([])
  })

  it.each([
    ['157.173.210.123', 'https://157.173.210.123:6443'],
    ['https://157.173.210.123', 'https://157.173.210.123:6443'],
    ['http://157.173.210.123:6443', 'https://157.173.210.123:6443'],
    ['https://host:99999', undefined],
    ['https://host:6443/path', undefined],
  ])('server %s is corrected to %s', (server, nearest) => {
    const [problem, ...others] = problemsOf(`name: x\napi: { server: "${server}" }\nnodes: { a: {} }`)
    expect(others).toEqual([])
    expect(problem?.input).toContain('api.server')
    expect(problem?.nearest).toBe(nearest)
  })

  it('never quotes the password of an address, nor values that are printed as they are', () => {
    const text = JSON.stringify(problemsOf('name: x\napi: { server: "https://root:hunter2@h:6443" }\nnodes: { a: {} }'))
    expect(text).not.toContain('hunter2')
    expect(problemsOf(node('ssh: { host: "a\\e]0;b::error::c" }'))[0]?.value).not.toContain('\x1b')
  })
})
