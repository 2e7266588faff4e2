/**
 * Flux as it is when all is reconciled: its controllers, a source and what it feeds (shapes of the objects: fluxcd/source-controller,
 * kustomize-controller and helm-controller, api/).
 */
import { customKey } from './custom.ts'
import { agent } from './house.ts'
import { dayMs, type Stage, uuidOf } from './stage.ts'
import { putDeployment } from './workloads.ts'

type Json = Readonly<Record<string, unknown>>

const home = 'flux-system'
const controllers: Readonly<Record<string, string>> = {
  'source-controller': 'v1.6.2',
  'kustomize-controller': 'v1.6.1',
  'helm-controller': 'v1.3.0',
  'notification-controller': 'v1.6.0',
  'image-reflector-controller': 'v0.35.2',
  'image-automation-controller': 'v0.41.2',
}
/** A commit of nobody's. */
export const revision = `main@sha1:${uuidOf('commit of oceanid').replaceAll('-', '')}00000000`

export interface FluxWish {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly spec: Json
  readonly status?: Json
  /** Words of its Ready condition. */
  readonly reason: string
  readonly message: string
}

export function putFluxObject(
  stage: Stage,
  { kind, name, namespace = home, spec, status, reason, message }: FluxWish,
): void {
  stage.put(customKey(kind, name, namespace), {
    metadata: {
      name,
      namespace,
      generation: 3,
      creationTimestamp: stage.ago(100 * dayMs),
      managedFields: [{ manager: 'flux', operation: 'Apply', time: stage.ago(12 * dayMs) }],
    } as { name: string },
    spec: { interval: '10m0s', ...spec },
    status: {
      observedGeneration: 3,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          observedGeneration: 3,
          lastTransitionTime: stage.ago(2 * dayMs),
          reason,
          message,
        },
      ],
      ...status,
    },
  })
}

export function putFlux(stage: Stage): void {
  for (const [name, version] of Object.entries(controllers))
    putDeployment(stage, {
      namespace: home,
      name,
      image: `ghcr.io/fluxcd/${name}:${version}`,
      nodes: [agent],
      labels: { app: name },
    })
  const artifact = (of: string) => ({
    artifact: {
      revision: of,
      lastUpdateTime: stage.ago(2 * dayMs),
      digest: `sha256:${uuidOf(of).replaceAll('-', '').repeat(2)}`,
    },
  })
  putFluxObject(stage, {
    kind: 'GitRepository',
    name: home,
    spec: { url: 'ssh://git@github.com/goldfish-inc/oceanid', ref: { branch: 'main' } },
    status: artifact(revision),
    reason: 'Succeeded',
    message: `stored artifact for revision '${revision}'`,
  })
  for (const name of [home, 'infrastructure', 'apps'])
    putFluxObject(stage, {
      kind: 'Kustomization',
      name,
      spec: { path: `./clusters/tethys/${name}`, prune: true, sourceRef: { kind: 'GitRepository', name: home } },
      status: { lastAppliedRevision: revision, lastAttemptedRevision: revision },
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: ${revision}`,
    })
  putFluxObject(stage, {
    kind: 'HelmRepository',
    name: 'jetstack',
    spec: { url: 'https://charts.jetstack.io' },
    status: artifact('sha256:index'),
    reason: 'Succeeded',
    message: 'stored artifact: revision of the index',
  })
  const version = 'v1.18.2'
  putFluxObject(stage, {
    kind: 'HelmChart',
    name: 'cert-manager-cert-manager',
    spec: { chart: 'cert-manager', version: '1.18.x', sourceRef: { kind: 'HelmRepository', name: 'jetstack' } },
    status: artifact(version),
    reason: 'ChartPullSucceeded',
    message: `pulled 'cert-manager' chart with version '${version}'`,
  })
  putFluxObject(stage, {
    kind: 'HelmRelease',
    name: 'cert-manager',
    namespace: 'cert-manager',
    spec: {
      chart: {
        spec: { chart: 'cert-manager', version: '1.18.x', sourceRef: { kind: 'HelmRepository', name: 'jetstack' } },
      },
    },
    status: { helmChart: `${home}/cert-manager-cert-manager`, lastAttemptedRevision: version },
    reason: 'UpgradeSucceeded',
    message: `Helm upgrade succeeded for release cert-manager/cert-manager.v7 with chart cert-manager@${version}`,
  })
}

/** Not ready since so long ago, in a controller's words. */
export function fluxUnready(stage: Stage, key: string, sinceMs: number, reason: string, message: string): void {
  const condition = { type: 'Ready', status: 'False', observedGeneration: 3, reason, message }
  stage.changeStatus(key, { conditions: [{ ...condition, lastTransitionTime: stage.ago(sinceMs) }] })
}

export const kustomization = (name: string): string => customKey('Kustomization', name, home)
export const gitRepository = customKey('GitRepository', home, home)
