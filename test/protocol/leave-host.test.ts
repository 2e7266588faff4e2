/** The scripts with which a distribution leaves a host, run by real shells on a host that is a folder. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { surveyScript } from '../../src/host/index.ts'
import { leavingK3s } from '../../src/k3s/leave.ts'
import { leavingKubeadm } from '../../src/kubeadm/leave.ts'
import type { LeaveStep, Leaving } from '../../src/leave/index.ts'
import { FolderHost, type Shell } from './k3s-install-host.ts'

const never = new AbortController().signal
const run = { runId: 'run-1', label: 'k3s-join calypso, run 52' }
const shells: readonly Shell[] = ['dash', 'busybox', 'bash']

/** What the official one does to a tree, as it was read; it deletes itself when it ends, however that is. */
const uninstaller = (extra = ''): string => `#!/bin/sh
trap 'rm -f "$ROOT/usr/local/bin/k3s-agent-uninstall.sh"' EXIT
echo "SYSTEMD_OFFLINE=\${SYSTEMD_OFFLINE:-} K3S_TOKEN=\${K3S_TOKEN:-}" >"$ROOT/tmp/uninstaller-environment"
${extra}
systemctl disable k3s-agent
systemctl daemon-reload
rm -f "$ROOT/etc/systemd/system/k3s-agent.service" "$ROOT/etc/systemd/system/k3s-agent.service.env"
rm -rf "$ROOT/etc/rancher/k3s" "$ROOT/run/k3s" "$ROOT/var/lib/rancher/k3s" "$ROOT/var/lib/kubelet"
rm -f "$ROOT/usr/local/bin/k3s" "$ROOT/usr/local/bin/k3s-killall.sh"
false
`

function agent(shell: Shell = 'dash', text = uninstaller()): FolderHost {
  const host = new FolderHost({ shell })
  host.write('usr/local/bin/k3s', '#!/bin/sh\necho "k3s version v1.33.4+k3s1 (stand-in)"\n', 0o755)
  host.write('usr/local/bin/k3s-agent-uninstall.sh', text, 0o755)
  host.write('usr/local/bin/k3s-killall.sh', '#!/bin/sh\n', 0o755)
  host.write('etc/systemd/system/k3s-agent.service', '[Service]\nExecStart=/usr/local/bin/k3s agent\n')
  host.write('etc/systemd/system/k3s-agent.service.env', 'K3S_URL=https://157.173.210.123:6443\nK3S_TOKEN=x\n', 0o600)
  host.write('etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml', 'node-name: calypso\n', 0o600)
  host.write('etc/rancher/node/password', 'secret\n', 0o600)
  host.write('var/lib/rancher/k3s/agent/x', 'x')
  host.write('var/lib/kubelet/pods/y', 'y')
  host.write('var/lib/k3s-gpu-actions/runs/old/log', 'finished\n')
  host.setUnit('active', 'running', 4242)
  return host
}

const mounts = (host: FolderHost, ...lines: readonly string[]): void =>
  host.write('proc/mounts', ['/dev/sda1 / ext4 rw 0 0', ...lines, ''].join('\n'))

async function survey(host: FolderHost, leaving: Leaving = leavingK3s()) {
  const script = `${surveyScript}\n${leaving.surveyScript}`
  const { lines } = await host.run({ name: 'survey', script, privilege: 'root', timeoutMs: 60_000, signal: never })
  return leaving.presence(lines)
}

async function leave(host: FolderHost, steps: readonly LeaveStep[] = ['stop', 'uninstall'], timeoutMs = 60_000) {
  const done: LeaveStep[] = []
  const removed = await leavingK3s().uninstall(host, { run, steps, timeoutMs }, (step) => done.push(step), never)
  return { ...removed, done }
}

const nfs = '192.168.2.10:/data /var/lib/kubelet/backup nfs4 rw 0 0'
const ofPods = [
  'tmpfs /var/lib/kubelet/pods/1f/volumes/kubernetes.io~projected/kube-api-access-x tmpfs rw 0 0',
  'overlay /run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/ab/rootfs overlay rw 0 0',
  'shm /run/k3s/containerd/io.containerd.grpc.v1.cri/sandboxes/ab/shm tmpfs rw 0 0',
]
const csi = '/dev/longhorn/pvc-1 /var/lib/kubelet/pods/1f/volumes/kubernetes.io~csi/pvc-1/mount ext4 rw 0 0'

describe.each(shells)('k3s leaves a host (%s)', (shell) => {
  it('stops, uninstalls, and leaves nothing of itself or of us', async () => {
    const host = agent(shell)
    host.write('etc/modules-load.d/k3s-gpu-actions.conf', 'iscsi_tcp\n')
    mounts(host, ...ofPods, '192.168.2.10:/films /mnt/films nfs4 rw 0 0')
    const found = await survey(host)
    expect(found).toMatchObject({
      isThere: true,
      isRunning: true,
      isServer: false,
      version: 'v1.33.4+k3s1',
      server: 'https://157.173.210.123:6443',
      uninstaller: '/usr/local/bin/k3s-agent-uninstall.sh',
    })
    expect(found.mounts.map((one) => one.kind)).toEqual(['own', 'own', 'own'])

    expect(await leave(host)).toEqual({
      done: ['stop', 'uninstall'],
      stays: ['/etc/modules-load.d/k3s-gpu-actions.conf'],
    })
    expect(host.calls()).toContain('systemctl stop k3s-agent.service')
    for (const path of ['etc/rancher', 'var/lib/rancher', 'var/lib/k3s-gpu-actions', 'usr/local/bin/k3s'])
      expect([path, existsSync(join(host.root, path))]).toEqual([path, false])
    expect(host.read('tmp/uninstaller-environment')).toBe('SYSTEMD_OFFLINE=1 K3S_TOKEN=\n')
    expect(await survey(host)).toMatchObject({ isThere: false, isRunning: false })
  })

  it('touches nothing while something of somebody else is mounted below', async () => {
    const host = agent(shell)
    mounts(host, ...ofPods, nfs)
    const before = host.tree()
    expect((await survey(host)).mounts.find((one) => one.kind === 'foreign')).toEqual({
      kind: 'foreign',
      path: '/var/lib/kubelet/backup',
      type: 'nfs4',
      source: '192.168.2.10:/data',
    })
    await expect(leave(host)).rejects.toMatchObject({
      code: 'foreign-mounts',
      evidence: ['/var/lib/kubelet/backup (nfs4, 192.168.2.10:/data)'],
    })
    expect(host.calls().some((call) => call.includes('stop'))).toBe(false)
    expect(host.tree()).toEqual(before)
  })

  it('starts the agent again when a volume is found mounted after the stop', async () => {
    const host = agent(shell)
    // The kubelet mounts something while it ends.
    host.program(
      'systemctl',
      `#!/bin/sh
printf '%s\\n' "systemctl $*" >>"${host.state}/calls"
case $1 in
  show) echo ActiveState=active ;;
  stop) echo '${csi}' >>"$ROOT/proc/mounts" ;;
esac
`,
    )
    await expect(leave(host)).rejects.toMatchObject({ code: 'foreign-mounts', step: 'stop' })
    expect(host.calls()).toContain('systemctl start --no-block k3s-agent.service')
    expect(host.read('usr/local/bin/k3s')).toBeDefined()
  })

  it('ends an uninstaller that hangs, and goes on from there with the copy that it kept', async () => {
    const host = agent(
      shell,
      uninstaller('[ -e "$ROOT/tmp/mended" ] || { rm -f "$ROOT/usr/local/bin/k3s"; sleep 60; }'),
    )
    await expect(leave(host, ['stop', 'uninstall'], 1_000)).rejects.toMatchObject({
      code: 'uninstall-timeout',
      step: 'uninstall',
    })
    // busybox's timeout ends what it started, and not what that has started.
    if (shell !== 'busybox') expect(await host.leftProcesses()).toEqual([])
    // Under bash the one that was ended has deleted itself.
    if (host.read('usr/local/bin/k3s-agent-uninstall.sh') !== undefined)
      host.remove('usr/local/bin/k3s-agent-uninstall.sh')
    host.write('tmp/mended', '')
    const found = await survey(host)
    expect(found).toMatchObject({ isThere: true, isHalfGone: true, isRunning: false })
    expect(found.uninstaller).toBe('/var/lib/k3s-gpu-actions/leave/uninstall.sh')
    expect((await leave(host, ['uninstall'])).done).toEqual(['uninstall'])
    expect(await survey(host)).toMatchObject({ isThere: false, isHalfGone: false })
  })
})

describe('k3s that cannot leave', () => {
  it('says what the uninstaller left, with its words', async () => {
    const host = agent('dash', '#!/bin/sh\necho "rm: cannot remove: Device or resource busy"\n')
    await expect(leave(host)).rejects.toMatchObject({
      code: 'uninstall-failed',
      evidence: ['rm: cannot remove: Device or resource busy'],
    })
  })

  it('is never taken off a host with a server', async () => {
    const host = agent()
    host.write('etc/systemd/system/k3s.service', '[Service]\n')
    expect(await survey(host)).toMatchObject({ isServer: true })
    await expect(leave(host)).rejects.toMatchObject({ code: 'server-present' })
    expect(host.calls().some((call) => call.includes('stop'))).toBe(false)
  })

  it('needs its uninstaller', async () => {
    const host = agent()
    host.remove('usr/local/bin/k3s-agent-uninstall.sh')
    expect((await survey(host)).uninstaller).toBeUndefined()
    await expect(leave(host)).rejects.toMatchObject({ code: 'uninstaller-missing' })
    expect(host.calls().some((call) => call.includes('stop'))).toBe(false)
  })
})

describe('whose a mount is', () => {
  it.each([
    ['a volume of a driver goes with its pod', csi, 'volume'],
    [
      'where a driver stages it',
      '/dev/longhorn/pvc-1 /var/lib/kubelet/plugins/kubernetes.io/csi/driver.longhorn.io/ab/globalmount ext4 rw 0 0',
      'volume',
    ],
    ['a disk of the owner in the kubelet’s folder', '/dev/sdb1 /var/lib/kubelet/disk ext4 rw 0 0', 'foreign'],
    ['NFS below the data of k3s', 'nas:/x /var/lib/rancher/k3s/storage/x nfs rw 0 0', 'foreign'],
    ['a tmpfs that nobody knows', 'tmpfs /var/lib/kubelet/mine tmpfs rw 0 0', 'foreign'],
    ['a path with a blank', 'nas:/x /var/lib/kubelet/my\\040disk nfs rw 0 0', 'foreign'],
  ])('%s', async (_, line, kind) => {
    const host = agent()
    mounts(host, line)
    expect((await survey(host)).mounts.map((one) => one.kind)).toEqual([kind])
  })

  it.each([
    ['a disk that its owner put under the whole folder', '/dev/sdb1 /var/lib/kubelet ext4 rw 0 0'],
    ['NFS elsewhere', 'nas:/films /mnt/films nfs rw 0 0'],
    ['a folder with a similar name', 'nas:/x /var/lib/kubelet-old/x nfs rw 0 0'],
  ])('%s is not listed', async (_, line) => {
    const host = agent()
    mounts(host, line)
    expect((await survey(host)).mounts).toEqual([])
  })

  it('waits for volumes of pods to go, and no longer than that', async () => {
    const host = agent()
    mounts(host, ...ofPods, csi)
    setTimeout(() => mounts(host, ...ofPods), 700)
    const startedAt = performance.now()
    const left = await leavingK3s().mounts(host, run, 20_000, never)
    expect(left.every((one) => one.kind === 'own')).toBe(true)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    mounts(host, csi)
    expect((await leavingK3s().mounts(host, run, 1_000, never)).map((one) => one.kind)).toEqual(['volume'])
  })

  it('knows by the first process what the kubelet laid below its own folder', async () => {
    const host = agent()
    const at = '/var/lib/kubelet/pods/1f/volume-subpaths/config/app/0'
    host.write(
      'proc/1/mountinfo',
      `36 35 8:1 /var/lib/kubelet/pods/1f/volumes/x ${at} rw shared:1 - ext4 /dev/sda1 rw\n`,
    )
    expect((await survey(host)).mounts.map((one) => one.kind)).toEqual(['own'])
    host.write('proc/1/mountinfo', `36 35 8:1 /srv/films ${at} rw shared:1 - ext4 /dev/sda1 rw\n`)
    expect((await survey(host)).mounts.map((one) => one.kind)).toEqual(['volume'])
  })
})

describe.each(shells)('a node that kubeadm made leaves its host (%s)', (shell) => {
  function worker(
    reset = 'rm -rf "$ROOT/etc/kubernetes/kubelet.conf" "$ROOT/etc/kubernetes/pki/ca.crt" "$ROOT/var/lib/kubelet"/*',
  ): FolderHost {
    const host = new FolderHost({ shell })
    const server = 'apiVersion: v1\nclusters:\n- cluster:\n    server: https://10.4.0.10:6443\n'
    host.write('etc/kubernetes/kubelet.conf', server, 0o600)
    host.write('etc/kubernetes/pki/ca.crt', 'ca')
    host.write('var/lib/kubelet/config.yaml', 'x')
    host.write(
      'var/lib/kubelet/kubeadm-flags.env',
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock"\n',
    )
    host.write('etc/cni/net.d/10-calico.conflist', '{}')
    host.write('etc/cni/net.d/87-podman-bridge.conflist', '{}')
    host.program('kubeadm', `#!/bin/sh\nprintf '%s\\n' "kubeadm $*" >>"${host.state}/calls"\n${reset}\n`)
    host.program('kubelet', '#!/bin/sh\necho "Kubernetes v1.33.4"\n')
    host.setUnit('active', 'running', 77)
    return host
  }
  const go = (host: FolderHost) =>
    leavingKubeadm().uninstall(host, { run, steps: ['stop', 'uninstall'], timeoutMs: 60_000 }, () => {}, never)

  it('is reset, without a look into anybody’s etcd, and rid of its network’s configuration', async () => {
    const host = worker()
    expect(await survey(host, leavingKubeadm())).toMatchObject({
      isThere: true,
      isRunning: true,
      isServer: false,
      version: 'v1.33.4',
      server: 'https://10.4.0.10:6443',
    })
    const { stays } = await go(host)
    expect(host.calls()).toContain(
      'kubeadm reset --force --skip-phases=remove-etcd-member --cri-socket unix:///run/containerd/containerd.sock',
    )
    expect(host.read('etc/cni/net.d/10-calico.conflist')).toBeUndefined()
    expect(stays).toContain('/etc/cni/net.d/87-podman-bridge.conflist')
    expect(await survey(host, leavingKubeadm())).toMatchObject({ isThere: false, isRunning: false })
  })

  it('says why, when reset does not succeed', async () => {
    const host = worker('echo "[reset] failed" >&2; exit 1')
    await expect(go(host)).rejects.toMatchObject({ code: 'uninstall-failed', evidence: ['[reset] failed'] })
  })

  it('stays when it is a control plane', async () => {
    const host = worker()
    host.write('etc/kubernetes/manifests/kube-apiserver.yaml', 'x')
    expect((await survey(host, leavingKubeadm())).isServer).toBe(true)
    await expect(go(host)).rejects.toMatchObject({ code: 'server-present' })
  })
})
