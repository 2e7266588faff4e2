import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { splitPem } from '../../lab/k3s/certificates.ts'
import { environmentFor } from '../../lab/k3s/children.ts'
import { hierarchies } from '../../lab/k3s/control-groups.ts'
import { isUsableResolvConf, kubeletConfiguration, kubeletFlags } from '../../lab/k3s/kubelet.ts'
import { conflist, defaultInterface, subnetEnv } from '../../lab/k3s/network.ts'
import { configurationOf } from '../../lab/k3s/node.ts'
import { findRuntimes } from '../../lab/k3s/runtimes.ts'
import { type AgentConfig, readAgentConfig } from '../../rehearsal/host/agent-config.ts'
import { baseConfig, nvidiaRuntime, renderConfig } from '../../rehearsal/host/containerd-base.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lab-k3s-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
function configured(...words: readonly string[]): AgentConfig {
  const environment = { K3S_TOKEN: 'K10secret', K3S_URL: 'https://192.0.2.1:6443' }
  return readAgentConfig(root, ['/usr/local/bin/k3s', 'agent', ...words], environment, 'calypso')
}

describe("containerd's configuration", () => {
  const options = { defaultRuntime: '', snapshotter: 'native', cni: '/cni', programs: { runc: '/bin/runc' } }
  const folder = 'var/lib/rancher/k3s/agent/etc/containerd'

  it('is in the third schema, with what containerd 2.0 knows of it', () => {
    const text = baseConfig(3, { ...options, runtimeLines: ['restrict_oom_score_adj = true'] })
    expect(text).toContain('version = 3\n')
    expect(text).toContain(`[plugins.'io.containerd.cri.v1.runtime'.cni]\n  bin_dir = "/cni"\n`)
    expect(text).not.toContain('bin_dirs')
    expect(text).toContain('  restrict_oom_score_adj = true\n')
    expect(text).toContain('  BinaryName = "/bin/runc"\n')
    const tables = [...text.matchAll(/^\[(.+)\]$/gm)].map((match) => match[1])
    expect(new Set(tables).size).toBe(tables.length)
  })

  it('leaves out the table that a template may write, unless a default runtime is wanted', () => {
    const table = `[plugins.'io.containerd.cri.v1.runtime'.containerd]`
    expect(baseConfig(3, options)).not.toContain(table)
    expect(baseConfig(3, { ...options, defaultRuntime: 'nvidia' })).toContain(
      `${table}\n  default_runtime_name = "nvidia"\n`,
    )
  })

  it('names every runtime that the search path has, by the first that may be executed', () => {
    const executable = (path: string): void => {
      put(path, '')
      chmodSync(join(root, path), 0o755)
    }
    executable('usr/bin/nvidia-container-runtime')
    executable('usr/bin/nvidia-container-runtime.cdi')
    executable('opt/own/nvidia-container-runtime-experimental')
    put('usr/local/nvidia/toolkit/nvidia-container-runtime', 'not executable')
    mkdirSync(join(root, 'opt/kwasm/bin/nvidia-container-runtime.cdi'), { recursive: true })
    expect(findRuntimes(undefined, root)).toEqual({
      nvidia: '/usr/bin/nvidia-container-runtime',
      'nvidia-cdi': '/usr/bin/nvidia-container-runtime.cdi',
    })
    expect(findRuntimes('relative:/opt/own', root)).toEqual({
      'nvidia-experimental': '/opt/own/nvidia-container-runtime-experimental',
    })
    executable('usr/local/nvidia/toolkit/nvidia-container-runtime')
    expect(findRuntimes(undefined, root).nvidia).toBe('/usr/local/nvidia/toolkit/nvidia-container-runtime')
  })

  it("has nvidia's runtime from where it was found", () => {
    expect(nvidiaRuntime(root)).toBeUndefined()
    put('usr/local/nvidia/toolkit/nvidia-container-runtime', '')
    // What cannot be executed k3s passes over, as a shell does.
    expect(nvidiaRuntime(root)).toBeUndefined()
    chmodSync(join(root, 'usr/local/nvidia/toolkit/nvidia-container-runtime'), 0o755)
    const nvidia = nvidiaRuntime(root)
    expect(nvidia).toBe('/usr/local/nvidia/toolkit/nvidia-container-runtime')
    const text = baseConfig(3, { ...options, programs: { nvidia: nvidia ?? '' } })
    expect(text).toContain(`.containerd.runtimes.'nvidia'.options]\n  BinaryName = "${nvidia}"\n`)
  })

  it('takes the base of the second schema for the older template, and that of the third when both are there', () => {
    put(`${folder}/config.toml.tmpl`, '# mine\n{{ template "base" . }}\n# $& $1\n')
    const older = renderConfig(root, options)
    expect(older).toMatchObject({ template: `/${folder}/config.toml.tmpl`, hasBase: true })
    expect(older.text).toContain('version = 2\n')
    expect(older.text).toContain('[plugins."io.containerd.grpc.v1.cri".cni]\n')
    expect(older.text).toMatch(/\n# \$& \$1\n$/)
    put(`${folder}/config-v3.toml.tmpl`, '[plugins.cri]\n')
    expect(renderConfig(root, options)).toEqual({
      template: `/${folder}/config-v3.toml.tmpl`,
      text: '[plugins.cri]\n',
      hasBase: false,
    })
  })
})

describe('the kubelet', () => {
  it('gets k3s’s flags in their order, and those of kubelet-arg in the place of its own', () => {
    const config = configured(
      '--node-label=a=1',
      '--node-label=b=2',
      '--node-taint=gpu=true:NoSchedule',
      '--kubelet-arg=v=4',
      '--kubelet-arg=node-ip=::',
    )
    expect(kubeletFlags(config, '192.0.2.80')).toEqual([
      '--config-dir=/var/lib/rancher/k3s/agent/etc/kubelet.conf.d',
      '--containerd=/run/k3s/containerd/containerd.sock',
      '--hostname-override=calypso',
      '--kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
      '--node-ip=::',
      '--node-labels=a=1,b=2',
      '--read-only-port=0',
      '--register-with-taints=gpu=true:NoSchedule',
      '--v=4',
    ])
  })

  it('trusts the client CA only, and stays in the control group of its host', () => {
    const settings = { clusterDns: '10.43.0.10', clusterDomain: 'cluster.local' }
    expect(parse(kubeletConfiguration(settings, '/calypso', '/etc/resolv.conf'))).toMatchObject({
      authentication: {
        anonymous: { enabled: false },
        x509: { clientCAFile: '/var/lib/rancher/k3s/agent/client-ca.crt' },
      },
      cgroupDriver: 'cgroupfs',
      cgroupRoot: '/calypso',
      failSwapOn: false,
    })
  })

  it('does not give pods a nameserver that is the host itself', () => {
    expect(isUsableResolvConf('nameserver 192.0.2.53\n')).toBe(true)
    expect(isUsableResolvConf('nameserver 192.0.2.53\nnameserver 127.0.0.53\n')).toBe(false)
    expect(isUsableResolvConf('search lan\n')).toBe(false)
  })
})

describe('what a child may see', () => {
  it('is neither the token nor the socket of systemd', () => {
    const own = {
      K3S_TOKEN: 'secret',
      K3S_URL: 'https://x',
      NOTIFY_SOCKET: '/run/n',
      WATCHDOG_USEC: '1',
      PATH: '/usr/bin',
    }
    expect(environmentFor(own, '/lab/bin')).toEqual({ K3S_URL: 'https://x', PATH: '/lab/bin:/usr/bin' })
  })
})

describe('the Node', () => {
  it('says how its agent was configured, and no secret', () => {
    const { labels, annotations } = configurationOf(
      configured('--token', 'K10secret', '--node-label', 'a=b=c'),
      '192.0.2.80',
    )
    expect(labels).toEqual({
      a: 'b=c',
      'beta.kubernetes.io/instance-type': 'k3s',
      'node.kubernetes.io/instance-type': 'k3s',
    })
    expect(annotations).toMatchObject({
      'k3s.io/internal-ip': '192.0.2.80',
      'k3s.io/hostname': 'calypso',
      'k3s.io/node-args': '["agent","--token","********","--node-label","a=b=c"]',
    })
    expect(JSON.stringify(annotations)).not.toContain('K10secret')
    // The kubelet and the controllers write these themselves.
    expect(Object.keys(annotations).filter((key) => !/^(k3s\.io|flannel\.alpha\.coreos\.com)\//.test(key))).toEqual([])
  })
})

describe('the network of pods', () => {
  it('is a bridge on the range of the Node', () => {
    const { name, plugins } = JSON.parse(conflist('10.42.2.0/24')) as { name: string; plugins: { type: string }[] }
    expect(name).toBe('cbr0')
    expect(plugins.map(({ type }) => type)).toEqual(['bridge', 'portmap'])
    expect(plugins[0]).toMatchObject({ ipam: { ranges: [[{ subnet: '10.42.2.0/24' }]] }, forceAddress: true })
    expect(subnetEnv('10.42.2.0/24')).toBe(
      'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.2.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n',
    )
  })

  it('is reached through the interface of the default route', () => {
    const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
    const local = 'cni0\t00022A0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n'
    expect(defaultInterface(head + local)).toBeUndefined()
    expect(defaultInterface(`${head}${local}host0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`)).toBe(
      'host0',
    )
  })
})

it('finds every hierarchy of control groups, of both versions', () => {
  const text = [
    '34 25 0:29 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755',
    '36 34 0:30 /.. /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
    '44 34 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    '',
  ].join('\n')
  expect(hierarchies(text)).toEqual([
    { path: '/sys/fs/cgroup/memory', version: 1 },
    { path: '/sys/fs/cgroup/unified', version: 2 },
  ])
})

it('takes certificates and key apart, whatever their order', () => {
  const block = (name: string, text: string): string => `-----BEGIN ${name}-----\n${text}\n-----END ${name}-----\n`
  const [leaf, key, authority] = [block('CERTIFICATE', 'a'), block('EC PRIVATE KEY', 'b'), block('CERTIFICATE', 'c')]
  expect(splitPem(leaf + key + authority)).toEqual({ certPem: leaf + authority, keyPem: key })
})
