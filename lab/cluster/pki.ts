/** Certificates and keys of the control plane, named and laid out as a k3s server has them. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Authority,
  createAuthority,
  type IssuedCertificate,
  kubeconfigText,
  type Subject,
} from '../../rehearsal/cluster/index.ts'

export interface Pki {
  readonly serverCa: Authority
  /** Signs what kubelets, controllers and administrators show. */
  readonly clientCa: Authority
  /** Of the front: the API server believes its X-Remote-User headers. */
  readonly frontProxy: IssuedCertificate
  readonly admin: IssuedCertificate
  readonly front: IssuedCertificate
  /** Path of a file of the control plane's own. */
  file(name: PkiFile): string
}

export type PkiFile =
  | 'server-ca.crt'
  | 'client-ca.crt'
  | 'request-header-ca.crt'
  | 'serving-kube-apiserver.crt'
  | 'serving-kube-apiserver.key'
  | 'client-kube-apiserver.crt'
  | 'client-kube-apiserver.key'
  | 'service.key'
  | 'controller.kubeconfig'
  | 'scheduler.kubeconfig'

/** Common name that the API server accepts identities from. */
export const frontProxyName = 'system:auth-proxy'

const serviceAddress = '10.43.0.1'
const apiNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']

/**
 * @param directory gets a folder `tls`, its keys readable by nobody else.
 * @param address of the front, for its certificate.
 * @param apiUrl where the controllers find the API server.
 */
export async function createPki(directory: string, address: string, apiUrl: string, nowMs: number): Promise<Pki> {
  const folder = join(directory, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (name: PkiFile) => join(folder, name)
  const write = (name: PkiFile, text: string) => writeFileSync(file(name), text, { mode: 0o600 })
  const seconds = Math.floor(nowMs / 1000)
  const [serverCa, clientCa, frontProxyCa] = await Promise.all([
    createAuthority(`k3s-server-ca@${seconds}`),
    createAuthority(`k3s-client-ca@${seconds}`),
    createAuthority(`k3s-request-header-ca@${seconds}`),
  ])
  const client = (subject: Subject) => clientCa.issueClient(subject)
  const [front, serving, frontProxy, admin, kubelets, controller, scheduler] = await Promise.all([
    serverCa.issue([...new Set([address, '127.0.0.1', 'kubernetes', 'localhost', serviceAddress])], {
      commonName: 'k3s',
      organization: 'k3s',
    }),
    serverCa.issue(['127.0.0.1', 'localhost', ...apiNames, serviceAddress], { commonName: 'kube-apiserver' }),
    frontProxyCa.issueClient({ commonName: frontProxyName }),
    client({ commonName: 'system:admin', organization: 'system:masters' }),
    client({ commonName: 'system:apiserver', organization: 'system:masters' }),
    client({ commonName: 'system:kube-controller-manager' }),
    client({ commonName: 'system:kube-scheduler' }),
  ])
  write('server-ca.crt', serverCa.bundlePem)
  write('client-ca.crt', clientCa.bundlePem)
  write('request-header-ca.crt', frontProxyCa.bundlePem)
  write('serving-kube-apiserver.crt', serving.certPem)
  write('serving-kube-apiserver.key', serving.keyPem)
  write('client-kube-apiserver.crt', kubelets.certPem)
  write('client-kube-apiserver.key', kubelets.keyPem)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  write('service.key', privateKey.export({ type: 'sec1', format: 'pem' }).toString())
  const kubeconfig = (name: string, certificate: IssuedCertificate) =>
    kubeconfigText('local', apiUrl, serverCa.bundlePem, { name, ...certificate })
  write('controller.kubeconfig', kubeconfig('kube-controller-manager', controller))
  write('scheduler.kubeconfig', kubeconfig('kube-scheduler', scheduler))
  return { serverCa, clientCa, frontProxy, admin, front, file }
}
