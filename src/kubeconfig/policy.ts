import { quote } from '../cluster-file/index.ts'
import { isMapping, type KubeconfigDocument, type Mapping, type Place } from './document.ts'
import { flatten, invalid, refused } from './errors.ts'

type Rule = 'text' | 'switch' | 'data' | 'exec' | readonly [cause: string, remedy: string]

const staticCredentials =
  'use a kubeconfig with a token or client certificate in it, for example of a service account (manifests/k3s-join-rbac.yaml)'
const foreignFile = ['it points to a file: of another machine, or of this runner', flatten] as const
const impersonation = [
  'checks here would ask for the rights of one user, and later steps act as another',
  'give the kubeconfig of the user who is meant',
] as const

/**
 * Every key that a kubeconfig may have, and what is done with it; all others are refused. A list of what is bad would miss
 * tomorrow's keys, and `Exec`, which some programs read as `exec`. Names: k8s.io/client-go, tools/clientcmd/api/v1/types.go.
 */
const topRules: Readonly<Record<string, Rule>> = {
  apiVersion: 'text',
  kind: 'text',
  'current-context': 'text',
  preferences: 'data',
  extensions: 'data',
  clusters: 'data',
  contexts: 'data',
  users: 'data',
}
const contextRules: Readonly<Record<string, Rule>> = {
  cluster: 'text',
  user: 'text',
  namespace: 'text',
  extensions: 'data',
}
const clusterRules: Readonly<Record<string, Rule>> = {
  server: 'text',
  'tls-server-name': 'text',
  'certificate-authority-data': 'text',
  'disable-compression': 'switch',
  extensions: 'data',
  'insecure-skip-tls-verify': [
    'whoever answers at that address would get the credentials',
    'remove it and put certificate-authority-data in its place; for an address that the certificate does not name, set tls-server-name',
  ],
  'certificate-authority': foreignFile,
  'proxy-url': [
    'credentials and traffic would go where the file says',
    'remove it; reach the server directly, or through the tunnel of kubeconfig-esc',
  ],
}
const userRules: Readonly<Record<string, Rule>> = {
  token: 'text',
  'client-certificate-data': 'text',
  'client-key-data': 'text',
  username: 'text',
  password: 'text',
  as: 'text',
  'as-uid': impersonation,
  'as-groups': impersonation,
  'as-user-extra': impersonation,
  extensions: 'data',
  exec: 'exec',
  'auth-provider': ['it runs a credential helper, which Kubernetes has removed', staticCredentials],
  'client-certificate': foreignFile,
  'client-key': foreignFile,
  tokenFile: foreignFile,
  // Not Kubernetes' own name: @kubernetes/client-node reads that file while it parses.
  'token-file': foreignFile,
}

/** Keys are quoted only when they look like one: where a blank is missing after a colon, a key holds the secret. */
function keyWords(key: string): string {
  return /^[A-Za-z][A-Za-z-]{0,39}$/.test(key) ? `the key ${key}` : 'a key'
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isMapping(value) ? Object.keys(value).length === 0 : isNothing(value) || value === false
}

function applyRules(
  document: KubeconfigDocument,
  part: Mapping,
  place: Place,
  where: string,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [key, value] of Object.entries(part)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    const line = (): string => document.lineAt([...place, key])
    if (rule === undefined) {
      throw refused(
        `${where} has ${keyWords(key)} in ${line()} that no kubeconfig has`,
        'what is not known cannot be judged; some programs read keys of another spelling nevertheless',
        'remove it, or correct its spelling',
      )
    }
    if (rule === 'text' && !isNothing(value) && typeof value !== 'string') {
      throw invalid(`${key} of ${where} is no text (${line()})`, 'YAML reads it as something else', 'put it in quotes')
    }
    if (rule === 'switch' && !isNothing(value) && typeof value !== 'boolean') {
      throw invalid(`${key} of ${where} is neither true nor false (${line()})`, 'it is a switch', 'write true or false')
    }
    if (typeof rule === 'object' && !isEmpty(value)) throw refused(`${where} uses ${key}`, rule[0], rule[1], [line()])
  }
}

export interface Parts {
  readonly context: Mapping
  readonly contextPlace: Place
  readonly contextName: string
  readonly cluster: Mapping
  readonly clusterPlace: Place
  readonly clusterName: string
  readonly user: Mapping
  readonly userPlace: Place
  readonly userName: string
}

/** The document itself, whichever context is meant. Throws KubeconfigError. */
export function judgeDocument(document: KubeconfigDocument): void {
  const { content } = document
  if (!isNothing(content.kind) && content.kind !== 'Config') {
    const kind =
      typeof content.kind === 'string' && /^[A-Za-z]{1,40}$/.test(content.kind) ? content.kind : 'something else'
    throw invalid(`it is a ${kind}, not a kubeconfig`, 'its kind is not Config', flatten, [document.lineAt(['kind'])])
  }
  if (!isNothing(content.apiVersion) && content.apiVersion !== 'v1') {
    throw invalid('the kubeconfig has an unknown apiVersion', 'there is only v1', flatten)
  }
  applyRules(document, content, [], 'it', topRules)
}

/** The chosen context, its cluster and its user. Throws KubeconfigError. */
export function judgeParts(document: KubeconfigDocument, parts: Parts, allowExec: readonly string[]): void {
  applyRules(document, parts.context, parts.contextPlace, `context ${quote(parts.contextName)}`, contextRules)
  applyRules(document, parts.cluster, parts.clusterPlace, `cluster ${quote(parts.clusterName)}`, clusterRules)
  const where = `user ${quote(parts.userName)}`
  applyRules(document, parts.user, parts.userPlace, where, userRules)
  if (!isEmpty(parts.user.exec)) {
    judgeExec(parts.user.exec, where, document.lineAt([...parts.userPlace, 'exec']), allowExec)
  }
}

const execKeys = ['apiVersion', 'command', 'args', 'env', 'installHint', 'provideClusterInfo', 'interactiveMode']

/** Variables by which an allowed program runs or loads another one, or talks to somebody else. */
const loaders =
  /^(PATH|ENV|BASH_ENV|SHELLOPTS|IFS|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|PYTHON.*|PERL5.*|RUBY(OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_.*|SSL_CERT_.*|(HTTPS?|ALL)_PROXY)$/i

/** `{name, value}` entries of `exec.env`; empty when it has none. */
export function execVariables(exec: unknown): readonly { readonly name: string; readonly value: string }[] {
  const env = isMapping(exec) ? exec.env : undefined
  if (!Array.isArray(env)) return []
  return env.filter(isMapping).map(({ name, value }) => ({ name: String(name), value: String(value ?? '') }))
}

function judgeExec(exec: unknown, where: string, line: string, allowExec: readonly string[]): void {
  const command = isMapping(exec) && typeof exec.command === 'string' ? exec.command : ''
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(command)
  if (!allowExec.includes(command) || command === '') {
    throw refused(
      `${where} uses exec${isName ? ` (${command})` : ''}`,
      'it runs a program of the file’s choosing, with the rights of the runner',
      `${staticCredentials}${isName ? `; or allow the program: allow-exec: ${command}` : ''}`,
      [line],
    )
  }
  if (!isName && !/^\/[A-Za-z0-9._/-]+$/.test(command)) {
    throw refused(
      `${where} uses exec with a relative path`,
      'it would be sought beside the kubeconfig, where it is not',
      'write the name of a program on the PATH, or an absolute path',
      [line],
    )
  }
  const unknown = isMapping(exec) ? Object.keys(exec).find((key) => !execKeys.includes(key)) : undefined
  if (unknown !== undefined) {
    throw refused(
      `exec of ${where} has ${keyWords(unknown)} that no kubeconfig has`,
      'what is not known cannot be judged',
      'remove it',
      [line],
    )
  }
  const args = isMapping(exec) ? exec.args : undefined
  if (!isNothing(args) && !(Array.isArray(args) && args.every((one) => typeof one === 'string'))) {
    throw invalid(`args of exec of ${where} are no list of texts`, 'programs take texts', 'put them in quotes', [line])
  }
  const loader = execVariables(exec).find(({ name }) => loaders.test(name))
  if (loader !== undefined) {
    throw refused(
      `exec of ${where} sets ${loader.name}`,
      'with it the allowed program would run or trust another one',
      'set it in the workflow, where it is reviewed',
      [line],
    )
  }
}
