import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type DetailedPeerCertificate, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { readKubeconfig, readKubeconfigFile, type SelectedKubeconfig } from '../kubeconfig/index.ts'
import { connectionFault, quoteRemote } from './errors.ts'
import { targetOf } from './probe-connection.ts'

/** A certificate, as far as its end matters. */
export interface CertificateEnd {
  /** As the certificate says it, one line. Remote text. */
  readonly subject: string
  /** Epoch milliseconds. */
  readonly notAfterMs: number
}

export interface CertificateDates {
  /** What the server shows, lowest first. */
  readonly server: readonly CertificateEnd[]
  readonly client?: CertificateEnd
  /** Certificate authorities of the kubeconfig. */
  readonly authority: readonly CertificateEnd[]
}

const limitMs = 10_000
/** A chain is three long; a hostile one may go in circles. */
const longestChain = 10

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

function endOf(certificate: X509Certificate): CertificateEnd {
  return { subject: quoteRemote(certificate.subject), notAfterMs: Date.parse(certificate.validTo) }
}

function endsIn(pem: string): readonly CertificateEnd[] {
  return (pem.match(pemBlock) ?? []).slice(0, longestChain).map((block) => endOf(new X509Certificate(block)))
}

function chainOf(socket: TLSSocket): readonly CertificateEnd[] {
  const ends: CertificateEnd[] = []
  const seen = new Set<string>()
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next?.raw && ends.length < longestChain && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    ends.push(endOf(new X509Certificate(next.raw)))
    next = next.issuerCertificate
  }
  return ends
}

async function serverChain(selected: SelectedKubeconfig, signal: AbortSignal): Promise<readonly CertificateEnd[]> {
  const { host, port, expectedName } = targetOf(selected)
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  const socket = tlsConnect({
    host,
    port,
    // RFC 6066: an address is no server name.
    ...(/^[0-9.]+$|:/.test(expectedName) ? {} : { servername: expectedName }),
    // An expired certificate is what is looked for. Nothing is sent and nothing is believed here: no credentials are shown.
    rejectUnauthorized: false,
  })
  try {
    await once(socket, 'secureConnect', { signal: deadline })
    return chainOf(socket)
  } catch (error) {
    signal.throwIfAborted()
    throw connectionFault(error, selected.server, 'the TLS handshake')
  } finally {
    socket.destroy()
  }
}

/** The client certificate of a kubeconfig that has one; PEM, alone or first of a chain. */
function clientPem(selected: SelectedKubeconfig): string {
  const { credentials } = selected
  return credentials.kind === 'client-certificate' ? credentials.certificatePem : ''
}

/**
 * When the certificates end that a kubeconfig depends on: what its server shows, its client certificate, and the authorities in it.
 * Nothing is asked of the server but the handshake. Rejects with ClusterError when it cannot be reached, with KubeconfigError when the
 * file is none.
 */
export async function readCertificateDates(
  kubeconfig: { readonly path: string; readonly context: string },
  signal: AbortSignal,
): Promise<CertificateDates> {
  const text = await readKubeconfigFile(kubeconfig.path, signal)
  const { selected } = readKubeconfig(text, { context: kubeconfig.context, allowExec: [] })
  const client = endsIn(clientPem(selected))[0]
  return {
    server: await serverChain(selected, signal),
    ...(client === undefined ? {} : { client }),
    authority: endsIn(selected.caPem),
  }
}
