import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { defaultCache, durationText, keyOf, type Recipe, take } from '../../lab/parts/cache.ts'
import { isInUse } from '../../lab/parts/in-use.ts'
import { lock } from '../../lab/parts/lock.ts'

let cache: string
let lines: string[]
const progress = (text: string): void => {
  lines.push(text.replace(/built in .*/, 'built'))
}

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'lab parts '))
  lines = []
})
afterEach(() => rmSync(cache, { recursive: true, force: true }))

function recipe(from: string, make?: Recipe['make']): Recipe {
  return {
    part: 'tool',
    title: 'tool 1.0',
    from: [from],
    make: make ?? (async (_workshop, folder) => writeFile(join(folder, 'program'), from)),
  }
}

const shelf = (): readonly string[] => readdirSync(join(cache, 'tool')).filter((name) => name !== 'lock')

describe('a part of the lab', () => {
  it('is made once and then taken from the cache', async () => {
    const first = await take(recipe('source'), { cache, progress })
    const second = await take(
      recipe('source', () => Promise.reject(new Error('made again'))),
      { cache, progress },
    )
    expect(second).toBe(first)
    expect(readFileSync(join(first, 'program'), 'utf8')).toBe('source')
    expect(lines).toEqual(['tool 1.0 built', 'tool 1.0 from cache'])
  })

  it('is made anew from another source, and the old one is deleted', async () => {
    await take(recipe('old'), { cache, progress })
    const folder = await take(recipe('new'), { cache, progress })
    expect(shelf()).toEqual([keyOf(['new'])])
    expect(folder.endsWith(keyOf(['new']))).toBe(true)
  })

  it('keeps the old one while a running lab uses it', async () => {
    const old = await take(
      recipe('old', async (_workshop, folder) => {
        copyFileSync('/bin/cat', join(folder, 'program'))
        chmodSync(join(folder, 'program'), 0o755)
      }),
      { cache, progress },
    )
    const running = spawn(join(old, 'program'), { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      running.stdin.write('up\n')
      await once(running.stdout, 'data')
      await take(recipe('new'), { cache, progress })
      expect(existsSync(old)).toBe(true)
    } finally {
      running.kill()
      await once(running, 'close')
    }
    await take(recipe('newer'), { cache, progress })
    expect(shelf()).toEqual([keyOf(['newer'])])
  })

  it('leaves nothing behind when it cannot be made', async () => {
    const failing = recipe('source', async (_workshop, folder) => {
      await writeFile(join(folder, 'half'), 'half')
      throw new Error('no space left')
    })
    await expect(take(failing, { cache, progress })).rejects.toThrow('no space left')
    expect(shelf()).toEqual([])
    expect(lines).toEqual([])
  })

  it('is not taken from what a killed lab left, which is cleared away', async () => {
    mkdirSync(join(cache, 'tool', '.making-killed'), { recursive: true })
    writeFileSync(join(cache, 'tool', '.making-killed', 'program'), 'half')
    const folder = await take(recipe('source'), { cache, progress })
    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('source')
    expect(shelf()).toEqual([keyOf(['source'])])
  })

  it('is made by one of two labs that start together', async () => {
    let made = 0
    const slow = recipe('source', async (_workshop, folder) => {
      made += 1
      await writeFile(join(folder, 'program'), 'source')
    })
    const folders = await Promise.all([1, 2, 3].map(() => take(slow, { cache, progress })))
    expect(made).toBe(1)
    expect(new Set(folders).size).toBe(1)
    expect(lines.filter((line) => line === 'tool 1.0 from cache, made by another lab')).toHaveLength(2)
  })

  it('is given up within the moment when told to stop, with what it was doing', async () => {
    const stop = new AbortController()
    const endless = recipe('source', async (workshop) => {
      const running = workshop.run({ program: 'sleep', arguments: ['1000'] })
      stop.abort(new Error('cancelled'))
      await running
    })
    await expect(take(endless, { cache, progress, signal: stop.signal })).rejects.toThrow('tool: stopped')
    expect(shelf()).toEqual([])
  })

  it('is made anew when words moved between two sources', () => {
    expect(keyOf(['ab', 'c'])).not.toBe(keyOf(['a', 'bc']))
    expect(keyOf(['a', 'b'])).not.toBe(keyOf(['b', 'a']))
  })
})

describe('the lock of a part', () => {
  const waiting = (): void => {
    lines.push('waiting')
  }

  it('ends with a lab that is killed', async () => {
    const file = join(cache, 'lock')
    const module = pathToFileURL(join(import.meta.dirname, '../../lab/parts/lock.js')).href
    const script = `const { lock } = await import(process.argv[1]); await lock(process.argv[2], { waiting() {} }); console.log('held'); setInterval(() => {}, 1000)`
    const other: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', script, module, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (other.stdout === null) throw new Error('no output')
    await once(other.stdout, 'data')
    const taken = lock(file, { waiting })
    other.kill('SIGKILL')
    await (await taken)()
    expect(other.signalCode ?? 'SIGKILL').toBe('SIGKILL')
  })

  it('is not waited for by a lab that is told to stop', async () => {
    const file = join(cache, 'lock')
    const release = await lock(file, { waiting })
    const stop = new AbortController()
    const second = lock(file, { waiting, signal: stop.signal })
    stop.abort(new Error('cancelled'))
    await expect(second).rejects.toThrow('cancelled')
    await release()
    await (await lock(file, { waiting }))()
  })
})

describe('the cache', () => {
  it('is where the machine says', () => {
    expect(defaultCache({ LAB_CACHE: '/srv/lab', XDG_CACHE_HOME: '/srv/cache' })).toBe('/srv/lab')
    expect(defaultCache({ XDG_CACHE_HOME: '/srv/cache' })).toBe('/srv/cache/k3s-gpu-actions-lab')
    expect(defaultCache({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/k3s-gpu-actions-lab$/)
  })

  it('sees a folder that is a layer of a host, whatever its name', async () => {
    const folder = '/srv/lab cache/rootfs/1'
    mkdirSync(join(cache, '42'))
    writeFileSync(
      join(cache, '42', 'mountinfo'),
      '9 8 0:1 / / rw - overlay overlay rw,lowerdir=/srv/lab\\040cache/rootfs/1,upperdir=/x\n',
    )
    expect(await isInUse(folder, cache)).toBe(true)
    expect(await isInUse('/srv/lab cache/rootfs/2', cache)).toBe(false)
  })

  it('says how long a part took', () => {
    expect([400, 9_940, 52_000, 483_000].map(durationText)).toEqual(['0.4 s', '9.9 s', '52 s', '8 min 3 s'])
  })
})
