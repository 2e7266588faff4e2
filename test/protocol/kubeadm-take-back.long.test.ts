import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { renderJoinConfig } from '../../src/kubeadm/config.ts'
import { applyChanges } from '../../src/kubeadm/install.ts'
import { joinAndFollow } from '../../src/kubeadm/join.ts'
import { undoChanges } from '../../src/kubeadm/remove.ts'
import { FolderHost } from './k3s-install-host.ts'

const fixtures = join(process.cwd(), 'test/fixtures/kubeadm')
const config = renderJoinConfig({
  desired: { node: 'karstark', taints: [], extraConfig: {} },
  target: { endpoint: '10.4.0.10:6443', caCertHashes: [`sha256:${'a'.repeat(64)}`] },
  token: 'k8s1ab.0123456789abcdef',
  kubeadmMinor: 133,
  ignoredErrors: [],
  limitMs: 60_000,
})

// What a reset deletes is what a real one says that it does (fixtures/kubeadm/40-reset.out); `dies`: the kubelet never comes up.
const kubeadm = (host: FolderHost): string => `#!/bin/sh
S=${host.state}
printf '%s\\n' "kubeadm $*" >>"$S/calls"
case $1 in
  reset)
    cat ${fixtures}/40-reset.out
    rm -rf "$ROOT/etc/kubernetes/pki"/* "$ROOT/etc/kubernetes/manifests"/* "$ROOT/var/lib/kubelet"/*
    for name in admin super-admin kubelet bootstrap-kubelet controller-manager scheduler; do rm -f "$ROOT/etc/kubernetes/$name.conf"; done
    exit 0 ;;
esac
mkdir -p "$ROOT/etc/kubernetes/pki" "$ROOT/etc/kubernetes/manifests" "$ROOT/var/lib/kubelet/pki" "$ROOT/etc/cni/net.d"
echo bootstrap >"$ROOT/etc/kubernetes/bootstrap-kubelet.conf"
echo ca >"$ROOT/etc/kubernetes/pki/ca.crt"
echo config >"$ROOT/var/lib/kubelet/config.yaml"
echo '{}' >"$ROOT/etc/cni/net.d/10-calico.conflist"
cat ${fixtures}/60-kubelet-crashes.err >&2
exit 1
`

const hosts: FolderHost[] = []
function machine(): FolderHost {
  const host = new FolderHost({ unit: 'kubelet' })
  host.program('kubeadm', kubeadm(host))
  host.write('etc/systemd/system/kubelet.service', '[Service]\n')
  mkdirSync(join(host.root, 'var/lib/kubelet'))
  host.setUnit('activating', 'auto-restart', 41)
  hosts.push(host)
  return host
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

async function fails(host: FolderHost, runId = 'run-1'): Promise<void> {
  const over = new AbortController()
  await joinAndFollow(
    host,
    { runId, holder: 'a test', unit: 'kubelet', config, endpoint: '10.4.0.10:6443', timeoutMs: 30_000 },
    (event) => {
      if (event.type === 'ended') over.abort()
    },
    over.signal,
  )
}

const limits = () => ({ signal: AbortSignal.timeout(20_000), timeoutMs: 20_000 })
const undo = (host: FolderHost, runId = 'run-1') => undoChanges(host, { runId, ...limits() })
const reset = (host: FolderHost, runId: string) =>
  applyChanges(host, { runId, holder: 'a test', steps: ['reset'], joins: true, ...limits(), onStep: () => undefined })

const resets = (host: FolderHost) => host.calls().filter((call) => call.startsWith('kubeadm reset'))
const membership = ['etc/kubernetes/bootstrap-kubelet.conf', 'etc/kubernetes/pki/ca.crt', 'var/lib/kubelet/config.yaml']

/** Nothing of the join is left that makes the machine a member. */
function expectTakenBack(host: FolderHost): void {
  for (const path of membership) expect([path, host.read(path)]).toEqual([path, undefined])
}

describe('what kubeadm reset would delete although no join wrote it', () => {
  it.each([
    'etc/kubernetes/admin.conf',
    'etc/kubernetes/super-admin.conf',
    'etc/kubernetes/pki/etcd-client.key',
    'etc/kubernetes/pki/.calico/client.pem',
    'etc/kubernetes/manifests/kube-vip.yaml',
  ])('%s of the owner outlives the undo of a failed join, and is named', async (path) => {
    const host = machine()
    host.write(path, 'of the owner')
    await fails(host)
    const { changes, remaining } = await undo(host)
    expect(host.read(path)).toBe('of the owner')
    expect(changes).toEqual(['start', 'join'])
    expect(remaining.join()).toContain(`/${path.split('/').slice(0, 4).join('/')}`)
    expect(resets(host)).toEqual([])
    expectTakenBack(host)
  })

  it('also when it came after an interrupted join, and the next run resets what that one left', async () => {
    const host = machine()
    await fails(host)
    host.write('etc/kubernetes/manifests/kube-vip.yaml', 'of the owner')
    await reset(host, 'run-2')
    expect(host.read('etc/kubernetes/manifests/kube-vip.yaml')).toBe('of the owner')
    expectTakenBack(host)
  })
})

describe('a kubelet folder that was in use before', () => {
  it('keeps the volumes of pods that another Kubernetes left there', async () => {
    const host = machine()
    host.write('var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/data/file', 'of the owner')
    await fails(host)
    const { remaining } = await undo(host)
    expect(host.read('var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/data/file')).toBe('of the owner')
    expect(remaining.join()).toContain('pods')
    expect(resets(host)).toEqual([])
    expectTakenBack(host)
  })

  it('has its certificates, its configuration and its flags again', async () => {
    const host = machine()
    host.write('var/lib/kubelet/pki/kubelet.key', 'of the owner')
    host.write('var/lib/kubelet/config.yaml', 'of the owner')
    host.write('var/lib/kubelet/kubeadm-flags.env', 'of the owner')
    await fails(host)
    host.write('var/lib/kubelet/pki/kubelet-client-current.pem', 'of the join')
    await undo(host)
    expect(host.read('var/lib/kubelet/pki/kubelet.key')).toBe('of the owner')
    expect(host.read('var/lib/kubelet/pki/kubelet-client-current.pem')).toBeUndefined()
    expect(host.read('var/lib/kubelet/config.yaml')).toBe('of the owner')
    expect(host.read('var/lib/kubelet/kubeadm-flags.env')).toBe('of the owner')
    expect(resets(host)).toEqual([])
  })
})

describe('mounts of the owner', () => {
  it('are found behind a kubelet folder that is a link', async () => {
    const host = machine()
    mkdirSync(join(host.root, 'data'))
    renameSync(join(host.root, 'var/lib/kubelet'), join(host.root, 'data/kubelet'))
    symlinkSync('../../data/kubelet', join(host.root, 'var/lib/kubelet'))
    await fails(host)
    host.write('data/kubelet/plugins/nfs/data', 'of the owner')
    host.append('proc/mounts', '192.0.2.1:/data /data/kubelet/plugins/nfs nfs4 rw 0 0\n')
    const { remaining } = await undo(host)
    expect(remaining.join()).toContain('/data/kubelet/plugins/nfs')
    expect(resets(host)).toEqual([])
    expect(host.read('data/kubelet/plugins/nfs/data')).toBe('of the owner')
    expectTakenBack(host)
  })

  it.each(['var/lib/kubelet/pki', 'var/lib/kubelet/pki/keys'])(
    'at /%s keep what is in them, also where the join is taken back without kubeadm',
    async (mount) => {
      const host = machine()
      await fails(host)
      host.write(`${mount}/serving.key`, 'of the owner')
      host.append('proc/mounts', `/dev/mapper/secrets /${mount} ext4 rw 0 0\n`)
      const { remaining } = await undo(host)
      expect(host.read(`${mount}/serving.key`)).toBe('of the owner')
      expect(remaining.join()).toContain('/var/lib/kubelet/pki')
      expectTakenBack(host)
    },
  )
})

describe('the configuration of networks', () => {
  it.each(['87-podman-bridge.conflist', 'nerdctl-bridge.conflist', '100-crio-bridge.conflist'])(
    '%s, which came after an interrupted join, is its owner’s and stays',
    async (name) => {
      const host = machine()
      await fails(host)
      host.write(`etc/cni/net.d/${name}`, '{}')
      await reset(host, 'run-2')
      expect(host.read(`etc/cni/net.d/${name}`)).toBe('{}')
      expect(host.read('etc/cni/net.d/10-calico.conflist')).toBeUndefined()
    },
  )
})

describe('a reset before a join', () => {
  it('stops at a machine that somebody has made a node since it was looked at', async () => {
    const host = machine()
    await fails(host)
    host.write('etc/kubernetes/kubelet.conf', 'of somebody')
    host.write('var/lib/kubelet/pki/kubelet-client-current.pem', 'of somebody')
    await expect(reset(host, 'run-2')).rejects.toMatchObject({ code: 'kubeadm-not-ours' })
    expect(resets(host)).toEqual([])
    expect(host.read('etc/kubernetes/kubelet.conf')).toBe('of somebody')
  })

  it('takes the word of the interrupted run alone: a join that ended well long ago excuses nothing', async () => {
    const host = machine()
    host.write(
      'var/lib/k3s-gpu-actions/runs/run-0/log',
      'unit kubelet.service active 7\njoining 10.4.0.10:6443\nfinished\n',
    )
    host.write('var/lib/k3s-gpu-actions/runs/run-1/log', 'unit kubelet.service active 7\nstep enable\n')
    host.write('etc/kubernetes/bootstrap-kubelet.conf', 'of somebody')
    await expect(reset(host, 'run-2')).rejects.toMatchObject({ code: 'kubeadm-not-ours' })
    expect(resets(host)).toEqual([])
    expect(host.read('etc/kubernetes/bootstrap-kubelet.conf')).toBe('of somebody')
  })
})

it('the words of a reset are those that were recorded', () => {
  const said = readFileSync(join(fixtures, '40-reset.out'), 'utf8')
  expect(said).toContain('[/etc/kubernetes/manifests /var/lib/kubelet /etc/kubernetes/pki]')
  for (const name of ['admin', 'super-admin', 'controller-manager', 'scheduler'])
    expect(said).toContain(`/etc/kubernetes/${name}.conf`)
})
