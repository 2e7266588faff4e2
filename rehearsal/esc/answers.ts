/**
 * Answers of Pulumi Cloud that are not the wanted one. Shapes: pulumi/esc, cmd/esc/cli/client (apitype.go, client.go), and the
 * issues in which users quote them. Where no source has the words, they are this world's own.
 */
import type { Answer } from './model.ts'

const json = (status: number, body: unknown, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

export const answers = {
  ok: (body: unknown): Answer => json(200, body),
  failure: (code: number, message: string): Answer => json(code, { code, message }),
  unauthorised: (): Answer =>
    json(401, { code: 401, message: 'Unauthorized: No credentials provided or are invalid.' }),
  notFound: (what: string): Answer => json(404, { code: 404, message: `Not Found: ${what} not found` }),
  /** What a token meets that may see an environment and not open it: a diagnostic, with no code that says so (pulumi/pulumi#15484). */
  permissionInDiagnostics: (): Answer =>
    json(400, {
      code: 0,
      message: '',
      diagnostics: [{ summary: 'You do not have permission to perform this operation.' }],
    }),
  invalidEnvironment: (environment: string, summary: string): Answer =>
    json(400, {
      code: 400,
      message: 'Bad Request: invalid environment',
      diagnostics: [
        {
          range: { environment, begin: { line: 4, column: 5, byte: 52 }, end: { line: 4, column: 20, byte: 67 } },
          summary,
          severity: 'error',
        },
      ],
    }),
  /** An environment that opens, with something to say about it. */
  openedWithWarning: (id: string, summary: string): Answer =>
    json(200, { id, diagnostics: [{ summary, severity: 'warning' }] }),
  gated: (): Answer =>
    json(403, {
      code: 403,
      message: 'Forbidden: opening this environment requires approval; create an open request',
    }),
  /** @param retryAfter seconds, or a date as HTTP writes it; empty: the header is missing */
  rateLimited: (retryAfter: string): Answer =>
    json(429, { code: 429, message: 'Too Many Requests' }, retryAfter === '' ? {} : { 'Retry-After': retryAfter }),
  unavailable: (status: 500 | 502 | 503 | 504): Answer =>
    json(status, { code: status, message: 'Service Unavailable' }),
  /** Something in between answers: a proxy, a load balancer. */
  html: (status: number): Answer => ({
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n`,
  }),
  /** OAuth's own shape (RFC 6749, 5.2; RFC 8693, 2.2.2). */
  oauth: (status: number, error: string, description: string): Answer =>
    json(status, { error, error_description: description }),
} as const
