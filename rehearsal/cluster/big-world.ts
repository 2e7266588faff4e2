/** A large cluster, as the API server of one has it: everything is well, and there is a lot of it. */
import { type Cluster, startCluster } from './index.ts'
import { leaseObject, nodeObject, timestamp } from './node-objects.ts'
import type { MemoryStore } from './store.ts'

const dayMs = 24 * 3600 * 1000
const podsOfNamespace = 500

/** Starts a cluster of so many nodes and pods, its two servers among them. */
export async function bigWorld(nodes: number, pods: number): Promise<Cluster> {
  const cluster = await startCluster({ directory: '', faults: new Set(), calypso: 'fresh' })
  const nowMs = Date.now()
  const names = cluster.objects.list('nodes').map((node) => node.metadata.name)
  for (let number = names.length; number < nodes; number++) {
    const name = `node-${String(number).padStart(4, '0')}`
    addNode(cluster.objects, name, number, nowMs)
    cluster.heartbeats.add(name)
    names.push(name)
  }
  for (let number = 0; number < pods; number++)
    addPod(cluster.objects, number, names[number % names.length] ?? '', nowMs - 3 * dayMs)
  // Nobody can replay how it grew.
  cluster.forgetPast()
  return cluster
}

function addNode(objects: MemoryStore, name: string, number: number, nowMs: number): void {
  const hex = number.toString(16).padStart(12, '0')
  const node = nodeObject({
    name,
    address: `10.0.${Math.floor(number / 250)}.${(number % 250) + 1}`,
    role: 'agent',
    version: 'v1.33.4+k3s1',
    osImage: 'Ubuntu 24.04.3 LTS',
    kernel: '6.8.0-79-generic',
    podCidr: `10.${42 + Math.floor(number / 256)}.${number % 256}.0/24`,
    arguments: ['agent'],
    environment: {},
    systemUuid: `00000000-0000-4000-8000-${hex}`,
    machineId: hex.padStart(32, '0'),
    createdMs: nowMs - 90 * dayMs,
    cpus: 8,
    memoryKi: 32_768_000,
  })
  // A kubelet reports 50 at most.
  const images = Array.from({ length: 40 }, (_, image) => ({
    names: [`registry.test/team-${image}/service-${image}:v1.${image}.0`],
    sizeBytes: 60_000_000 + image,
  }))
  const { uid } = objects.put(`nodes/${name}`, { ...node, status: { ...(node.status as object), images } }).metadata
  objects.put(`leases/kube-node-lease/${name}`, leaseObject(name, nowMs, uid))
}

function addPod(objects: MemoryStore, number: number, nodeName: string, createdMs: number): void {
  const namespace = `team-${Math.floor(number / podsOfNamespace)}`
  if (number % podsOfNamespace === 0)
    objects.put(`namespaces/${namespace}`, {
      metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
      status: { phase: 'Active' },
    })
  const service = `service-${number % 40}`
  const name = `${service}-7c9d8b6f5-${String(number).padStart(5, '0')}`
  const at = timestamp(createdMs)
  const image = `registry.test/${namespace}/${service}:v1.4.2`
  const resources = { limits: { memory: '256Mi' }, requests: { cpu: '50m', memory: '128Mi' } }
  const condition = (type: string) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: at })
  objects.put(`pods/${namespace}/${name}`, {
    metadata: {
      name,
      namespace,
      generateName: `${service}-7c9d8b6f5-`,
      creationTimestamp: at,
      labels: { 'app.kubernetes.io/name': service, 'pod-template-hash': '7c9d8b6f5' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${service}-7c9d8b6f5`,
          uid: `00000000-0000-4000-9000-${String(number % 40).padStart(12, '0')}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    } as { name: string; namespace: string },
    spec: {
      containers: [
        {
          name: service,
          image,
          imagePullPolicy: 'IfNotPresent',
          env: Array.from({ length: 12 }, (_, index) => ({
            name: `SETTING_${index}`,
            value: `value ${index} of ${service}`,
          })),
          ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
          readinessProbe: { httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' }, periodSeconds: 10 },
          resources,
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [
            { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
            { name: 'config', mountPath: '/etc/service' },
          ],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      nodeName,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      serviceAccount: 'default',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      volumes: [
        { name: 'config', configMap: { name: service, defaultMode: 420 } },
        {
          name: 'token',
          projected: {
            defaultMode: 420,
            sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }],
          },
        },
      ],
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        condition,
      ),
      containerStatuses: [
        {
          name: service,
          image,
          imageID: image,
          containerID: `containerd://${String(number).padStart(64, '0')}`,
          lastState: {},
          ready: true,
          resources,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: at } },
        },
      ],
      hostIP: '10.0.0.1',
      hostIPs: [{ ip: '10.0.0.1' }],
      podIP: `10.42.${Math.floor(number / 250) % 250}.${(number % 250) + 1}`,
      podIPs: [{ ip: `10.42.${Math.floor(number / 250) % 250}.${(number % 250) + 1}` }],
      qosClass: 'Burstable',
      startTime: at,
    },
  })
}
