/** Whose a device plugin is, what ours looks like, and what is to be changed in the cluster. */
import { describe, expect, it } from '@jest/globals'
import {
  type GpuDevice,
  type GpuReading,
  type GpuWish,
  gpuAnnotation,
  gpuAnnotationName,
  isDevicePlugin,
  ownerOf,
  planCluster,
  renderDevicePlugin,
  taintsOfGpuNodes,
} from '../../src/gpu/index.ts'
import { pluginDrift } from '../../src/gpu/plugin/compare.ts'
import { obstacles, tolerates } from '../../src/gpu/plugin/scheduling.ts'
import { templateOf } from '../../src/gpu/plugin/shape.ts'
import type { DaemonSetState } from '../../src/kubernetes/index.ts'
import {
  daemonSet,
  gpuOf,
  gpuTaint,
  helmChart,
  image,
  nodeOf,
  operators,
  seed001,
  situationOf,
  upstreamStatic,
} from './gpu-cluster-world.ts'

const ours = (taints = [gpuTaint] as Parameters<typeof renderDevicePlugin>[0]['taints'], with_ = image) =>
  renderDevicePlugin({ image: with_, taints })

/** Our object as an API server gives it back: with defaults, a status' traces, and what an admission controller added. */
function live(object = ours()): DaemonSetState {
  const { metadata, spec } = structuredClone(object) as unknown as {
    metadata: { labels: Record<string, string>; annotations: Record<string, string> }
    spec: { template: { metadata: object; spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } }
  }
  const pod = spec.template.spec
  Object.assign(pod, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    schedulerName: 'default-scheduler',
  })
  pod.containers = pod.containers.map((one) => ({
    ...one,
    imagePullPolicy: 'IfNotPresent',
    resources: {},
    env: [...(one.env as object[]), { name: 'HTTPS_PROXY', value: 'http://proxy' }],
  }))
  pod.containers.push({ name: 'injected', image: 'istio' })
  const annotations = { ...metadata.annotations, 'deprecated.daemonset.template.generation': '1' }
  return daemonSet(
    'kube-system/k3s-gpu-actions-nvidia-device-plugin',
    { labels: metadata.labels, annotations, spec: { ...spec, revisionHistoryLimit: 10 } },
    { fieldManagers: ['k3s-gpu-actions', 'kube-controller-manager'] },
  )
}

const changesOf = (wish: Partial<GpuWish>, reading: Partial<GpuReading>) =>
  planCluster(situationOf(wish, reading)).changes.map(({ id }) => id)
const checkOf = (id: string, wish: Partial<GpuWish>, reading: Partial<GpuReading>) =>
  planCluster(situationOf(wish, reading)).checks.find((check) => check.id === id)

const recorded = (isLabelOurs: boolean) => ({ [gpuAnnotationName]: gpuAnnotation(gpuOf(), { isLabelOurs }) })

describe('our device plugin', () => {
  it('is what NVIDIA ships, under the NVIDIA runtime, without privilege, and fails where it finds no GPU', () => {
    const text = JSON.stringify(ours())
    expect(ours().spec).toMatchObject({
      template: {
        spec: {
          runtimeClassName: 'nvidia',
          nodeSelector: { 'nvidia.com/gpu.present': 'true' },
          priorityClassName: 'system-node-critical',
          containers: [
            { image, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
          ],
        },
      },
    })
    expect(text).not.toMatch(/privileged|FAIL_ON_INIT_ERROR|libnvidia|hostNetwork|hostPID|"\/dev"/)
    expect(templateOf(live()).hostPaths).toEqual(['/var/lib/kubelet/device-plugins'])
  })

  it('tolerates the real taints of all GPU nodes, in one order, and none of those that controllers set', () => {
    const one = nodeOf({
      taints: [
        gpuTaint,
        { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
        { key: 'a', value: 'b', effect: 'PreferNoSchedule' },
      ],
    })
    const other = nodeOf({ name: 'velaryon', taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }, gpuTaint] })
    const taints = taintsOfGpuNodes([one, other])
    expect(taints).toEqual(taintsOfGpuNodes([other, one]))
    expect(templateOf(live(ours(taints))).tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Exists' },
      { key: 'gpu', operator: 'Equal', value: 'true', effect: 'NoSchedule' },
      { key: 'workload-type', operator: 'Equal', value: 'gpu-compute', effect: 'NoSchedule' },
    ])
    expect(obstacles(templateOf(live(ours(taints))), one)).toEqual([])
  })

  it('is not applied again for what the server and others added, but for every field that is ours', () => {
    expect(pluginDrift(ours(), live())).toEqual([])
    const another = { key: 'gpu', value: 'true', effect: 'NoSchedule' } as const
    expect(pluginDrift(ours([gpuTaint, another]), live())).toContain('.spec.template.spec.tolerations')
    expect(pluginDrift(ours([gpuTaint], `${image}@sha256:1`), live())).toContain(
      '.spec.template.spec.containers[nvidia-device-plugin-ctr].image',
    )
    const edits: readonly (readonly [string, string, RegExp])[] = [
      ['"nodeSelector":{', '"nodeSelector":{"extra":"x",', /nodeSelector/],
      ['"tolerations":[', '"tolerations":[{"operator":"Exists"},', /tolerations/],
      ['"runtimeClassName":"nvidia"', '"runtimeClassName":"runc"', /runtimeClassName/],
      ['"drop":["ALL"]', '"drop":[]', /drop/],
      ['"name":"nvidia-device-plugin-ctr"', '"name":"other"', /containers\[nvidia-device-plugin-ctr\]/],
      ['"type":"Directory"', '"type":""', /hostPath\.type/],
    ]
    for (const [from, to, path] of edits) {
      const text = JSON.stringify(live().object)
      expect(text).toContain(from)
      const changed = { ...live(), object: JSON.parse(text.replace(from, to)) as DaemonSetState['object'] }
      expect(pluginDrift(ours(), changed).join()).toMatch(path)
    }
  })
})

describe('a device plugin of somebody else', () => {
  it.each([
    ['seed 001, applied by hand', seed001, 'hand', /kubectl-client-side-apply/],
    ['the static manifest', upstreamStatic, 'hand', /kubectl-create/],
    ['the chart', helmChart(), 'helm', /release nvdp of nvidia/],
    ['gpu-operator', operators, 'gpu-operator', /cluster-policy/],
    [
      'the chart by Flux',
      helmChart(undefined, {
        labels: { 'helm.toolkit.fluxcd.io/name': 'nvdp', 'helm.toolkit.fluxcd.io/namespace': 'flux-system' },
      }),
      'flux',
      /HelmRelease flux-system\/nvdp/,
    ],
    ['Argo CD', { ...upstreamStatic, annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'argo-cd', /Argo/],
    [
      "a file in k3s's folder",
      {
        ...upstreamStatic,
        annotations: {
          'objectset.rio.cattle.io/owner-gvk': 'k3s.cattle.io/v1, Kind=Addon',
          'objectset.rio.cattle.io/owner-name': 'nvidia',
        },
      },
      'k3s-manifest',
      /addon nvidia/,
    ],
    ['ours', live(), 'ours', /this project/],
    ['one that only has our name', { ...live(), labels: {} }, 'hand', /k3s-gpu-actions/],
  ] as const)('%s is recognised, and whose it is', (_name, one, kind, words) => {
    expect(isDevicePlugin(one)).toBe(true)
    expect(ownerOf(one)).toMatchObject({ kind, words: expect.stringMatching(words) })
  })

  it('is not seen in what only looks like one', () => {
    const container = (image: string, name = 'c') => ({ containers: [{ image, name }] })
    const sockets = [{ name: 's', hostPath: { path: '/var/lib/kubelet/device-plugins' } }]
    for (const spec of [
      { ...container('rocm/k8s-device-plugin:1.31'), volumes: sockets },
      { ...container('intel/intel-gpu-plugin:0.30'), volumes: sockets },
      { ...container('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1'), volumes: sockets },
      { ...container(image, 'gpu-feature-discovery-ctr') },
      {},
    ])
      expect(isDevicePlugin(daemonSet('a/b', { spec: { template: { spec } } }))).toBe(false)
    for (const object of [
      {},
      { spec: null },
      { spec: { template: { spec: { volumes: 7, containers: [null, 'x'] } } } },
    ])
      expect(isDevicePlugin({ ...seed001, object })).toBe(false)
    expect(
      isDevicePlugin(
        daemonSet('a/b', {
          spec: { template: { spec: { ...container('registry:5000/k8s-device-plugin'), volumes: sockets } } },
        }),
      ),
    ).toBe(true)
  })

  it.each([
    ['helm', helmChart(), /helm uninstall nvdp -n nvidia/],
    ['gpu-operator', operators, /"devicePlugin":\{"enabled":false\}/],
    ['seed 001', seed001, /replace-device-plugin: kube-system\/nvidia-device-plugin-daemonset/],
  ])('stops ours, and the check says what to type: %s', (_name, one, remedy) => {
    const check = checkOf('gpu.plugin-owner', {}, { daemonSets: [one] })
    expect(check).toMatchObject({ verdict: 'fail', remedy: expect.stringMatching(remedy) })
    expect(check?.remedy).toMatch(/device-plugin: verify/)
  })

  it('that seed 001 made is told by what will break it', () => {
    expect(checkOf('gpu.plugin-owner', {}, { daemonSets: [seed001] })?.evidence?.join('\n')).toMatch(
      /libnvidia-ml\.so\.575\.51\.03 from the host.*\n.*privileged.*\n.*FAIL_ON_INIT_ERROR=false/,
    )
  })

  it('is replaced when its name is typed, by itself only, and never where its owner would bring it back', () => {
    const replaceDevicePlugin = 'kube-system/nvidia-device-plugin-daemonset'
    const wish = { replaceDevicePlugin }
    expect(changesOf(wish, { daemonSets: [seed001] })).toEqual([
      'replace-device-plugin',
      'apply-device-plugin',
      'record-gpu',
    ])
    expect(checkOf('gpu.plugin-owner', wish, { daemonSets: [seed001] })?.verdict).toBe('pass')
    expect(checkOf('gpu.plugin-owner', wish, { daemonSets: [seed001, helmChart()] })).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringMatching(/helm uninstall/),
    })
    for (const [name, one] of [
      ['nvidia/nvdp-nvidia-device-plugin', helmChart()],
      ['gpu-operator/nvidia-device-plugin-daemonset', operators],
    ] as const) {
      expect(checkOf('gpu.plugin-owner', { replaceDevicePlugin: name }, { daemonSets: [one] })?.verdict).toBe('fail')
      expect(changesOf({ replaceDevicePlugin: name }, { daemonSets: [one] })).not.toContain('replace-device-plugin')
    }
    expect(checkOf('gpu.plugin-owner', wish, { daemonSets: [] })).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/there is no such plugin/),
    })
    // A second run with the same inputs: it is done.
    expect(checkOf('gpu.plugin-owner', wish, { daemonSets: [live()] })?.verdict).toBe('pass')
  })

  it('that gpu-operator is about to bring stops ours, too', () => {
    expect(checkOf('gpu.plugin-owner', {}, { hasClusterPolicy: true })).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringMatching(/kubectl delete crd clusterpolicies\.nvidia\.com/),
    })
  })
})

describe('looking only', () => {
  const verify = { devicePlugin: 'verify' } as const

  it('names the taint that keeps the plugin away, the label that it wants, or that there is none', () => {
    const tainted = checkOf('gpu.tolerations', verify, { daemonSets: [helmChart()] })
    expect(tainted).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/workload-type=gpu-compute:NoSchedule is not tolerated/),
    })
    const node = nodeOf({ labels: {}, taints: [] })
    expect(checkOf('gpu.tolerations', verify, { node, daemonSets: [helmChart()] })?.found).toMatch(
      /wants: feature\.node\.kubernetes\.io\/pci-10de\.present In true, or .*nvidia\.com\/gpu\.present In true/,
    )
    expect(checkOf('gpu.tolerations', verify, { node, daemonSets: [seed001] })?.found).toMatch(
      /lacks the label gpu=true/,
    )
    expect(checkOf('gpu.plugin-owner', verify, {})).toMatchObject({ verdict: 'fail', found: 'there is none' })
    expect(checkOf('gpu.plugin-owner', verify, { daemonSets: [seed001] })?.verdict).toBe('warn')
    expect(checkOf('gpu.plugin-owner', verify, { daemonSets: [helmChart()] })?.verdict).toBe('pass')
  })

  it('changes nothing but the record', () => {
    const node = nodeOf({ labels: {} })
    expect(changesOf(verify, { node, daemonSets: [helmChart()] })).toEqual(['record-gpu'])
    expect(changesOf({ devicePlugin: 'none' }, { node })).toEqual(['record-gpu'])
  })

  it.each([
    [{ key: 'a', operator: 'Exists' }, true],
    [{ operator: 'Exists' }, true],
    [{ key: 'a', value: 'b' }, true],
    [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' }, true],
    [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute' }, false],
    [{ key: 'a', operator: 'Equal', value: 'c' }, false],
    [{ key: 'b', operator: 'Exists' }, false],
    [{ operator: 'Equal', value: 'b' }, false],
    [{}, false],
  ])('reads tolerations as the scheduler does: %j', (toleration, isTolerated) => {
    expect(tolerates(toleration, { key: 'a', value: 'b', effect: 'NoSchedule' })).toBe(isTolerated)
  })
})

describe('the plan', () => {
  it('of a fresh node labels it, makes the plugin and records it; of a prepared one is empty', () => {
    expect(changesOf({}, { node: nodeOf({ labels: {} }) })).toEqual(['label-node', 'apply-device-plugin', 'record-gpu'])
    const node = nodeOf({ annotations: recorded(true) })
    expect(changesOf({}, { node, daemonSets: [live()] })).toEqual([])
  })

  it('says what the run disturbs, and how it is taken back', () => {
    const old = live(ours([gpuTaint], `${image}-old`))
    const [change] = planCluster(situationOf({}, { daemonSets: [old] })).changes
    expect(change).toMatchObject({
      id: 'apply-device-plugin',
      reason: expect.stringMatching(/\.image/),
      disrupts: expect.stringMatching(/starts anew on every GPU node/),
    })
  })

  it('of `absent` takes away only what is ours: not the plugin that other nodes need, not a label of others', () => {
    const wish = { devicePlugin: 'absent' } as const
    const node = nodeOf({ annotations: recorded(true) })
    expect(changesOf(wish, { node, daemonSets: [live(), seed001] })).toEqual([
      'delete-device-plugin',
      'unlabel-node',
      'record-gpu',
    ])
    const other = nodeOf({ name: 'velaryon' })
    expect(changesOf(wish, { node, gpuNodes: [node, other], daemonSets: [live()] })).toEqual([
      'unlabel-node',
      'record-gpu',
    ])
    const foreign = nodeOf({ annotations: recorded(false) })
    expect(changesOf(wish, { node: foreign, daemonSets: [seed001] })).toEqual([])
    for (const hostile of ['{', 'null', '[]', '{"label":"kubernetes.io/hostname"}', '"x"']) {
      const annotated = nodeOf({ annotations: { [gpuAnnotationName]: hostile } })
      expect(changesOf(wish, { node: annotated })).not.toContain('unlabel-node')
    }
  })

  it('of a node that is not there is empty, and a check says so', () => {
    const check = checkOf('gpu.node', {}, { node: undefined })
    expect(check).toMatchObject({ verdict: 'fail', found: 'the cluster has no node calypso' })
    expect(changesOf({}, { node: undefined })).toEqual([])
    expect(checkOf('gpu.node', {}, { node: nodeOf({ ready: 'False' }) })?.verdict).toBe('fail')
  })

  it('asks for a RuntimeClass that leads to the runtime that k3s renders', () => {
    const { runtimeClass: _gone, ...without } = situationOf({}, {}).reading
    const check = planCluster({ ...situationOf({}, {}), reading: without }).checks.find(
      ({ id }) => id === 'gpu.runtime-class',
    )
    expect(check).toMatchObject({ verdict: 'fail', remedy: expect.stringMatching(/kubectl apply -f -/) })
    expect(checkOf('gpu.runtime-class', {}, { runtimeClass: { handler: 'nvidia-legacy' } })?.verdict).toBe('fail')
    expect(checkOf('gpu.runtime-class', {}, {})?.verdict).toBe('pass')
  })
})

it('the record is the same for the same GPUs in any order, and knows no temperature', () => {
  const [one] = gpuOf().devices
  const other = { ...one!, index: 1, uuid: 'GPU-0a' }
  const hot = { ...one!, temperatureCelsius: 83, utilisationPercent: 99, memoryUsedMiB: 4 }
  const text = (devices: readonly GpuDevice[]) => gpuAnnotation(gpuOf({ devices }), { isLabelOurs: true })
  expect(text([hot, other])).toBe(text([other, one!]))
  expect(JSON.parse(text([one!]))).toEqual({
    by: 'k3s-gpu-actions',
    gpus: [{ uuid: one!.uuid, product: 'NVIDIA GeForce RTX 4090' }],
    driver: '575.51.03',
    cuda: '12.9',
    toolkit: '1.20.0',
    label: 'nvidia.com/gpu.present',
  })
  const flood = Array.from({ length: 5000 }, (_, index) => ({ ...one!, uuid: `GPU-${index}`, name: 'x'.repeat(9999) }))
  expect(text(flood).length).toBeLessThan(20_000)
})
