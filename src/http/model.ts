/** An HTTP endpoint that somebody else runs, perhaps behind Cloudflare Access: who answers, and with what. */

/** What guards an endpoint: nothing (direct), or a Cloudflare Access policy with a service token. */
export type Guard = 'direct' | 'cloudflare'

export interface Endpoint {
  /** Base address, without a slash at its end, e.g. `https://gpu.example.org`. */
  readonly url: string
  readonly guard: Guard
  /** Sent to this host alone, never across a redirect, e.g. the two headers of a service token. Secret, all of them. */
  readonly credentials: Readonly<Record<string, string>>
  /** Further headers, e.g. of a restricted API of Triton. Secret as well, as far as anybody knows. */
  readonly headers: Readonly<Record<string, string>>
}

export interface HttpQuestion {
  readonly method: 'GET' | 'POST'
  /** Behind the base address, from `/` on; already encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Ask as a stranger would: neither credentials nor headers of the endpoint. */
  readonly isAnonymous?: boolean
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number
  /** Longest answer that is read. Default: the client's. */
  readonly maximumBytes?: number
}

/** Who answered, as far as one can tell. Redirects are never followed. */
export type AnswerKind =
  /** The endpoint itself, whatever it says. */
  | 'endpoint'
  /** Access sends the visitor to its login: the token is missing, or no policy knows it. */
  | 'access-login'
  /** Access knows the token and refuses it: 403. */
  | 'access-refused'
  /** Nobody holds the tunnel: 530, error 1033. */
  | 'tunnel-down'
  /** The tunnel is there, what it leads to is not: 502, 504. */
  | 'origin-down'
  /** A redirect to somewhere else than a login. */
  | 'redirect'
  /** HTML where data was asked for: somebody's page. */
  | 'page'

export interface HttpAnswer {
  readonly kind: AnswerKind
  readonly status: number
  /** Lower-case names. Remote text. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** From the first byte sent to the last one read. */
  readonly durationMs: number
}

/** Why there is no answer at all. */
export type HttpFaultCode =
  | 'name-unknown'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'closed'
  | 'too-large'
  | 'not-http'
  /** The runner's proxy does not let it through. */
  | 'proxy'
  /** A header of ours that HTTP does not allow: nothing was sent. */
  | 'unsendable'

/** A question that cannot be asked: infrastructure until somebody shows otherwise. */
export interface HttpFaultInit {
  readonly code: HttpFaultCode
  readonly title: string
  readonly cause: string
  readonly remedy: string
}

/** Keeps its connections alive between questions; one client an endpoint. */
export interface HttpClient {
  readonly endpoint: Endpoint
  /** Questions asked so far, repeats included. */
  readonly requests: number
  /** Rejects with HttpFault (exported by the room) or the signal's reason. */
  ask(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}
