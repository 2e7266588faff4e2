import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { surveyScript } from '../../src/host/index.ts'
import { describeInstallation } from '../../src/kubeadm/describe.ts'
import { type KubeadmInstallation, paths } from '../../src/kubeadm/model.ts'
import { surveyFragment, surveyInstallation } from '../../src/kubeadm/survey.ts'
import { FolderHost } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
const sockets: Server[] = []
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => new Promise((resolve) => socket.close(resolve))))
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})
const authority = await createAuthority('kubernetes')
const ca64 = Buffer.from(authority.certPem).toString('base64')
const secrets = ['the-secret', Buffer.from('the-secret').toString('base64')]

async function survey(host: FolderHost): Promise<KubeadmInstallation> {
  const before = host.tree()
  const result = await host.run({
    name: 'survey',
    script: `${surveyScript}\n${surveyFragment}\nmain() { survey_distribution; }\n`,
    privilege: 'root-if-possible',
    timeoutMs: 20_000,
    signal: new AbortController().signal,
  })
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  expect(host.tree()).toEqual(before)
  for (const secret of secrets) expect(host.output).not.toContain(secret)
  expect(host.output).not.toContain('PRIVATE KEY')
  return surveyInstallation(result.lines)
}

/** As kubeadm and the kubelet write it; the key may stand in it, or in a file beside. */
const kubeconfig = (server: string, user: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${ca64}
    server: ${server}
  name: default-cluster
contexts:
- context:
    cluster: default-cluster
    user: default-auth
  name: default-context
current-context: default-context
kind: Config
users:
- name: default-auth
  user:
${user}
`

/** The unit and drop-in of the packages of pkgs.k8s.io. */
const unit = `[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\nStartLimitInterval=0\nRestartSec=10\n`
const dropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/sysconfig/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`

const shown = (kubelet: string, containerd = 'LoadState=not-found'): string => `#!/bin/sh
case "$*" in
  *kubelet.service*) printf '%b' '${kubelet.replaceAll('\n', '\\n')}\\n' ;;
  *containerd.service*) printf '%b' '${containerd.replaceAll('\n', '\\n')}\\n' ;;
esac
`

describe.each(['dash', 'bash'] as const)('a host whose sh is %s', (shell) => {
  function newHost(): FolderHost {
    const host = new FolderHost({ shell })
    hosts.push(host)
    host.program('systemctl', shown('LoadState=not-found'))
    return host
  }

  it('says that there is nothing', async () => {
    const found = await survey(newHost())
    expect(found).toMatchObject({
      programs: {},
      criSockets: [],
      files: [],
      kubeconfigs: [],
      manifests: [],
      interrupted: [],
      hasClientCertificate: false,
      containerd: { activeState: '', isEnabled: false },
    })
    expect(found.unit).toBeUndefined()
    expect(found.missingTools).toContain('iptables')
  })

  it('tells of the packages, the unit with its drop-in, containerd and its sockets', async () => {
    const host = newHost()
    host.program('kubeadm', '#!/bin/sh\n[ "$*" = "version -o short" ] && echo v1.32.7\n')
    host.program('kubelet', '#!/bin/sh\n[ "$*" = --version ] && echo "Kubernetes v1.32.7"\n')
    host.program(
      'containerd',
      '#!/bin/sh\necho "containerd containerd.io 1.7.24 88bf19b2105c8b17560993bee28a01ddc2f97182"\n',
    )
    host.program('mount', '#!/bin/sh\n')
    const dropInPath = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf'
    host.write('/usr/lib/systemd/system/kubelet.service', unit)
    host.write(dropInPath, dropIn)
    host.program(
      'systemctl',
      shown(
        `LoadState=loaded\nFragmentPath=/usr/lib/systemd/system/kubelet.service\nDropInPaths=${dropInPath}\nActiveState=activating\nSubState=auto-restart\nMainPID=0\nNRestarts=12\nNeedDaemonReload=no\nUnitFileState=enabled`,
        'LoadState=loaded\nActiveState=active\nUnitFileState=enabled',
      ),
    )
    host.write(
      paths.containerdConfig,
      `version = 2
imports = []
disabled_plugins = [
  "io.containerd.grpc.v1.cri", # Docker's
]
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "nvidia"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
    SystemdCgroup = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes."nvidia".options]
    BinaryName = "/usr/bin/nvidia-container-runtime"
    SystemdCgroup = false
[plugins."io.containerd.grpc.v1.cri".registry.configs."r".auth]
  password = "the-secret"
`,
    )
    host.write('proc/sys/net/ipv4/ip_forward', '0\n')
    host.write('run/containerd/keep', '')
    const socket = createServer()
    sockets.push(socket)
    await new Promise<void>((resolve) => socket.listen(`${host.root}/run/containerd/containerd.sock`, resolve))

    const found = await survey(host)
    expect(found.programs).toMatchObject({
      kubeadm: { version: 'v1.32.7' },
      kubelet: { version: 'v1.32.7' },
      containerd: { version: 'v1.7.24' },
    })
    expect(found.missingTools).not.toContain('mount')
    expect(found.unit).toEqual({
      path: '/usr/lib/systemd/system/kubelet.service',
      activeState: 'activating',
      subState: 'auto-restart',
      isEnabled: true,
      isMasked: false,
      restarts: 12,
      needsReload: false,
      dropIns: [dropInPath],
      readsKubeadm: true,
      changedSinceStart: [],
    })
    expect(found.containerd).toEqual({
      activeState: 'active',
      isEnabled: true,
      config: {
        path: paths.containerdConfig,
        version: 2,
        isCriDisabled: true,
        defaultRuntime: 'nvidia',
        systemdCgroup: { runc: true, nvidia: false },
        hasImports: false,
      },
    })
    expect(found.criSockets).toEqual(['unix:///var/run/containerd/containerd.sock'])
    expect(found.sysctl.ipForward).toBe('0')
    expect(describeInstallation(found)['kubernetes packages']).toBe(
      'kubeadm v1.32.7, kubelet v1.32.7, containerd v1.7.24, crictl not there',
    )
  })

  it('tells whose node it was or is, and keeps every key and token', async () => {
    const host = newHost()
    host.write(
      paths.kubeletConfig,
      kubeconfig(
        'https://10.9.0.1:6443',
        `    client-key-data: ${secrets[1]}\n    client-certificate-data: ${secrets[1]}`,
      ),
      0o600,
    )
    host.write(paths.bootstrapConfig, kubeconfig('https://10.4.0.10:6443', '    token: the-secret'), 0o600)
    host.write(
      paths.clusterAuthority,
      `${authority.certPem}-----BEGIN PRIVATE KEY-----\nthe-secret\n-----END PRIVATE KEY-----\n`,
    )
    host.write('/etc/kubernetes/manifests/kube-apiserver.yaml', 'the-secret')
    host.write(paths.kubeletSettings, 'apiVersion: kubelet.config.k8s.io/v1beta1\ncgroupDriver: systemd\n')
    host.write(paths.kubeletCertificate, 'the-secret', 0o600)
    const found = await survey(host)
    expect(found.kubeconfigs).toEqual([
      { path: paths.kubeletConfig, server: 'https://10.9.0.1:6443', caPem: authority.certPem.trimEnd() },
      { path: paths.bootstrapConfig, server: 'https://10.4.0.10:6443', caPem: authority.certPem.trimEnd() },
    ])
    expect(found.caPem).toBe(authority.certPem.trimEnd())
    expect(found).toMatchObject({
      files: [paths.kubeletConfig, paths.bootstrapConfig, paths.clusterAuthority, paths.kubeletSettings],
      manifests: ['kube-apiserver.yaml'],
      hasClientCertificate: true,
      cgroupDriver: 'systemd',
    })
  })

  it('tells of a join that a run of this project began, unless it ended or a later run set it right', async () => {
    const host = newHost()
    const log = (run: string, text: string): void => host.write(`${paths.runs}/${run}/log`, text)
    log('run-1', 'unit kubelet inactive 0\nstep start\njoining 10.9.0.1:6443\nfinished\n')
    log('run-2', 'unit kubelet inactive 0\njoining 10.4.0.10:6443\n')
    log('run-3', 'unit kubelet inactive 0\nstep enable\n')
    expect((await survey(host)).interrupted).toEqual([{ runId: 'run-2', server: '10.4.0.10:6443' }])
    log('run-4', 'continues run-2\njoining 10.4.0.10:6443\nfinished\n')
    expect((await survey(host)).interrupted).toEqual([])
  })

  it('names units of another Kubernetes', async () => {
    const host = newHost()
    expect((await survey(host)).others).toEqual([])
    host.write('etc/systemd/system/k3s-agent.service', '[Service]\n')
    host.write('usr/local/lib/systemd/system/rke2-agent.service', '[Service]\n')
    expect((await survey(host)).others).toEqual(['k3s-agent.service', 'rke2-agent.service'])
  })
})

describe('reading the survey', () => {
  it('takes whatever a host says for data of the right shape', () => {
    const found = surveyInstallation([
      { fact: 'kubeadm.unit', active: ['x'], restarts: -1, enabled: 'true', drop_ins: 7 },
      { fact: 'kubeadm.program', name: 'constructor', version: 'v1' },
      { fact: 'kubeadm.program', name: 'kubelet', version: 'v'.repeat(1000), path: {} },
      { fact: 'kubeadm.kubeconfig', server: 7, ca: null },
      { fact: 'kubeadm.containerd-config', runtimes: '__proto__=true runc=maybe x', version: -2 },
      ...Array.from({ length: 500 }, () => ({ fact: 'kubeadm.file', path: '/x' })),
    ])
    expect(found.unit).toMatchObject({ activeState: '', restarts: 0, isEnabled: false, dropIns: [] })
    expect(Object.keys(found.programs)).toEqual(['kubelet'])
    expect(found.programs.kubelet?.version).toHaveLength(128)
    expect(found.kubeconfigs[0]).toEqual({ path: '', server: '', caPem: '' })
    expect(found.containerd.config?.systemdCgroup).not.toHaveProperty('runc')
    expect(found.files.length).toBeLessThanOrEqual(32)
  })
})
