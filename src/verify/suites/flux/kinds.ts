/**
 * Kinds of Flux that have a state. Alerts and Providers have none any more (fluxcd/notification-controller:api/v1beta3), nor have
 * HelmRepositories of type oci (fluxcd/source-controller:docs/spec/v1/helmrepositories.md).
 */
export interface FluxKind {
  readonly kind: string
  readonly group: string
  /** Plural. */
  readonly resource: string
  /** Who reconciles it; a Deployment's name in every installation (fluxcd/flux2:manifests/bases). */
  readonly controller: string
  /** Behind `flux`, for a person who repairs it. */
  readonly command: string
}

const source = { group: 'source.toolkit.fluxcd.io', controller: 'source-controller' } as const
const image = { group: 'image.toolkit.fluxcd.io' } as const

export const fluxKinds: readonly FluxKind[] = [
  {
    kind: 'Kustomization',
    group: 'kustomize.toolkit.fluxcd.io',
    resource: 'kustomizations',
    controller: 'kustomize-controller',
    command: 'reconcile kustomization',
  },
  {
    kind: 'HelmRelease',
    group: 'helm.toolkit.fluxcd.io',
    resource: 'helmreleases',
    controller: 'helm-controller',
    command: 'reconcile helmrelease',
  },
  { kind: 'GitRepository', resource: 'gitrepositories', command: 'reconcile source git', ...source },
  {
    kind: 'OCIRepository',
    resource: 'ocirepositories',
    command: 'reconcile source oci',
    ...source,
  },
  {
    kind: 'HelmRepository',
    resource: 'helmrepositories',
    command: 'reconcile source helm',
    ...source,
  },
  { kind: 'HelmChart', resource: 'helmcharts', command: 'reconcile source chart', ...source },
  { kind: 'Bucket', resource: 'buckets', command: 'reconcile source bucket', ...source },
  {
    kind: 'Receiver',
    group: 'notification.toolkit.fluxcd.io',
    resource: 'receivers',
    controller: 'notification-controller',
    command: 'reconcile receiver',
  },
  {
    kind: 'ImageRepository',
    resource: 'imagerepositories',
    controller: 'image-reflector-controller',
    command: 'reconcile image repository',
    ...image,
  },
  {
    kind: 'ImagePolicy',
    resource: 'imagepolicies',
    controller: 'image-reflector-controller',
    command: 'reconcile image policy',
    ...image,
  },
  {
    kind: 'ImageUpdateAutomation',
    resource: 'imageupdateautomations',
    controller: 'image-automation-controller',
    command: 'reconcile image update',
    ...image,
  },
]

export const fluxGroups: readonly string[] = [...new Set(fluxKinds.map(({ group }) => group))]
