/** A stand-in for the npm package @pulumi/kubernetes: `core.v1.ConfigMap` and its like, of any kind. */
import { CustomResource } from './pulumi.ts'

type Kind = new (name: string, inputs?: Readonly<Record<string, unknown>>) => CustomResource
type Versions = Readonly<Record<string, Readonly<Record<string, Kind>>>>

function kindOf(type: string): Kind {
  return class extends CustomResource {
    constructor(name: string, inputs: Readonly<Record<string, unknown>> = {}) {
      super(type, name, inputs)
    }
  }
}

/** `core.v1.Secret` is `kubernetes:core/v1:Secret` for Pulumi. */
function group(name: string): Versions {
  return new Proxy({} as Versions, {
    get: (_versions, version) =>
      new Proxy({}, { get: (_kinds, kind) => kindOf(`kubernetes:${name}/${String(version)}:${String(kind)}`) }),
  })
}

export const core = group('core')
export const apps = group('apps')
export const batch = group('batch')
export const networking = group('networking.k8s.io')
export const rbac = group('rbac.authorization.k8s.io')
export const Provider = kindOf('pulumi:providers:kubernetes')
