import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { diagnose } from '../../src/diagnosis/index.ts'

const fixtures = new URL('../../../test/fixtures/kubeadm/', import.meta.url)
const linesOf = (file: string): readonly string[] =>
  existsSync(new URL(file, fixtures)) ? readFileSync(new URL(file, fixtures), 'utf8').trim().split('\n') : []

/** Both streams of a real kubeadm as the run hears them, with the name of their log. */
const said = (name: string): readonly string[] =>
  [...linesOf(`${name}.out`), ...linesOf(`${name}.err`)].map((line) => `kubeadm: ${line}`)

const exitCodeOf = (name: string): number => {
  const text = linesOf(`${name}.rc`).join(' ')
  return Number(/rc (\d+)/.exec(text)?.[1] ?? /^(\d+)/.exec(text)?.[1])
}

/** What each case comes to when nothing but kubeadm's own words is known. */
const codes: Readonly<Record<string, string>> = {
  '20-unknown-token': 'kubeadm-token-unknown',
  '21-wrong-secret': 'kubeadm-token-wrong',
  '22-expired': 'kubeadm-token-unknown',
  '23-wrong-hash': 'kubeadm-ca-mismatch',
  '24-stale-ca-in-cluster-info': 'kubeadm-ca-stale',
  '25-port-closed': 'kubeadm-api-unreachable',
  '26-nosign': 'kubeadm-token-unknown',
  '27-nogroup': 'kubeadm-token-rights',
  '28-noauth': 'kubeadm-token-rights',
  '30-already-joined': 'kubeadm-joined-already',
  '31-already-joined-skip-preflight': 'kubeadm-node-exists',
  '32-already-joined-ignore-errors': 'kubeadm-node-exists',
  '41-rejoin-right-after-reset': 'kubeadm-node-exists',
  '42-retry-after-failed': 'kubeadm-joined-already',
  '43-retry-node-deleted-leftovers': 'kubeadm-joined-already',
  '45-leftover-kubelet-stopped': 'kubeadm-joined-already',
  '48-leftover-othercluster-skip-preflight': 'kubeadm-other-cluster',
  '51-unknown-token-10s': 'kubeadm-token-unknown',
  '52-stale-ca-10s': 'kubeadm-ca-stale',
  '53-port-closed-10s': 'kubeadm-api-unreachable',
  '54-host-unreachable-10s': 'kubeadm-api-unreachable',
  '58-against-k3s-shaped': 'kubeadm-cluster-info-closed',
  '59-anonymous-off': 'kubeadm-cluster-info-closed',
  '60-kubelet-crashes': 'kubelet-exits',
  '61-port-10250': 'host-port',
  '62-containerd-down': 'kubeadm-containerd',
  '63-ip-forward-0': 'kubeadm-ip-forward',
  '64-not-root': 'kubeadm-preflight',
  '67-kubelet-missing': 'kubeadm-programs',
  '70-two-crisockets': 'kubeadm-cri-sockets',
  '70b-reset-two-crisockets': 'kubeadm-cri-sockets',
  '72-swap-join': 'kubelet-exits',
  '73-server-older-131': 'kubeadm-version',
  '75-csr-never-approved': 'kubeadm-csr-not-approved',
  '76-killed-mid-join': 'kubeadm-containerd',
  '77-killed-then-token-deleted': 'kubeadm-containerd',
  '78-restricted-label': 'kubelet-exits',
}

/** Words of a configuration that this action does not write. */
const notOurs = ['56b-config-dash', '68-no-hash', '69-token-format']

const names = [...new Set(readdirSync(fixtures).flatMap((file) => /^(.+)\.rc$/.exec(file)?.[1] ?? []))].sort()

describe('what a real kubeadm said when it did not join', () => {
  const failed = names.filter((name) => exitCodeOf(name) !== 0 && !notOurs.includes(name))

  it('is all of it told here', () => {
    expect(failed).toEqual(Object.keys(codes).sort())
  })

  it.each(failed)('%s', (name) => {
    const found = diagnose({ stage: 'start', subject: 'karstark', texts: said(name) })
    expect(found?.code).toBe(codes[name])
    expect([found?.title, found?.cause, found?.remedy].join(' ')).not.toMatch(/\{[a-z]+\}|undefined|kubelet-arg in/)
  })
})

describe('what a real kubeadm said when it joined', () => {
  const joined = names.filter((name) => exitCodeOf(name) === 0)

  it.each(joined)('%s has no cause', (name) => {
    const active = { name: 'kubelet', activeState: 'active', restarts: 0 }
    const node = { exists: true, ready: true }
    expect(diagnose({ stage: 'start', subject: 'karstark', texts: said(name), unit: active, node })).toBeUndefined()
  })

  it('is no proof: without a node in this cluster the host went somewhere else', () => {
    const found = diagnose({
      stage: 'start',
      subject: 'karstark',
      texts: said('49-leftover-LIVE-othercluster-skip-preflight'),
      unit: { name: 'kubelet', activeState: 'active', restarts: 0 },
      node: { exists: false, ready: false },
    })
    expect(found?.code).toBe('kubeadm-joined-elsewhere')
  })
})

describe('a kubelet that nobody has configured', () => {
  // As the journal of a machine of the lab had it before the join, every ten seconds (kubelet 1.33.13).
  const waiting =
    'E1122 10:44:28.551464    2044 run.go:72] "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to read kubelet config file \\"/var/lib/kubelet/config.yaml\\", error: open /var/lib/kubelet/config.yaml: no such file or directory"'

  it('waits for its join, which is no cause of anything', () => {
    expect(diagnose({ stage: 'start', subject: 'karstark', texts: [waiting] })).toBeUndefined()
  })

  it('does not hide why the kubelet that came after it stays out of the cluster', () => {
    const refused =
      'E1122 10:12:17.015581    2430 kubelet_node_status.go:113] "Unable to register node with API server, error getting existing node" err="nodes \\"karstark\\" is forbidden: User \\"system:anonymous\\" cannot get resource \\"nodes\\" in API group \\"\\" at the cluster scope" node="karstark"'
    const found = diagnose({
      stage: 'start',
      subject: 'karstark',
      texts: [waiting, refused],
      node: { exists: false, ready: false },
    })
    expect(found?.code).toBe('kubeadm-csr-not-approved')
  })
})
