/** The Pulumi account of the seeds: one ESC environment with the kubeconfig and calypso's SSH key, and who may open it. */
import {
  type Authority,
  type Cluster,
  createAuthority,
  type IssuedCertificate,
  kubeconfigText,
} from '../cluster/index.ts'
import type { FaultName, HostWorld, WorldOptions } from '../contract.ts'
import { oceanid, type Site } from '../sites/index.ts'
import { type AuthPolicy, type Definition, type Pulumi, startPulumi } from './index.ts'

/** As clusters/oceanid.yaml has it. */
export const environmentReference = 'ryan-taylor/default/oceanid-cluster'
/** Whose the account is. */
const login = 'ryan-taylor'
/** Owner and name of the repository that the rehearsal runs workflows of, and its id: the id cannot be taken over by another. */
const repository = { name: 'rehearsal/k3s-gpu-actions', id: '1' }

const dayMs = 24 * 3600 * 1000
/** A client certificate of k3s lives a year; the copy was made 377 days ago, and nobody renewed it. */
const copiedMs = 377 * dayMs
const yearMs = 365 * dayMs

export interface OceanidOptions {
  /** For `pulumiName`. */
  readonly certificate: IssuedCertificate
  readonly cluster: Cluster
  /** Default: oceanid. One without an environment has an empty account. */
  readonly site?: Site
  /** Its machines, by name; */
  readonly hosts?: Readonly<Record<string, Pick<HostWorld, 'clientPrivateKey'>>>
  /** or the only one. */
  readonly calypso?: Pick<HostWorld, 'clientPrivateKey'>
  /** `https://host:port`, as the kubeconfig has it. */
  readonly server: string
  readonly faults: ReadonlySet<FaultName>
  readonly verify: Parameters<typeof startPulumi>[0]['verify']
  /** Further secret properties below `pulumiConfig`. */
  readonly further?: Readonly<Record<string, string>>
  /** See WorldOptions. */
  readonly kubeconfig?: WorldOptions['kubeconfig']
  /** Who plays the stacks. */
  readonly stacks?: Parameters<typeof startPulumi>[0]['stacks']
  readonly refusesLogin?: () => boolean
}

/** Workflow file, environment and runner of a job: what changes the cluster, what looks every night, and the preview of a pull request. */
const trusted: readonly (readonly [workflow: string, environment: string, runner: string])[] = [
  ['join-node.yml', 'oceanid', 'self-hosted'],
  ['remove-node.yml', 'oceanid', 'self-hosted'],
  ['deploy-cluster.yml', 'oceanid', 'self-hosted'],
  ['verify-cluster.yml', 'oceanid-verify', 'self-hosted'],
  ['deploy-cluster.yml', 'oceanid-verify', 'self-hosted'],
  ['deploy-cluster.yml', 'oceanid-preview', 'github-hosted'],
]

/**
 * Exactly these workflow files get a token, each in its environment of one repository. That of a preview belongs to the branch of its pull
 * request, and so does the file.
 */
function policiesOf(faults: ReadonlySet<FaultName>): readonly AuthPolicy[] {
  return trusted.map(([workflow, environment, runner]) => ({
    decision: 'allow',
    tokenType: 'personal',
    userLogin: login,
    authorizedPermissions: [],
    rules: {
      aud: `urn:pulumi:org:${login}`,
      repository_id: repository.id,
      environment,
      runner_environment: runner,
      job_workflow_ref: `${repository.name}/.github/workflows/${workflow}@${environment === 'oceanid-preview' ? 'refs/pull/*' : 'refs/heads/main'}`,
      ...(faults.has('oidc-untrusted') && { environment: 'production' }),
    },
  }))
}

/** An administrator's kubeconfig as k3s writes it, with a client certificate of k3s's client CA; it ended twelve days ago. */
async function expiredKubeconfig({ cluster, server }: OceanidOptions): Promise<string> {
  const copiedAtMs = Date.now() - copiedMs
  const clientAuthority: Authority = await createAuthority(`k3s-client-ca@${Math.floor(copiedAtMs / 1000)}`)
  const subject = { commonName: 'system:admin', organization: 'system:masters' }
  const validity = { fromMs: copiedAtMs, untilMs: copiedAtMs + yearMs }
  const issued = await clientAuthority.issueClient(subject, validity)
  return kubeconfigText('default', server, cluster.caPem, { name: 'default', ...issued })
}

async function definitionOf(options: OceanidOptions, site: Site, prefix: string): Promise<Definition> {
  const { cluster, calypso, faults, server } = options
  const keyOf = (name: string): string => (options.hosts?.[name] ?? calypso)?.clientPrivateKey ?? ''
  const placed = { job: cluster.jobKubeconfig, verify: cluster.verifyKubeconfig, admin: cluster.adminKubeconfig }
  const kubeconfig = faults.has('kubeconfig-expired')
    ? await expiredKubeconfig(options)
    : placed[options.kubeconfig ?? 'job'](server)
  // The name that is easily written: with an underscore for the key beside it.
  const name = faults.has('esc-property-missing') ? `${prefix}:kube_config` : `${prefix}:kubeconfig`
  const secret = (text: string) => ({ 'fn::secret': text })
  return {
    pulumiConfig: {
      [`${prefix}:cluster_name`]: site.name,
      [name]: secret(kubeconfig),
      ...Object.fromEntries(
        site.machines.flatMap(({ name, keyProperty }) =>
          keyProperty === undefined ? [] : [[keyProperty, secret(keyOf(name))]],
        ),
      ),
      ...Object.fromEntries(Object.entries(options.further ?? {}).map(([key, text]) => [key, secret(text)])),
    },
  }
}

export async function startOceanid(options: OceanidOptions): Promise<Pulumi> {
  const pulumi = await startPulumi({
    certificate: options.certificate,
    organizations: [{ name: login, edition: 'individual', members: [login], policies: policiesOf(options.faults) }],
    verify: options.verify,
    ...(options.stacks && { stacks: options.stacks }),
    ...(options.refusesLogin && { refusesLogin: options.refusesLogin }),
  })
  const site = options.site ?? oceanid
  if (site.esc === undefined) return pulumi
  const { reference, prefix } = site.esc
  pulumi.put(reference, await definitionOf(options, site, prefix))
  if (options.faults.has('esc-permission')) pulumi.setAccess(reference, 'read')
  return pulumi
}
