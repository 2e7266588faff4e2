import { quote } from '../cluster-file/index.ts'
import { certificatesOf, decodeData, privateKeyOf } from './certificates.ts'
import { isMapping, type Mapping } from './document.ts'
import { invalid } from './errors.ts'
import type { Credentials } from './model.ts'

const textKeys = ['token', 'client-certificate-data', 'client-key-data', 'username', 'password', 'as'] as const

/** What of a judged user entry a client needs, in the kubeconfig's own keys. Secret. */
export function pickUser(user: Mapping): Mapping {
  const picked: Record<string, unknown> = {}
  for (const key of textKeys) if (typeof user[key] === 'string' && user[key] !== '') picked[key] = user[key]
  if (isMapping(user.exec) && Object.keys(user.exec).length > 0) picked.exec = user.exec
  return picked
}

/**
 * How a picked user proves who it is; the certificate where there is a token, too: the API server asks it first.
 * Throws KubeconfigError `kubeconfig-invalid` when there is nothing, a half, or something damaged.
 */
export function credentialsOf(picked: Mapping, userName: string): Credentials {
  const where = `user ${quote(userName)}`
  const text = (key: (typeof textKeys)[number]): string => String(picked[key] ?? '')
  const bad = (title: string, cause: string) =>
    invalid(`${where} of the kubeconfig ${title}`, cause, 'correct the user entry')
  const token = text('token')
  // RFC 6750, 2.1; what else is in it would end a header, or is the rest of a line that was pasted.
  if (token !== '' && !/^[\x21-\x7E]+$/.test(token))
    throw bad('has no usable token', 'it holds blanks, line ends or other characters that no token has')
  if (token !== '' && text('username') !== '') throw bad('has a token and a password', 'kubectl refuses two of them')
  // As a header: one printable line.
  if (!/^[\x20-\x7E]{0,253}$/.test(text('as')))
    throw bad('acts as somebody who cannot be named', 'as is no printable name')
  const [certificate, key] = [text('client-certificate-data'), text('client-key-data')]
  if ((certificate === '') !== (key === '')) {
    throw bad(
      'has half a client certificate',
      `there is no ${certificate === '' ? 'client-certificate-data' : 'client-key-data'}`,
    )
  }
  if (certificate !== '') {
    const certificatePem = decodeData(certificate, 'client-certificate-data', where)
    const keyPem = decodeData(key, 'client-key-data', where)
    certificatesOf(certificatePem, 'client-certificate-data', where)
    privateKeyOf(keyPem, where)
    return { kind: 'client-certificate', certificatePem, keyPem }
  }
  if (token !== '') return { kind: 'token', token }
  if (text('username') !== '') return { kind: 'password', username: text('username'), password: text('password') }
  if (isMapping(picked.exec)) return { kind: 'exec', command: String(picked.exec.command) }
  throw invalid(
    `${where} of the kubeconfig has no credentials`,
    'there is no token and no client certificate',
    'use a kubeconfig with a token or client certificate in it, for example of a service account (manifests/k3s-join-rbac.yaml)',
  )
}
