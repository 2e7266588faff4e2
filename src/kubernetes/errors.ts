import type { ApplyConflict } from './apply-conflicts.ts'
import type { AccessRequest } from './model.ts'

export type ClusterErrorCode =
  | 'api-unreachable'
  | 'api-tls'
  | 'api-failed'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** The name is taken. */
  | 'already-exists'
  /** Allowed, but an admission rule said no: Pod Security, a quota, a webhook, a namespace that is being deleted. */
  | 'refused'
  | 'apply-conflict'
  | 'timeout'

/** Grants exactly what a join needs; named in every refusal. */
export const rbacManifest = 'manifests/k3s-join-rbac.yaml'
/** The same for what only a removal asks for. */
export const removeManifest = 'manifests/remove-node-rbac.yaml'
const onlyOfRemovals = new Set(['pods/eviction', 'poddisruptionbudgets', 'volumeattachments', 'persistentvolumes'])
/** The same for what only gpu-runtime asks for. */
const gpuManifest = 'manifests/gpu-runtime-rbac.yaml'
const onlyOfGpus = new Set(['daemonsets', 'pods', 'pods/log', 'runtimeclasses', 'configmaps'])

/** Something between this program and the API server. `message` is the title; texts may quote the server and are data. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly code: ClusterErrorCode
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** What a refused server-side apply would have taken from other managers. */
  readonly conflicts: readonly ApplyConflict[]
  /** The right that is missing, where that is the fault. */
  readonly access?: AccessRequest

  constructor(
    code: ClusterErrorCode,
    details: {
      title: string
      cause: string
      remedy: string
      evidence?: readonly string[]
      status?: number
      conflicts?: readonly ApplyConflict[]
      access?: AccessRequest
    },
  ) {
    super(details.title)
    if (details.status !== undefined) this.status = details.status
    if (details.access !== undefined) this.access = details.access
    this.code = code
    this.cause = details.cause
    this.remedy = details.remedy
    this.evidence = details.evidence ?? []
    this.conflicts = details.conflicts ?? []
  }
}

/** Keeps what a server said to one bounded line: it is somebody else's text. Both ends are kept: errors in errors have their cause last. */
export function quoteRemote(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 149)} … ${line.slice(-148)}` : line
}

/** The `code` of a Node error; empty when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  // Happy Eyeballs wraps one error per address.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return codeOf(error.errors[0])
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port, or a firewall answers in its place',
  ECONNRESET: 'the connection was cut; a proxy or firewall in between does that, or the server is restarting',
  EPIPE: 'the connection was cut while the request was being sent',
  ETIMEDOUT: 'packets to that address get no answer (firewall, wrong address, or the server is off)',
  EHOSTUNREACH: 'there is no route to that address from here',
  ENETUNREACH: 'there is no route to that network from here',
  ENOTFOUND: 'the server name does not resolve here',
  EAI_AGAIN: 'the resolver gave no answer for the server name',
  ERR_HTTP_INVALID_STATUS_CODE: 'what answers on that port does not speak HTTP as an API server does',
  HPE_INVALID_CONSTANT: 'what answers on that port does not speak HTTP as an API server does',
}

const tlsCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/

function tlsAdvice(code: string): { cause: string; remedy: string } {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      cause: 'the server certificate is not issued for this address',
      remedy:
        'use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server’s subject alternative names (tls-san)',
    }
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      cause: 'a certificate of the server is outside its period of validity, or the clock here is wrong',
      remedy: 'compare the clocks; restart the server to renew certificates that have expired',
    }
  }
  if (/^(ERR_SSL_|EPROTO)/.test(code)) {
    return {
      cause: 'the TLS handshake failed: the port speaks something else, or it refused the client certificate',
      remedy: 'check host and port of the server in the kubeconfig, and that its client certificate has not expired',
    }
  }
  return {
    cause: "the server's certificate is not signed by the certificate authority in the kubeconfig",
    remedy:
      'fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed',
  }
}

/** A fault of the connection before any HTTP answer. */
export function connectionFault(error: unknown, server: string, request: string): ClusterError {
  if (error instanceof ClusterError) return error
  const code = codeOf(error)
  const said = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
  const message = said === '' ? code : said
  const evidence = [`${request}: ${quoteRemote(code && !message.includes(code) ? `${code} ${message}` : message)}`]
  if (tlsCodes.test(code)) {
    return new ClusterError('api-tls', {
      title: `the API server at ${server} cannot be trusted`,
      ...tlsAdvice(code),
      evidence,
    })
  }
  return new ClusterError('api-unreachable', {
    title: `the API server at ${server} cannot be reached from the runner`,
    cause: unreachable[code] ?? 'the connection failed',
    remedy: 'check the server address in the kubeconfig, and that the runner may reach that port',
    evidence,
  })
}

/** A fault that may be gone in a moment: of the connection, or of the server itself. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false
  if (error.code === 'api-unreachable' || error.code === 'timeout') return true
  return error.code === 'api-failed' && error.status !== undefined && (error.status >= 500 || error.status === 429)
}

export function deadlineFault(server: string, request: string, deadlineMs: number): ClusterError {
  return new ClusterError('timeout', {
    title: `the API server at ${server} did not answer within ${deadlineMs / 1000} s`,
    cause: 'packets get no answer (firewall, wrong address), or the server is overloaded',
    remedy: 'check that the runner may reach that address and port, and the load of the server',
    evidence: [`${request}: no answer in ${deadlineMs} ms`],
  })
}

function describeAccess(access: AccessRequest): string {
  const resource = access.group === '' ? access.resource : `${access.resource}.${access.group}`
  return `${access.verb} ${resource}${access.namespace === undefined ? '' : ` in namespace ${access.namespace}`}`
}

/**
 * A refusal by authorisation reads `… is forbidden: User "x" cannot create resource …`
 * (kubernetes/kubernetes: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go); admission has the same status
 * and its own words behind the colon.
 */
function isAdmission(message: string): boolean {
  return /admission webhook .* denied the request/.test(message) || / is forbidden: (?!User )/.test(message)
}

/** An HTTP answer that is no success. `message` is the server's own text. */
export function statusFault(
  status: number,
  message: string,
  context: { server: string; request: string; access?: AccessRequest; conflicts?: readonly ApplyConflict[] },
): ClusterError {
  const evidence = [`${context.request}: HTTP ${status}${message === '' ? '' : `, ${quoteRemote(message)}`}`]
  const of = { evidence, status, ...(context.conflicts === undefined ? {} : { conflicts: context.conflicts }) }
  if (status === 401) {
    return new ClusterError('unauthorized', {
      title: `the API server at ${context.server} does not accept the credentials of the kubeconfig`,
      cause: 'its token or client certificate has expired, was revoked, or belongs to another cluster',
      remedy: 'fetch a fresh kubeconfig and store it again',
      ...of,
    })
  }
  if (status === 403 && isAdmission(message)) {
    return new ClusterError('refused', {
      title: `the cluster refused it: ${context.request}`,
      cause: 'a rule of the namespace or an admission webhook does not let it in; the evidence names it',
      remedy: 'change that rule, or use another namespace',
      ...of,
    })
  }
  if (status === 403) {
    const what = context.access === undefined ? 'do that' : describeAccess(context.access)
    const resource = context.access?.resource ?? ''
    const manifest = onlyOfRemovals.has(resource)
      ? removeManifest
      : onlyOfGpus.has(resource)
        ? gpuManifest
        : rbacManifest
    return new ClusterError('forbidden', {
      title: `the user of the kubeconfig may not ${what}`,
      cause: 'a rule for it is missing',
      remedy: `apply ${manifest} with an administrator's kubeconfig: kubectl apply -f ${manifest}`,
      ...(context.access === undefined ? {} : { access: context.access }),
      ...of,
    })
  }
  if (status === 404) {
    return new ClusterError('not-found', {
      title: 'the object is not there',
      cause: 'it was deleted meanwhile, or never existed',
      remedy: 'run it again: the next run starts from what is there then',
      ...of,
    })
  }
  if (status === 409 && / already exists$/.test(message)) {
    return new ClusterError('already-exists', {
      title: `the name is taken: ${context.request}`,
      cause: 'an object of that name is there already',
      remedy: 'delete it when it is a leftover, then run it again',
      ...of,
    })
  }
  if (status === 409) {
    return new ClusterError('conflict', {
      title: 'the object was changed by somebody else meanwhile',
      cause: 'another run or controller works on the same object',
      remedy: 'run it again when the other one is done',
      ...of,
    })
  }
  return new ClusterError('api-failed', {
    title: `the API server at ${context.server} answered HTTP ${status}`,
    cause:
      status >= 500
        ? 'the server has a problem of its own, or is still starting'
        : status === 429
          ? 'the server is overloaded'
          : 'it did not accept the request',
    remedy: status >= 500 || status === 429 ? 'look at the server’s log, then run it again' : 'see the evidence',
    ...of,
  })
}

/** The Node of that name is not the one that was to be deleted. The server answers so for a precondition, before it changes anything. */
export function anotherNode(name: string, { evidence, status }: ClusterError): ClusterError {
  return new ClusterError('conflict', {
    title: `node ${name} was not deleted: it is no longer the one that was looked at`,
    cause: 'a machine registered under that name after it was read: the old one came back, or another run joined it',
    remedy: 'nothing was deleted. Run it again: the next run looks at the node that is there then',
    evidence,
    ...(status === undefined ? {} : { status }),
  })
}

/** The Secret of that name is not the one that was to be deleted: somebody stored a password since it was read. */
export function anotherPassword(secret: string, { evidence, status }: ClusterError): ClusterError {
  return new ClusterError('conflict', {
    title: `the node password in the secret ${secret} was not deleted: it is no longer the one that was looked at`,
    cause: 'a machine registered under that name after it was read, or the server stored its Secret anew',
    remedy: 'nothing was deleted. Run it again: the next run looks at what is there then',
    evidence,
    ...(status === undefined ? {} : { status }),
  })
}

/** The DaemonSet of that name is not the one that was to be deleted. */
export function anotherDaemonSet(name: string, { evidence, status }: ClusterError): ClusterError {
  return new ClusterError('conflict', {
    title: `DaemonSet ${name} was not deleted: it is no longer the one that was looked at`,
    cause: 'somebody deleted it and made another one of that name since it was read',
    remedy: 'nothing was deleted. Run it again: the next run looks at what is there then',
    evidence,
    ...(status === undefined ? {} : { status }),
  })
}
