/**
 * Kinds of Flux that have a state. Alerts and Providers have none any more (fluxcd/notification-controller:api/v1beta3), nor have
 * HelmRepositories of type oci (fluxcd/source-controller:docs/spec/v1/helmrepositories.md).
 */
export interface FluxKind {
  readonly kind: string
  readonly group: string
  /** Plural. */
  readonly resource: string
  /** Where it is, when the version that the group prefers does not have it: kinds of one group grew up at different times. */
  readonly olderVersion?: string
  /** Who reconciles it; a Deployment's name in every installation (fluxcd/flux2:manifests/bases). */
  readonly controller: string
  /** Behind `flux`, for a person who repairs it. */
  readonly command: string
}

// GitRepository is v1 since Flux 2.0, helm sources since 2.3, Buckets since 2.4, OCIRepository since 2.6 (fluxcd/flux2: release notes);
// the group prefers v1 all that time. ImageUpdateAutomation was v1beta1 while its group already had v1beta2
// (fluxcd/image-automation-controller:api).
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
    olderVersion: 'v1beta2',
    command: 'reconcile source oci',
    ...source,
  },
  {
    kind: 'HelmRepository',
    resource: 'helmrepositories',
    olderVersion: 'v1beta2',
    command: 'reconcile source helm',
    ...source,
  },
  { kind: 'HelmChart', resource: 'helmcharts', olderVersion: 'v1beta2', command: 'reconcile source chart', ...source },
  { kind: 'Bucket', resource: 'buckets', olderVersion: 'v1beta2', command: 'reconcile source bucket', ...source },
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
    olderVersion: 'v1beta1',
    controller: 'image-automation-controller',
    command: 'reconcile image update',
    ...image,
  },
]

export const fluxGroups: readonly string[] = [...new Set(fluxKinds.map(({ group }) => group))]
