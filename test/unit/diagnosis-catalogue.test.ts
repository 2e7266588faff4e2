import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { catalogue, diagnose, type Evidence } from '../../src/diagnosis/index.ts'

const fixtures = new URL('../../../test/fixtures/', import.meta.url)
const lines = (path: string) =>
  readFileSync(new URL(`join/${path}`, fixtures), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

function recorded(name: string, more: Partial<Evidence> = {}): Evidence {
  const show = Object.fromEntries(
    lines(`${name}/systemctl-show.txt`).map((line) => line.split('=') as [string, string]),
  )
  const log = existsSync(new URL(`join/${name}/containerd.log`, fixtures)) ? lines(`${name}/containerd.log`) : []
  return {
    stage: 'start',
    subject: 'calypso',
    texts: [...lines(`${name}/journal.txt`), ...log],
    unit: {
      name: 'k3s-agent',
      activeState: show.ActiveState ?? '',
      subState: show.SubState ?? '',
      restarts: Number(show.NRestarts),
      result: show.Result ?? '',
      mainStatus: Number(show.ExecMainStatus),
    },
    ...more,
  }
}

function readyMessage(name: string): string {
  const [condition] = JSON.parse(readFileSync(new URL(`join/${name}/ready-condition.json`, fixtures), 'utf8'))
  return condition.message
}

const saying = (...texts: string[]): Evidence => ({ stage: 'start', subject: 'calypso', texts })

/** The agent's own frame around its messages. */
const agent = (level: string, message: string) =>
  `Nov 21 08:06:08 calypso k3s[2064]: time="2026-11-21T08:06:08Z" level=${level} msg="${message.replaceAll('"', '\\"')}"`

describe('what was recorded on real parts', () => {
  it('names the label that a new node may not give itself', () => {
    const found = diagnose(recorded('restricted-label-new-node', { node: { exists: false, ready: false } }))
    expect(found?.code).toBe('restricted-label')
    expect(found?.title).toBe(
      'calypso did not join: the kubelet refuses the label node-role.kubernetes.io/gpu and exits',
    )
    expect(found?.evidence[0]).toContain("unknown 'kubernetes.io' or 'k8s.io' labels")
    expect(found?.evidence[1]).toBe('k3s-agent: activating (auto-restart), 1 restarts, result exit-code, exit status 1')
    expect(found?.provenance).toBe('observed')
  })

  it('says that the start only looked good when the node exists already and is still Ready', () => {
    const message = readyMessage('restricted-label-existing-node')
    const found = diagnose(recorded('restricted-label-existing-node', { node: { exists: true, ready: true, message } }))
    expect(found?.title).toContain('although the start looked good')
    expect(found?.cause).toContain('stays Ready')
  })

  it('finds the template behind a node that is active, never crashes, and never becomes Ready', () => {
    const message = readyMessage('bad-template-v1-plugins-cri')
    const found = diagnose(recorded('bad-template-v1-plugins-cri', { node: { exists: true, ready: false, message } }))
    expect(found?.code).toBe('containerd-template-harmful')
    expect(found?.title).toContain('ignores its runtime nvidia')
    expect(found?.remedy).toContain('config.toml.tmpl')
  })

  it('without containerd.log still says that the pod network does not start', () => {
    const message = readyMessage('bad-template-v1-plugins-cri')
    const evidence = recorded('bad-template-v1-plugins-cri', { node: { exists: true, ready: false, message } })
    const found = diagnose({ ...evidence, texts: lines('bad-template-v1-plugins-cri/journal.txt') })
    expect(found?.code).toBe('cni-not-initialised')
  })

  it('does not blame the network plugin, which every healthy start misses for a moment, when the node is Ready', () => {
    const evidence = recorded('bad-template-v1-plugins-cri', { node: { exists: true, ready: true } })
    expect(diagnose({ ...evidence, texts: lines('bad-template-v1-plugins-cri/journal.txt') })).toBeUndefined()
  })

  it('quotes containerd on TOML that it cannot read', () => {
    const found = diagnose(recorded('bad-template-toml'))
    expect(found?.code).toBe('containerd-config-invalid')
    expect(found?.cause).toContain('toml: expected character ]')
  })

  it('quotes containerd on a configuration version that it does not know', () => {
    const found = diagnose(recorded('bad-template-version'))
    expect(found?.title).toBe('calypso did not join: containerd refuses its configuration: it is of version 99')
    expect(found?.cause).toContain('up to version 3')
  })

  it('with the journal alone says that containerd does not start and where its reason is', () => {
    const found = diagnose({ ...recorded('bad-template-toml'), texts: lines('bad-template-toml/journal.txt') })
    expect(found?.code).toBe('containerd-exits')
    expect(found?.remedy).toContain('containerd.log')
  })
})

describe('what others reported, in their words', () => {
  const passwordRejected =
    "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"
  const connect =
    'Failed to validate connection to cluster at https://157.173.210.123:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts":'
  const words: readonly [string, string, string][] = [
    [
      'token-refused',
      'warning',
      'Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized',
    ],
    ['token-refused', 'error', 'https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized'],
    ['node-password-rejected', 'error', passwordRejected],
    [
      'ca-hash-mismatch',
      'fatal',
      'Failed to validate connection to cluster at https://157.173.210.123:6443: token CA hash does not match the Cluster CA certificate hash: a1b2 != 9f00',
    ],
    ['api-closed', 'error', `${connect} EOF`],
    ['api-closed', 'error', `${connect} read tcp 127.0.0.1:50312->127.0.0.1:6444: read: connection reset by peer`],
    ['api-filtered', 'error', `${connect} context deadline exceeded (Client.Timeout exceeded while awaiting headers)`],
    ['api-refused', 'error', `${connect} dial tcp 157.173.210.123:6443: connect: connection refused`],
    [
      'api-no-route',
      'error',
      'Get "https://157.173.210.123:6443/cacerts": dial tcp 157.173.210.123:6443: connect: no route to host',
    ],
    [
      'api-name-unknown',
      'error',
      'Get "https://k3s.example/cacerts": dial tcp: lookup k3s.example on 127.0.0.53:53: no such host',
    ],
    [
      'server-name-not-in-certificate',
      'error',
      'tls: failed to verify certificate: x509: certificate is valid for 10.43.0.1, 127.0.0.1, not 157.173.210.123',
    ],
    ['agent-newer-than-server', 'fatal', 'incompatible down-level server'],
    ['default-runtime-missing', 'fatal', 'default runtime nvidia was not found'],
    [
      'default-runtime-missing',
      'error',
      'RunPodSandbox from runtime service failed: no runtime for "nvidia" is configured',
    ],
    ['memory-cgroup-missing', 'fatal', 'failed to find memory cgroup (v2)'],
    [
      'overlayfs-unavailable',
      'fatal',
      '"overlayfs" snapshotter cannot be enabled for "/var/lib/rancher/k3s/agent/containerd", try using "fuse-overlayfs" or "native"',
    ],
    [
      'cgroup-v1-refused',
      'error',
      'kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is deprecated',
    ],
    [
      'clock-wrong',
      'error',
      'x509: certificate has expired or is not yet valid: current time 2026-11-20T08:00:00Z is before 2026-11-21T08:00:00Z',
    ],
    ['clock-wrong', 'error', 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: '],
    ['ca-unknown', 'error', `${connect} x509: certificate signed by unknown authority`],
    [
      'port-in-use',
      'fatal',
      'failed to listen on 0.0.0.0:10250: listen tcp 0.0.0.0:10250: bind: address already in use',
    ],
    ['port-in-use', 'fatal', 'listen tcp 127.0.0.1:6444: bind: address already in use'],
    ['disk-full', 'fatal', 'write /var/lib/rancher/k3s/data/.lock: no space left on device'],
    ['no-default-route', 'fatal', 'no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"'],
    ['containerd-config-invalid', 'error', 'toml: table runc already exists'],
  ]
  it.each(words)('%s: %s %s', (code, level, message) => {
    const found = diagnose(
      saying('calypso k3s[1]: time="…" level=info msg="Starting k3s agent"', agent(level, message)),
    )
    expect(found?.code).toBe(code)
    expect(found?.title).not.toMatch(/[{}]/)
    expect(found?.cause).not.toMatch(/[{}]/)
    expect(found?.remedy).not.toMatch(/[{}]/)
  })

  it('tells a node that was deleted, or whose certificate ran out, from a token that is simply wrong', () => {
    const waiting = 'Waiting to retrieve agent configuration; server is not ready:'
    const refused = agent('warning', `${waiting} failed to retrieve configuration from server: not authorized`)
    const certificate = agent('info', `${waiting} https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 401 Unauthorized`)
    const retry = agent('info', 'Node authorization rejected, retrying without client certificate authentication')
    expect(diagnose(saying(retry, certificate))?.code).toBe('token-needed-again')
    expect(diagnose(saying(refused))?.code).toBe('token-refused')
    const known = { ...saying(refused), node: { exists: true, ready: false } }
    expect(diagnose(known)?.code).toBe('token-needed-again')
    // It is said twice on the way to a good end, when a new token is there.
    expect(diagnose(saying(retry, retry))).toBeUndefined()
  })

  it('says which address of its server a host does not reach, while the node is not Ready', () => {
    const tunnel = agent(
      'error',
      'Failed to connect to proxy. Empty dialer response" error="dial tcp 10.0.2.15:6443: connect: connection refused',
    )
    const found = diagnose({ ...saying(tunnel), node: { exists: false, ready: false } })
    expect(found?.title).toContain('not by the one the server lists: 10.0.2.15:6443')
    expect(diagnose({ ...saying(tunnel), node: { exists: true, ready: true } })).toBeUndefined()
  })

  it('tells an agent that is too old by two lines, of which neither is enough', () => {
    const forbidden =
      'nodes is forbidden: User "system:node:calypso" cannot list resource "nodes" in API group "" at the cluster scope'
    const subnet = 'plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory'
    expect(diagnose(saying(forbidden, subnet))?.code).toBe('agent-too-old')
    expect(diagnose(saying(subnet))).toBeUndefined()
  })

  it('names the port that is taken, and both hashes that differ', () => {
    expect(diagnose(saying('listen tcp 127.0.0.1:6444: bind: address already in use'))?.title).toContain('port 6444')
    const hashes = diagnose(saying('token CA hash does not match the Cluster CA certificate hash: a1b2 != 9f00'))
    expect(hashes?.cause).toContain('(a1b2)')
    expect(hashes?.cause).toContain('(9f00)')
  })
})

describe('the catalogue', () => {
  it('has distinct ids, kebab-case codes, and a fixture that exists for what it calls observed', () => {
    expect(new Set(catalogue.map((row) => row.id)).size).toBe(catalogue.length)
    for (const row of catalogue) {
      expect(row.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      if (row.provenance === 'observed') {
        const outputs = row.seen.match(/(?<![\w/])kubeadm\/\d\d[a-z]?-[\w-]+\b/g) ?? []
        const folders = [
          ...(row.seen.match(/(?<![\w/])(?:join|kubelet|containerd)\/[a-z][\w-]*\b(?!#)/g) ?? []),
          ...outputs.map((name) => `${name}.err`),
        ]
        expect([row.id, folders.length > 0]).toEqual([row.id, true])
        for (const folder of folders) expect([folder, existsSync(new URL(folder, fixtures))]).toEqual([folder, true])
      }
    }
  })

  it('keeps no state between texts: no pattern is global or sticky', () => {
    for (const row of catalogue)
      for (const pattern of [...row.matches, ...(row.also ?? [])]) expect(pattern.flags).not.toMatch(/[gy]/)
  })

  it('fills only names that a pattern of the row, or the evidence, can provide', () => {
    for (const row of catalogue) {
      const named = row.matches.flatMap((pattern) =>
        [...pattern.source.matchAll(/\(\?<([a-z]+)>/gi)].map((match) => match[1]),
      )
      const known = new Set([...named, 'subject', 'unit', 'restarts', 'message'])
      const used = [row.title, row.cause, row.remedy].flatMap((text) =>
        [...text.matchAll(/\{([a-z]+)\}/gi)].map((match) => match[1]),
      )
      expect([row.id, used.filter((name) => !known.has(name))]).toEqual([row.id, []])
    }
  })
})
