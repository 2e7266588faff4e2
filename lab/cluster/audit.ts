/** What a released k3s says of the requests to its API server: its audit log, in the words of the embedded cluster's list. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * An audit policy (audit.k8s.io/v1) that notes who comes as the runner, with a bootstrap token, or with nothing that is known:
 * kubelets, controllers and administrators, who show client certificates or are the server's own, are left out.
 * The first rule that fits decides.
 */
export function auditPolicy(users: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'Metadata', users: users.map((user) => `system:serviceaccount:kube-system:${user}`) },
      { level: 'Metadata', userGroups: ['system:bootstrappers'] },
      { level: 'None', userGroups: ['system:authenticated'] },
      { level: 'Metadata' },
    ],
  }
}

interface AuditEvent {
  readonly stage: string
  readonly verb: string
  readonly requestURI: string
  readonly responseStatus?: { readonly code?: number }
}

/** Verbs of resources, as Kubernetes names them. Those of other paths are HTTP's own, in lower case. */
const methods: Readonly<Record<string, string>> = {
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  deletecollection: 'DELETE',
}

/**
 * `GET /api/v1/nodes/calypso 200`, or undefined for a line that tells of nothing new. Never a query but a watch's. A watch is
 * noted when it begins, everything else when it was answered. Pure.
 * @throws SyntaxError for what is no line of an audit log
 */
export function requestOf(line: string): string | undefined {
  const { stage, verb, requestURI, responseStatus } = JSON.parse(line) as AuditEvent
  const isWatch = verb === 'watch'
  if (stage !== (isWatch ? 'ResponseStarted' : 'ResponseComplete')) return undefined
  const [path = ''] = requestURI.split('?')
  return `${methods[verb] ?? verb.toUpperCase()} ${path}${isWatch ? '?watch=true' : ''} ${responseStatus?.code ?? 0}`
}

/** The requests in the file, which grows and need not be there yet. */
export function openAudit(file: string): { readonly requests: readonly string[]; forget(): void } {
  let from = 0
  // The last line may still be being written.
  const news = (): Buffer => {
    const bytes = readFrom(file, from)
    return bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
  }
  return {
    get requests() {
      return news()
        .toString('utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : (requestOf(line) ?? [])))
    },
    forget() {
      from += news().length
    },
  }
}

function readFrom(file: string, position: number): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - position))
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position))
  } finally {
    closeSync(descriptor)
  }
}
