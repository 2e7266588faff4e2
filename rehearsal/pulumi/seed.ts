/** What runs in the rehearsed cluster by Pulumi: before a deployment, and as the example program wants it. */
import { type Deployment, type Properties, plainSecret, type StoredResource } from './model.ts'
import { emptyDeployment } from './stacks.ts'

/** As the seed has it. */
export const stackReference = 'ryan-taylor/oceanid-cluster/prod'
const project = 'oceanid-cluster'
const stackUrn = `urn:pulumi:prod::${project}::pulumi:pulumi:Stack::${project}-prod`
const urnOf = (type: string, name: string): string => `urn:pulumi:prod::${project}::${type}::${name}`

export const urns = {
  namespace: urnOf('kubernetes:core/v1:Namespace', 'apps'),
  triton: urnOf('kubernetes:core/v1:ConfigMap', 'triton'),
  cloudflared: urnOf('kubernetes:core/v1:Secret', 'cloudflared'),
} as const

export interface SeedValues {
  readonly tritonUrl: string
  readonly tunnelToken: string
}

/** URN → inputs, as examples/cluster/index.ts registers them; test/protocol/world-pulumi.test.ts holds them against it. */
export function wantedBy({ tritonUrl, tunnelToken }: SeedValues): Readonly<Record<string, Properties>> {
  return {
    [urns.namespace]: { metadata: { name: 'apps' } },
    [urns.triton]: {
      metadata: { name: 'triton', namespace: 'apps' },
      data: { url: tritonUrl, model: 'distilbert-base-uncased' },
    },
    [urns.cloudflared]: {
      metadata: { name: 'cloudflared', namespace: 'apps' },
      stringData: { token: { [plainSecret]: tunnelToken } },
    },
  }
}

/** The first `up` of the rehearsal creates one resource, updates another, and leaves the third. */
export function earlierThan(values: SeedValues): Readonly<Record<string, Properties>> {
  const wanted = wantedBy({ ...values, tritonUrl: 'http://192.168.2.80:8000' })
  return Object.fromEntries(Object.entries(wanted).filter(([urn]) => urn !== urns.cloudflared))
}

/** A state that holds exactly these. */
export function deploymentOf(resources: Readonly<Record<string, Properties>>, outputs: Properties = {}): Deployment {
  const stack: StoredResource = {
    urn: stackUrn,
    custom: false,
    id: '',
    type: 'pulumi:pulumi:Stack',
    parent: '',
    inputs: {},
    outputs,
  }
  const stored = Object.entries(resources).map(([urn, inputs]): StoredResource => {
    const { name, namespace } = inputs.metadata as { name: string; namespace?: string }
    const [type = ''] = urn.split('::').slice(2)
    const id = namespace === undefined ? name : `${namespace}/${name}`
    return { urn, custom: true, id, type, parent: stackUrn, inputs, outputs: inputs }
  })
  return { ...emptyDeployment(), resources: [stack, ...stored] }
}
