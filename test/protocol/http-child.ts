/** A process that asks one question through src/http with the environment it was started in: argv[2] is the base address. */
import { HttpFault, openHttpClient } from '../../src/http/index.ts'

const http = openHttpClient(
  {
    url: process.argv[2] ?? '',
    guard: 'cloudflare',
    credentials: { 'cf-access-client-secret': 'sesame' },
    headers: {},
  },
  { environment: process.env },
)
const answer = await http
  .ask({ method: 'GET', path: '/v2', timeoutMs: 5000 }, new AbortController().signal)
  .then(({ kind, status, body }) => ({ kind, status, text: Buffer.from(body).toString() }))
  .catch((error: unknown) => {
    if (error instanceof HttpFault) return { code: error.code, cause: error.cause, remedy: error.remedy }
    throw error
  })
process.stdout.write(JSON.stringify(answer))
process.exit(0)
