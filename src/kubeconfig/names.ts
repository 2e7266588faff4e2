import { isIP } from 'node:net'
import { printable, quote } from '../cluster-file/index.ts'
import { invalid, refused } from './errors.ts'

const longestName = 253

/**
 * Names reach logs, outputs and summaries, and other programs that read those.
 * The runner obeys `::command::` at the beginning of a line, and the older `##[command]` anywhere in it
 * (actions/runner, src/Runner.Common/ActionCommand.cs).
 */
export function checkName(name: string, what: string): void {
  if (name.length > longestName || printable(name) !== undefined) {
    throw refused(
      `the name of its ${what} ${quote(name)} is no name`,
      name.length > longestName ? `it is longer than ${longestName} characters` : 'it holds invisible characters',
      `rename the ${what} in the kubeconfig`,
    )
  }
  if (/^\s*::|##\[/.test(name)) {
    throw refused(
      `the name of its ${what} ${quote(name)} is a workflow command`,
      'whoever prints that name lets the runner carry it out',
      `rename the ${what} in the kubeconfig`,
    )
  }
}

const host = String.raw`\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?`
// Nothing that two URL parsers could read differently: no user, no query, no backslash, no escape in the host.
const serverForm = new RegExp(`^https://(${host})(?::(\\d{1,5}))?(/[A-Za-z0-9._~%/-]*)?$`, 'i')

/** The address without trailing slashes. Throws unless it is https with a host, and a port and path at most. `where`: `cluster "x" of the kubeconfig`, `the input server`. */
export function checkServer(server: string, where: string): string {
  const trimmed = server.replace(/\/+$/, '')
  const bad = (cause: string) =>
    invalid(`${where} has no usable server address`, cause, 'write it as https://host:6443')
  if (server === '') throw bad('there is none')
  if (/^http:/i.test(server)) {
    throw refused(
      `the server of ${where} is http://`,
      'credentials would cross the network in clear',
      'use the https:// address of the API server',
    )
  }
  if (server.includes('@')) {
    throw refused(
      `the server of ${where} holds a user name or password`,
      'addresses are printed in logs',
      'move the credentials to the user entry',
    )
  }
  const [, name = '', port] = serverForm.exec(trimmed) ?? []
  if (name === '') throw bad('it is not of the form https://host:port')
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw bad('there is no such port')
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  // `0x7f.1` is an address to one program and a name to another.
  const isPlain = name.startsWith('[') ? isIP(name.slice(1, -1)) === 6 : url?.hostname === name.toLowerCase()
  if (!isPlain) throw bad('its host is written so that programs read it differently')
  return trimmed
}

/** Throws unless it is a DNS name or an address. */
export function checkTlsServerName(name: string, where: string): void {
  if (isIP(name) !== 0 || /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(name)) return
  throw invalid(`the tls-server-name of ${where} is no name`, 'it is neither a DNS name nor an address', 'correct it')
}

/** Throws unless it is a label of RFC 1123, as namespaces are. */
export function checkNamespace(name: string, where: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return
  throw invalid(
    `the namespace of ${where} is no name of a namespace`,
    'lower-case letters, digits and dashes, at most 63',
    'correct it',
  )
}
