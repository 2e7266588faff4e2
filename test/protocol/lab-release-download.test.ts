/** A release of k3s, downloaded over loopback from a server that plays GitHub's names by the first part of the path. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { architecture, k3sVersion } from '../../lab/contract.ts'
import { takeK3s } from '../../lab/parts/k3s.ts'

const program = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(300_000, 'k3s')])
const installer = Buffer.from('#!/bin/sh\necho installs\n')
const commit = 'c0ffee12'.repeat(5)
const name = architecture === 'amd64' ? 'k3s' : `k3s-${architecture}`
const checksums = `sha256sum-${architecture}.txt`
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const pages = 'https://github.com/k3s-io/k3s/releases/download/tag'
const api = '/api.github.com/repos/k3s-io/k3s'
const raw = `/raw.githubusercontent.com/k3s-io/k3s/${commit}`

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const send =
  (body: string | Buffer, code = 200): Answer =>
  (_, response) =>
    response.writeHead(code).end(body)

let cache: string
let server: Server
let answers: Map<string, Answer>
let asked: string[]
let authorizations: Set<string>
let lines: string[]

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'lab-release-'))
  asked = []
  lines = []
  authorizations = new Set()
  const sums = Buffer.from(`${sha256(program)}  ${name}\n`)
  const asset = (file: string, bytes: Buffer) => ({
    name: file,
    browser_download_url: `${pages}/${file}`,
    size: bytes.length,
    digest: `sha256:${sha256(bytes)}`,
  })
  const release = { assets: [asset(name, program), asset(checksums, sums)] }
  answers = new Map<string, Answer>([
    [`${api}/releases/tags/${encodeURIComponent(k3sVersion)}`, send(JSON.stringify(release))],
    [`${api}/commits/${encodeURIComponent(`tags/${k3sVersion}`)}`, send(`${commit}\n`)],
    [`/github.com/k3s-io/k3s/releases/download/tag/${name}`, send(program)],
    [`/github.com/k3s-io/k3s/releases/download/tag/${checksums}`, send(sums)],
    [`${raw}/install.sh`, send(installer)],
    [`${raw}/install.sh.sha256sum`, send(`${sha256(installer)}  install.sh\n`)],
  ])
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    if (request.headers.authorization) authorizations.add(`${path.split('/')[1]} ${request.headers.authorization}`)
    ;(answers.get(path) ?? send('Not Found', 404))(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(cache, { recursive: true, force: true })
})

function taken(more: { readonly token?: string; readonly answerMs?: number; readonly signal?: AbortSignal } = {}) {
  const { port } = server.address() as AddressInfo
  const onLoopback: typeof fetch = (url, init) =>
    fetch(`http://127.0.0.1:${port}/${String(url).slice('https://'.length)}`, init)
  return takeK3s(
    { cache, progress: (text) => lines.push(text), ...(more.signal === undefined ? {} : { signal: more.signal }) },
    {
      token: more.token,
      fetch: onLoopback,
      limits: { answerMs: more.answerMs ?? 5_000, completeMs: 5_000, attempts: 3, pauseMs: 1 },
    },
  )
}

/** Nothing of a download that failed may be taken for a part later. */
const kept = (): readonly string[] => readdirSync(join(cache, 'k3s')).filter((entry) => entry !== 'lock')

describe('the released k3s', () => {
  it('is the published program and installer, with the commit of the tag; the second time it is not asked for', async () => {
    const part = await taken()
    if ('missing' in part) throw new Error(part.missing)
    expect(part).toMatchObject({ version: k3sVersion, commit })
    expect(sha256(readFileSync(part.program))).toBe(sha256(program))
    expect(statSync(part.program).mode & 0o777).toBe(0o755)
    expect(readFileSync(part.installer)).toEqual(installer)
    expect(readdirSync(join(part.program, '..')).sort()).toEqual(['commit', 'install.sh', 'k3s'])
    const before = asked.length
    expect(await taken()).toEqual(part)
    expect(asked).toHaveLength(before)
    expect(lines.at(-1)).toBe(`k3s ${k3sVersion} as released from cache`)
  })

  it('is asked for with the token at the API only', async () => {
    expect(await taken({ token: 'ghs_secret' })).not.toHaveProperty('missing')
    expect([...authorizations]).toEqual(['api.github.com Bearer ghs_secret'])
  })

  it('comes in spite of a server that fails for a moment, breaks off, or wants to be asked later', async () => {
    const path = `/github.com/k3s-io/k3s/releases/download/tag/${name}`
    const troubles: Answer[] = [
      send('later', 503),
      (_, response) => {
        response.writeHead(200, { 'Content-Length': program.length })
        response.write(program.subarray(0, 1000), () => response.destroy())
      },
    ]
    answers.set(path, (request, response) => (troubles.shift() ?? send(program))(request, response))
    expect(await taken()).not.toHaveProperty('missing')
    expect(asked.filter((one) => one === path)).toHaveLength(3)
  })
})

describe('a release that cannot be had is missing, with the reason in one line', () => {
  const missing = async (more: Parameters<typeof taken>[0] = {}): Promise<string> => {
    const part = await taken(more)
    if (!('missing' in part)) throw new Error('it was had')
    expect(part.missing).toMatch(/^the released k3s could not be had: [^\n]+$/)
    expect(kept()).toEqual([])
    return part.missing
  }

  it('because its program is not the published one', async () => {
    const other = Buffer.from(program)
    other[100] = 0
    answers.set(`/github.com/k3s-io/k3s/releases/download/tag/${name}`, send(other))
    expect(await missing()).toMatch(/is not what k3s published/)
  })

  it('because its checksum file says something else than GitHub', async () => {
    answers.set(`/github.com/k3s-io/k3s/releases/download/tag/${checksums}`, send(`${'0'.repeat(64)}  ${name}\n`))
    expect(await missing()).toMatch(/the checksum file of k3s .* is not what k3s published/)
  })

  it('because its installer is not the one of the commit', async () => {
    answers.set(`${raw}/install.sh`, send('#!/bin/sh\nrm -rf /\n'))
    expect(await missing()).toMatch(/the installer of k3s .* is not what k3s published/)
  })

  it('because there is no such release; it is asked for once', async () => {
    answers.clear()
    expect(await missing()).toMatch(/api\.github\.com answered 404$/)
    expect(asked.filter((path) => path.includes('/releases/tags/'))).toHaveLength(1)
  })

  it('because the requests of the hour are used up, which a token lifts', async () => {
    for (const path of answers.keys())
      if (path.startsWith(api))
        answers.set(path, (_, response) => response.writeHead(403, { 'x-ratelimit-remaining': '0' }).end())
    expect(await missing()).toMatch(/used up; GITHUB_TOKEN/)
  })

  it('because nobody answers in time', async () => {
    for (const path of answers.keys()) if (path.startsWith(api)) answers.set(path, () => undefined)
    expect(await missing({ answerMs: 50 })).toMatch(/api\.github\.com gave no answer within 0\.05 s \(3 attempts\)$/)
  })

  it('because nothing listens there', async () => {
    server.closeAllConnections()
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const part = await takeK3s(
      { cache, progress: () => undefined },
      {
        fetch: (_, init) => fetch(`http://127.0.0.1:${port}/`, init),
        limits: { answerMs: 1_000, completeMs: 1_000, attempts: 2, pauseMs: 1 },
      },
    )
    expect(part).toEqual({ missing: expect.stringContaining('ECONNREFUSED') })
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
})

it('a download that is told to stop is no missing part', async () => {
  const stop = new AbortController()
  answers.set(`/github.com/k3s-io/k3s/releases/download/tag/${name}`, () => stop.abort(new Error('ended by SIGINT')))
  await expect(taken({ signal: stop.signal })).rejects.toThrow('ended by SIGINT')
  expect(existsSync(join(cache, 'k3s'))).toBe(true)
  expect(kept()).toEqual([])
})
