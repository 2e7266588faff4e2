import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type JoinConfiguration, renderJoinConfig } from '../../src/kubeadm/config.ts'

const given: JoinConfiguration = {
  desired: {
    node: 'velaryon',
    nodeIp: '10.4.0.30',
    taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }],
    extraConfig: { 'max-pods': 50 },
  },
  target: { endpoint: '10.4.0.10:6443', caCertHashes: [`sha256:${'a'.repeat(64)}`] },
  token: 'abcdef.0123456789abcdef',
  kubeadmMinor: 132,
  criSocket: 'unix:///var/run/containerd/containerd.sock',
  ignoredErrors: ['Swap'],
  limitMs: 240_000,
}

describe('the configuration that kubeadm gets', () => {
  it('says where, with what, as whom, and how long each wait may be', () => {
    expect(parse(renderJoinConfig(given))).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'JoinConfiguration',
      discovery: {
        bootstrapToken: {
          token: 'abcdef.0123456789abcdef',
          apiServerEndpoint: '10.4.0.10:6443',
          caCertHashes: [`sha256:${'a'.repeat(64)}`],
        },
      },
      nodeRegistration: {
        name: 'velaryon',
        criSocket: 'unix:///var/run/containerd/containerd.sock',
        ignorePreflightErrors: ['Swap'],
        kubeletExtraArgs: [
          { name: 'max-pods', value: '50' },
          { name: 'node-ip', value: '10.4.0.30' },
        ],
        taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }],
      },
      timeouts: { discovery: '20s', kubeletHealthCheck: '240s', tlsBootstrap: '240s', kubernetesAPICall: '30s' },
    })
  })

  it('is in the words of v1beta3 for a kubeadm before 1.31', () => {
    const old = parse(renderJoinConfig({ ...given, kubeadmMinor: 130 }))
    expect(old.apiVersion).toBe('kubeadm.k8s.io/v1beta3')
    expect(old).not.toHaveProperty('timeouts')
    expect(old.discovery.timeout).toBe('20s')
    expect(old.nodeRegistration.kubeletExtraArgs).toEqual({ 'max-pods': '50', 'node-ip': '10.4.0.30' })
  })

  it('skips nothing: no phase, and no error but by its name', () => {
    const text = renderJoinConfig({ ...given, ignoredErrors: [] })
    expect(text).not.toMatch(/skipPhases|ignorePreflightErrors|unsafeSkipCAVerification/)
    expect(parse(text).nodeRegistration.taints).toHaveLength(1)
    // Without any, kubeadm gives a worker none; an empty list says the same of every kubeadm.
    expect(
      parse(renderJoinConfig({ ...given, desired: { ...given.desired, taints: [] } })).nodeRegistration.taints,
    ).toEqual([])
  })

  it('keeps a value that YAML would read as something else a text', () => {
    const { nodeRegistration } = parse(
      renderJoinConfig({
        ...given,
        token: '123456.0123456789012345',
        desired: { ...given.desired, extraConfig: { v: true } },
      }),
    )
    expect(nodeRegistration.kubeletExtraArgs).toContainEqual({ name: 'v', value: 'true' })
    expect(parse(renderJoinConfig({ ...given, token: '123456.0123456789012345' })).discovery.bootstrapToken.token).toBe(
      '123456.0123456789012345',
    )
  })
})

describe('words that YAML 1.1 takes for something else', () => {
  // kubeadm reads its configuration with sigs.k8s.io/yaml, which is YAML 1.1: there `on` and `y` are true, and 0777 is 511.
  it.each([
    'yes',
    'no',
    'on',
    'off',
    'y',
    'N',
    'Yes',
    '0777',
    '1_000',
    '0b11',
    '2026-01-01',
    '~',
    '=',
    '<<',
    '.inf',
    '1e3',
  ])('a taint, an argument and a name %s stay texts', (word) => {
    const text = renderJoinConfig({
      ...given,
      desired: {
        node: word,
        taints: [{ key: 'gpu', value: word, effect: 'NoSchedule' }],
        extraConfig: { 'max-pods': word },
      },
    })
    const { nodeRegistration } = parse(text, { version: '1.1' })
    expect(nodeRegistration.name).toBe(word)
    expect(nodeRegistration.taints).toEqual([{ key: 'gpu', value: word, effect: 'NoSchedule' }])
    expect(nodeRegistration.kubeletExtraArgs).toEqual([{ name: 'max-pods', value: word }])
  })

  it('no text can end its line, or begin another key', () => {
    const evil = 'a"\nunsafeSkipCAVerification: true\n---\nkind: InitConfiguration # \u2028\u0085'
    const text = renderJoinConfig({
      ...given,
      desired: { node: evil, taints: [{ key: evil, value: evil, effect: 'NoSchedule' }], extraConfig: { v: evil } },
    })
    expect(text).not.toMatch(/^\s*(unsafeSkipCAVerification|---|kind: Init)/m)
    expect(parse(text).nodeRegistration.name).toBe(evil)
    expect(parse(text).kind).toBe('JoinConfiguration')
  })
})
