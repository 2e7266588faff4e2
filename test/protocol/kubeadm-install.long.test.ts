import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { HostStepError } from '../../src/host/index.ts'
import type { StartEvent } from '../../src/join/index.ts'
import { renderJoinConfig } from '../../src/kubeadm/config.ts'
import { type ApplyStep, applyChanges } from '../../src/kubeadm/install.ts'
import { joinAndFollow } from '../../src/kubeadm/join.ts'
import { undoChanges } from '../../src/kubeadm/remove.ts'
import { FolderHost, type Shell } from './k3s-install-host.ts'

const fixtures = join(process.cwd(), 'test/fixtures/kubeadm')
const lines = (name: string): readonly string[] =>
  readFileSync(join(fixtures, name), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')

const token = 'k8s1ab.0123456789abcdef'
const endpoint = '10.4.0.10:6443'
const config = renderJoinConfig({
  desired: { node: 'karstark', taints: [], extraConfig: {} },
  target: { endpoint, caCertHashes: [`sha256:${'a'.repeat(64)}`] },
  token,
  kubeadmMinor: 133,
  ignoredErrors: [],
  limitMs: 60_000,
})

// What a real kubeadm writes and prints (fixtures/kubeadm); `hangs`: waits for a kubelet that does not come.
const kubeadm = (host: FolderHost): string => `#!/bin/sh
S=${host.state}
printf '%s\\n' "kubeadm $*" >>"$S/calls"
/usr/bin/env >>"$S/environments"
case $1 in
  reset)
    [ ! -e "$S/reset-fails" ] || { echo 'error: unable to reset'; exit 1; }
    cat "${fixtures}/40-reset.out" "${fixtures}/40-reset.err"
    rm -rf "$ROOT/etc/kubernetes/pki"/* "$ROOT/etc/kubernetes/manifests"/* "$ROOT/var/lib/kubelet"/*
    rm -f "$ROOT/etc/kubernetes"/*.conf
    systemctl stop kubelet
    exit 0 ;;
esac
cat /dev/stdin >"$S/config"
if [ -e "$S/refuses" ]; then cat "${fixtures}/20-unknown-token.out"; cat "${fixtures}/20-unknown-token.err" >&2; exit 1; fi
mkdir -p "$ROOT/etc/kubernetes/pki" "$ROOT/etc/kubernetes/manifests" "$ROOT/var/lib/kubelet/pki" "$ROOT/etc/cni/net.d"
echo bootstrap >"$ROOT/etc/kubernetes/bootstrap-kubelet.conf"
echo ca >"$ROOT/etc/kubernetes/pki/ca.crt"
echo config >"$ROOT/var/lib/kubelet/config.yaml"
systemctl daemon-reload
systemctl start kubelet
echo '{}' >"$ROOT/etc/cni/net.d/10-calico.conflist"
if [ -e "$S/hangs" ]; then cat "${fixtures}/76-killed-mid-join.out"; sleep 60; exit 1; fi
echo joined >"$ROOT/etc/kubernetes/kubelet.conf"
rm "$ROOT/etc/kubernetes/bootstrap-kubelet.conf"
cat "${fixtures}/10-join-ok-first.out"
cat "${fixtures}/10-join-ok-first.err" >&2
`

const hosts: FolderHost[] = []
function machine(shell: Shell = 'dash'): FolderHost {
  const host = new FolderHost({ shell, unit: 'kubelet' })
  host.program('kubeadm', kubeadm(host))
  host.write('etc/systemd/system/kubelet.service', '[Service]\n')
  host.write('var/lib/kubelet/.keep', '')
  host.remove('var/lib/kubelet/.keep')
  host.setUnit('activating', 'auto-restart', 41)
  hosts.push(host)
  return host
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

/** Joins until an event says that it is enough; resolves with all that was heard. */
async function joined(
  host: FolderHost,
  until: (event: StartEvent) => boolean = (event) => event.type === 'ended',
  runId = 'run-1',
): Promise<readonly StartEvent[]> {
  const over = new AbortController()
  const events: StartEvent[] = []
  const options = { runId, holder: 'a test', unit: 'kubelet', config, endpoint, timeoutMs: 30_000 }
  await joinAndFollow(
    host,
    options,
    (event) => {
      events.push(event)
      if (until(event)) over.abort()
    },
    over.signal,
  )
  return events
}

const undo = (host: FolderHost, runId = 'run-1') =>
  undoChanges(host, {
    runId,
    criSocket: 'unix:///var/run/containerd/containerd.sock',
    signal: AbortSignal.timeout(20_000),
    timeoutMs: 20_000,
  })

const apply = (host: FolderHost, runId: string, steps: readonly ApplyStep[] = ['reset', 'enable']) =>
  applyChanges(host, {
    runId,
    holder: 'a test',
    steps,
    criSocket: undefined,
    joins: steps.includes('reset'),
    signal: AbortSignal.timeout(20_000),
    timeoutMs: 20_000,
    onStep: () => undefined,
  })

const words = (events: readonly StartEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'journal' && event.source === 'kubeadm' ? [event.text] : []))
const log = (host: FolderHost, runId = 'run-1') => host.read(`var/lib/k3s-gpu-actions/runs/${runId}/log`)
const membership = ['etc/kubernetes', 'var/lib/kubelet', 'etc/cni', 'etc/systemd']

// busybox where this machine has it.
const shells = (['dash', 'bash', 'busybox'] as const).filter((shell) => existsSync(`/usr/bin/${shell}`))

describe.each(shells)('kubeadm join on a host whose sh is %s', (shell) => {
  it('gets its configuration on standard input, says its words, and its end is told last', async () => {
    const host = machine(shell)
    const events = await joined(host)
    expect(readFileSync(join(host.state, 'config'), 'utf8')).toBe(config)
    expect(host.calls()).toContain('kubeadm join --config /dev/stdin')
    const said = words(events)
    for (const line of [...lines('10-join-ok-first.out'), ...lines('10-join-ok-first.err')])
      expect(said).toContain(line)
    expect(events.filter((event) => event.type === 'ended')).toEqual([{ type: 'ended', program: 'kubeadm', status: 0 }])
    expect(events.at(-1)?.type).toBe('ended')
    expect(log(host)).toMatch(/^joining 10\.4\.0\.10:6443$[\s\S]*^finished$/m)
    expect(await host.leftProcesses()).toEqual([])
  })

  it('shows the token to nobody: no argument, no environment, no file, no output', async () => {
    const host = machine(shell)
    await joined(host)
    expect(host.told()).not.toContain(token)
    expect(host.output).not.toContain(token)
    const files = readdirSync(host.root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    const holding = files.filter((one) => readFileSync(join(one.parentPath, one.name), 'utf8').includes(token))
    expect(holding.map((one) => one.name)).toEqual([])
  })

  it('that gives up tells its words and its exit code, and the undo leaves the host as it was', async () => {
    const host = machine(shell)
    const before = host.tree(membership)
    host.flag('refuses')
    const events = await joined(host)
    expect(words(events)).toEqual(expect.arrayContaining([...lines('20-unknown-token.err')]))
    expect(events.at(-1)).toEqual({ type: 'ended', program: 'kubeadm', status: 1 })
    expect(log(host)).not.toMatch(/^finished/m)
    expect(await undo(host)).toEqual({ changes: ['start', 'join'], remaining: [] })
    expect(host.calls()).toContain(
      'kubeadm reset -f --skip-phases=remove-etcd-member --cri-socket unix:///var/run/containerd/containerd.sock',
    )
    expect(host.tree(membership)).toEqual(before)
    expect(host.read('var/lib/k3s-gpu-actions/runs/run-1/log')).toBeUndefined()
  })

  it('is ended with the wait, with everything that belongs to it', async () => {
    const host = machine(shell)
    host.flag('hangs')
    await joined(host, (event) => event.type === 'journal' && event.text.startsWith('[kubelet-check] Waiting'))
    expect(await host.leftProcesses()).toEqual([])
    expect((await undo(host)).remaining).toEqual([])
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBeUndefined()
  })
})

describe('nothing is joined over', () => {
  it.each(['kubelet.conf', 'bootstrap-kubelet.conf', 'pki/ca.crt'])(
    'a %s stops the join before kubeadm runs',
    async (name) => {
      const host = machine()
      host.write(`etc/kubernetes/${name}`, 'of somebody')
      await expect(joined(host)).rejects.toMatchObject({ code: 'kubeadm-joined-already' })
      expect(host.calls().filter((call) => call.startsWith('kubeadm'))).toEqual([])
      expect(await undo(host)).toEqual({ changes: [], remaining: [] })
      expect(host.read(`etc/kubernetes/${name}`)).toBe('of somebody')
    },
  )

  it('and what no run of ours began is not reset', async () => {
    const host = machine()
    host.write('etc/kubernetes/bootstrap-kubelet.conf', 'of somebody')
    const refused = await apply(host, 'run-1').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(HostStepError)
    expect(refused).toMatchObject({ code: 'kubeadm-not-ours' })
    expect(host.calls().filter((call) => call.startsWith('kubeadm'))).toEqual([])
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBe('of somebody')
  })
})

describe('the next run after a killed one', () => {
  it('resets what that one left, joins anew, and is undone together with it', async () => {
    const host = machine()
    const before = host.tree(membership)
    host.flag('hangs')
    await joined(host, (event) => event.type === 'journal' && event.text.startsWith('[kubelet-check] Waiting'))
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBeDefined()
    host.unflag('hangs')
    expect(await apply(host, 'run-2')).toEqual([{ runId: 'run-1', step: 'start' }])
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBeUndefined()
    expect(host.read('etc/cni/net.d/10-calico.conflist')).toBeUndefined()
    await joined(host, undefined, 'run-2')
    expect(host.read('etc/kubernetes/kubelet.conf')).toBeDefined()
    expect((await undo(host, 'run-2')).remaining).toEqual([])
    expect(host.tree(membership)).toEqual(before)
  })

  it('deletes the token that a killed join left on a host that has joined, and nothing else', async () => {
    const host = machine()
    host.write('etc/kubernetes/kubelet.conf', 'joined')
    host.write('etc/kubernetes/bootstrap-kubelet.conf', 'with a token')
    await apply(host, 'run-2', ['forget-token'])
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBeUndefined()
    expect(host.read('etc/kubernetes/kubelet.conf')).toBe('joined')
    expect(log(host, 'run-2')).toMatch(/^finished$/m)
  })

  it('does not take from a kubelet the token that it still needs', async () => {
    const host = machine()
    host.write('etc/kubernetes/bootstrap-kubelet.conf', 'with a token')
    await expect(apply(host, 'run-2', ['forget-token'])).rejects.toMatchObject({ code: 'kubeadm-not-ours' })
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBe('with a token')
  })

  it('does not take a finished join for a killed one', async () => {
    const host = machine()
    await joined(host)
    const refused = await apply(host, 'run-2').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'kubeadm-not-ours' })
    expect(host.read('etc/kubernetes/kubelet.conf')).toBeDefined()
  })
})

describe('the undo of a join', () => {
  it('never resets where something is mounted below the kubelet’s folder, and says so', async () => {
    const host = machine()
    host.flag('hangs')
    await joined(host, (event) => event.type === 'journal' && event.text.startsWith('[kubelet-check] Waiting'))
    host.write('var/lib/kubelet/pods/1/volumes/nfs/data', 'of the owner')
    host.append('proc/mounts', '192.0.2.1:/data /var/lib/kubelet/pods/1/volumes/nfs nfs4 rw 0 0\n')
    const { changes, remaining } = await undo(host)
    expect(changes).toEqual(['start', 'join'])
    expect(remaining).toEqual([
      "/var/lib/kubelet (mounts below it are not the kubelet's own: /var/lib/kubelet/pods/1/volumes/nfs)",
    ])
    expect(host.calls().filter((call) => call.startsWith('kubeadm reset'))).toEqual([])
    expect(host.read('var/lib/kubelet/pods/1/volumes/nfs/data')).toBe('of the owner')
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBeUndefined()
  })

  it('never resets where the kubelet’s folder held something before', async () => {
    const host = machine()
    host.write('var/lib/kubelet/backup.tar', 'of the owner')
    await joined(host)
    expect((await undo(host)).remaining).toEqual([
      '/var/lib/kubelet (it held backup.tar before, which kubeadm reset would delete)',
    ])
    expect(host.read('var/lib/kubelet/backup.tar')).toBe('of the owner')
    expect(host.read('etc/kubernetes/kubelet.conf')).toBeUndefined()
  })

  it('keeps the network plugin’s files that were there before', async () => {
    const host = machine()
    host.write('etc/cni/net.d/99-loopback.conf', '{}')
    await joined(host)
    expect((await undo(host)).remaining).toEqual([])
    expect(host.read('etc/cni/net.d/99-loopback.conf')).toBe('{}')
    expect(host.read('etc/cni/net.d/10-calico.conflist')).toBeUndefined()
  })

  it('takes the machine out of the cluster also when kubeadm cannot', async () => {
    const host = machine()
    await joined(host)
    host.flag('reset-fails')
    expect((await undo(host)).remaining).toEqual(['kubeadm (kubeadm reset ended with exit code 1)'])
    for (const name of ['etc/kubernetes/kubelet.conf', 'etc/kubernetes/pki/ca.crt', 'var/lib/kubelet/config.yaml'])
      expect(host.read(name)).toBeUndefined()
  })
})
