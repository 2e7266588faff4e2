/** Who answered in Triton's place, and what to do about it: for people. */
import type { Endpoint, HttpAnswer } from '../http/index.ts'
import { readError } from './answers.ts'
import { oneLine } from './text.ts'

export interface Explained {
  readonly found: string
  readonly cause: string
  readonly remedy: string
}

/** undefined: Triton itself answered, as far as one can tell. */
export function strangerOf(answer: HttpAnswer, endpoint: Endpoint): Explained | undefined {
  const { host } = new URL(endpoint.url)
  const hasToken = Object.keys(endpoint.credentials).length > 0
  switch (answer.kind) {
    case 'endpoint':
      return refusedOnTheWay(answer)
    case 'access-login':
      return {
        found: `Cloudflare Access sends to its login (${answer.status})`,
        cause: hasToken
          ? 'the service token is wrong, expired or deleted, or no policy with the action Service Auth names it'
          : 'no service token was given',
        remedy: hasToken
          ? `compare access-client-id with the service tokens of Zero Trust, and look at the policies of the application for ${host}: the action must be Service Auth, not Allow`
          : 'set access-client-id and access-client-secret',
      }
    case 'access-refused':
      return {
        found: `Cloudflare refuses the request (403${blocked(answer)})`,
        cause: blocked(answer)
          ? 'a rule of the firewall of this zone stops the request before Access sees it'
          : 'Access knows the service token and no policy lets it through, or its secret is wrong',
        remedy: blocked(answer)
          ? `Security events of the zone name the rule; let requests of the runner to ${host} through`
          : `look at the policies of the application for ${host}; when the token was rotated, set access-client-secret anew`,
      }
    case 'tunnel-down':
      return tunnelDown
    case 'origin-down':
      // A tunnel may stand open without Access before it.
      if (endpoint.guard === 'direct' && answer.headers['cf-ray'] === undefined)
        return {
          found: `what stands before Triton answers ${answer.status}`,
          cause:
            'a proxy at this address does not reach Triton: it is not started, still loads its models, or listens elsewhere',
          remedy: `the log of what answers at ${host}, and of Triton behind it`,
        }
      return originDown(answer)
    case 'redirect':
      return {
        found: `redirects (${answer.status}) to ${oneLine(place(answer, endpoint.url), 120)}; not followed`,
        cause: 'the address is not that of Triton, or something before it wants another scheme or host',
        remedy: 'correct the url of the target; credentials are for the configured host alone',
      }
    case 'page':
      return {
        found: `a page (${answer.status}, ${oneLine(answer.headers['content-type'] ?? 'no content type', 60)}) in place of data`,
        cause: 'somebody else answers at this address: a proxy, a captive portal, another service',
        remedy: `open ${host} in a browser to see whose page it is`,
      }
  }
}

const tunnelDown: Explained = {
  found: 'no connector holds the tunnel (530, error 1033)',
  cause: 'cloudflared does not run where Triton runs, or has no connection to Cloudflare',
  remedy: 'on the node of Triton: systemctl status cloudflared-node (or the unit of its tunnel), then restart it',
}

function originDown({ status }: HttpAnswer): Explained {
  return {
    found: `the tunnel stands, Triton behind it does not answer (${status})`,
    cause: 'Triton is not started, still loads its models, or listens at another port than the tunnel leads to',
    remedy:
      'on the node of Triton: curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:8000/v2/health/ready, then the log of its container',
  }
}

/** Triton answers with neither of the two (triton-inference-server/server:src/http_server.cc). */
function refusedOnTheWay({ status }: HttpAnswer): Explained | undefined {
  if (status === 401)
    return {
      found: 'it wants credentials (401)',
      cause: 'something before Triton asks for a name and password, or for another token',
      remedy: 'give them as triton-headers from a secret, e.g. Authorization: Bearer …',
    }
  if (status === 429)
    return {
      found: 'too many requests (429)',
      cause: 'a rate limit before Triton, which this run or somebody else has reached',
      remedy: 'except the address of the runner from the rate limit, or ask at another time',
    }
  return undefined
}

/** Host and path of a redirect: what follows may hold tokens. */
function place(answer: HttpAnswer, base: string): string {
  try {
    const to = new URL(answer.headers.location ?? '', base)
    return `${to.host}${to.pathname}`
  } catch {
    return 'an address that is none'
  }
}

/** Error codes of Cloudflare's firewall: 1010 for a browser's signature, 1020 for a rule. */
function blocked(answer: HttpAnswer): string {
  const code = /error code: (10\d\d)|"error_code":\s*(10\d\d)/i.exec(
    Buffer.from(answer.body.subarray(0, 16_384)).toString('latin1'),
  )
  return code ? `, error code ${code[1] ?? code[2]}` : ''
}

/** Whether Triton wants a header for this API (--http-restricted-api; PyTriton's own guard). */
export function isRestricted(answer: HttpAnswer): boolean {
  return answer.kind === 'endpoint' && answer.status === 403 && /restricted/i.test(readError(answer.body))
}

/** An answer of Triton that is not 200, in its words: `404: Request for unknown model…`. */
export function statusWords(answer: HttpAnswer): string {
  const error = readError(answer.body)
  return error === '' ? String(answer.status) : `${answer.status}: ${error}`
}

interface ReasonRow {
  readonly matches: RegExp
  readonly cause: string
  readonly remedy: string
}

/** Why a model is not loaded, from Triton's own words in the repository index (recorded: test/fixtures/triton, notready-repo-index). */
const reasons: readonly ReasonRow[] = [
  {
    matches: /KIND_GPU but no GPUs are available|invalid or unsupported gpu id/i,
    cause: 'the model wants a GPU, and Triton sees none (triton-inference-server/server#3912)',
    remedy:
      'on the node: nvidia-smi; after a driver update restart Triton; a container needs --gpus all or runtimeClassName nvidia',
  },
  {
    matches: /CUDA out of memory|failed to allocate|out of memory/i,
    cause: 'the memory of the GPU is full',
    remedy: 'on the node: nvidia-smi shows who holds it; unload what is not needed, then load the model again',
  },
  {
    matches: /unable to find backend|unable to load shared library|backend library/i,
    cause: 'the image of Triton lacks the backend of this model (triton-inference-server/server#6991)',
    remedy: 'use an image with that backend, e.g. the full one instead of a -py3-min',
  },
  {
    matches: /^unloaded$/i,
    cause: 'somebody unloaded it',
    remedy: 'load it again: POST /v2/repository/models/<model>/load on the node, or restart Triton',
  },
  {
    matches: /ModuleNotFoundError|SyntaxError|ImportError|RuntimeError|Internal: /,
    cause: 'the program of the model fails when it starts',
    remedy: 'the log of Triton shows the whole error; correct the model or what it needs, then load it again',
  },
]

/** @param reason of the repository index; empty: it gives none; @param state empty: it was never loaded */
export function reasonWords(reason: string, state: string): { readonly cause: string; readonly remedy: string } {
  const row = reasons.find(({ matches }) => matches.test(state === 'UNLOADING' ? 'unloaded' : reason))
  return (
    row ?? {
      cause: state === '' ? 'it was never loaded' : 'Triton could not load it',
      remedy: 'the log of Triton where it loads this model; with explicit model control, load it',
    }
  )
}
