/** api.github.com, github.com, its asset store, raw.githubusercontent.com and NVIDIA's site on GitHub Pages behind one TLS port of 127.0.0.1. */
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { closing } from '../cluster/index.ts'
import type { FaultName, GithubWorld } from '../contract.ts'
import {
  type ApiAnswer,
  commitAnswer,
  notFound,
  numberOf,
  referenceAnswer,
  releaseAnswer,
  unknownCommit,
} from './api.ts'
import { conversation } from './conversation.ts'
import { keepIssues } from './issues.ts'
import { completeAssets, completeFiles, corrupted, type PublishedRelease } from './releases.ts'
import type { Ask } from './rest.ts'
import { issueTokens } from './tokens.ts'
import { toolkitRepository } from './toolkit-repository.ts'
import { planTroubles } from './troubles.ts'
import { keepWorkflows } from './workflows.ts'

export type { PublishedRelease } from './releases.ts'

/** The names that the server answers for; its certificate needs them all. */
export const githubNames = [
  'api.github.com',
  'github.com',
  'raw.githubusercontent.com',
  'release-assets.githubusercontent.com',
] as const

/** NVIDIA's site on GitHub Pages, which the same server answers for: hosts ask it, no runner does. */
export const toolkitSite = 'nvidia.github.io'

export interface GithubOptions {
  /** For `githubNames` and `toolkitSite`, from the cluster world's `issue`. */
  readonly certificate: { readonly certPem: string; readonly keyPem: string }
  readonly releases: readonly PublishedRelease[]
  readonly faults: ReadonlySet<FaultName>
  /** false: the API gives no digests, as for assets uploaded before mid-2025. */
  readonly hasDigests?: boolean
  /** API requests without a token until the rate limit; default 60. */
  readonly rateLimit?: number
  /** The same with the token of a job; default 1000, as long as the run is not an enterprise's. */
  readonly tokenRateLimit?: number
  /** `owner/name` of the repository that has issues, workflows and runs; default: that of the rehearsal. */
  readonly repository?: string
  /** The clock of issues and runs; default: the machine's. */
  readonly nowMs?: () => number
  /** Default: some port of 127.0.0.1. The lab has a network of its own, where it listens as the real one does. */
  readonly listen?: { readonly host: string; readonly port: number }
}

interface Stored {
  readonly release: PublishedRelease
  readonly assets: ReadonlyMap<string, Buffer>
  readonly files: ReadonlyMap<string, Buffer>
}

export async function startGithub(options: GithubOptions): Promise<GithubWorld> {
  const stored = options.releases.map(
    (release): Stored => ({ release, assets: completeAssets(release), files: completeFiles(release) }),
  )
  const requests: string[] = []
  const nowMs = options.nowMs ?? Date.now
  const own = options.repository ?? 'rehearsal/k3s-gpu-actions'
  const issues = keepIssues(own, nowMs)
  const workflows = keepWorkflows(own, nowMs)
  const tokens = issueTokens()
  const troubles = planTroubles()

  const find = (owner: string, repository: string, matches: (release: PublishedRelease) => boolean) =>
    stored.find(
      ({ release }) =>
        // GitHub does not tell upper from lower case in names of owners and repositories.
        `${release.owner}/${release.repository}`.toLowerCase() === `${owner}/${repository}`.toLowerCase() &&
        matches(release),
    )

  const answerApi = (ask: Ask): ApiAnswer => {
    const { segments } = ask
    const [repos, owner = '', repository = '', ...rest] = segments
    if (repos !== 'repos') return notFound('')
    if (`${owner}/${repository}`.toLowerCase() === own.toLowerCase()) {
      const answer = issues.answer(ask, rest) ?? workflows.answer(ask, rest)
      if (answer !== undefined) return answer
    }
    if (ask.method !== 'GET') return notFound('')
    const [first, second, ...tail] = rest
    const reference = tail.join('/')
    if (first === 'releases' && second === 'tags') {
      const entry = find(owner, repository, (release) => release.tag === reference)
      return entry
        ? releaseAnswer(entry.release, entry.assets, options.hasDigests ?? true)
        : notFound('releases/releases#get-a-release-by-tag-name')
    }
    if (first === 'commits' && second !== undefined) {
      const asked = rest
        .slice(1)
        .join('/')
        .replace(/^(refs\/)?(tags\/)?/, '')
      const entry = find(owner, repository, (release) => release.tag === asked || release.commit === asked)
      if (entry) return commitAnswer(entry.release)
      return find(owner, repository, () => true) ? unknownCommit(asked) : notFound('commits/commits#get-a-commit')
    }
    if (first === 'git' && second === 'ref' && tail[0] === 'tags') {
      const entry = find(owner, repository, (release) => release.tag === tail.slice(1).join('/'))
      return entry ? referenceAnswer(entry.release) : notFound('git/refs#get-a-reference')
    }
    return notFound('')
  }

  const sendApi = conversation({
    tokens,
    troubles,
    nowMs,
    limits: { anonymous: options.rateLimit ?? 60, token: options.tokenRateLimit ?? 1000 },
    answer: answerApi,
  })

  /** github.com: a download is a redirect to the asset store, with the name in the query as the real one has it. */
  const redirectDownload = (response: ServerResponse, segments: readonly string[]): void => {
    const [owner = '', repository = '', releases, download, tag = '', name = ''] = segments
    const entry = find(owner, repository, (release) => release.tag === tag)
    if (releases !== 'releases' || download !== 'download' || !entry?.assets.has(name)) {
      sendText(response, 404, 'Not Found')
      return
    }
    const path = [numberOf(`${owner}/${repository}`.toLowerCase()), numberOf(tag), name]
      .map(encodeURIComponent)
      .join('/')
    const query = `rscd=attachment%3B+filename%3D${encodeURIComponent(name)}&rsct=application%2Foctet-stream`
    const location = `https://release-assets.githubusercontent.com/github-production-release-asset/${path}?${query}`
    response.writeHead(302, { Location: location, 'Content-Length': '0' })
    response.end()
  }

  const sendAsset = (response: ServerResponse, segments: readonly string[]): void => {
    const [store, repository, tag, name = ''] = segments
    const entry = stored.find(
      ({ release }) =>
        String(numberOf(`${release.owner}/${release.repository}`.toLowerCase())) === repository &&
        String(numberOf(release.tag)) === tag,
    )
    const bytes = entry?.assets.get(name)
    if (store !== 'github-production-release-asset' || bytes === undefined) {
      sendText(response, 404, 'Not Found')
      return
    }
    const isProgram = /^k3s(-arm64|-armhf|-s390x)?$/.test(name)
    send(response, options.faults.has('checksum-mismatch') && isProgram ? corrupted(bytes) : bytes)
  }

  /** raw.githubusercontent.com: the tree by commit, or by tag. */
  const sendFile = (response: ServerResponse, segments: readonly string[]): void => {
    const [owner = '', repository = '', ...rest] = segments
    const asked = rest[0] === 'refs' && rest[1] === 'tags' ? rest.slice(2) : rest
    const entry = find(owner, repository, (release) => release.commit === asked[0] || release.tag === asked[0])
    const bytes = entry?.files.get(asked.slice(1).join('/'))
    if (bytes === undefined) {
      sendText(response, 404, '404: Not Found')
      return
    }
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    send(response, bytes)
  }

  const server = createServer(
    { cert: options.certificate.certPem, key: options.certificate.keyPem },
    (request, response) => {
      const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
      const url = URL.parse(request.url ?? '/', `https://${host}`)
      const segments = (url?.pathname ?? '')
        .split('/')
        .filter((part) => part !== '')
        .map(decoded)
      response.once('finish', () =>
        requests.push(`${request.method} https://${host}${url?.pathname ?? ''} ${response.statusCode}`),
      )
      if (host === 'api.github.com' && url !== null) {
        sendApi(request, response, url, segments).catch(() => response.destroy())
        return
      }
      if (request.method !== 'GET') return sendText(response, 405, 'Method Not Allowed')
      switch (host) {
        case 'github.com':
          return redirectDownload(response, segments)
        case 'release-assets.githubusercontent.com':
          return sendAsset(response, segments)
        case 'raw.githubusercontent.com':
          return sendFile(response, segments)
        case toolkitSite: {
          const text = toolkitRepository(url?.pathname ?? '', options.faults)
          return text === undefined ? sendText(response, 404, 'Not Found') : send(response, Buffer.from(text))
        }
        default:
          return sendText(response, 421, 'Misdirected Request')
      }
    },
  )
  const close = closing(server)
  server.on('tlsClientError', () => {})
  server.listen(options.listen?.port ?? 0, options.listen?.host ?? '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    issues,
    workflows,
    tokens,
    troubles,
    close,
  }
}

function send(response: ServerResponse, bytes: Buffer): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/octet-stream')
  response.writeHead(200, { 'Content-Length': String(bytes.length) })
  response.end(bytes)
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
