/** API servers that answer as a test says, with certificates of any dates and names, and kubeconfigs that lead to them. */
import 'reflect-metadata'
import { KeyObject, webcrypto } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, isIP, type Socket, createServer as tcpServer } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Credentials, SelectedKubeconfig, ServerProbe } from '../../src/kubeconfig/index.ts'
import type { ProbeLimits } from '../../src/kubernetes/index.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 3600_000

export interface Issued {
  readonly certPem: string
  readonly keyPem: string
}

export interface IssueOptions {
  readonly names?: readonly string[]
  /** Days from now. */
  readonly from?: number
  readonly to?: number
  readonly commonName?: string
  readonly isClient?: boolean
}

export interface TestAuthority {
  readonly caPem: string
  issue(options?: IssueOptions): Promise<Issued>
}

/** An authority that signs itself. */
export async function testAuthority(commonName = 'test-ca'): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const dates = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
  })
  const name = `CN=${commonName}`
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      name,
      keys,
      signingAlgorithm: algorithm,
      ...dates(-1000, 1000),
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  )
  return {
    caPem: ca.toString('pem'),
    async issue({ names = ['127.0.0.1'], from = -1, to = 365, commonName: subject = 'server', isClient = false } = {}) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const)
      const usage = isClient ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth
      const certificate = await X509CertificateGenerator.create(
        {
          subject: `CN=${subject}`,
          issuer: name,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: algorithm,
          ...dates(from, to),
          extensions: [
            new ExtendedKeyUsageExtension([usage]),
            ...(names.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : []),
          ],
        },
        webcrypto,
      )
      const keyPem = KeyObject.from(own.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
      return { certPem: certificate.toString('pem'), keyPem }
    },
  }
}

export interface ProbeServer extends AsyncDisposable {
  readonly port: number
  /** `GET /version`, in order. */
  readonly requests: readonly string[]
  /** Authorization headers that arrived. */
  readonly authorizations: readonly (string | undefined)[]
  /** Names by which the server was addressed in the handshake; none for an address. */
  readonly serverNames: readonly string[]
  /** TCP connections that were made. */
  readonly connections: () => number
}

/** The path and body of a request, and what to say. Undefined: the default answer of a healthy server to an administrator. */
export type Answerer = (request: IncomingMessage, body: string, response: ServerResponse) => Said | 'taken' | undefined

interface Said {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const kubeSystemUid = '3f0f3b6e-6f3c-4a57-9f53-0a6d3c2f5b11'

function healthy(request: IncomingMessage, body: string): Said {
  if (request.url === '/version') return { status: 200, body: { gitVersion: 'v1.33.4+k3s1' } }
  if (request.url === '/api/v1/namespaces/kube-system')
    return { status: 200, body: { kind: 'Namespace', metadata: { name: 'kube-system', uid: kubeSystemUid } } }
  if (request.method === 'POST' && request.url?.endsWith('/selfsubjectaccessreviews')) {
    const { spec } = JSON.parse(body) as { spec: unknown }
    return { status: 201, body: { kind: 'SelfSubjectAccessReview', spec, status: { allowed: true } } }
  }
  return { status: 404, body: { kind: 'Status', message: 'not found' } }
}

export async function probeServerWorld(
  certificate: Issued,
  answer: Answerer = () => undefined,
  options: { readonly clientCaPem?: string; readonly rejectsClients?: boolean } = {},
): Promise<ProbeServer> {
  const requests: string[] = []
  const authorizations: (string | undefined)[] = []
  const serverNames: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(
    {
      cert: certificate.certPem,
      key: certificate.keyPem,
      ...(options.clientCaPem !== undefined && {
        ca: options.clientCaPem,
        requestCert: true,
        rejectUnauthorized: options.rejectsClients === true,
      }),
    },
    async (request, response) => {
      requests.push(`${request.method} ${request.url}`)
      authorizations.push(request.headers.authorization)
      let body = ''
      for await (const chunk of request) body += chunk
      const said = answer(request, body, response) ?? healthy(request, body)
      if (said === 'taken') return
      response.writeHead(said.status, { 'Content-Type': 'application/json', ...said.headers })
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body))
    },
  )
  server.on('tlsClientError', () => undefined)
  server.on('secureConnection', ({ servername }: { servername?: string | false | null }) => {
    if (servername) serverNames.push(servername)
  })
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    authorizations,
    serverNames,
    connections: () => connections,
    [Symbol.asyncDispose]: () => closed(server, sockets),
  }
}

/** A port that takes connections and does what it is told with them. */
export async function rawServer(
  behave: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number; readonly received: () => Buffer }> {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  const server = tcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => chunks.push(chunk))
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received: () => Buffer.concat(chunks),
    [Symbol.asyncDispose]: () => closed(server, sockets),
  }
}

async function closed(server: { close(done: () => void): unknown }, sockets: ReadonlySet<Socket>): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of sockets) socket.destroy()
  await done
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  await using server = await rawServer(() => undefined)
  return server.port
}

export function selectedKubeconfig(
  server: string,
  caPem: string,
  credentials: Credentials = { kind: 'token', token: 'sesame-0123456789' },
  extra: { readonly tlsServerName?: string; readonly user?: object } = {},
): SelectedKubeconfig {
  return {
    context: 'c',
    cluster: 'c',
    user: 'u',
    namespace: '',
    server,
    tlsServerName: extra.tlsServerName ?? '',
    caPem,
    credentials,
    json: JSON.stringify({ users: [{ name: 'u', user: extra.user ?? {} }] }),
  }
}

/** Limits of tests, where nothing is far away. */
export const quick: ProbeLimits = { dns: 300, tcp: 300, tls: 300, http: 600, overall: 2_500, retries: [10, 20] }
/** For servers that answer: a machine that is busy with other tests is no server that is silent. */
export const patient: ProbeLimits = {
  dns: 15_000,
  tcp: 15_000,
  tls: 15_000,
  http: 15_000,
  overall: 40_000,
  retries: [10, 20],
}

/** What each stage said: `dns skip address, tcp pass, …`. */
export function inWords(probe: ServerProbe): string {
  const stages = ['dns', 'tcp', 'tls', 'http', 'authentication'] as const
  return stages
    .map((stage) => [stage, probe[stage].outcome, probe[stage].reason].filter((word) => word !== '').join(' '))
    .join(', ')
}

/** Of a server that was named by its address. */
export const everythingPasses = 'dns skip address, tcp pass, tls pass, http pass, authentication pass'
