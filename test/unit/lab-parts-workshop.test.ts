import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mirrorFrom, releaseFrom } from '../../lab/parts/debian.ts'
import { makeImages } from '../../lab/parts/images.ts'
import { lock } from '../../lab/parts/lock.ts'
import { partsMissing } from '../../lab/parts/missing.ts'
import { buildEnvironment, openWorkshop } from '../../lab/parts/workshop.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-workshop-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const script = (text: string) => ({ program: 'sh', arguments: ['-c', text] })

describe('a program that makes a part', () => {
  it('is quoted when it fails: the part, the command, its last lines and where all of them are', async () => {
    const log = join(folder, 'logs', 'tool.log')
    const workshop = await openWorkshop('tool', log)
    const text = await workshop.run(script('for i in $(seq 30); do echo "line $i" >&2; done; exit 3')).then(
      () => 'no failure',
      (error: Error) => error.message,
    )
    await workshop.close()
    expect(text).toMatch(/^tool: sh ended with 3\n {2}command {2}sh -c for i/)
    expect(text).toContain(`log      ${log}`)
    expect(text).toContain('\nline 11\nline 12\n')
    expect(text).toMatch(/\nline 30$/)
    expect(text).not.toContain('line 10\n')
    expect(readFileSync(log, 'utf8')).toContain('line 1\n')
  })

  it('that only fetches tells what cannot be had; one that builds tells what is broken', async () => {
    const workshop = await openWorkshop('part', join(folder, 'part.log'))
    const failing = { program: 'sh', arguments: ['-c', 'exit 1'] }
    await expect(workshop.run({ ...failing, isFetch: true })).rejects.toMatchObject({ isUnavailable: true })
    await expect(workshop.run(failing)).rejects.toMatchObject({ isUnavailable: false })
    await workshop.close()
  })

  it('is named when it is not there', async () => {
    const workshop = await openWorkshop('tool', join(folder, 'log'))
    await expect(workshop.run({ program: 'no-such-program', arguments: [] })).rejects.toThrow(
      'tool: no-such-program could not be started',
    )
    await workshop.close()
  })

  it('ends with everything it started', async () => {
    const stop = new AbortController()
    const workshop = await openWorkshop('tool', join(folder, 'log'), stop.signal)
    // The shell would end alone: sleep holds its output open, and the run only ends when nobody does.
    const running = workshop.run(script(`sleep 1000 & echo up >"${folder}/up"; wait`))
    const ended = expect(running).rejects.toThrow('tool: stopped')
    while (!existsSync(join(folder, 'up'))) await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new Error('cancelled'))
    await ended
    await workshop.close()
  })

  it('ends with a lab that is killed', async () => {
    const file = join(folder, 'held')
    const module = pathToFileURL(join(import.meta.dirname, '../../lab/parts/workshop.js')).href
    const code = [
      'const { openWorkshop } = await import(process.argv[1])',
      "const workshop = await openWorkshop('tool', process.argv[2] + '.log')",
      "const hold = ['--no-fork', process.argv[2], 'sh', '-c', 'echo held >HELD; exec sleep 1000']",
      "await workshop.run({ program: 'flock', arguments: hold })",
    ]
    // The program says through a named pipe that it holds the file.
    const held = join(folder, 'fifo')
    execFileSync('mkfifo', [held])
    const script = code.join('\n').replace('HELD', held)
    const lab = spawn(process.execPath, ['--input-type=module', '--eval', script, module, file], { stdio: 'inherit' })
    expect(await readFile(held, 'utf8')).toBe('held\n')
    lab.kill('SIGKILL')
    // Only given when nobody holds it any more.
    await (await lock(file, { waiting() {} }))()
  })

  it('knows the registries of this machine and none of its secrets', () => {
    const environment = buildEnvironment({
      PATH: '/bin',
      HOME: '/root',
      GOPROXY: 'off',
      PIP_INDEX_URL: 'http://127.0.0.1/simple',
      https_proxy: 'http://127.0.0.1:3128',
      GOOGLE_APPLICATION_CREDENTIALS: '/secret.json',
      GITHUB_TOKEN: 'secret',
      PYTHONPATH: '/elsewhere',
      LD_PRELOAD: '/elsewhere.so',
    })
    expect(environment).toEqual({
      PATH: '/bin:/usr/sbin:/sbin',
      HOME: '/root',
      GOPROXY: 'off',
      PIP_INDEX_URL: 'http://127.0.0.1/simple',
      https_proxy: 'http://127.0.0.1:3128',
      LC_ALL: 'C.UTF-8',
      DEBIAN_FRONTEND: 'noninteractive',
    })
  })
})

describe('the machine below the lab', () => {
  it('gives its own release to the hosts when it is a Debian, and a known one otherwise', () => {
    expect(releaseFrom('ID=debian\nVERSION_CODENAME=trixie\n')).toEqual({ codename: 'trixie', isOwn: true })
    expect(releaseFrom('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n')).toEqual({
      codename: 'bookworm',
      isOwn: false,
    })
    expect(releaseFrom('ID=debian\n')).toEqual({ codename: 'bookworm', isOwn: false })
    expect(releaseFrom('ID="debian"\nVERSION_CODENAME="--foreign"\n')).toEqual({ codename: 'bookworm', isOwn: false })
  })

  it('gives the mirror that apt is configured with, also before its first update', () => {
    const security = 'http://127.0.0.1/security bookworm-security bookworm-security'
    expect(mirrorFrom(`${security}\nhttp://127.0.0.1/debian bookworm bookworm\n`, 'bookworm')).toBe(
      'http://127.0.0.1/debian',
    )
    expect(mirrorFrom('http://127.0.0.1/debian  bookworm\n', 'bookworm')).toBe('http://127.0.0.1/debian')
    expect(mirrorFrom('http://127.0.0.1/debian bookworm stable\n', 'bookworm')).toBe('http://127.0.0.1/debian')
    expect(mirrorFrom(`${security}\ncdrom:[x]/ bookworm bookworm\n`, 'bookworm')).toBeUndefined()
    expect(mirrorFrom('http://127.0.0.1/ubuntu noble noble\n', 'bookworm')).toBeUndefined()
  })

  it('is told what it lacks, and by which package', () => {
    const missing = partsMissing({ PATH: folder })
    expect(missing).toContain('go (Debian package golang-go, 1.24 or newer)')
    // A folder of that name is no program, and neither is a file that nobody may run.
    mkdirSync(join(folder, 'go'))
    writeFileSync(join(folder, 'tar'), '', { mode: 0o644 })
    expect(partsMissing({ PATH: folder })).toEqual(missing)
    expect(partsMissing({ PATH: `relative:${join(folder, '..')}` })).toEqual(missing)
  })
})

describe('images of the lab', () => {
  it('are the same bytes whenever they are made from the same program', async () => {
    const workshop = await openWorkshop('images', join(folder, 'log'))
    const source = (name: string): string => join(import.meta.dirname, '../../../lab/parts', name)
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\nprintf "%s\\n" busybox sh wget\n', { mode: 0o755 })
    const archives: Buffer[] = []
    for (const _ of [1, 2]) {
      await makeImages(workshop, program, source('pause.sh'), folder)
      archives.push(readFileSync(join(folder, 'pause.tar')), readFileSync(join(folder, 'busybox.tar')))
    }
    expect(archives[0]?.equals(archives[2] ?? Buffer.alloc(0))).toBe(true)
    expect(archives[1]?.equals(archives[3] ?? Buffer.alloc(0))).toBe(true)
    const inside = async (name: string, archive: string) =>
      JSON.parse(await workshop.run({ program: 'tar', arguments: ['-xOf', join(folder, archive), name] }))
    const [image] = await inside('./manifest.json', 'pause.tar')
    expect(image.RepoTags).toEqual(['docker.io/rancher/mirrored-pause:3.6'])
    const config = await inside(`./${image.Config}`, 'pause.tar')
    expect(config.config.Entrypoint).toEqual(['/pause'])
    expect(config.rootfs.diff_ids).toEqual([`sha256:${image.Layers[0].replace('.tar', '')}`])
    await workshop.close()
  })
})
