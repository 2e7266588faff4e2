/** The answers of api.github.com that a download needs. Pure. */
import { createHash } from 'node:crypto'
import { type PublishedRelease, sha256 } from './releases.ts'

export interface ApiAnswer {
  readonly code: number
  /** Undefined: none, as with 204. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const documentation = 'https://docs.github.com/rest'

/** A number that stays the same for a name, where GitHub has ids. */
export function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

export function notFound(page: string): ApiAnswer {
  return { code: 404, body: { message: 'Not Found', documentation_url: `${documentation}/${page}`, status: '404' } }
}

/** @param whom the address of whoever asks without a token, or whose token it is */
export function rateLimited(whom = '127.0.0.1'): ApiAnswer {
  const advice =
    " (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)"
  const message = `API rate limit exceeded for ${whom}.${whom === '127.0.0.1' ? advice : ''}`
  return {
    code: 403,
    body: { message, documentation_url: `${documentation}/using-the-rest-api/rate-limits-for-the-rest-api` },
  }
}

export function releaseAnswer(
  release: PublishedRelease,
  assets: ReadonlyMap<string, Buffer>,
  hasDigests: boolean,
): ApiAnswer {
  const { owner, repository, tag } = release
  const repositoryUrl = `https://api.github.com/repos/${owner}/${repository}`
  const pages = `https://github.com/${owner}/${repository}/releases`
  const escaped = encodeURIComponent(tag)
  const id = numberOf(`${owner}/${repository}@${tag}`)
  const published = '2025-08-26T20:00:00Z'
  return {
    code: 200,
    body: {
      url: `${repositoryUrl}/releases/${id}`,
      assets_url: `${repositoryUrl}/releases/${id}/assets`,
      html_url: `${pages}/tag/${escaped}`,
      id,
      tag_name: tag,
      target_commitish: release.commit,
      name: tag,
      draft: false,
      prerelease: false,
      created_at: published,
      published_at: published,
      assets: [...assets].map(([name, bytes]) => {
        const assetId = numberOf(`${id}/${name}`)
        return {
          url: `${repositoryUrl}/releases/assets/${assetId}`,
          id: assetId,
          name,
          label: '',
          content_type: name.endsWith('.txt') ? 'text/plain; charset=utf-8' : 'application/octet-stream',
          state: 'uploaded',
          size: bytes.length,
          // Assets from before mid-2025 have none.
          digest: hasDigests ? `sha256:${sha256(bytes)}` : null,
          download_count: 1,
          created_at: published,
          updated_at: published,
          browser_download_url: `${pages}/download/${escaped}/${encodeURIComponent(name)}`,
        }
      }),
      body: '',
    },
  }
}

export function commitAnswer(release: PublishedRelease): ApiAnswer {
  const { owner, repository, commit } = release
  const url = `https://api.github.com/repos/${owner}/${repository}/commits/${commit}`
  return {
    code: 200,
    body: {
      sha: commit,
      url,
      html_url: `https://github.com/${owner}/${repository}/commit/${commit}`,
      commit: { message: `Release ${release.tag}`, url },
      parents: [],
    },
  }
}

export function unknownCommit(reference: string): ApiAnswer {
  return {
    code: 422,
    body: {
      message: `No commit found for SHA: ${reference}`,
      documentation_url: `${documentation}/commits/commits#get-a-commit`,
      status: '422',
    },
  }
}

/** A tag as a git reference. */
export function referenceAnswer(release: PublishedRelease): ApiAnswer {
  const { owner, repository, tag, commit } = release
  const git = `https://api.github.com/repos/${owner}/${repository}/git`
  return {
    code: 200,
    body: {
      ref: `refs/tags/${tag}`,
      url: `${git}/refs/tags/${encodeURIComponent(tag)}`,
      object: { sha: commit, type: 'commit', url: `${git}/commits/${commit}` },
    },
  }
}
