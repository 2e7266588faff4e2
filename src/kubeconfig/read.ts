import { quote } from '../cluster-file/index.ts'
import { certificatesOf, decodeData } from './certificates.ts'
import { credentialsOf, pickUser } from './credentials.ts'
import { type KubeconfigDocument, type Mapping, readDocument } from './document.ts'
import { flatten, invalid } from './errors.ts'
import type { KubeconfigReading, ReadOptions, SelectedKubeconfig } from './model.ts'
import { checkNamespace, checkServer, checkTlsServerName } from './names.ts'
import { judgeDocument, judgeParts, type Parts } from './policy.ts'
import { contentOf, renderKubeconfig } from './render.ts'
import { secretLeaves } from './secrets.ts'
import { namesOf, selectParts } from './select.ts'

function text(part: Mapping, key: string): string {
  const value = part[key]
  return typeof value === 'string' ? value : ''
}

function caOf({ cluster, clusterName }: Parts): { readonly caData: string; readonly caPem: string } {
  const where = `cluster ${quote(clusterName)}`
  const caData = text(cluster, 'certificate-authority-data')
  if (caData === '') {
    throw invalid(
      `${where} of the kubeconfig holds no certificate authority`,
      'certificate-authority-data is missing',
      flatten,
    )
  }
  const caPem = decodeData(caData, 'certificate-authority-data', where)
  certificatesOf(caPem, 'certificate-authority-data', where)
  return { caData, caPem }
}

function selectedOf(parts: Parts): { readonly selected: SelectedKubeconfig; readonly user: Mapping } {
  const server = text(parts.cluster, 'server')
  const tlsServerName = text(parts.cluster, 'tls-server-name')
  const namespace = text(parts.context, 'namespace')
  const where = `cluster ${quote(parts.clusterName)}`
  const bare = checkServer(server, where)
  if (tlsServerName) checkTlsServerName(tlsServerName, where)
  if (namespace) checkNamespace(namespace, `context ${quote(parts.contextName)}`)
  const { caData, caPem } = caOf(parts)
  const user = pickUser(parts.user)
  const credentials = credentialsOf(user, parts.userName)
  const cluster = {
    server: bare,
    'certificate-authority-data': caData,
    ...(tlsServerName && { 'tls-server-name': tlsServerName }),
  }
  const alone = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'selected',
    contexts: [{ name: 'selected', context: { cluster: 'selected', user: 'selected' } }],
    clusters: [{ name: 'selected', cluster }],
    users: [{ name: 'selected', user }],
  }
  const { contextName: context, clusterName, userName } = parts
  const names = { context, cluster: clusterName, user: userName }
  return {
    selected: { ...names, namespace, server: bare, tlsServerName, caPem, credentials, json: JSON.stringify(alone) },
    user,
  }
}

function droppedOf(document: KubeconfigDocument, parts: Parts): KubeconfigReading['dropped'] {
  const others = (list: 'contexts' | 'clusters' | 'users', kept: string) =>
    namesOf(document, list).filter((name) => name !== kept)
  return {
    contexts: others('contexts', parts.contextName),
    clusters: others('clusters', parts.clusterName),
    users: others('users', parts.userName),
  }
}

function remarksOf(document: KubeconfigDocument, user: Mapping, { credentials }: SelectedKubeconfig): string[] {
  return [
    ...(document.hadByteOrderMark ? ['a byte order mark at its beginning was left out'] : []),
    ...(credentials.kind === 'client-certificate' && user.token !== undefined
      ? ['its user has a client certificate and a token: both are sent']
      : []),
    ...(credentials.kind === 'password' ? ['its user has a password, which Kubernetes takes no more since 1.19'] : []),
    ...(credentials.kind === 'exec' ? ['its user runs a program for credentials, as `allow-exec` allows'] : []),
  ]
}

/**
 * Reads a kubeconfig, judges it, and reduces it to one context. Nothing but the text is looked at: no file is read, no program is run,
 * no library that would do so sees the text before it is judged. Throws KubeconfigError `kubeconfig-invalid` or `kubeconfig-refused`,
 * whose texts name entries and keys, never values. Pure.
 */
export function readKubeconfig(given: string, options: ReadOptions): KubeconfigReading {
  const document = readDocument(given)
  judgeDocument(document)
  const parts = selectParts(document, options.context)
  judgeParts(document, parts, options.allowExec)
  const { selected, user } = selectedOf(parts)
  // What cannot be written unambiguously is refused now, not when it is placed.
  renderKubeconfig(document, parts, {})
  const leaves = secretLeaves({
    content: contentOf(document, parts, {}),
    user: parts.user,
    userName: parts.userName,
    credentials: selected.credentials,
    caPem: selected.caPem,
  })
  return {
    selected,
    secrets: leaves.secrets,
    remarks: [...remarksOf(document, user, selected), ...leaves.remarks],
    dropped: droppedOf(document, parts),
    render: (edits) => renderKubeconfig(document, parts, edits),
  }
}
