import { ClusterError } from './errors.ts'

/** The one cluster and user of the chosen context, in the kubeconfig's own shape, without anything else of the file. */
export interface SelectedKubeconfig {
  readonly context: string
  readonly server: string
  readonly caPem: string
  /** A complete kubeconfig as JSON, which every YAML parser reads alike. Secret. */
  readonly json: string
}

type Mapping = Readonly<Record<string, unknown>>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(title: string, cause: string, remedy: string): ClusterError {
  return new ClusterError('kubeconfig-invalid', { title, cause, remedy })
}

function refused(what: string, cause: string, remedy: string): ClusterError {
  return new ClusterError('kubeconfig-refused', { title: `the kubeconfig is refused: ${what}`, cause, remedy })
}

const flatten = 'make a self-contained one: kubectl config view --raw --flatten --minify'
const staticCredentials =
  'use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml'

/** Keys of a cluster that are refused, and why. Names as kubectl writes them. */
const clusterPolicy: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  'insecure-skip-tls-verify': [
    'whoever answers at that address would get the credentials',
    'remove it and put certificate-authority-data in its place',
  ],
  'certificate-authority': ['it points to a file of another machine or user', flatten],
  'proxy-url': ['traffic of this program would go where the file says', 'remove it; use a tunnel to reach the server'],
}
const userPolicy: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  exec: ['it runs a program of the file’s choosing on the runner', staticCredentials],
  'auth-provider': ['it runs a credential helper, which Kubernetes has removed', staticCredentials],
  'client-certificate': ['it points to a file of another machine or user', flatten],
  'client-key': ['it points to a file of another machine or user', flatten],
  tokenFile: ['it points to a file of another machine or user', flatten],
  'token-file': ['it points to a file of another machine or user', flatten],
}
const clusterKeys = ['server', 'certificate-authority-data', 'tls-server-name']
const userKeys = ['token', 'client-certificate-data', 'client-key-data', 'username', 'password', 'as']

function applyPolicy(part: Mapping, where: string, policy: typeof clusterPolicy): void {
  for (const [key, [cause, remedy]] of Object.entries(policy)) {
    const value = part[key]
    if (value === undefined || value === null || value === '' || value === false) continue
    throw refused(`${where} uses ${key}`, cause, remedy)
  }
}

function pick(part: Mapping, keys: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const key of keys) {
    const value = part[key]
    if (typeof value === 'string' && value !== '') picked[key] = value
  }
  return picked
}

function named(document: Mapping, list: string, item: string, name: string): Mapping {
  const entries = Array.isArray(document[list]) ? document[list].filter(isMapping) : []
  const matching = entries.filter((entry) => entry.name === name)
  if (matching.length > 1) {
    throw invalid(
      `the kubeconfig has ${matching.length} ${list} named ${JSON.stringify(name)}`,
      'which one is meant cannot be told',
      'remove the others',
    )
  }
  const found = matching[0]?.[item]
  if (isMapping(found)) return found
  const names = entries.map((entry) => JSON.stringify(entry.name)).join(', ') || 'none'
  throw invalid(
    `the kubeconfig has no ${item} ${JSON.stringify(name)}`,
    `its ${list}: ${names}`,
    `name one of them, or fix the file`,
  )
}

function checkServer(server: string): void {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url === undefined)
    throw invalid('the kubeconfig has no usable server address', 'server is not a URL', 'write it as https://host:6443')
  if (url.protocol === 'http:') {
    throw refused(
      'its server is http://',
      'credentials would cross the network in clear',
      'use the https:// address of the API server',
    )
  }
  if (url.protocol !== 'https:')
    throw invalid(
      'the kubeconfig has no usable server address',
      `its scheme is ${url.protocol}`,
      'write it as https://host:6443',
    )
  if (url.username !== '' || url.password !== '') {
    throw refused(
      'its server holds a user name or password',
      'addresses are printed in logs',
      'move the credentials to the user entry',
    )
  }
}

function decodeCa(data: string | undefined): string {
  const text = data === undefined ? '' : Buffer.from(data, 'base64').toString('utf8')
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw invalid(
    'the kubeconfig holds no certificate authority',
    data === undefined
      ? 'certificate-authority-data is missing'
      : 'certificate-authority-data is not base64 of a PEM certificate',
    flatten,
  )
}

/**
 * Chooses one context of a parsed kubeconfig, applies the policy to its cluster and user, and drops all the rest.
 * Whoever wrote the file decides where credentials go, so nothing that runs programs, reads files or skips TLS gets through. Pure.
 */
export function selectContext(document: unknown, context?: string): SelectedKubeconfig {
  if (!isMapping(document)) {
    throw invalid(
      'the kubeconfig is not a mapping',
      'the file is empty, truncated, or not a kubeconfig',
      'store the text of a kubeconfig',
    )
  }
  const current = document['current-context']
  const name = context ?? (typeof current === 'string' ? current : '')
  if (name === '') {
    throw invalid(
      'the kubeconfig names no current-context',
      'which of its clusters is meant cannot be told',
      'set current-context, or give a context',
    )
  }
  const chosen = named(document, 'contexts', 'context', name)
  const cluster = named(document, 'clusters', 'cluster', String(chosen.cluster ?? ''))
  const user = named(document, 'users', 'user', String(chosen.user ?? ''))
  applyPolicy(cluster, `cluster ${JSON.stringify(chosen.cluster)}`, clusterPolicy)
  applyPolicy(user, `user ${JSON.stringify(chosen.user)}`, userPolicy)
  const pickedCluster = pick(cluster, clusterKeys)
  const pickedUser = pick(user, userKeys)
  const server = pickedCluster.server ?? ''
  checkServer(server)
  const caPem = decodeCa(pickedCluster['certificate-authority-data'])
  if (!pickedUser.token && !pickedUser['client-certificate-data'] && !pickedUser.username) {
    throw invalid(
      `user ${JSON.stringify(chosen.user)} of the kubeconfig has no credentials`,
      'there is no token and no client certificate',
      staticCredentials,
    )
  }
  const minimal = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'selected',
    contexts: [{ name: 'selected', context: { cluster: 'selected', user: 'selected' } }],
    clusters: [{ name: 'selected', cluster: pickedCluster }],
    users: [{ name: 'selected', user: pickedUser }],
  }
  return { context: name, server: server.replace(/\/+$/, ''), caPem, json: JSON.stringify(minimal) }
}
