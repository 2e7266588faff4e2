/** The embedded Triton, its model on calypso's GPU, and Cloudflare's front before it. */

/** What can be wrong with it. They combine where that means something. */
export type TritonFault =
  /** The instance group says KIND_CPU, no memory on the GPU, slower: what a GPU lost to a driver update looks like. */
  | 'triton-cpu-fallback'
  /** The process behind the model died: `/ready` stays 200, inference answers 500. */
  | 'triton-stub-dead'
  | 'triton-unloaded'
  /** KIND_GPU on a machine without one: never loaded, the reason only in the repository index. */
  | 'triton-never-loaded'
  /** Explicit model control, and the model still loads. */
  | 'triton-loading'
  /** Repository, statistics and more want a header: 403. */
  | 'triton-restricted'
  /** Correct, from the GPU, and slower than the budget. */
  | 'triton-slow'
  /** Server and model say ready; the index and every inference say otherwise. */
  | 'triton-lying-ready'
  | 'triton-nan'
  /** Another answer to the same question. */
  | 'triton-unsteady'
  /** The answer in JSON is right, the one in binary is not. */
  | 'triton-binary-differs'
  | 'triton-binary-truncated'
  | 'triton-binary-header'
  /** Rows of a batch come back in each other's place. */
  | 'triton-batch-mixed'
  /** Answers from the response cache: nothing is computed. */
  | 'triton-cache-hit'
  /** Takes connections and never answers. */
  | 'triton-half-open'
  /** Loading and unloading is open to whoever reaches it. */
  | 'triton-control'
  /** Its metrics are shown under the same name, to strangers too. */
  | 'triton-metrics-public'
  /** The tunnel's name answers without a service token: a policy with decision bypass for everyone. */
  | 'access-open'
  /** Login page of Access in place of every answer, with 200, as where a proxy followed the redirect. */
  | 'access-login-page'
  /** Access knows no policy for this token: 302 to its login. */
  | 'access-login'
  /** Access refuses the token: 403. */
  | 'access-refused'
  /** The name leads somewhere else: 302. */
  | 'access-redirect'
  /** No connector holds the tunnel: 530, error 1033. */
  | 'tunnel-down'
  /** The tunnel stands, Triton does not: 502. */
  | 'origin-down'

export interface TritonOptions {
  /** Serves TLS with it, e.g. `issue(['gpu.boathou.se'])` of the world's CA; absent: plain HTTP. */
  readonly certificate?: { readonly certPem: string; readonly keyPem: string }
  /** The service token that Access lets through; absent: there is no Access before it. */
  readonly access?: { readonly clientId: string; readonly clientSecret: string }
  readonly faults?: ReadonlySet<TritonFault>
  /** Header that lets a restricted API through with `triton-restricted`. */
  readonly restriction?: { readonly name: string; readonly value: string }
  /** UUID of the card of its metrics and answers. Default: one of a kind. */
  readonly gpuUuid?: string
  /** Milliseconds that an inference takes in the server. Default: 2, 25 on the CPU, 300 with `triton-slow`. */
  readonly inferenceMs?: number
}

export interface TritonWorld {
  readonly port: number
  /** Where a machine beside it reads metrics, plain HTTP, loopback. */
  readonly metricsPort: number
  /** `POST /v2/repository/index 200`, with ` anonymous` behind it where no service token came along. Never a header. */
  readonly requests: readonly string[]
  /** What is wrong from now on. */
  set(faults: ReadonlySet<TritonFault>): void
  close(): Promise<void>
}
