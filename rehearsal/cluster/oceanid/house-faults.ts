/** What can be wrong with Flux, storage, certificates and tokens, as the API shows it. */
import type { VerifyFault } from '../../contract.ts'
import { timestamp } from '../node-objects.ts'
import { certificate } from './certificates.ts'
import { fluxUnready, gitRepository, kustomization, revision } from './flux.ts'
import { agent, server } from './house.ts'
import { dayMs, minuteMs, type Stage, uuidOf } from './stage.ts'
import { fillDisk, longhornVolume } from './storage.ts'

type Json = Readonly<Record<string, unknown>>

const hourMs = 60 * minuteMs
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A bootstrap token of a run that was killed before it could take it back. */
function leaveToken(stage: Stage): void {
  const id = 'k4u7d1'
  const name = `bootstrap-token-${id}`
  const data = {
    'token-id': id,
    'token-secret': uuidOf('a token that was left').replaceAll('-', '').slice(0, 16),
    description: 'k3s-gpu-actions: calypso joins oceanid, run 38',
    expiration: timestamp(stage.nowMs + 20 * hourMs),
    'usage-bootstrap-authentication': 'true',
    'auth-extra-groups': 'system:bootstrappers:k3s:default-node-token',
  }
  stage.put(`secrets/kube-system/${name}`, {
    metadata: {
      name,
      namespace: 'kube-system',
      creationTimestamp: stage.ago(4 * hourMs),
      labels: { 'k3s-gpu-actions/node': 'calypso', 'k3s-gpu-actions/run': '38-1' },
    },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  })
}

function losePendingClaim(stage: Stage): void {
  const [namespace, name] = ['apps', 'archive']
  const { metadata } = stage.put(`persistentvolumeclaims/${namespace}/${name}`, {
    metadata: { name, namespace, creationTimestamp: stage.ago(3 * hourMs) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'longhorn-static',
      resources: { requests: { storage: '5Gi' } },
    },
    status: { phase: 'Pending' },
  })
  const about = { kind: 'PersistentVolumeClaim', namespace, name, uid: metadata.uid ?? '' }
  const words = 'storageclass.storage.k8s.io "longhorn-static" not found'
  stage.event(about, 'persistentvolume-controller', 'ProvisioningFailed', words)
}

/** k3s's own complaint (k3s-io/k3s:pkg/certmonitor/certmonitor.go), an event of the Node in `default`. */
function complain(stage: Stage): void {
  const ends = timestamp(stage.nowMs + 12 * dayMs)
  const message = `Node certificates require attention - restart k3s on this node to trigger automatic rotation: kubelet/client-kubelet.crt: certificate CN=system:node:${server},O=system:nodes will expire within 90 days at ${ends}`
  const about = { kind: 'Node', namespace: 'default', name: server, uid: server }
  stage.event(about, 'k3s-cert-monitor', 'CertificateExpirationWarning', message)
}

export const houseFaults = {
  'verify-flux-not-ready': (stage) =>
    fluxUnready(
      stage,
      kustomization('apps'),
      5 * hourMs,
      'BuildFailed',
      "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'adapter.yaml': open /tmp/kustomization/adapter.yaml: no such file or directory'",
    ),
  'verify-flux-suspended': (stage) => {
    stage.change(kustomization('infrastructure'), (object) => ({
      ...object,
      spec: { ...(object.spec as object), suspend: true },
    }))
  },
  // The source has moved on; what it feeds says that all is well, of the revision before.
  'verify-flux-stale': (stage) => {
    const { artifact } = stage.get(gitRepository).status as { artifact: Json }
    const newer = revision.replace(/:.*/, `:${uuidOf('a newer commit').replaceAll('-', '')}00000000`)
    stage.changeStatus(gitRepository, {
      artifact: { ...artifact, revision: newer, lastUpdateTime: stage.ago(3 * hourMs) },
    })
  },
  'verify-volume-degraded': (stage) => {
    stage.changeStatus(longhornVolume, { robustness: 'degraded', lastDegradedAt: stage.ago(2 * dayMs) })
  },
  'verify-disk-full': (stage) => fillDisk(stage, agent, 4),
  'verify-claim-pending': losePendingClaim,
  'verify-certificate-soon': (stage) => {
    const issuing = {
      type: 'Issuing',
      status: 'False',
      reason: 'Failed',
      message:
        'The certificate request has failed to complete and will be retried: Failed to wait for order resource to become ready',
      lastTransitionTime: stage.ago(20 * dayMs),
    }
    const { conditions } = stage.get(certificate).status as { conditions: Json[] }
    stage.changeStatus(certificate, {
      conditions: [...conditions, issuing],
      notAfter: stage.ago(-5 * dayMs),
      renewalTime: stage.ago(25 * dayMs),
    })
  },
  'verify-node-certificates': complain,
  'verify-token-left': leaveToken,
} satisfies Partial<Record<VerifyFault, (stage: Stage) => unknown>>
