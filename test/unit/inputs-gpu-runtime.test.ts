import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ConfigurationError } from '../../actions/configuration-error.ts'
import { readInputs } from '../../actions/gpu-runtime/inputs.ts'
import { defaultPluginImage } from '../../src/gpu/index.ts'
import { keyPair } from '../ssh-key-pair.ts'

const clusterFile = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')
const privateKey = keyPair().private.trim()
const knownHosts = `192.168.2.80 ssh-ed25519 ${keyPair().public.split(' ')[1]}`

type Inputs = Readonly<Record<string, string>>

/** A runner with these inputs, and files of the workspace by path. */
function read(inputs: Inputs, files: Inputs = {}) {
  const masked: string[] = []
  const runner = {
    input: (name: string) => (inputs[name] ?? '').trim(),
    mask: (secret: string) => void masked.push(secret),
    workspace: '/runner/space',
    environment: { KUBECONFIG: '/home/runner/kube.yaml' },
  }
  const known: Inputs = { '/runner/space/clusters/oceanid.yaml': clusterFile, ...files }
  const readFile = (path: string): string => {
    const content = known[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  return { masked, inputs: readInputs(runner, () => undefined, readFile) }
}

function problemsOf(inputs: Inputs, files: Inputs = {}): string[] {
  try {
    read(inputs, files)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ input, problem }) => `${input} ${problem}`)
  }
}

const calypso = {
  'cluster-file': 'clusters/oceanid.yaml',
  node: 'calypso',
  'ssh-private-key': privateKey,
  'known-hosts': knownHosts,
}

describe('the inputs of gpu-runtime', () => {
  it('give the node of the seeds, what the cluster file expects of it, and careful defaults', () => {
    const { inputs, masked } = read(calypso)
    expect(inputs.wish).toEqual({
      node: 'calypso',
      toolkit: 'install',
      repositoryKeys: [],
      holdPackages: 'toolkit',
      devicePlugin: 'apply',
      devicePluginImage: defaultPluginImage,
      replaceDevicePlugin: '',
      defaultRuntime: 'keep',
      quarantineTemplate: false,
      expectGpus: 1,
      expectProduct: 'NVIDIA GeForce RTX 4090',
      allowGpuDisruption: false,
    })
    expect(inputs).toMatchObject({ timeoutMs: 180_000, failOn: 'fail', ignoreChecks: [], dryRun: false, context: '' })
    expect(inputs.desired.access).toMatchObject({ address: '192.168.2.80', user: 'oceanid' })
    expect(inputs.desired.sources).toMatchObject({ 'expect-gpus': 'clusters/oceanid.yaml', toolkit: 'default' })
    expect(masked.join('\n')).toContain(privateKey)
  })

  it('win over the node’s block of the cluster file, and that over the cluster’s', () => {
    const file = `name: x
gpu-runtime: { toolkit: verify, toolkit-version: 1.19.0, timeout: 2m, ignore-checks: [gpu.product] }
nodes:
  spark: { ssh: { host: 10.0.0.7, user: ops }, gpu: { count: 2 }, gpu-runtime: { toolkit-version: 1.18.2, device-plugin: verify } }`
    const { inputs } = read(
      { ...calypso, 'cluster-file': 'x.yaml', node: 'spark', 'device-plugin': 'none', 'expect-gpus': '4' },
      { '/runner/space/x.yaml': file },
    )
    expect(inputs.wish).toMatchObject({
      toolkit: 'verify',
      toolkitVersion: '1.18.2',
      devicePlugin: 'none',
      expectGpus: 4,
    })
    expect(inputs).toMatchObject({ timeoutMs: 120_000, ignoreChecks: ['gpu.product'] })
    expect(inputs.desired.sources).toMatchObject({
      toolkit: 'x.yaml',
      'device-plugin': 'input',
      'expect-gpus': 'input',
    })
  })

  it('take a fingerprint as gpg prints it, and a mirror with a slash at its end', () => {
    const { inputs } = read({
      ...calypso,
      repository: 'https://mirror.example:8443/libnvidia-container/',
      'repository-keys': '0123 4567 89ab CDEF 0123  4567 89AB CDEF 0123 4567',
    })
    expect(inputs.wish).toMatchObject({
      repository: 'https://mirror.example:8443/libnvidia-container',
      repositoryKeys: ['0123456789ABCDEF0123456789ABCDEF01234567'],
    })
  })

  it('are refused all at once, and nothing has been touched then', () => {
    expect(
      problemsOf({
        ...calypso,
        toolkit: 'latest',
        'toolkit-version': '1.20.0-1; reboot',
        repository: 'https://user:secret@mirror.example/$(id)',
        'repository-keys': 'DEADBEEF',
        'device-plugin-image': 'nvcr.io/nvidia/k8s-device-plugin',
        'replace-device-plugin': 'nvidia-device-plugin-daemonset',
        'expect-gpus': '0',
        'ignore-checks': 'GPU product',
        'dry-run': 'perhaps',
      }),
    ).toEqual([
      'toolkit is not one of the choices',
      'toolkit-version is longer than 14 characters',
      'repository has the wrong form',
      'repository-keys has the wrong form',
      'device-plugin-image names no version',
      'replace-device-plugin has the wrong form',
      'expect-gpus is out of range',
      'ignore-checks has the wrong form',
      'dry-run is neither true nor false',
    ])
  })

  it.each([
    [
      { 'device-plugin': 'verify', 'replace-device-plugin': 'kube-system/other' },
      'replace-device-plugin is given, but with device-plugin verify nothing is applied in its place',
    ],
    [
      { toolkit: 'verify', repository: 'https://mirror.example/x' },
      'repository is given, but with toolkit verify nothing is installed',
    ],
  ])('may not contradict each other: %j', (more, problem) => {
    expect(problemsOf({ ...calypso, ...more })).toEqual([problem])
  })

  it('are judged in the cluster file, too, with the place of each', () => {
    const file = `name: x
gpu-runtime: { toolkit-version: newest, device-plugin-image: "nvidia plugin" }
nodes: { spark: { ssh: { host: 10.0.0.7, user: ops }, gpu-runtime: { toolkit: reinstall } } }`
    expect(
      problemsOf({ ...calypso, 'cluster-file': 'x.yaml', node: 'spark' }, { '/runner/space/x.yaml': file }),
    ).toEqual(
      expect.arrayContaining([
        expect.stringContaining('x.yaml:2:33 (gpu-runtime.toolkit-version)'),
        expect.stringContaining('(gpu-runtime.device-plugin-image) has the wrong form'),
        expect.stringContaining('(nodes.spark.gpu-runtime.toolkit)'),
      ]),
    )
  })
})
