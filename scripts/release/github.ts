/** Tags and releases over GitHub's REST API, with the token of a job: bounded in time, no redirect followed, nothing of the token said. */
import type { Asset, Release, Repository } from './publish.ts'
import { ReleaseError } from './publish.ts'

export interface Access {
  /** `https://api.github.com` */
  readonly api: string
  /** `owner/name` */
  readonly repository: string
  readonly token: string
  readonly limitMs?: number
}

interface RefAnswer {
  readonly ref: string
  readonly object: { readonly type: string; readonly sha: string }
}
interface AssetAnswer {
  readonly id: number
  readonly name: string
  readonly digest?: string | null
}
interface ReleaseAnswer {
  readonly id: number
  readonly tag_name: string
  readonly draft: boolean
  readonly html_url: string
  readonly upload_url: string
  readonly assets: readonly AssetAnswer[]
}
/** A release with the address for its assets, which GitHub gives with it. */
interface Known extends Release {
  readonly uploadUrl: string
}

const perPage = 100
const mostPages = 20

const assetFrom = ({ id, name, digest }: AssetAnswer): Asset => ({ id, name, digest: digest ?? '' })
const releaseFrom = (answer: ReleaseAnswer): Known => ({
  id: answer.id,
  tag: answer.tag_name,
  isDraft: answer.draft,
  url: answer.html_url,
  uploadUrl: answer.upload_url.replace(/\{.*$/, ''),
  assets: answer.assets.map(assetFrom),
})

/** What GitHub means by the answers that a release can get. */
function remedyOf(status: number): string {
  if (status === 401) return 'the token of the job is not accepted'
  if (status === 403)
    return 'the job needs `permissions: contents: write`, and the commit must have the workflow files of main (press again from the tip of main)'
  if (status === 422) return 'GitHub has something of that name already, or a rule of the repository forbids it'
  return 'press again: what is done is not done twice'
}

export function openRepository(access: Access): Repository {
  const base = `${access.api}/repos/${access.repository}`
  const limitMs = access.limitMs ?? 60_000

  async function ask(method: string, url: string, body?: object | Buffer): Promise<Response> {
    const isFile = Buffer.isBuffer(body)
    try {
      return await fetch(url, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${access.token}`,
          'user-agent': 'k3s-gpu-actions',
          'x-github-api-version': '2022-11-28',
          ...(body === undefined ? {} : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: isFile ? new Uint8Array(body) : JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(limitMs),
      })
    } catch (error) {
      throw new ReleaseError(
        `GitHub did not answer ${method} ${new URL(url).pathname} within ${limitMs / 1000} s or could not be reached (${error instanceof Error ? error.name : 'error'}): press again.`,
      )
    }
  }

  async function answer<T>(method: string, url: string, body?: object | Buffer): Promise<T> {
    const response = await ask(method, url, body)
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
    const said = (await response.text()).slice(0, 300)
    throw new ReleaseError(
      `GitHub refused ${method} ${new URL(url).pathname} (${response.status}): ${JSON.stringify(said)}; ${remedyOf(response.status)}.`,
    )
  }

  async function all<T>(path: string): Promise<T[]> {
    const found: T[] = []
    for (let page = 1; page <= mostPages; page++) {
      const part = await answer<T[]>('GET', `${base}${path}?per_page=${perPage}&page=${page}`)
      found.push(...part)
      if (part.length < perPage) return found
    }
    throw new ReleaseError(`GitHub lists more than ${perPage * mostPages} entries of ${path}`)
  }

  return {
    async commitOf(ref) {
      // This question answers with every ref that begins so; one that is asked for alone answers 404 in ways that differ.
      const refs = await answer<RefAnswer[]>('GET', `${base}/git/matching-refs/${ref}`)
      const found = refs.find((one) => one.ref === `refs/${ref}`)
      if (found && found.object.type !== 'commit')
        throw new ReleaseError(
          `${ref} is an annotated tag: delete it, tags of releases here name their commit directly.`,
        )
      return found?.object.sha
    },
    async tags() {
      const refs = await answer<RefAnswer[]>('GET', `${base}/git/matching-refs/tags/v`)
      return refs.map(({ ref }) => ref.replace('refs/tags/', ''))
    },
    createTag: (tag, sha) => answer('POST', `${base}/git/refs`, { ref: `refs/tags/${tag}`, sha }),
    moveTag: (tag, sha) => answer('PATCH', `${base}/git/refs/tags/${tag}`, { sha, force: true }),
    async releaseOf(tag) {
      // Drafts are in the list alone. Two of one tag are possible: the published one counts.
      const ours = (await all<ReleaseAnswer>('/releases')).filter((one) => one.tag_name === tag)
      const found = ours.find(({ draft }) => !draft) ?? ours[0]
      return found && releaseFrom(found)
    },
    async createDraft({ tag, notes, isPrerelease }) {
      // Without `target_commitish`: the tag is there, and naming a commit would ask for a right to change workflows (cli/cli#9514).
      const draft = { tag_name: tag, name: tag, body: notes, draft: true, prerelease: isPrerelease }
      return releaseFrom(await answer<ReleaseAnswer>('POST', `${base}/releases`, draft))
    },
    async attach(release, name, content) {
      const url = `${(release as Known).uploadUrl}?name=${encodeURIComponent(name)}`
      return assetFrom(await answer<AssetAnswer>('POST', url, content))
    },
    removeAsset: ({ id }) => answer('DELETE', `${base}/releases/assets/${id}`),
    async publish({ id }, { notes, isLatest }) {
      const change = { draft: false, body: notes, make_latest: String(isLatest) }
      return releaseFrom(await answer<ReleaseAnswer>('PATCH', `${base}/releases/${id}`, change))
    },
  }
}
