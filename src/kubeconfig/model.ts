/** How a user proves who it is. Everything but `kind`, `command` and `username` is secret; certificates are not. */
export type Credentials =
  | { readonly kind: 'client-certificate'; readonly certificatePem: string; readonly keyPem: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** Only with `allow-exec`. */
  | { readonly kind: 'exec'; readonly command: string }

/** One context of a kubeconfig that has passed the policy. */
export interface SelectedKubeconfig {
  readonly context: string
  readonly cluster: string
  readonly user: string
  readonly namespace: string
  /** As written, without trailing slashes. */
  readonly server: string
  readonly tlsServerName: string
  /** PEM text of the certificate authority. */
  readonly caPem: string
  readonly credentials: Credentials
  /** A complete kubeconfig of this context alone as JSON, for src/kubernetes. Secret. */
  readonly json: string
}

export interface ReadOptions {
  /** Empty: current-context. */
  readonly context: string
  /** Commands of exec credentials that are allowed; none by default. */
  readonly allowExec: readonly string[]
}

/** A kubeconfig that has been read, judged and reduced to one context. */
export interface KubeconfigReading {
  readonly selected: SelectedKubeconfig
  /** Leaves that must be masked: keys, tokens, passwords, decoded PEM texts, values of exec's env, … never names, servers or certificates. */
  readonly secrets: readonly string[]
  /** What was found and is worth a warning (short secrets that cannot be masked, other contexts that were dropped, …); no secrets. */
  readonly remarks: readonly string[]
  /** Names of what was in it besides, and is not rendered. */
  readonly dropped: Readonly<Record<'contexts' | 'clusters' | 'users', readonly string[]>>
  /** The text with only this context's entries, every byte of what is kept as it was, and these values replaced or added. */
  render(edits: Edits): string
}

export interface Edits {
  readonly server?: string
  readonly tlsServerName?: string
  readonly namespace?: string
}

/** What the certificates and the token say of themselves. Times in epoch milliseconds. */
export interface Validity {
  /** SHA-256 of the certificate authority's DER, lower-case hex, without colons; of the first certificate of a bundle. */
  readonly caSha256: string
  readonly caExpiresAtMs: number
  /** Of whatever ends first: client certificate, token; undefined: it never ends, or nobody can know. */
  readonly expiresAtMs?: number
  readonly notBeforeMs?: number
}

/** One question to the authorizer of the API server. */
export interface AccessQuestion {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}

/** How far a stage of reaching the server got. `skip`: an earlier one failed, or it was not asked. Texts may quote the server. */
export interface ProbeStage {
  readonly outcome: 'pass' | 'fail' | 'skip'
  /** Stable and short, e.g. `refused`, `timeout`, `name-unknown`, `certificate-name`, `certificate-expired`, `ca-unknown`, `unauthorised`; empty on pass. */
  readonly reason: string
  readonly evidence: readonly string[]
}

/** What reaching the API server with these credentials showed. Plain data; `serverChecks` turns it into checks. */
export interface ServerProbe {
  readonly server: string
  readonly dns: ProbeStage
  readonly tcp: ProbeStage
  readonly tls: ProbeStage
  /** `/version` answered, whatever it said: 401 and 403 still prove that the server is there. */
  readonly http: ProbeStage
  readonly authentication: ProbeStage
  /** Names and addresses in the server's certificate, as far as it was seen. */
  readonly certificateNames: readonly string[]
  readonly serverCertificateExpiresAtMs?: number
  /** gitVersion. */
  readonly version?: string
  /** Date header, epoch milliseconds (resolution 1 s), and the runner's clock when it came. */
  readonly serverTimeMs?: number
  readonly runnerTimeMs?: number
  /** UID of kube-system; undefined: not asked, not there, or not allowed (`clusterUidReason`). */
  readonly clusterUid?: string
  readonly clusterUidReason?: string
  /** `isUnanswered`: the server did not say; then `allowed` is false and `reason` tells why. */
  readonly access: readonly (AccessQuestion & {
    readonly allowed: boolean
    readonly reason: string
    readonly isUnanswered?: true
  })[]
}
