/**
 * Kinds that came with Flux 2.6, Longhorn 1.9 and cert-manager 1.18, in the versions that each serves, the preferred first
 * (fluxcd/flux2, longhorn/longhorn-manager, cert-manager/cert-manager: their CustomResourceDefinitions).
 */
import type { Resource } from '../objects.ts'

type Row = readonly [group: string, plural: string, kind: string, versions: readonly string[], isOfCluster?: true]

const source = 'source.toolkit.fluxcd.io'
const image = 'image.toolkit.fluxcd.io'
const rows: readonly Row[] = [
  [source, 'gitrepositories', 'GitRepository', ['v1', 'v1beta2']],
  [source, 'ocirepositories', 'OCIRepository', ['v1', 'v1beta2']],
  [source, 'helmrepositories', 'HelmRepository', ['v1', 'v1beta2']],
  [source, 'helmcharts', 'HelmChart', ['v1', 'v1beta2']],
  [source, 'buckets', 'Bucket', ['v1', 'v1beta2']],
  ['kustomize.toolkit.fluxcd.io', 'kustomizations', 'Kustomization', ['v1', 'v1beta2']],
  ['helm.toolkit.fluxcd.io', 'helmreleases', 'HelmRelease', ['v2', 'v2beta2']],
  ['notification.toolkit.fluxcd.io', 'receivers', 'Receiver', ['v1', 'v1beta2']],
  ['notification.toolkit.fluxcd.io', 'alerts', 'Alert', ['v1beta3', 'v1beta2']],
  ['notification.toolkit.fluxcd.io', 'providers', 'Provider', ['v1beta3', 'v1beta2']],
  [image, 'imagerepositories', 'ImageRepository', ['v1beta2']],
  [image, 'imagepolicies', 'ImagePolicy', ['v1beta2']],
  [image, 'imageupdateautomations', 'ImageUpdateAutomation', ['v1beta2']],
  ['longhorn.io', 'nodes', 'Node', ['v1beta2']],
  ['longhorn.io', 'volumes', 'Volume', ['v1beta2']],
  ['longhorn.io', 'replicas', 'Replica', ['v1beta2']],
  ['cert-manager.io', 'certificates', 'Certificate', ['v1']],
  ['cert-manager.io', 'certificaterequests', 'CertificateRequest', ['v1']],
  ['cert-manager.io', 'issuers', 'Issuer', ['v1']],
  ['cert-manager.io', 'clusterissuers', 'ClusterIssuer', ['v1'], true],
]

export const customResources: readonly Resource[] = rows.map(([group, plural, kind, versions, isOfCluster]) => ({
  group,
  plural,
  kind,
  version: versions[0] ?? 'v1',
  versions,
  isNamespaced: isOfCluster !== true,
  hasStatus: true,
  isCustom: true,
}))

/** Key of a custom object in the store. @throws Error for a kind that nobody added */
export function customKey(kind: string, name: string, namespace = '', group = ''): string {
  const found = customResources.find((one) => one.kind === kind && one.group.includes(group))
  if (found === undefined) throw new Error(`there is no kind ${kind}`)
  const stored = `${found.plural}.${found.group}`
  return found.isNamespaced ? `${stored}/${namespace}/${name}` : `${stored}/${name}`
}
