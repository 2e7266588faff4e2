/** What the administrator of a kubeadm cluster writes down: its configuration, and the DaemonSet of its pod network. */
import { stringify } from 'yaml'

/** Of the control plane and of what is built as kubelet and kubeadm (lab/parts/go.ts). */
export const kubernetesVersion = 'v1.33.13'
export const podCidr = '10.244.0.0/16'
export const serviceCidr = '10.96.0.0/16'
/** Where Debian's and Docker's packages of containerd listen. */
export const criSocket = 'unix:///var/run/containerd/containerd.sock'
/** As kubeadm 1.33 gives it to the kubelet (observed in shared fixture kubeadm/82-dry-run). */
export const pauseImage = 'registry.k8s.io/pause:3.10'

export interface ClusterText {
  readonly name: string
  /** Of the control-plane Node. */
  readonly controlPlane: string
  /** Of the API server, port 6443. */
  readonly address: string
  readonly etcdUrl: string
  /** Absent in what is uploaded: the folder of the control plane is nobody else's business. */
  readonly certificatesDir?: string
}

/** The documents of `kubeadm init --config`. */
export function initConfiguration(text: ClusterText): string {
  const kubeadm = 'kubeadm.k8s.io/v1beta4'
  const documents = [
    {
      apiVersion: kubeadm,
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: text.address, bindPort: 6443 },
      nodeRegistration: { name: text.controlPlane, criSocket },
    },
    {
      apiVersion: kubeadm,
      kind: 'ClusterConfiguration',
      clusterName: text.name,
      kubernetesVersion,
      controlPlaneEndpoint: `${text.address}:6443`,
      networking: { podSubnet: podCidr, serviceSubnet: serviceCidr, dnsDomain: 'cluster.local' },
      etcd: { external: { endpoints: [text.etcdUrl] } },
      ...(text.certificatesDir === undefined ? {} : { certificatesDir: text.certificatesDir }),
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      // A machine of the lab has the control groups of the machine it runs on, version 1 where that has them, and containerd
      // there makes them itself.
      cgroupDriver: 'cgroupfs',
      failCgroupV1: false,
      evictionHard: { 'imagefs.available': '1%', 'memory.available': '50Mi', 'nodefs.available': '1%' },
    },
  ]
  return documents.map((document) => stringify(document)).join('---\n')
}

/**
 * ConfigMap of `kubeadm init phase addon kube-proxy`. Only that: the addon's DaemonSet would pull an image that cannot be had
 * here. A kubeadm that finds no such ConfigMap warns.
 */
export const proxyConfig = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kube-proxy', namespace: 'kube-system', labels: { app: 'kube-proxy' } },
  data: {
    'config.conf': stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clusterCIDR: podCidr,
      clientConnection: { kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf' },
    }),
  },
}

/** Beside it, so that a joining machine may read it (kubernetes cmd/kubeadm/app/phases/addons/proxy/proxy.go). */
export const proxyRights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'kube-proxy', namespace: 'kube-system' },
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['kube-proxy'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'kube-proxy', namespace: 'kube-system' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'kube-proxy' },
    subjects: [
      {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Group',
        name: 'system:bootstrappers:kubeadm:default-node-token',
      },
    ],
  },
] as const

const cniConfig = {
  cniVersion: '1.0.0',
  name: 'lab',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.244.9.0/24' }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
}

/**
 * Plays Calico's installer: a DaemonSet in the host's network that lays the configuration of the pod network on every worker,
 * so that a node becomes Ready as in such a cluster, a while after its kubelet came up.
 */
export const networkDaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'calico-node' } },
    template: {
      metadata: { labels: { 'k8s-app': 'calico-node' } },
      spec: {
        hostNetwork: true,
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        tolerations: [{ operator: 'Exists' }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
              ],
            },
          },
        },
        containers: [
          {
            name: 'install-cni',
            image: 'docker.io/lab/busybox:1',
            imagePullPolicy: 'Never',
            env: [{ name: 'CNI_CONFIG', value: JSON.stringify(cniConfig) }],
            command: [
              'sh',
              '-c',
              'printf "%s\\n" "$CNI_CONFIG" >/host/.10-lab && mv /host/.10-lab /host/10-lab.conflist && exec sleep 1000000',
            ],
            volumeMounts: [{ name: 'cni', mountPath: '/host' }],
          },
        ],
        volumes: [{ name: 'cni', hostPath: { path: '/etc/cni/net.d', type: 'DirectoryOrCreate' } }],
      },
    },
  },
} as const

/** As `kubeadm init phase bootstrap-token` makes it (kubernetes cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go). */
export const autoApproval = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'kubeadm:node-autoapprove-bootstrap' },
  roleRef: {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: 'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
  },
  subjects: [
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:bootstrappers:kubeadm:default-node-token' },
  ],
} as const
