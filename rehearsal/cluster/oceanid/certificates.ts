/** cert-manager's objects (cert-manager/cert-manager:pkg/apis/certmanager/v1). */
import { customKey } from './custom.ts'
import { dayMs, type Stage } from './stage.ts'

export const certificate = customKey('Certificate', 'gateway', 'apps')

export function putCertificates(stage: Stage): void {
  const ready = (reason: string, message: string) => ({
    type: 'Ready',
    status: 'True',
    observedGeneration: 1,
    lastTransitionTime: stage.ago(30 * dayMs),
    reason,
    message,
  })
  const issuer = 'letsencrypt'
  stage.put(customKey('ClusterIssuer', issuer), {
    metadata: { name: issuer, generation: 1, creationTimestamp: stage.ago(100 * dayMs) } as { name: string },
    spec: { acme: { server: 'https://acme.test/directory' } },
    status: { conditions: [ready('ACMEAccountRegistered', 'The ACME account was registered with the ACME server')] },
  })
  stage.put(certificate, {
    metadata: { name: 'gateway', namespace: 'apps', generation: 1, creationTimestamp: stage.ago(100 * dayMs) } as {
      name: string
    },
    spec: {
      secretName: 'gateway-tls',
      dnsNames: ['apps.boathou.se'],
      issuerRef: { kind: 'ClusterIssuer', name: issuer },
    },
    status: {
      conditions: [ready('Ready', 'Certificate is up to date and has not expired')],
      notBefore: stage.ago(30 * dayMs),
      notAfter: stage.ago(-60 * dayMs),
      renewalTime: stage.ago(-30 * dayMs),
      revision: 3,
    },
  })
}
