import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  catalogue,
  type Diagnosis,
  diagnose,
  diagnoseWith,
  type Evidence,
  type Row,
} from '../../src/diagnosis/index.ts'

const fixtures = new URL('../../../test/fixtures/', import.meta.url)
const ranks = ['cause', 'symptom', 'state']
const rank = (row: Row) => ranks.indexOf(row.strength)
const conditions = (row: Row) => Object.keys(row.when ?? {}).length + (row.also?.length ?? 0) + (row.stages ? 1 : 0)

/** The lines, in a run that is where the row asks for it and of which nothing else is known. */
function around(row: Row, texts: readonly string[]): Evidence {
  const { unitActive, restartsAtLeast, nodeExists, nodeReady } = row.when ?? {}
  const activeState = unitActive === true ? 'active' : 'activating'
  const knowsUnit = unitActive !== undefined || restartsAtLeast !== undefined
  const knowsNode = nodeExists !== undefined || nodeReady !== undefined
  return {
    stage: row.stages?.[0] ?? 'start',
    subject: 'calypso',
    texts,
    ...(knowsUnit ? { unit: { name: 'k3s-agent', activeState, restarts: restartsAtLeast ?? 0 } } : {}),
    ...(knowsNode ? { node: { exists: nodeExists ?? true, ready: nodeReady ?? false } } : {}),
  }
}

/** What a row says when nobody else is asked. */
const alone = (row: Row, evidence: Evidence): Diagnosis | undefined => diagnoseWith([row], evidence)

const withText = catalogue.filter((row) => row.matches.length > 0)
const cases = withText.flatMap((row): [string, Row, readonly string[]][] =>
  row.also
    ? [[row.id, row, row.recorded]]
    : row.recorded.map((line, index) => [`${row.id} ${index + 1}`, row, [line]] as [string, Row, readonly string[]]),
)

describe('every recorded line leads to its row and to no other', () => {
  it('each row that is found by text has at least one, and rows of states have none', () => {
    for (const row of catalogue) expect([row.id, row.recorded.length > 0]).toEqual([row.id, row.matches.length > 0])
  })

  it.each(cases)('%s', (_name, row, lines) => {
    const evidence = around(row, lines)
    const found = diagnose(evidence)
    expect(found).toEqual(alone(row, evidence))
    expect(found?.code).toBe(row.code)
    expect([found?.title, found?.cause, found?.remedy].join(' ')).not.toMatch(/\{[a-z]+\}|undefined/i)
    // Only a row that asks for less may be found beside it: it is what is said when the state is not known.
    const others = catalogue.filter(
      (other) => other !== row && rank(other) <= rank(row) && alone(other, evidence) !== undefined,
    )
    expect(others.filter((other) => conditions(other) >= conditions(row)).map((other) => other.id)).toEqual([])
  })

  it('also when all the agent says around them is what every start says', () => {
    const healthy = readFileSync(new URL('join/healthy/journal.txt', fixtures), 'utf8').split('\n')
    for (const row of withText) {
      const evidence = around(row, [...healthy, ...row.recorded, ...healthy])
      expect([row.id, diagnose(evidence)?.code]).toEqual([row.id, row.code])
    }
  })
})

const folders = ['join', 'kubelet', 'containerd'].flatMap((kind) =>
  readdirSync(new URL(kind, fixtures), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${kind}/${entry.name}`),
)
const textsOf = (folder: string) =>
  ['journal.txt', 'kubelet.txt', 'containerd.log']
    .map((file) => new URL(`${folder}/${file}`, fixtures))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))

describe('every recorded fault leads to what its row says', () => {
  // A folder without a journal or log holds what was written, not what was said.
  const faults = folders.filter((folder) => !folder.endsWith('/healthy') && textsOf(folder).length > 0)
  it.each(faults)('%s', (folder) => {
    const rows = withText.filter((row) => row.provenance === 'observed' && row.seen.includes(folder))
    expect(rows).not.toEqual([])
    const ready = new URL(`${folder}/ready-condition.json`, fixtures)
    const condition = existsSync(ready) ? JSON.parse(readFileSync(ready, 'utf8'))[0] : undefined
    const node = condition && { exists: true, ready: condition.status === 'True', message: condition.message }
    const found = diagnose({ stage: 'start', subject: 'calypso', texts: textsOf(folder), ...(node ? { node } : {}) })
    const [strongest] = rows.toSorted((a, b) => rank(a) - rank(b))
    expect(found?.code).toBe(strongest?.code)
    expect(found?.provenance).toBe('observed')
  })
})

/** Said on the way to a good end; in public reports often blamed for what came after. */
const harmless = [
  'Failed to get unit file state for nm-cloud-setup.service: No such file or directory',
  '+ /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service',
  'modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.8.0-88-generic',
  'level=info msg="Node authorization rejected, retrying without client certificate authentication"',
  'level=warning msg="Host resolv.conf includes loopback, multicast, or link-local nameservers - kubelet will use autogenerated resolv.conf with nameserver 8.8.8.8"',
  'level=warning msg="Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. Use the full token from the server\'s node-token file to enable Cluster CA validation."',
  'level=info msg="SELinux is enabled on this host, but k3s has not been started with --selinux - containerd SELinux support is disabled"',
  'level=warning msg="Unknown flag --kublet-arg found in config.yaml, skipping"',
  'level=warning msg="Failed to load kernel module br_netfilter with modprobe"',
  'level=info msg="Set sysctl \'net/netfilter/nf_conntrack_max\' to 131072"',
  'level=error msg="Failed to set sysctl: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied"',
  'level=warning msg="Unable to watch for tunnel endpoints: unknown (get endpoints)"',
  'level=warning msg="Failed to read data from checkpoint" err="checkpoint is not found"',
  'level=error msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"',
  'level=info msg="Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 503 Service Unavailable"',
  'E1121 15:33:02.043643     406 kubelet_node_status.go:466] "Error getting the current node from lister" err="node \\"calypso\\" not found"',
  '"Failed to pull image" err="failed to pull: tls: failed to verify certificate: x509: certificate signed by unknown authority"',
  'level=warning msg="Error pulling image registry.example/x: dial tcp 192.0.2.9:443: i/o timeout"',
]

describe('a start that ends well has no cause', () => {
  it.each(['join/healthy', 'containerd/healthy'])('%s', (folder) => {
    const texts = textsOf(folder)
    expect(texts.length).toBeGreaterThan(50)
    const active = { name: 'k3s-agent', activeState: 'active', restarts: 0 }
    expect(
      diagnose({ stage: 'confirm', subject: 'calypso', texts, unit: active, node: { exists: true, ready: true } }),
    ).toBeUndefined()
  })

  it('line by line, whatever is known of unit and node', () => {
    const causes = catalogue.filter((row) => row.strength === 'cause')
    const lines = [...harmless, ...textsOf('join/healthy'), ...textsOf('containerd/healthy')]
    const found = causes.flatMap((row) =>
      lines.filter((line) => alone(row, around(row, [line])) !== undefined).map((line) => [row.id, line]),
    )
    expect(found).toEqual([])
  })

  it('and while it is under way only symptoms that say so for the moment', () => {
    for (const line of harmless) {
      const found = withText.filter((row) => !row.when && alone(row, around(row, [line])))
      expect([line, found.map((row) => row.id).filter((id) => id !== 'k3s-server-starting')]).toEqual([line, []])
    }
  })
})
