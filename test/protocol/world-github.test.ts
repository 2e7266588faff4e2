import { createHash } from 'node:crypto'
import { request } from 'node:https'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { FaultName, GithubWorld } from '../../rehearsal/contract.ts'
import { type GithubOptions, githubNames, startGithub } from '../../rehearsal/github/index.ts'

const authority = await createAuthority('rehearsal')
const worlds: GithubWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

const commit = createHash('sha1').update('a commit').digest('hex')
const programs = { k3s: Buffer.from('#!/bin/sh\necho amd64\n'), 'k3s-arm64': Buffer.from('#!/bin/sh\necho arm64\n') }
const installer = Buffer.from('#!/bin/sh\necho installer\n')

async function start(options: Partial<GithubOptions> = {}): Promise<GithubWorld> {
  const world = await startGithub({
    certificate: await authority.issue(githubNames),
    releases: [
      {
        owner: 'k3s-io',
        repository: 'k3s',
        tag: 'v1.33.4+k3s1',
        commit,
        assets: programs,
        files: { 'install.sh': installer },
      },
    ],
    faults: new Set<FaultName>(),
    ...options,
  })
  worlds.push(world)
  return world
}

interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** One request to a real URL, led to the world as the rehearsal's redirect does; certificates are verified. */
function get(world: GithubWorld, address: string, accept = '*/*'): Promise<Answer> {
  const url = new URL(address)
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: world.port,
      servername: url.hostname,
      ca: authority.certPem,
      path: url.pathname + url.search,
      headers: { Host: url.hostname, Accept: accept },
      agent: false as const,
    }
    request(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

async function download(world: GithubWorld, address: string): Promise<Answer> {
  const first = await get(world, address)
  return first.code === 302 ? get(world, String(first.headers.location)) : first
}

const json = (answer: Answer) => JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const releasePage = 'https://github.com/k3s-io/k3s/releases/download'

interface Asset {
  readonly name: string
  readonly size: number
  readonly digest: string | null
  readonly browser_download_url: string
}

describe('a release', () => {
  it.each(['v1.33.4+k3s1', 'v1.33.4%2Bk3s1'])(
    'is found by its tag, written %s, with digest and download address of every asset',
    async (tag) => {
      const world = await start()
      const answer = await get(world, `https://api.github.com/repos/k3s-io/k3s/releases/tags/${tag}`)
      expect(answer.code).toBe(200)
      expect(answer.headers).toMatchObject({
        'x-ratelimit-limit': '60',
        'x-ratelimit-remaining': '59',
        'x-ratelimit-resource': 'core',
      })
      const { tag_name, assets } = json(answer) as { tag_name: string; assets: Asset[] }
      expect(tag_name).toBe('v1.33.4+k3s1')
      expect(assets.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['k3s', 'k3s-arm64', 'sha256sum-amd64.txt', 'sha256sum-arm64.txt']),
      )
      const arm = assets.find(({ name }) => name === 'k3s-arm64')!
      expect(arm).toMatchObject({
        size: programs['k3s-arm64'].length,
        digest: `sha256:${sha256(programs['k3s-arm64'])}`,
      })
      expect(arm.browser_download_url).toBe(`${releasePage}/v1.33.4%2Bk3s1/k3s-arm64`)
      for (const asset of assets) {
        const { body } = await download(world, asset.browser_download_url)
        expect(`sha256:${sha256(body)}`).toBe(asset.digest)
      }
    },
  )

  it('downloads by way of the asset store', async () => {
    const world = await start()
    const first = await get(world, `${releasePage}/v1.33.4+k3s1/k3s`)
    expect(first.code).toBe(302)
    expect(first.headers.location).toMatch(
      /^https:\/\/release-assets\.githubusercontent\.com\/github-production-release-asset\//,
    )
    const second = await get(world, String(first.headers.location))
    expect(second.headers['content-type']).toBe('application/octet-stream')
    expect(second.body).toEqual(programs.k3s)
    expect(world.requests).toEqual([
      'GET https://github.com/k3s-io/k3s/releases/download/v1.33.4+k3s1/k3s 302',
      expect.stringMatching(/^GET https:\/\/release-assets\.githubusercontent\.com\/.* 200$/),
    ])
  })

  it('lists archives first and the program last in its checksum files, as sha256sum prints them', async () => {
    const world = await start()
    for (const [architecture, program] of [
      ['amd64', 'k3s'],
      ['arm64', 'k3s-arm64'],
    ] as const) {
      const { body } = await download(world, `${releasePage}/v1.33.4+k3s1/sha256sum-${architecture}.txt`)
      const lines = body.toString('utf8').trimEnd().split('\n')
      expect(lines.map((line) => line.split('  ')[1])).toEqual([
        `k3s-airgap-images-${architecture}.tar`,
        `k3s-airgap-images-${architecture}.tar.gz`,
        `k3s-airgap-images-${architecture}.tar.zst`,
        program,
      ])
      expect(lines.at(-1)).toBe(`${sha256(programs[program])}  ${program}`)
    }
  })

  it('may have no digests, as older ones', async () => {
    const answer = await get(
      await start({ hasDigests: false }),
      'https://api.github.com/repos/k3s-io/k3s/releases/tags/v1.33.4+k3s1',
    )
    const { assets } = json(answer) as { assets: Asset[] }
    expect(assets.every(({ digest }) => digest === null)).toBe(true)
  })

  it('fault checksum-mismatch: the program that arrives is not the one of checksum file and digest', async () => {
    const world = await start({ faults: new Set(['checksum-mismatch']) })
    const program = await download(world, `${releasePage}/v1.33.4+k3s1/k3s`)
    const { body } = await download(world, `${releasePage}/v1.33.4+k3s1/sha256sum-amd64.txt`)
    expect(program.body).toHaveLength(programs.k3s.length)
    expect(body.toString('utf8')).toContain(`${sha256(programs.k3s)}  k3s\n`)
    expect(body.toString('utf8')).not.toContain(sha256(program.body))
  })
})

describe('a commit', () => {
  it('is found by its tag, as object, as bare SHA and as git reference', async () => {
    const world = await start()
    const api = 'https://api.github.com/repos/k3s-io/k3s'
    expect(json(await get(world, `${api}/commits/v1.33.4%2Bk3s1`))).toMatchObject({ sha: commit })
    const bare = await get(world, `${api}/commits/v1.33.4+k3s1`, 'application/vnd.github.sha')
    expect(bare.body.toString('utf8')).toBe(commit)
    expect(json(await get(world, `${api}/git/ref/tags/v1.33.4%2Bk3s1`))).toMatchObject({
      object: { sha: commit, type: 'commit' },
    })
  })

  it('has the installer and its checksum', async () => {
    const world = await start()
    const raw = `https://raw.githubusercontent.com/k3s-io/k3s/${commit}`
    expect((await get(world, `${raw}/install.sh`)).body).toEqual(installer)
    expect((await get(world, `${raw}/install.sh.sha256sum`)).body.toString('utf8')).toBe(
      `${sha256(installer)}  install.sh\n`,
    )
  })
})

describe('what is not there', () => {
  it.each([
    ['https://api.github.com/repos/k3s-io/k3s/releases/tags/v9.9.9', 404, 'Not Found'],
    ['https://api.github.com/repos/k3s-io/other/releases/tags/v1.33.4+k3s1', 404, 'Not Found'],
    ['https://api.github.com/repos/k3s-io/k3s/commits/v9.9.9', 422, 'No commit found for SHA: v9.9.9'],
    ['https://api.github.com/user', 404, 'Not Found'],
    ['https://github.com/k3s-io/k3s/releases/download/v1.33.4+k3s1/k3s-riscv', 404, 'Not Found'],
    ['https://release-assets.githubusercontent.com/github-production-release-asset/1/2/k3s', 404, 'Not Found'],
    ['https://raw.githubusercontent.com/k3s-io/k3s/main/install.sh', 404, '404: Not Found'],
    ['https://raw.githubusercontent.com/k3s-io/k3s/%E0%A4%A/install.sh', 404, '404: Not Found'],
  ])('%s is answered with %i', async (address, code, text) => {
    const answer = await get(await start(), address)
    expect(answer.code).toBe(code)
    expect(answer.body.toString('utf8')).toContain(text)
  })

  it('is told from a used-up rate limit', async () => {
    const world = await start({ rateLimit: 1 })
    const address = 'https://api.github.com/repos/k3s-io/k3s/commits/v1.33.4+k3s1'
    expect((await get(world, address)).code).toBe(200)
    const second = await get(world, address)
    expect(second.code).toBe(403)
    expect(second.headers['x-ratelimit-remaining']).toBe('0')
    expect(json(second).message).toContain('API rate limit exceeded')
  })
})
