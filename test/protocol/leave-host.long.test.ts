/** The scripts with which a distribution leaves a host, run by real shells on a host that is a folder. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
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
  it('is not taken away by what ignores that its time is over', async () => {
    const host = agent('dash', '#!/bin/sh\ntrap "" TERM\nfor i in 1 2 3 4 5 6 7 8; do sleep 5; done\n')
    const startedAt = performance.now()
    await expect(leave(host, ['stop', 'uninstall'], 1_000)).rejects.toMatchObject({ code: 'uninstall-timeout' })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it.each([
    ['another agent of k3s', 'etc/systemd/system/k3s-agent-second.service', '[Service]\n'],
    ['a unit of the owner that is named like one', 'etc/systemd/system/k3s-backup.service', '[Service]\n'],
    ['a service of OpenRC', 'etc/init.d/k3s-agent', '#!/sbin/openrc-run\n'],
  ])('stays while there is %s, which its uninstaller would stop, and then leave everything', async (_, path, text) => {
    const host = agent()
    host.write(path, text, 0o755)
    expect((await survey(host)).obstacle).toContain(`/${path}`)
    const before = host.tree()
    await expect(leave(host)).rejects.toMatchObject({ code: 'other-units' })
    expect([host.calls().some((call) => call.includes('stop')), host.tree()]).toEqual([false, before])
  })

  it('stays while the data of a server lies on the host, whatever runs', async () => {
    const host = agent()
    host.write('var/lib/rancher/k3s/server/db/state.db', 'a cluster')
    expect((await survey(host)).isServer).toBe(true)
    await expect(leave(host)).rejects.toMatchObject({ code: 'server-present' })
    expect(host.read('var/lib/rancher/k3s/server/db/state.db')).toBe('a cluster')
  })

  it('that runs as a server under the name of an agent stays', async () => {
    const host = agent()
    host.write('etc/systemd/system/k3s-agent.service', '[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n')
    expect((await survey(host)).isServer).toBe(true)
    await expect(leave(host)).rejects.toMatchObject({ code: 'server-present' })
  })

  it('names data of local volumes that lies on the host, whoever knows of it', async () => {
    const host = agent()
    host.write('var/lib/rancher/k3s/storage/pvc-1f_default_models/weights.bin', 'x')
    expect((await survey(host)).data).toEqual(['/var/lib/rancher/k3s/storage/pvc-1f_default_models'])
  })

  it('tells which cluster it joined when that stands in a configuration file', async () => {
    const host = agent()
    host.write('etc/systemd/system/k3s-agent.service.env', '')
    host.write('etc/rancher/k3s/config.yaml', 'token: secret\nserver: "https://203.0.113.9:6443"\n')
    expect((await survey(host)).server).toBe('https://203.0.113.9:6443')
  })

  it('keeps nothing of a removal that was refused: the node serves on, and nothing was interrupted', async () => {
    const host = agent()
    host.program(
      'systemctl',
      `#!/bin/sh
case $1 in
  show) echo ActiveState=active ;;
  stop) echo '${csi}' >>"$ROOT/proc/mounts" ;;
esac
`,
    )
    mounts(host)
    await expect(leave(host)).rejects.toMatchObject({ code: 'foreign-mounts' })
    expect((await survey(host)).isHalfGone).toBe(false)
  })

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
    ['an overlay over somebody’s disk', 'overlay /var/lib/kubelet/scratch overlay rw 0 0', 'foreign'],
    ['an overlay in the data of k3s', 'overlay /var/lib/rancher/k3s/storage/x overlay rw 0 0', 'foreign'],
    ['a share that is mounted when somebody looks', 'auto.nas /var/lib/kubelet/nas autofs rw 0 0', 'foreign'],
    [
      'what only begins like a folder of k3s, and is unmounted by that',
      '/dev/sdb1 /run/k3s-cache ext4 rw 0 0',
      'foreign',
    ],
    ['a share under the whole folder', 'nas:/kubelet /var/lib/kubelet nfs4 rw 0 0', 'foreign'],
    ['an image in a loop', '/dev/loop3 /var/lib/rancher/k3s/agent/images squashfs ro 0 0', 'foreign'],
    ['a name that makes believe', 'nas:/x /var/lib/kubelet/x\u0001overlay\u0001overlay nfs rw 0 0', 'foreign'],
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

  it.each([
    ['the folder itself', 'var/lib/kubelet', '/data/kubelet', '/data/kubelet/backup'],
    ['a folder above it', 'var/lib', '/data/lib', '/data/lib/kubelet/backup'],
    ['the folder of the data', 'var/lib/rancher', '/data/rancher', '/data/rancher/k3s/storage/x'],
  ])('is seen through a symbolic link: %s', async (_, link, target, path) => {
    const host = agent()
    for (const folder of ['kubelet', 'lib/kubelet', 'rancher/k3s/storage'])
      mkdirSync(join(host.root, 'data', folder), { recursive: true })
    rmSync(join(host.root, link), { recursive: true })
    symlinkSync('../'.repeat(link.split('/').length - 1) + target.slice(1), join(host.root, link))
    mounts(host, `nas:/x ${path} nfs4 rw 0 0`)
    const found = await survey(host)
    expect(found.mounts).toEqual([{ kind: 'foreign', path, type: 'nfs4', source: 'nas:/x' }])
    mounts(host, csi.replace('/var/lib/kubelet', path.replace(/\/backup$|\/k3s.*$/, '')))
    if (link !== 'var/lib/rancher') expect((await survey(host)).mounts.map((one) => one.kind)).toEqual(['volume'])
  })

  it('is told of a foreign one among hundreds of pods', async () => {
    const host = agent()
    const many = Array.from(
      { length: 600 },
      (_, index) => `overlay /run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${index}/rootfs overlay rw 0 0`,
    )
    mounts(host, ...many, nfs)
    expect((await survey(host)).mounts.some((one) => one.kind === 'foreign')).toBe(true)
  })

  it.each([
    ['awk does not work', (host: FolderHost) => host.program('awk', '#!/bin/sh\nexit 127\n')],
    ['the list is empty', (host: FolderHost) => host.write('proc/mounts', '')],
  ])('is not known when %s, and then nothing is touched', async (_, breakIt) => {
    const host = agent()
    mounts(host, nfs)
    breakIt(host)
    expect((await survey(host)).areMountsKnown).toBe(false)
    await expect(leave(host)).rejects.toMatchObject({ code: 'mounts-unknown' })
    await expect(leavingK3s().mounts(host, run, 1_000, never)).rejects.toMatchObject({ code: 'mounts-unknown' })
    expect(host.calls().some((call) => call.includes('stop'))).toBe(false)
  })

  it('knows what the kubelet laid below its own folder on a disk of its own', async () => {
    const host = agent()
    const at = '/var/lib/kubelet/pods/1f/volume-subpaths/config/app/0'
    for (const from of ['/pods', '/kubelet/pods', '/lib/kubelet/pods', '/var/lib/kubelet/pods']) {
      const source = `${from}/1f/volumes/kubernetes.io~configmap/x/y`
      host.write('proc/1/mountinfo', `36 35 8:1 ${source} ${at} rw shared:1 - ext4 /dev/sda1 rw\n`)
      expect((await survey(host)).mounts.map((one) => one.kind)).toEqual(['own'])
    }
    const share = '/kubelet/pods/1f/volumes/kubernetes.io~configmap/x/y'
    host.write('proc/1/mountinfo', `36 35 0:99 ${share} ${at} rw - nfs4 nas:/kubelet rw\n`)
    expect((await survey(host)).mounts.map((one) => one.kind)).toEqual(['volume'])
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

  it('stays when the key of a cluster lies on it', async () => {
    const host = worker()
    host.write('etc/kubernetes/pki/ca.key', 'key')
    expect((await survey(host, leavingKubeadm())).isServer).toBe(true)
    await expect(go(host)).rejects.toMatchObject({ code: 'server-present' })
    expect(host.read('etc/kubernetes/pki/ca.key')).toBe('key')
  })

  it('stays when it is a control plane', async () => {
    const host = worker()
    host.write('etc/kubernetes/manifests/kube-apiserver.yaml', 'x')
    expect((await survey(host, leavingKubeadm())).isServer).toBe(true)
    await expect(go(host)).rejects.toMatchObject({ code: 'server-present' })
  })
})
