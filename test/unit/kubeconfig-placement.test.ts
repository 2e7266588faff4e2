import { spawn } from 'node:child_process'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  newNonce,
  type Placement,
  placementOf,
  releasePlacement,
  sentinelPath,
  slugOf,
  sweepPlacements,
} from '../../src/kubeconfig/index.ts'
import { identify, type ProcessIdentity } from '../../src/ownership/index.ts'

const slug = slugOf(['ryan-taylor', 'default', 'oceanid-cluster'], 'ryan-taylor/default/oceanid-cluster admin')
const alive = identify(process.ppid) as ProcessIdentity
const dead: ProcessIdentity = { ...alive, started: `${alive.started}0` }
const noTunnel = async (): Promise<void> => undefined
let temporaryDirectory = ''

beforeEach(async () => {
  temporaryDirectory = await mkdtemp(join(tmpdir(), 'placement-'))
})
afterEach(async () => {
  await rm(temporaryDirectory, { recursive: true, force: true })
})

interface Job extends Placement {
  readonly nonce: string
}

async function job(owner: ProcessIdentity | undefined = alive, label = 'run 41'): Promise<Job> {
  const nonce = newNonce()
  const placement = await placementOf({ temporaryDirectory, slug, nonce, label, owner })
  return { ...placement, nonce }
}

const release = (nonce: string, name = slug): ReturnType<typeof releasePlacement> =>
  releasePlacement({ temporaryDirectory, slug: name, nonce, label: 'post', beforeRemoval: async () => undefined })

async function everything(): Promise<string[]> {
  return (await readdir(temporaryDirectory, { recursive: true })).sort()
}

const modeOf = async (path: string): Promise<number> => (await lstat(path)).mode & 0o777

describe('placing a kubeconfig', () => {
  it('writes it for this user alone, at a path that is the same in every run', async () => {
    const before = process.umask(0)
    try {
      const first = await job()
      expect(await everything()).toEqual([])
      await first.claim()
      const path = await first.place('one\n')
      const key = await first.placeFile('ssh-private-key', '-----BEGIN\nkey\n-----END\n\n')
      expect(path).toBe(join(temporaryDirectory, 'k3s-gpu-actions-private', slug, 'kubeconfig'))
      expect(await readFile(path, 'utf8')).toBe('one\n')
      expect(await readFile(key, 'utf8')).toBe('-----BEGIN\nkey\n-----END\n\n')
      for (const file of [path, key, join(first.folder, `claim-${first.nonce}.json`)])
        expect(await modeOf(file)).toBe(0o600)
      for (const folder of [first.folder, join(first.folder, '..'), join(first.folder, 'files')])
        expect(await modeOf(folder)).toBe(0o700)
      const second = await job()
      await second.claim()
      expect(await second.place('two\n')).toBe(path)
      expect(await readFile(path, 'utf8')).toBe('two\n')
    } finally {
      process.umask(before)
    }
  })

  it('leaves nothing after post, and post may run twice, or without a main', async () => {
    const one = await job()
    await one.claim()
    await one.place('text')
    await one.placeFile('a', 'x')
    const { removed, heldBy, left } = await release(one.nonce)
    expect([...removed].sort()).toEqual([
      join(one.folder, `claim-${one.nonce}.json`),
      join(one.folder, 'files', 'a'),
      one.kubeconfigPath,
    ])
    expect([heldBy, left]).toEqual([[], []])
    expect(await everything()).toEqual([])
    expect(await release(one.nonce)).toEqual({ removed: [], heldBy: [], left: [] })
    expect(await release(newNonce())).toEqual({ removed: [], heldBy: [], left: [] })
  })

  it('keeps what another living job needs, whoever ends first', async () => {
    const [one, other] = [await job(alive, 'run 41'), await job(alive, 'run 42')]
    for (const each of [one, other]) {
      await each.claim()
      await each.place('text')
      await each.placeFile('shared', 'x')
    }
    await one.placeFile('mine', 'x')
    const { heldBy, removed } = await release(one.nonce)
    expect(heldBy).toEqual(['run 42'])
    expect(removed).toContain(join(one.folder, 'files', 'mine'))
    expect(await readdir(join(one.folder, 'files'))).toEqual(['shared'])
    expect(await readFile(other.kubeconfigPath, 'utf8')).toBe('text')
    await release(other.nonce)
    expect(await everything()).toEqual([])
  })

  it('is not held by jobs that died', async () => {
    const crashed = await job(dead)
    await crashed.claim()
    await crashed.placeFile('old', 'x')
    const one = await job()
    await one.claim()
    await one.place('text')
    expect((await release(one.nonce)).heldBy).toEqual([])
    expect(await everything()).toEqual([])
  })

  it('removes nothing that it did not record', async () => {
    const one = await job()
    await one.claim()
    await one.place('text')
    const foreign = join(one.folder, 'notes.txt')
    await writeFile(foreign, 'of somebody')
    expect((await release(one.nonce)).left).toEqual([foreign])
    expect(await readFile(foreign, 'utf8')).toBe('of somebody')
  })

  it.each([
    ['..', '0123456789abcdef'],
    ['../../etc', '0123456789abcdef'],
    [`../x-01234567`, '0123456789abcdef'],
    [slug, '../../x'],
    [slug, ''],
    ['', ''],
  ])('removes and makes nothing for a forged state: %j %j', async (name, nonce) => {
    const attempt = release(nonce, name)
    await expect(attempt).rejects.toMatchObject({ code: 'kubeconfig-not-placed' })
    const request = { temporaryDirectory, slug: name, nonce, label: 'x', owner: alive }
    await expect(placementOf(request)).rejects.toMatchObject({ code: 'kubeconfig-not-placed' })
  })

  it.each(['../x', 'a/b', '', '.hidden', '..', 'x'.repeat(65), 'a\nb'])('places no file %j', async (name) => {
    const one = await job()
    await one.claim()
    await expect(one.placeFile(name, 'x')).rejects.toMatchObject({ code: 'kubeconfig-not-placed' })
    expect(await everything()).toHaveLength(3)
  })
})

describe('a folder that somebody else prepared', () => {
  const root = (): string => join(temporaryDirectory, 'k3s-gpu-actions-private')

  it('is not used when it is a link', async () => {
    const elsewhere = join(temporaryDirectory, 'elsewhere')
    await mkdir(elsewhere)
    await symlink(elsewhere, root())
    await expect((await job()).claim()).rejects.toMatchObject({ code: 'kubeconfig-not-placed', cause: 'it is a link' })
    await rm(root())
    await mkdir(root(), { mode: 0o700 })
    await symlink(elsewhere, join(root(), slug))
    await expect((await job()).claim()).rejects.toMatchObject({ cause: 'it is a link' })
    expect(await readdir(elsewhere)).toEqual([])
  })

  it('is not used when others may write into it, and is closed when they may look', async () => {
    await mkdir(root())
    await chmod(root(), 0o777)
    await expect((await job()).claim()).rejects.toMatchObject({ cause: 'others may write into it' })
    await chmod(root(), 0o755)
    await (await job()).claim()
    expect(await modeOf(root())).toBe(0o700)
  })

  it('gets the kubeconfig in place of a link, and what the link leads to stays as it is', async () => {
    const target = join(temporaryDirectory, 'target')
    await writeFile(target, 'of somebody')
    const one = await job()
    await one.claim()
    await symlink(target, one.kubeconfigPath)
    await one.place('text')
    expect((await lstat(one.kubeconfigPath)).isFile()).toBe(true)
    expect(await readFile(target, 'utf8')).toBe('of somebody')
    await rm(one.kubeconfigPath)
    await symlink(target, one.kubeconfigPath)
    await release(one.nonce)
    expect(await readFile(target, 'utf8')).toBe('of somebody')
    expect(await everything()).toEqual(['target'])
  })
})

describe('the sweep at the start of a run', () => {
  it('removes what dead jobs left, ends their tunnels first, and touches nothing that lives', async () => {
    const crashed = await job(dead)
    await crashed.claim()
    await crashed.place('text')
    await crashed.placeFile('key', 'x')
    await writeFile(join(crashed.folder, `.kubeconfig.${crashed.nonce}.new`), 'half of i')
    await writeFile(join(crashed.folder, 'tunnel.log'), 'x')
    const other = slugOf(['a', 'b'], 'other')
    const living = await placementOf({
      temporaryDirectory,
      slug: other,
      nonce: newNonce(),
      label: 'run 42',
      owner: alive,
    })
    await living.claim()
    await living.place('text')
    await writeFile(join(temporaryDirectory, 'k3s-gpu-actions-private', 'foreign'), 'x')
    const tunnels: string[] = []
    const end = async (folder: string): Promise<void> => {
      expect((await stat(join(folder, 'kubeconfig'))).isFile()).toBe(true)
      tunnels.push(folder)
    }
    expect(await sweepPlacements(temporaryDirectory, end)).toEqual({ swept: [crashed.folder], failed: [] })
    expect(tunnels).toEqual([crashed.folder])
    const root = join(temporaryDirectory, 'k3s-gpu-actions-private')
    expect((await readdir(root)).sort()).toEqual([other, 'foreign'].sort())
    expect(await readFile(living.kubeconfigPath, 'utf8')).toBe('text')
  })

  it('does nothing where there is nothing, or where the folder is a link', async () => {
    expect(await sweepPlacements(temporaryDirectory, noTunnel)).toEqual({ swept: [], failed: [] })
    const elsewhere = join(temporaryDirectory, 'elsewhere', slug)
    await mkdir(elsewhere, { recursive: true })
    await symlink(join(temporaryDirectory, 'elsewhere'), join(temporaryDirectory, 'k3s-gpu-actions-private'))
    expect(await sweepPlacements(temporaryDirectory, noTunnel)).toEqual({ swept: [], failed: [] })
    expect((await stat(elsewhere)).isDirectory()).toBe(true)
  })

  it('removes links in a dead folder, not what they lead to', async () => {
    const crashed = await job(dead)
    await crashed.claim()
    const target = join(temporaryDirectory, 'target')
    await mkdir(target)
    await writeFile(join(target, 'file'), 'x')
    await symlink(target, join(crashed.folder, 'files'))
    await sweepPlacements(temporaryDirectory, noTunnel)
    expect(await everything()).toEqual(['target', 'target/file'])
  })

  it('goes on when one tunnel cannot be ended, and says so', async () => {
    const crashed = await job(dead)
    await crashed.claim()
    const { swept, failed } = await sweepPlacements(temporaryDirectory, async () => {
      throw new Error('it resists')
    })
    expect(swept).toEqual([])
    expect(failed).toEqual([{ folder: crashed.folder, cause: 'Error: it resists' }])
    expect((await stat(crashed.folder)).isDirectory()).toBe(true)
  })

  it('keeps the claim of a job whose process cannot be told, until no job can be that old', async () => {
    const one = await job(undefined)
    const nobody = await placementOf({ temporaryDirectory, slug, nonce: one.nonce, label: 'x', owner: undefined })
    await nobody.claim()
    expect((await sweepPlacements(temporaryDirectory, noTunnel)).swept).toEqual([])
    const path = join(nobody.folder, `claim-${one.nonce}.json`)
    const claim = JSON.parse(await readFile(path, 'utf8')) as object
    await writeFile(path, JSON.stringify({ ...claim, at: new Date(Date.now() - 6 * 24 * 3600_000).toISOString() }))
    expect((await sweepPlacements(temporaryDirectory, noTunnel)).swept).toEqual([nobody.folder])
  })

  it.each([
    ['half a claim', '{"schema":"k3s-gpu'],
    ['a claim of nothing', 'null'],
    ['a claim with another nonce', '{"schema":"k3s-gpu-actions/claim/v1","nonce":"x","files":[],"at":"2026-01-01"}'],
    ['a claim that leads elsewhere', 'ELSEWHERE'],
  ])('is not misled by %s', async (_, text) => {
    const one = await job(dead)
    await one.claim()
    const target = join(temporaryDirectory, 'target')
    await writeFile(target, 'x')
    const path = join(one.folder, `claim-${one.nonce}.json`)
    const claim = JSON.parse(await readFile(path, 'utf8')) as object
    const elsewhere = JSON.stringify({ ...claim, files: ['../../../target', target] })
    await writeFile(path, text === 'ELSEWHERE' ? elsewhere : text)
    expect((await sweepPlacements(temporaryDirectory, noTunnel)).swept).toEqual([one.folder])
    expect(await everything()).toEqual(['target'])
  })

  it('does not wait for a pipe that lies there as a claim', async () => {
    const one = await job(dead)
    await one.claim()
    const pipe = spawn('mkfifo', [join(one.folder, 'claim-0123456789abcdef.json')])
    await new Promise((resolve) => pipe.once('close', resolve))
    expect((await sweepPlacements(temporaryDirectory, noTunnel)).swept).toEqual([one.folder])
  })
})

describe('jobs that come and go at once', () => {
  it('never find their kubeconfig gone while they need it', async () => {
    const lost: string[] = []
    const live = async (label: string): Promise<void> => {
      for (let round = 0; round < 12; round++) {
        const one = await job(alive, label)
        await one.claim()
        await one.place(label)
        await one.placeFile('shared', label)
        for (let look = 0; look < 3; look++) {
          await stat(one.kubeconfigPath).catch(() => lost.push(`${label} ${round} kubeconfig`))
          await stat(join(one.folder, 'files', 'shared')).catch(() => lost.push(`${label} ${round} file`))
        }
        await release(one.nonce)
        if (round % 4 === 0) await sweepPlacements(temporaryDirectory, noTunnel)
      }
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(live))
    expect(lost).toEqual([])
    await sweepPlacements(temporaryDirectory, noTunnel)
    expect(await everything()).toEqual([])
  })

  it('do not lose what they place while another one is taking back much', async () => {
    for (let round = 0; round < 8; round++) {
      const [one, other] = [await job(), await job()]
      await one.claim()
      await one.place('old')
      for (let file = 0; file < 12; file++) await one.placeFile(`file-${file}`, 'x')
      const coming = async (): Promise<string> => {
        // In every round a little later.
        for (let turn = 0; turn < round * 4; turn++) await stat(temporaryDirectory)
        await other.claim()
        return await other.place('new')
      }
      const [path] = await Promise.all([coming(), release(one.nonce)])
      expect(await readFile(path, 'utf8')).toBe('new')
      expect(await readdir(other.folder)).toContain(`claim-${other.nonce}.json`)
      await release(other.nonce)
    }
  })

  it('wait for one that is just leaving, and for no dead one', async () => {
    const one = await job()
    await one.claim()
    const leaving = join(one.folder, 'leaving-0123456789abcdef.json')
    const record = (owner: ProcessIdentity): string =>
      JSON.stringify({
        schema: 'k3s-gpu-actions/claim/v1',
        nonce: '0123456789abcdef',
        label: 'post',
        owner,
        at: new Date().toISOString(),
        files: [],
      })
    await writeFile(leaving, record(dead))
    await (await job()).claim()
    await writeFile(leaving, record(alive))
    const events: string[] = []
    const waiter = await job()
    const waiting = waiter.claim().then(() => events.push('claimed'))
    const path = join(waiter.folder, `claim-${waiter.nonce}.json`)
    // Its claim is there; what it waits for after that takes no longer than these looks when there is nothing to wait for.
    for (let looks = 0; looks < 200; ) looks += (await stat(path).catch(() => undefined)) === undefined ? 0 : 1
    events.push('left')
    await rm(leaving)
    await waiting
    expect(events).toEqual(['left', 'claimed'])
  })
})

describe('names of places', () => {
  it('are readable, and differ for everything that differs', () => {
    expect(slug).toMatch(/^ryan-taylor-default-oceanid-cluster-[0-9a-f]{8}$/)
    const slugs = ['o/p/e admin', 'o/p/e read', 'o/p/e@1 admin'].map((exact) => slugOf(['o', 'p', 'e'], exact))
    expect(new Set(slugs).size).toBe(3)
    for (const words of [['../..', 'x'], ['Ü', ''], ['x'.repeat(300)], ['-', '.']]) {
      const name = slugOf(words, 'x')
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*-[0-9a-f]{8}$/)
      expect(name.length).toBeLessThan(140)
    }
  })

  it('never meet the one at which there is nothing', async () => {
    const path = sentinelPath(temporaryDirectory)
    const one = await job()
    await one.claim()
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(path.startsWith(join(one.folder, '..'))).toBe(true)
  })
})
