/** What a cluster that kubeadm made has besides its nodes: its ConfigMaps, as `fixtures/kubeadm/82-dry-run.out` shows them, and Calico. */
import { stringify } from 'yaml'
import type { KubernetesObject } from '../../contract.ts'
import type { Site } from '../../sites/index.ts'
import type { MemoryStore } from '../store.ts'

export interface KubeadmObjectsOptions {
  readonly objects: MemoryStore
  readonly site: Pick<Site, 'api' | 'version' | 'podNetwork' | 'serviceNetwork'>
  /** PEM of the CA that cluster-info names. */
  readonly caPem: string
  readonly createdAt: string
}

/** The kubeconfig in cluster-info: a server and its CA, and nobody's credentials. Key order as kubeadm marshals it. */
export function clusterInfoText(server: string, caPem: string): string {
  return stringify(
    {
      apiVersion: 'v1',
      clusters: [
        {
          cluster: { 'certificate-authority-data': Buffer.from(caPem).toString('base64'), server },
          name: '',
        },
      ],
      contexts: null,
      'current-context': '',
      kind: 'Config',
      preferences: {},
      users: null,
    },
    { lineWidth: 0, indentSeq: false },
  )
}

export function layKubeadmObjects({ objects, site, caPem, createdAt }: KubeadmObjectsOptions): void {
  const server = `https://${site.api.host}:${site.api.port}`
  const configMap = (namespace: string, name: string, data: Readonly<Record<string, string>>): void => {
    objects.put(`configmaps/${namespace}/${name}`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, creationTimestamp: createdAt },
      data,
    })
  }
  configMap('kube-public', 'cluster-info', { kubeconfig: clusterInfoText(server, caPem) })
  configMap('kube-system', 'kubeadm-config', { ClusterConfiguration: stringify(clusterConfiguration(site)) })
  configMap('kube-system', 'kubelet-config', { kubelet: stringify(kubeletConfiguration(site)) })
  configMap('kube-system', 'kube-proxy', { 'config.conf': stringify(kubeProxyConfiguration(site)) })
  for (const daemonSet of daemonSets(createdAt)) {
    const { name, namespace } = daemonSet.metadata
    objects.put(`daemonsets/${namespace}/${name}`, daemonSet)
  }
}

function clusterConfiguration({ api, version, podNetwork, serviceNetwork }: KubeadmObjectsOptions['site']): object {
  return {
    apiServer: {},
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    caCertificateValidityPeriod: '87600h0m0s',
    certificateValidityPeriod: '8760h0m0s',
    certificatesDir: '/etc/kubernetes/pki',
    clusterName: 'kubernetes',
    controlPlaneEndpoint: `${api.host}:${api.port}`,
    controllerManager: {},
    dns: {},
    encryptionAlgorithm: 'RSA-2048',
    etcd: { local: { dataDir: '/var/lib/etcd' } },
    imageRepository: 'registry.k8s.io',
    kind: 'ClusterConfiguration',
    kubernetesVersion: version,
    networking: { dnsDomain: 'cluster.local', podSubnet: podNetwork, serviceSubnet: serviceNetwork },
    proxy: {},
    scheduler: {},
  }
}

/** The tenth address of the services' network: kubeadm's own rule for the DNS service. */
function dnsAddress(network: string): string {
  return network.replace(/\.\d+\/\d+$/, '.10')
}

function kubeletConfiguration({ serviceNetwork }: KubeadmObjectsOptions['site']): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [dnsAddress(serviceNetwork)],
    clusterDomain: 'cluster.local',
    containerRuntimeEndpoint: '',
    cpuManagerReconcilePeriod: '0s',
    crashLoopBackOff: {},
    evictionPressureTransitionPeriod: '0s',
    fileCheckFrequency: '0s',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    httpCheckFrequency: '0s',
    imageMaximumGCAge: '0s',
    imageMinimumGCAge: '0s',
    kind: 'KubeletConfiguration',
    logging: {
      flushFrequency: 0,
      options: { json: { infoBufferSize: '0' }, text: { infoBufferSize: '0' } },
      verbosity: 0,
    },
    memorySwap: {},
    nodeStatusReportFrequency: '0s',
    nodeStatusUpdateFrequency: '0s',
    rotateCertificates: true,
    runtimeRequestTimeout: '0s',
    shutdownGracePeriod: '0s',
    shutdownGracePeriodCriticalPods: '0s',
    staticPodPath: '/etc/kubernetes/manifests',
    streamingConnectionIdleTimeout: '0s',
    syncFrequency: '0s',
    volumeStatsAggPeriod: '0s',
  }
}

function kubeProxyConfiguration({ podNetwork }: KubeadmObjectsOptions['site']): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    bindAddress: '0.0.0.0',
    clusterCIDR: podNetwork,
    kind: 'KubeProxyConfiguration',
  }
}

/** What every node runs: kubeadm's kube-proxy, and Calico's agent (projectcalico/calico: manifests/calico.yaml), as far as anybody looks. */
function daemonSets(createdAt: string): readonly KubernetesObject[] {
  const one = (name: string, image: string): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace: 'kube-system',
      creationTimestamp: createdAt,
      labels: { 'k8s-app': name },
      generation: 1,
    } as KubernetesObject['metadata'],
    spec: {
      selector: { matchLabels: { 'k8s-app': name } },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: { 'k8s-app': name } },
        spec: {
          hostNetwork: true,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name, image }],
        },
      },
    },
  })
  return [one('kube-proxy', 'registry.k8s.io/kube-proxy:v1.32.3'), one('calico-node', 'docker.io/calico/node:v3.29.3')]
}
