/** Who answered: told from status, headers and the beginning of a body. Pure. */
import type { AnswerKind } from './model.ts'

export interface AnswerHead {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Where Access keeps its login: at a host of the team, or under a path of the guarded host itself. */
const loginPath = '/cdn-cgi/access/'
const loginHosts = /(^|\.)cloudflareaccess\.com$/i

/** How much of a body is looked at: a page shows what it is at its beginning. */
const looked = 16_384

/**
 * Tells the endpoint from what stands before it. Codes 530 with error 1033, 502 and 504 are those of Cloudflare for a tunnel without
 * a connector and an origin that does not answer; Triton answers with none of them (triton-inference-server/server:src/http_server.cc).
 */
export function answerKind({ status, headers, body }: AnswerHead, url: string): AnswerKind {
  const text = Buffer.from(body.subarray(0, looked)).toString('latin1')
  if (status >= 300 && status < 400 && status !== 304) {
    return isLogin(headers.location ?? '', url) ? 'access-login' : 'redirect'
  }
  if (status === 530) return 'tunnel-down'
  const isData = /^\s*[[{]/.test(text)
  const isPage =
    !isData && (/^text\/html\b/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html|head)\b/i.test(text))
  // Access may be told to answer a machine with 401 in place of its login.
  if (status === 401 && /cloudflare[- ]access/i.test(headers['www-authenticate'] ?? '')) return 'access-login'
  if (status === 403 && !isData && isCloudflares(headers)) return 'access-refused'
  if (status === 502 || status === 504 || (status >= 520 && status <= 526)) return 'origin-down'
  if (!isPage) return 'endpoint'
  // The login itself, where something on the way followed the redirect.
  return status < 400 && /cloudflareaccess\.com|\/cdn-cgi\/access\//i.test(text) ? 'access-login' : 'page'
}

function isCloudflares(headers: Readonly<Record<string, string>>): boolean {
  return headers['cf-ray'] !== undefined || /^cloudflare$/i.test(headers.server ?? '')
}

function isLogin(location: string, url: string): boolean {
  try {
    const to = new URL(location, url)
    return loginHosts.test(to.hostname) || to.pathname.startsWith(loginPath)
  } catch {
    return false
  }
}
