/**
 * Cloudflare before Triton: Access with a service token, the tunnel, and its error pages. Shapes as users quote them: 302 to the login for a
 * token that is missing, wrong or expired (stefanko-ch/Nexus-Stack#893), 530 with error 1033 (cloudflare/cloudflared#282), 502 where the
 * tunnel's origin does not answer (cloudflare/cloudflare-docs#28481). The pages are this world's own, and shorter.
 */
import type { TritonFault, TritonOptions } from './contract.ts'
import type { Reply } from './recorded.ts'
import type { Asked } from './server.ts'

const page = (status: number, title: string, text: string): Reply => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=UTF-8', 'Cache-Control': 'no-store' },
  body: Buffer.from(
    `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>${text}</p></body>\n</html>\n`,
  ),
})

const login = (host: string): Reply => ({
  status: 302,
  headers: {
    Location: `https://boathouse-rehearsal.cloudflareaccess.com/cdn-cgi/access/login/${host}?kid=0000&redirect_url=%2F`,
    'Cache-Control': 'private, max-age=0, no-store',
  },
  body: Buffer.alloc(0),
})

const loginPage = page(
  200,
  'Sign in ・ Cloudflare Access',
  'Get a login code emailed to you. <form action="https://boathouse-rehearsal.cloudflareaccess.com/cdn-cgi/access/callback"></form>',
)

/** undefined: Access and the tunnel let it through. */
export function beforeTriton(
  { headers, path }: Asked,
  access: NonNullable<TritonOptions['access']>,
  faults: ReadonlySet<TritonFault>,
): Reply | undefined {
  const host = String(headers.host ?? '')
  if (faults.has('access-login-page')) return loginPage
  if (faults.has('access-redirect'))
    return { status: 302, headers: { Location: 'https://parking.example.org/?from=gpu' }, body: Buffer.alloc(0) }
  const hasToken =
    headers['cf-access-client-id'] === access.clientId && headers['cf-access-client-secret'] === access.clientSecret
  const isPublic = faults.has('triton-metrics-public') && path === '/metrics'
  if (!faults.has('access-open') && !isPublic) {
    if (!hasToken || faults.has('access-login')) return login(host)
    if (faults.has('access-refused')) return page(403, 'Forbidden', "You don't have permission to view this.")
  }
  if (faults.has('tunnel-down')) return page(530, 'Cloudflare Tunnel error', 'error code: 1033')
  if (faults.has('origin-down')) return page(502, 'Bad gateway', 'error code: 502')
  return undefined
}
