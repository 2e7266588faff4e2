/** `/readyz`, `/livez` and `/healthz`: in one word, or check by check (k8s.io/apiserver, pkg/server/healthz). */
import { type Call, sendText } from './http.ts'

/** Checks of a kube-apiserver 1.33, as `/readyz?verbose` lists them. */
const checks = [
  'ping',
  'log',
  'etcd',
  'etcd-readiness',
  'informer-sync',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-service-ip-repair-controllers',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/priority-and-fairness-config-producer',
  'poststarthook/bootstrap-controller',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-status-available-controller',
  'poststarthook/apiservice-discovery-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
  'shutdown',
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
