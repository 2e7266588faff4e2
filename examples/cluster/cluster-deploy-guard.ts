/**
 * Decides whether a Pulumi program may change this cluster from where it runs. Copy it beside the program; it needs Node alone.
 * A person at a terminal may. A job of GitHub Actions may on a self-hosted runner, when the workflow names this stack, and the
 * kubeconfig leads to this cluster. A preview changes nothing and may run on any runner; all else is asked of it, too.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface DeployTarget {
  /** `organization/project/stack` of this program; the job says the same in DEPLOY_TARGET. */
  readonly stack: string
  /** SHA-256 of the cluster's CA certificate in hex: the output `ca-sha256` of kubeconfig-esc. */
  readonly caSha256: string
  /** UID of the namespace kube-system: the output `cluster-uid`, which the job hands on in CLUSTER_UID. */
  readonly clusterUid?: string
  /** Path of the kubeconfig that the program uses; KUBECONFIG when it is left out. */
  readonly kubeconfigPath?: string
  /** Nothing is changed: `pulumi.runtime.isDryRun()`. Then the runner may be one of GitHub's. */
  readonly isPreview?: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Throws, with every reason at once, where this cluster must not be changed. */
export function assertClusterDeployAllowed(target: DeployTarget, environment: Environment = process.env): void {
  const reasons = refusals(target, environment)
  if (reasons.length === 0) return
  throw new Error(`${target.stack} is not deployed from here:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`)
}

/** Why not; empty: it is allowed. */
export function refusals(target: DeployTarget, environment: Environment = process.env): readonly string[] {
  return Object.values(refusalsByQuestion(target, environment)).flat()
}

/** The same, by what was asked. */
export function refusalsByQuestion(
  target: DeployTarget,
  environment: Environment = process.env,
): Readonly<Record<'runner' | 'stack' | 'cluster', readonly string[]>> {
  const reasons = { runner: [] as string[], stack: [] as string[], cluster: [] as string[] }
  // Not CI or GITHUB_ACTIONS alone: who takes those away with `env -u` still runs in a job.
  const marks = ['GITHUB_ACTIONS', 'GITHUB_RUN_ID', 'RUNNER_ENVIRONMENT']
  if (marks.every((name) => !environment[name])) return reasons
  const { RUNNER_ENVIRONMENT, DEPLOY_TARGET, CLUSTER_UID } = environment
  // The runner sets it, and a workflow cannot overwrite it.
  const isKnown = RUNNER_ENVIRONMENT === 'self-hosted' || RUNNER_ENVIRONMENT === 'github-hosted'
  if (target.isPreview === true ? !isKnown : RUNNER_ENVIRONMENT !== 'self-hosted') {
    reasons.runner.push(
      `the runner is ${RUNNER_ENVIRONMENT || 'of no known kind'}, not self-hosted: set runs-on to the runner beside the cluster`,
    )
  }
  if (!target.stack || DEPLOY_TARGET !== target.stack) {
    reasons.stack.push(
      `DEPLOY_TARGET is ${DEPLOY_TARGET || 'not set'}: the job has to name ${target.stack || 'a stack'}`,
    )
  }
  const expected = normal(target.caSha256)
  const found = caSha256Of(target.kubeconfigPath ?? environment.KUBECONFIG ?? '')
  if ('refusal' in found) reasons.cluster.push(found.refusal)
  else if (!/^[0-9a-f]{64}$/.test(expected))
    reasons.cluster.push('caSha256 is no SHA-256 in hex: take the output ca-sha256 of kubeconfig-esc')
  else if (found.sha256 !== expected)
    reasons.cluster.push(`the kubeconfig is of another cluster: its CA is ${found.sha256}, not ${expected}`)
  if (target.clusterUid !== undefined && (!target.clusterUid || normal(CLUSTER_UID) !== normal(target.clusterUid))) {
    reasons.cluster.push(
      `CLUSTER_UID is ${CLUSTER_UID || 'not set'}, not ${target.clusterUid}: hand on the output cluster-uid of kubeconfig-esc`,
    )
  }
  return reasons
}

/** `AB:CD`, as openssl prints it, and `abcd` are the same. */
function normal(text: string | undefined): string {
  return (text ?? '').replace(/[\s:]/g, '').toLowerCase()
}

/** The CA of the one cluster in a kubeconfig. With several, which one is used cannot be told from here. */
function caSha256Of(path: string): { readonly sha256: string } | { readonly refusal: string } {
  if (path === '') return { refusal: 'KUBECONFIG is not set: run kubeconfig-esc in an earlier step' }
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, '')
  } catch (error) {
    return {
      refusal: `the kubeconfig ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): run kubeconfig-esc in an earlier step`,
    }
  }
  const named = text.match(/certificate-authority/g) ?? []
  const data = /certificate-authority-data["']?\s*:\s*["']?([A-Za-z0-9+/]+=*)/.exec(text)?.[1]
  if (named.length !== 1 || data === undefined) {
    return {
      refusal: `the kubeconfig ${path} does not hold exactly one cluster with certificate-authority-data: use the one that kubeconfig-esc places`,
    }
  }
  const pem = Buffer.from(data, 'base64')
  // The hash is that of the first; clients would believe the others as well.
  if (pem.toString('latin1').split('-----BEGIN ').length > 2) {
    return { refusal: `the kubeconfig ${path} trusts several CAs: store it with the one of this cluster alone` }
  }
  try {
    const certificate = new X509Certificate(pem)
    return { sha256: createHash('sha256').update(certificate.raw).digest('hex') }
  } catch {
    return { refusal: `the CA in the kubeconfig ${path} is no certificate: store the kubeconfig again` }
  }
}
