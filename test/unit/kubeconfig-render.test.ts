import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { KubeconfigError, readKubeconfig } from '../../src/kubeconfig/index.ts'
import { fill, k3sKubeconfig, otherToken, token } from './kubeconfig-materials.ts'

function rendered(text: string, edits = {}, context = ''): string {
  return readKubeconfig(text, { context, allowExec: [] }).render(edits)
}

/** Three contexts, comments everywhere, lists in an order of their own, and things that a library would drop. */
const three = fill(`# of the whole team
apiVersion: v1
kind: Config
preferences: {colors: true}
contexts:   # all of them
# the first
- name: alpha
  context: {cluster: one, user: anna}
# the old token of bert was {{other-token}}
- context:
    # bert's
    cluster: 'two'   # the second
    user: bert
    extensions:
    - name: minikube
      extension: {version: v1.33.1, last-update: "Tue, 21 Nov"}
  name: beta
# of carla
- name: gamma
  context:
    cluster: three
    user: carla
    namespace: gpu
current-context: alpha
users:
  -   name: anna
      user: {token: "{{other-token}}"}

  -
    name: bert
    user:
      token: >-
        {{token}}
      as: jane
  - name: carla
    user:
      token: {{other-token}}
  # {{other-token}}
clusters:
- name: three
  cluster:
    server: https://three.example:6443
    certificate-authority-data: {{ca}}
- name: two
  cluster:
    server: "https://two.example:6443/"
    certificate-authority-data: {{ca}}
    disable-compression: true
# the end
`)

describe('a rendered kubeconfig', () => {
  it('of one context is what was stored, byte by byte', () => {
    for (const text of [k3sKubeconfig(), `---\n${k3sKubeconfig()}...\n`, k3sKubeconfig().replaceAll('\n', '\r\n')])
      expect(rendered(text)).toBe(text)
  })

  it('differs in nothing but the server that a tunnel needs', () => {
    const edited = rendered(k3sKubeconfig(), { server: 'https://127.0.0.1:16443' })
    expect(edited).toBe(k3sKubeconfig({ server: 'https://127.0.0.1:16443' }))
    expect(rendered(edited, { server: 'https://127.0.0.1:16443' })).toBe(edited)
  })

  it('gets a name for TLS and a namespace where it has none', () => {
    const edits = { tlsServerName: 'kubernetes', namespace: 'gpu' }
    const edited = rendered(k3sKubeconfig(), edits)
    expect(edited).toBe(
      k3sKubeconfig()
        .replace('    certificate-authority-data', '    tls-server-name: kubernetes\n    certificate-authority-data')
        .replace('    cluster: default', '    namespace: gpu\n    cluster: default'),
    )
    const windows = rendered(k3sKubeconfig().replaceAll('\n', '\r\n'), edits)
    expect(windows).toBe(edited.replaceAll('\n', '\r\n'))
  })

  it('holds the chosen context alone, with its comments, extensions and styles, and nothing of the others', () => {
    const text = rendered(three, { server: 'https://127.0.0.1:16443' }, 'beta')
    expect(text).toBe(
      fill(`# of the whole team
apiVersion: v1
kind: Config
preferences: {colors: true}
contexts:   # all of them
- context:
    # bert's
    cluster: 'two'   # the second
    user: bert
    extensions:
    - name: minikube
      extension: {version: v1.33.1, last-update: "Tue, 21 Nov"}
  name: beta
current-context: beta
users:
  -
    name: bert
    user:
      token: >-
        {{token}}
      as: jane
clusters:
- name: two
  cluster:
    server: "https://127.0.0.1:16443"
    certificate-authority-data: {{ca}}
    disable-compression: true
# the end
`),
    )
    expect(text).toContain(token)
    expect(text).not.toContain(otherToken)
  })

  it.each(['alpha', 'beta', 'gamma'])('of context %s says the same as the whole file, in every layout', (name) => {
    const text = three
      .replace('name: three\n  cluster', 'name: three\n  cluster')
      .replace('cluster: one', 'cluster: two')
    const whole = parse(text) as Record<string, { name: string }[]>
    const layouts = [
      text,
      JSON.stringify(whole),
      JSON.stringify(whole, null, 2),
      JSON.stringify(whole, null, '\t'),
      `${text.replaceAll('\n', '\r\n')}`,
      text.replace(/\n# the end\n$/, ''),
      text
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n'),
    ]
    for (const layout of layouts) {
      const edits = { server: 'https://127.0.0.1:16443', tlsServerName: 'kubernetes.default', namespace: 'other' }
      const result = parse(rendered(layout, edits, name)) as Record<string, { name: string }[]>
      const context = whole.contexts?.find((one) => one.name === name) as {
        name: string
        context: { cluster: string; user: string }
      }
      const cluster = whole.clusters?.find((one) => one.name === context.context.cluster) as {
        name: string
        cluster: object
      }
      const user = whole.users?.find((one) => one.name === context.context.user)
      expect(result).toEqual({
        ...whole,
        'current-context': name,
        contexts: [{ name, context: { ...context.context, namespace: 'other' } }],
        clusters: [
          {
            name: cluster.name,
            cluster: { ...cluster.cluster, server: edits.server, 'tls-server-name': edits.tlsServerName },
          },
        ],
        users: [user],
      })
    }
  })

  it('fills in a current-context that is empty, null or missing', () => {
    const current = 'current-context: default\n'
    for (const other of [
      'current-context:\n',
      'current-context: ""\n',
      'current-context: null\n',
      "current-context: 'x'\n",
      '',
    ]) {
      const text = rendered(k3sKubeconfig().replace(current, other), {}, 'default')
      expect(parse(text)).toEqual(parse(k3sKubeconfig()))
    }
    const inJson = JSON.stringify({ ...(parse(k3sKubeconfig()) as object), 'current-context': undefined })
    expect(parse(rendered(inJson, {}, 'default'))).toEqual(parse(k3sKubeconfig()))
  })

  it('keeps values apart that YAML would take for something else', () => {
    for (const namespace of ['on', 'null', '1e3', '0x1f', '12']) {
      const result = rendered(k3sKubeconfig(), { namespace })
      expect(parse(result, { version: '1.1' })).toMatchObject({ contexts: [{ context: { namespace } }] })
      expect(parse(result)).toMatchObject({ contexts: [{ context: { namespace } }] })
    }
  })

  it('loses a byte order mark, and says so', () => {
    const reading = readKubeconfig(`\uFEFF${k3sKubeconfig()}`, { context: '', allowExec: [] })
    expect(reading.render({})).toBe(k3sKubeconfig())
    expect(reading.remarks).toEqual([expect.stringContaining('byte order mark')])
  })

  it.each([
    [{ server: 'http://127.0.0.1:16443' }, 'kubeconfig-refused'],
    [{ server: 'https://a\nexec: x' }, 'kubeconfig-invalid'],
    [{ tlsServerName: 'a b' }, 'kubeconfig-invalid'],
    [{ namespace: '../x' }, 'kubeconfig-invalid'],
  ])('takes no edit that is worse than what it edits: %j', (edits, code) => {
    const attempt = (): string => rendered(k3sKubeconfig(), edits)
    expect(attempt).toThrow(KubeconfigError)
    expect(attempt).toThrow(expect.objectContaining({ code }))
  })

  it('tells which other contexts were in it', () => {
    expect(readKubeconfig(three, { context: 'beta', allowExec: [] }).dropped).toEqual({
      contexts: ['alpha', 'gamma'],
      clusters: ['three'],
      users: ['anna', 'carla'],
    })
  })
})
