/** Tags and releases over the wire: what is asked of GitHub, and what its answers are made of. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openRepository } from '../../scripts/release/github.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly authorization: string | undefined
  readonly type: string | undefined
}
interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly never?: true
}

const token = 'ghs_thisIsTheTokenOfTheJob'
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}

/** A GitHub that gives the answers in their order. */
async function github(answers: readonly Answer[]) {
  const asked: Asked[] = []
  const rest = [...answers]
  server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const { authorization, 'content-type': type } = request.headers
      asked.push({ method: request.method ?? '', path: request.url ?? '', body, authorization, type })
      const { status = 200, body: content, headers = {}, never } = rest.shift() ?? { status: 500, body: 'unexpected' }
      if (never) return
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(status === 204 ? undefined : JSON.stringify(content))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { asked, address, repository: openRepository({ api: address, repository: 'o/r', token, limitMs: 500 }) }
}

const ref = (name: string, sha: string, type = 'commit') => ({ ref: `refs/${name}`, object: { type, sha } })
const release = (id: number, tag: string, draft: boolean, assets: unknown[] = []) => ({
  id,
  tag_name: tag,
  draft,
  html_url: `https://github.com/o/r/releases/tag/${tag}`,
  upload_url: `https://uploads.github.com/repos/o/r/releases/${id}/assets{?name,label}`,
  assets,
})

describe('GitHub', () => {
  it('is asked for one tag, and not taken in by one that only begins so', async () => {
    const { repository, asked } = await github([
      { body: [ref('tags/v1.1.0-rc.1', 'b'), ref('tags/v1.1.0', 'a')] },
      { body: [ref('tags/v1.1.0-rc.1', 'b')] },
    ])
    expect(await repository.commitOf('tags/v1.1.0')).toBe('a')
    expect(await repository.commitOf('tags/v1.1')).toBeUndefined()
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: '/repos/o/r/git/matching-refs/tags/v1.1.0',
      authorization: `Bearer ${token}`,
    })
  })

  it('has a tag with a note of its own, which is no tag of ours', async () => {
    const { repository } = await github([{ body: [ref('tags/v1', 'b', 'tag')] }])
    await expect(repository.commitOf('tags/v1')).rejects.toThrow('tags/v1 is an annotated tag')
  })

  it('makes a draft without naming a commit, and takes a file under the address that it gave', async () => {
    const { repository, asked, address } = await github([
      { status: 201, body: { ...release(5, 'v1.1.0', true), upload_url: '' } },
      { status: 201, body: { id: 9, name: 'SHA256SUMS', digest: 'sha256:00' } },
      { body: release(5, 'v1.1.0', false) },
    ])
    const draft = await repository.createDraft({ tag: 'v1.1.0', notes: '- "A" button', isPrerelease: false })
    const there = { ...draft, uploadUrl: `${address}/upload` } as typeof draft
    expect(await repository.attach(there, 'SHA256SUMS', Buffer.from('sums\n'))).toEqual({
      id: 9,
      name: 'SHA256SUMS',
      digest: 'sha256:00',
    })
    await repository.publish(there, { notes: '- "A" button', isLatest: true })
    expect(asked.map(({ method, path, type }) => [method, path, type])).toEqual([
      ['POST', '/repos/o/r/releases', 'application/json'],
      ['POST', '/upload?name=SHA256SUMS', 'application/octet-stream'],
      ['PATCH', '/repos/o/r/releases/5', 'application/json'],
    ])
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      tag_name: 'v1.1.0',
      name: 'v1.1.0',
      body: '- "A" button',
      draft: true,
      prerelease: false,
    })
    expect(asked[1]?.body).toBe('sums\n')
    expect(JSON.parse(asked[2]?.body ?? '')).toMatchObject({ draft: false, make_latest: 'true' })
  })

  it('lists drafts page by page, and the published release of a tag counts', async () => {
    const full = Array.from({ length: 100 }, (_, index) => release(index, `v0.0.${index}`, false))
    const { repository, asked } = await github([
      { body: [...full.slice(1), release(500, 'v1.1.0', true)] },
      { body: [release(501, 'v1.1.0', false, [{ id: 1, name: 'a', digest: null }])] },
    ])
    expect(await repository.releaseOf('v1.1.0')).toMatchObject({
      id: 501,
      isDraft: false,
      assets: [{ id: 1, name: 'a', digest: '' }],
    })
    expect(asked.map(({ path }) => path)).toEqual([
      '/repos/o/r/releases?per_page=100&page=1',
      '/repos/o/r/releases?per_page=100&page=2',
    ])
  })

  it('that refuses is quoted in one line, with what to do, and without the token', async () => {
    const { repository } = await github([
      { status: 403, body: { message: 'Resource not accessible by integration\n::error::forged' } },
    ])
    const refused = await repository.createTag('v1.1.0', 'a').catch((error: unknown) => String(error))
    expect(refused).toContain('(403)')
    expect(refused).toContain('contents: write')
    expect(refused).not.toContain('\n')
    expect(refused).not.toContain(token)
  })

  it('that says nothing, or sends elsewhere, ends the run', async () => {
    const { repository, asked } = await github([
      { never: true },
      { status: 302, headers: { location: '/elsewhere' }, body: {} },
      { body: [] },
    ])
    await expect(repository.tags()).rejects.toThrow('did not answer GET')
    await expect(repository.tags()).rejects.toThrow('could not be reached')
    expect(asked.map(({ path }) => path)).not.toContain('/elsewhere')
  })
})
