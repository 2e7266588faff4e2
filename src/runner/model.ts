/** Runs a program on the runner. Implemented with @actions/exec; handed to the rooms that need one. */
export type Exec = (
  command: string,
  args: readonly string[],
  options: {
    /** Folder that it runs in. Default: this process's. */
    readonly cwd?: string
    readonly input: Buffer
    readonly env: Readonly<Record<string, string>>
    readonly onStdout: (chunk: Buffer) => void
    readonly onStderr: (chunk: Buffer) => void
    /**
     * For a program that has to finish what it began. When this fires, or the job is cancelled, it is asked to end by one SIGINT and
     * then left alone: when it is killed for good, says `kill`. Without it, a cancelled job ends a program with SIGTERM and soon SIGKILL.
     */
    readonly interrupt?: AbortSignal
    readonly kill?: AbortSignal
  },
) => Promise<number>

/** A file that GitHub publishes with a release. `digest` is `sha256:<hex>`, undefined where GitHub has none for it. */
export interface ReleaseAsset {
  readonly name: string
  readonly url: string
  readonly sizeBytes: number
  readonly digest?: string
}

/** Reads a public GitHub repository: release metadata, asset digests and the commit behind a tag. Implemented with @actions/github. */
export interface Releases {
  release(
    owner: string,
    repository: string,
    tag: string,
    signal: AbortSignal,
  ): Promise<{ readonly assets: readonly ReleaseAsset[]; readonly commit: string }>
}

/** Downloads with retries. Implemented with @actions/tool-cache; returns the path of a file under RUNNER_TEMP. */
export type Download = (url: string, signal: AbortSignal) => Promise<string>

/** The tool cache of the runner. `version` is a semver without build metadata, e.g. `1.33.4-k3s.1`. */
export interface ToolCache {
  /** The path of the one file kept under this key; undefined when there is none. Its content is to be verified. */
  find(tool: string, version: string, architecture: string): string | undefined
  /** Copies the file under `name` into the cache; resolves with the file's path there. */
  add(file: string, name: string, tool: string, version: string, architecture: string): Promise<string>
}

/**
 * One HTTPS exchange; no redirect is followed. Rejects only when there is no complete answer (HttpFault), or with the signal's
 * reason once that is aborted: whatever the status, an answer is an answer.
 */
export type Http = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** https, or http on loopback. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For all of it, from the name look-up to the last byte of the answer. */
  readonly timeoutMs: number
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The GitHub runner as an action sees it. Every text that is printed has workflow commands neutralised. */
export interface Runner {
  /** Trimmed; empty when absent. */
  input(name: string): string
  readonly workspace: string
  /** Emptied by the runner after the job. Secrets and reports go here. */
  readonly temporaryDirectory: string
  readonly environment: Readonly<Record<string, string>>
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** `run 41 · started by the button` and the like; empty outside a workflow. */
  readonly runLabel: string
  readonly isDebug: boolean
  /** Masks the value and its derived forms (base64, JSON-escaped, single lines). */
  mask(secret: string): void
  /**
   * The text with `***` for everything that was masked so far, and for tokens of which only the shape is known. For whatever is
   * written: masks cover logs, neither files nor outputs. What is printed has been through it already.
   */
  redact(text: string): string
  output(name: string, value: string): void
  /** An environment variable of every later step of the job. Never a secret: all of them see it. */
  exportVariable(name: string, value: string): void
  saveState(name: string, value: string): void
  state(name: string): string
  /** One line of the log. */
  line(text?: string): void
  debug(text: string): void
  /** A collapsible group of lines, for details. */
  details(title: string, lines: readonly string[]): void
  errorAnnotation(title: string, message: string): void
  warningAnnotation(title: string, message: string): void
  summary(markdown: string): Promise<void>
  readonly exec: Exec
  /** Through the proxy of the runner's environment, where it names one (HTTPS_PROXY, NO_PROXY). */
  readonly http: Http
  /**
   * GitHub's ID token of this job for an audience, masked before it is returned. Rejects with RunnerError `oidc-permission-missing`,
   * `oidc-fork` or `oidc-failed`.
   */
  idToken(audience: string): Promise<string>
  readonly releases: Releases
  readonly download: Download
  readonly toolCache: ToolCache
}
