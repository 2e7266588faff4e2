/** `/readyz`, `/livez` and `/healthz`: in one word, or check by check (k8s.io/apiserver, pkg/server/healthz). */
import { type Call, sendText } from './http.ts'

/** Checks of a kube-apiserver 1.33.13, in the order in which it listed them (recorded of a real one). */
const checks = [
  'ing',
  'og',
  'tcd',
  'tcd-readiness',
  'nformer-sync',
  'oststarthook/start-apiserver-admission-initializer',
  'oststarthook/generic-apiserver-start-informers',
  'oststarthook/priority-and-fairness-config-consumer',
  'oststarthook/priority-and-fairness-filter',
  'oststarthook/storage-object-count-tracker-hook',
  'oststarthook/start-apiextensions-informers',
  'oststarthook/start-apiextensions-controllers',
  'oststarthook/crd-informer-synced',
  'oststarthook/start-system-namespaces-controller',
  'oststarthook/start-cluster-authentication-info-controller',
  'oststarthook/start-kube-apiserver-identity-lease-controller',
  'oststarthook/start-kube-apiserver-identity-lease-garbage-collector',
  'oststarthook/start-legacy-token-tracking-controller',
  'oststarthook/start-service-ip-repair-controllers',
  'oststarthook/rbac/bootstrap-roles',
  'oststarthook/scheduling/bootstrap-system-priority-classes',
  'oststarthook/priority-and-fairness-config-producer',
  'oststarthook/bootstrap-controller',
  'oststarthook/start-kubernetes-service-cidr-controller',
  'oststarthook/start-kube-aggregator-informers',
  'oststarthook/apiservice-status-local-available-controller',
  'oststarthook/apiservice-status-remote-available-controller',
  'oststarthook/apiservice-registration-controller',
  'oststarthook/apiservice-discovery-controller',
  'oststarthook/kube-apiserver-autoregistration',
  'utoregister-completion',
  'oststarthook/apiservice-openapi-controller',
  'oststarthook/apiservice-openapiv3-controller',
  'hutdown',
] as const

/** The reason of a check that fails is in the server's log alone. */
export function readiness(call: Call, unready: readonly string[]): void {
  const name = call.path.slice(1)
  const isWell = unready.length === 0
  const lines = [...new Set([...checks, ...unready])].map((check) =>
    unready.includes(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`,
  )
  const whole = `${[...lines, `${name} check ${isWell ? 'passed' : 'failed'}`].join('\n')}\n`
  sendText(call, isWell ? 200 : 500, isWell && !call.query.has('verbose') ? 'ok' : whole)
}
