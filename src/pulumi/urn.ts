/** What a URN tells of a resource (pulumi/pulumi: sdk/go/common/resource/urn/urn.go). */
export interface ResourceName {
  /** Without the types of its parents. */
  readonly type: string
  readonly name: string
}

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`; a name may hold `::`. Undefined: no URN. */
export function readUrn(urn: string): ResourceName | undefined {
  if (!urn.startsWith('urn:pulumi:')) return undefined
  const [, , types = '', ...name] = urn.split('::')
  const resource = { type: types.slice(types.lastIndexOf('$') + 1), name: name.join('::') }
  return resource.type === '' || resource.name === '' ? undefined : resource
}

/** The stack as the root of its resources. */
export function isStackItself(resource: ResourceName): boolean {
  return resource.type === 'pulumi:pulumi:Stack'
}

/** Made by the engine for resources that name none; it counts and shows them nowhere (isInternalStep in pkg/engine/update.go). */
export function isDefaultProvider(resource: ResourceName): boolean {
  return resource.type.startsWith('pulumi:providers:') && resource.name.startsWith('default')
}
