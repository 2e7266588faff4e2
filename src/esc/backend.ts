import { isIPv4 } from 'node:net'
import { type Complaint, printable, quote, withNearest } from '../cluster-file/index.ts'
import { EscError } from './errors.ts'

const allowed = 'https://host, with port and path where it is self-hosted, e.g. https://api.pulumi.com'

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'))
}

/** What is wrong with the address of a Pulumi API; undefined: nothing. Its path is kept, a port as well. */
export function complainAboutBackend(text: string): Complaint | undefined {
  const complaint = printable(text)
  if (complaint) return complaint
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return { problem: 'is no HTTPS address', allowed }
  if (url.username !== '' || url.password !== '') return { problem: 'holds credentials', allowed }
  if (url.search !== '' || url.hash !== '') return { problem: 'has a query or a fragment', allowed }
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return { problem: 'is not encrypted, and the access token would be sent there', allowed }
  if (url.hostname === 'app.pulumi.com')
    return { problem: 'is the console, not the API', allowed, ...withNearest('https://api.pulumi.com') }
  return undefined
}

/** The address of a path below the backend. Throws EscError when `backendUrl` is none. */
export function addressAt(backendUrl: string, path: string): string {
  const complaint = complainAboutBackend(backendUrl)
  if (complaint)
    throw new EscError('esc-unreachable', {
      title: 'the address of the Pulumi API cannot be used',
      cause: `backend-url ${quote(backendUrl)} ${complaint.problem}`,
      remedy: `backend-url: ${complaint.allowed}`,
    })
  return `${backendUrl.replace(/\/+$/, '')}${path}`
}

/** Host and port of an address, for people. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : quote(address)
}
