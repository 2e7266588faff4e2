/**
 * What runs in oceanid besides what every cluster has, as its documents list it: namespaces, k3s's own add-ons, cert-manager, cloudflared,
 * the Pulumi operator (whose image has not been there for twelve days), a web application and a Prometheus. Tags of images are for the look.
 */

import { podKey, pullBackOff, unready } from './pods.ts'
import { dayMs, minuteMs, type Stage, uuidOf } from './stage.ts'
import { putDaemonSet, putDeployment, putDoneJob, putStatefulSet, unavailable } from './workloads.ts'

export const [server, agent] = ['srv712429', 'srv712695'] as const

const namespaces: Readonly<Record<string, string>> = {
  'cert-manager': 'baseline',
  cloudflared: 'restricted',
  'flux-system': 'baseline',
  'longhorn-system': 'privileged',
  monitoring: 'baseline',
  'pulumi-system': 'baseline',
  apps: 'baseline',
}
export const operatorImage = 'docker.io/pulumi/pulumi-kubernetes-operator:v2.2.1'

export function putHouse(stage: Stage): void {
  for (const [name, level] of Object.entries(namespaces))
    stage.put(`namespaces/${name}`, {
      metadata: {
        name,
        creationTimestamp: stage.ago(110 * dayMs),
        labels: { 'kubernetes.io/metadata.name': name, 'pod-security.kubernetes.io/enforce': level },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  putSystem(stage)
  for (const name of ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'])
    putDeployment(stage, {
      namespace: 'cert-manager',
      name,
      image: `quay.io/jetstack/${name === 'cert-manager' ? 'cert-manager-controller' : name}:v1.18.2`,
      nodes: [agent],
      labels: {
        'app.kubernetes.io/name': name.replace('cert-manager-', ''),
        'app.kubernetes.io/instance': 'cert-manager',
      },
    })
  putDeployment(stage, {
    namespace: 'cloudflared',
    name: 'cloudflared',
    image: 'docker.io/cloudflare/cloudflared:2025.8.1',
    nodes: [server, agent],
    labels: { app: 'cloudflared' },
  })
  putOperator(stage)
  putDeployment(stage, {
    namespace: 'apps',
    name: 'label-studio-adapter',
    image: 'ghcr.io/goldfish-inc/label-studio-adapter:0.4.1',
    nodes: [agent],
    labels: { app: 'label-studio-adapter' },
  })
  putDoneJob(
    stage,
    {
      namespace: 'apps',
      name: 'dump-29310300',
      image: 'docker.io/library/postgres:17',
      nodes: [agent],
      labels: { app: 'dump' },
      // The night before the last: that of last night may have failed.
      ageMs: 33 * 60 * minuteMs,
      pod: { restartPolicy: 'OnFailure' },
    },
    'dump',
  )
  putMonitoring(stage)
}

function putSystem(stage: Stage): void {
  const system = (name: string, image: string, labels: Readonly<Record<string, string>>): void =>
    putDeployment(stage, { namespace: 'kube-system', name, image, nodes: [server], labels, ageMs: 110 * dayMs })
  system('coredns', 'docker.io/rancher/mirrored-coredns-coredns:1.12.3', { 'k8s-app': 'kube-dns' })
  system('metrics-server', 'docker.io/rancher/mirrored-metrics-server:v0.8.0', { 'k8s-app': 'metrics-server' })
  system('local-path-provisioner', 'docker.io/rancher/local-path-provisioner:v0.0.31', {
    app: 'local-path-provisioner',
  })
  system('traefik', 'docker.io/rancher/mirrored-library-traefik:3.3.6', { 'app.kubernetes.io/name': 'traefik' })
  putDaemonSet(stage, {
    namespace: 'kube-system',
    name: 'svclb-traefik-5a1c7e09',
    image: 'docker.io/rancher/klipper-lb:v0.4.13',
    nodes: [],
    labels: { app: 'svclb-traefik-5a1c7e09', 'svccontroller.k3s.cattle.io/svcname': 'traefik' },
    ageMs: 110 * dayMs,
  })
  for (const chart of ['traefik-crd', 'traefik'])
    putDoneJob(stage, {
      namespace: 'kube-system',
      name: `helm-install-${chart}`,
      image: 'docker.io/rancher/klipper-helm:v0.9.8-build20250709',
      nodes: [server],
      labels: { 'helmcharts.helm.cattle.io/chart': chart },
      ageMs: 110 * dayMs,
      pod: { restartPolicy: 'OnFailure' },
    })
  putService(stage, 'default', 'kubernetes', 443, [{ node: server, address: '157.173.210.123' }], 6443)
  putService(stage, 'kube-system', 'kube-dns', 53, [{ node: server, address: '10.42.0.5' }])
  for (const node of [server, agent])
    stage.changeStatus(`nodes/${node}`, {
      images: [
        { names: ['docker.io/rancher/mirrored-pause:3.6'], sizeBytes: 301_463 },
        { names: ['docker.io/rancher/klipper-lb:v0.4.13'], sizeBytes: 5_020_000 },
        { names: ['docker.io/rancher/mirrored-library-busybox:1.36.1'], sizeBytes: 2_220_000 },
      ],
    })
}

/** A Service and its one slice of endpoints. */
export function putService(
  stage: Stage,
  namespace: string,
  name: string,
  port: number,
  endpoints: readonly { readonly node: string; readonly address: string }[],
  targetPort = port,
): void {
  const creationTimestamp = stage.ago(110 * dayMs)
  const labels = { 'kubernetes.io/service-name': name }
  stage.put(`services/${namespace}/${name}`, {
    metadata: { name, namespace, creationTimestamp },
    spec: {
      type: 'ClusterIP',
      clusterIP: `10.43.${port % 250}.10`,
      ports: [{ name: 'main', port, targetPort, protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  })
  const slice = `${name}-${uuidOf(`${namespace}/${name} slice`).slice(0, 5)}`
  stage.put(`endpointslices/${namespace}/${slice}`, {
    metadata: { name: slice, namespace, labels, creationTimestamp },
    addressType: 'IPv4',
    endpoints: endpoints.map(({ node, address }) => ({
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: node,
    })),
    ports: [{ name: 'main', port: targetPort, protocol: 'TCP' }],
  })
}

/** The operator of the owner's documents: its release names an image that its registry does not have. */
function putOperator(stage: Stage): void {
  const [namespace, name, sinceMs] = ['pulumi-system', 'pulumi-kubernetes-operator', 12 * dayMs] as const
  putDeployment(stage, {
    namespace,
    name,
    image: operatorImage,
    nodes: [agent],
    labels: { 'app.kubernetes.io/name': name },
    ageMs: sinceMs,
  })
  unready(stage, podKey(stage, namespace, name), {
    phase: 'Pending',
    sinceMs,
    restarts: 0,
    state: pullBackOff(operatorImage),
  })
  unavailable(stage, namespace, name, sinceMs)
}

export const prometheus = 'monitoring/prometheus:9090'

function putMonitoring(stage: Stage): void {
  putStatefulSet(stage, {
    namespace: 'monitoring',
    name: 'prometheus',
    image: 'quay.io/prometheus/prometheus:v3.5.0',
    nodes: [agent],
    labels: { 'app.kubernetes.io/name': 'prometheus' },
  })
  putService(stage, 'monitoring', 'prometheus', 9090, [{ node: agent, address: '10.42.1.21' }])
}
