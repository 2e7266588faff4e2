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
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return {
      refusal: `the kubeconfig ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): run kubeconfig-esc in an earlier step`,
    }
  }
  const cluster = clusterOf(text)
  const data = cluster?.['certificate-authority-data'] ?? ''
  if (!cluster?.server || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return {
      refusal: `the kubeconfig ${path} does not hold exactly one cluster with server and certificate-authority-data, as \`kubectl config view --raw --flatten --minify\` prints it: use the one that kubeconfig-esc places`,
    }
  }
  if ((cluster['insecure-skip-tls-verify'] ?? 'false') !== 'false')
    return { refusal: `the kubeconfig ${path} sets insecure-skip-tls-verify: then any server is believed` }
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

type Mapping = Readonly<Record<string, string>>

/**
 * What the only cluster says; undefined: there is not exactly one, or a client could read the file otherwise than it looks here. Node has
 * no parser of YAML, so only lines of `key: value` are taken: no escapes, aliases, tags, nor texts that go on in the next line.
 */
function clusterOf(text: string): Mapping | undefined {
  if (/[\\\u0085\u2028\u2029]|\r(?!\n)/.test(text)) return undefined
  return /^\s*\{/.test(text) ? clusterOfJson(text) : clusterOfLines(text)
}

const isOnce = (text: string, pattern: RegExp): boolean => text.match(pattern)?.length === 1

function clusterOfJson(text: string): Mapping | undefined {
  // Of a key that is there twice, parsers take the first or the last.
  if (!isOnce(text, /"server"\s*:/gi) || !isOnce(text, /certificate-authority/gi)) return undefined
  try {
    const { clusters } = JSON.parse(text) as { readonly clusters: readonly { readonly cluster: object }[] }
    const entries = Object.entries(clusters[0]?.cluster ?? {}).map(([key, value]) => [key, String(value)] as const)
    return clusters.length === 1 ? Object.fromEntries(entries) : undefined
  } catch {
    return undefined
  }
}

const plainLine =
  /^(?<before> *(?:- +)*)(?:(?:(?<key>[\w.-]+)|"(?<quoted>[\w.-]+)"):(?: +|$))?(?<value>"[^"]*"|'[^']*'|\{\}|\[\]|[^\s"'&*!|>%@`{}[\],#?:](?:[^"'{}[\]#:]|:(?=\S))*)?(?: #.*)?$/

interface Line {
  /** Columns of the first sign, which may be that of a list, and of the key. */
  readonly first: number
  readonly column: number
  readonly key: string
  readonly value: string
}

function clusterOfLines(text: string): Mapping | undefined {
  const lines: Line[] = []
  for (const given of text.replace(/^---\r?\n/, '').split(/\r?\n/)) {
    if (/^\s*(#.*)?$/.test(given)) continue
    const { before, key, quoted, value = '' } = plainLine.exec(given)?.groups ?? {}
    const name = key ?? quoted ?? ''
    // A line without a key is an item of a list, or goes on with the text of the line before.
    if (before === undefined || (name === '' && !before.includes('-'))) return undefined
    const said = value.trim().replace(/^(["'])(.*)\1$/, '$2')
    lines.push({ first: given.search(/\S/), column: before.length, key: name, value: said })
  }
  const named = (pattern: RegExp): Line[] => lines.filter(({ key }) => pattern.test(key))
  const [authority, ...others] = named(/^certificate-authority/i)
  if (authority === undefined || others.length > 0 || named(/^server$/i).length !== 1) return undefined
  const at = lines.indexOf(authority)
  const { column } = authority
  // The mapping that the authority stands in: up to the line that begins it, down to the first line further left.
  let from = at
  while (from > 0 && (lines[from]?.first ?? 0) >= column && (lines[from - 1]?.column ?? 0) >= column) from--
  const end = lines.findIndex(({ first }, index) => index > at && first < column)
  const siblings = lines.slice(from, end < 0 ? undefined : end).filter((line) => line.column === column)
  return Object.fromEntries(siblings.map((line) => [line.key, line.value]))
}
