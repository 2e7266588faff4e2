/**
 * GitHub as far as a release is read from it: the ports that src/k3s reads a release through, without the actions toolkit,
 * which writes for a runner. Node's fetch goes through a proxy when NODE_USE_ENV_PROXY=1 is set beside HTTPS_PROXY.
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Download, ReleaseAsset, Releases } from '../../src/runner/index.ts'

export interface Limits {
  /** Until an answer begins. */
  readonly answerMs: number
  /** Until it is complete, once it began: 80 MB at 2 Mbit/s. */
  readonly completeMs: number
  readonly attempts: number
  /** Before the second attempt; twice as long before the third. */
  readonly pauseMs: number
}

const defaultLimits: Limits = { answerMs: 20_000, completeMs: 320_000, attempts: 3, pauseMs: 2_000 }

export interface GithubOptions {
  /** For downloads. */
  readonly folder: string
  /** Sent to api.github.com only, where it lifts the limit of 60 requests an hour and address. */
  readonly token?: string | undefined
  readonly fetch?: typeof fetch
  readonly limits?: Limits
}

/** An answer that another attempt would not change. */
class Refused extends Error {}

export function openGithub(options: GithubOptions): { readonly releases: Releases; readonly download: Download } {
  const { attempts, pauseMs } = options.limits ?? defaultLimits
  let downloads = 0

  /** @throws the signal's reason, or what went wrong at the last attempt */
  const persist = async <Value>(signal: AbortSignal, attempt: () => Promise<Value>): Promise<Value> => {
    for (let count = 1; ; count++) {
      try {
        signal.throwIfAborted()
        return await attempt()
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof Refused) throw error
        if (count === attempts) throw new Error(`${wordsOf(error)} (${attempts} attempts)`, { cause: error })
        await sleep(pauseMs * count, undefined, { signal })
      }
    }
  }

  const ask = (path: string, accept: string, signal: AbortSignal): Promise<string> => {
    const authorization = options.token ? { Authorization: `Bearer ${options.token}` } : undefined
    const headers = { Accept: accept, 'User-Agent': 'k3s-gpu-actions-lab', ...authorization }
    return persist(signal, () =>
      answer(options, `https://api.github.com${path}`, headers, signal, (response) => response.text()),
    )
  }

  return {
    releases: {
      async release(owner, repository, tag, signal) {
        const where = `/repos/${owner}/${repository}`
        const [release, commit] = await Promise.all([
          ask(`${where}/releases/tags/${encodeURIComponent(tag)}`, 'application/vnd.github+json', signal),
          // `tags/` keeps a branch of the same name out; asked for the bare hash, an annotated tag is resolved to its commit.
          ask(`${where}/commits/${encodeURIComponent(`tags/${tag}`)}`, 'application/vnd.github.sha', signal),
        ])
        return { assets: assetsOf(release), commit: commit.trim() }
      },
    },
    async download(url, signal) {
      const file = join(options.folder, `download-${++downloads}`)
      await persist(signal, () =>
        answer(options, url, {}, signal, async ({ body }, whole) => {
          if (body === null) throw new Error('the answer is empty')
          // An attempt that broke off is written over.
          await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(file), { signal: whole })
        }),
      )
      return file
    },
  }
}

/** One attempt. `read` has the rest of the time. */
async function answer<Value>(
  options: GithubOptions,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  read: (response: Response, whole: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const { answerMs, completeMs } = options.limits ?? defaultLimits
  const { host } = new URL(url)
  const late = new AbortController()
  const whole = AbortSignal.any([signal, late.signal])
  const stop = (ms: number, what: string) =>
    setTimeout(() => late.abort(new Error(`${host} ${what} within ${ms / 1000} s`)), ms)
  let timer = stop(answerMs, 'gave no answer')
  try {
    const response = await (options.fetch ?? fetch)(url, { headers, signal: whole })
    clearTimeout(timer)
    timer = stop(completeMs, 'did not give its whole answer')
    if (response.ok) return await read(response, whole)
    await response.body?.cancel()
    const text = `${host} answered ${response.status}`
    const isLimited = response.status === 403 && response.headers.get('x-ratelimit-remaining') === '0'
    if (isLimited)
      throw new Refused(`${text}: the requests of this hour are used up; GITHUB_TOKEN in the environment lifts that`)
    const isPassing = response.status >= 500 || response.status === 408 || response.status === 429
    throw isPassing ? new Error(text) : new Refused(text)
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}

interface RawAsset {
  readonly name: string
  readonly browser_download_url: string
  readonly size: number
  readonly digest?: string | null
}

function assetsOf(text: string): readonly ReleaseAsset[] {
  const { assets } = JSON.parse(text) as { readonly assets: readonly RawAsset[] }
  return assets.map(({ name, browser_download_url: url, size: sizeBytes, digest }) => ({
    name,
    url,
    sizeBytes,
    ...(digest ? { digest } : {}),
  }))
}

/** fetch says `fetch failed`, and why in its cause, which has no words of its own where there were several addresses. */
function wordsOf(error: unknown): string {
  const { cause, message } = error as { readonly message: string; readonly cause?: NodeJS.ErrnoException }
  return cause?.message || cause?.code || message
}
