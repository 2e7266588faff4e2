import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const child = join(import.meta.dirname, 'runner-child.js')
let folder = ''
let server: Server | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-contract-'))
  for (const name of ['temp', 'cache', 'workspace']) mkdirSync(join(folder, name))
  for (const name of ['output', 'state', 'summary', 'env', 'path']) writeFileSync(join(folder, name), '')
})

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the child as the runner starts a step. Resolves when it ends; `onText` sees its output as it comes. */
function step(
  words: readonly string[],
  more: Record<string, string> = {},
  onText?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
) {
  const file = (name: string) => join(folder, name)
  const env = {
    PATH: process.env.PATH ?? '',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_WORKSPACE: file('workspace'),
    RUNNER_TEMP: file('temp'),
    RUNNER_TOOL_CACHE: file('cache'),
    GITHUB_RUN_NUMBER: '41',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    ...more,
  }
  return new Promise<{
    code: number | null
    stdout: string
    stderr: string
    told: unknown
    outputs: Map<string, string>
  }>((resolve, reject) => {
    const started = spawn(process.execPath, [child, ...words], { env, cwd: file('workspace') })
    let stdout = ''
    let stderr = ''
    started.stdout.on('data', (chunk) => {
      stdout += chunk
      onText?.(stdout, (signal) => started.kill(signal))
    })
    started.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    started.on('error', reject)
    started.on('close', (code) => {
      const outputs = keyValues(readFileSync(file('output'), 'utf8'))
      resolve({ code, stdout, stderr, outputs, told: JSON.parse(outputs.get('told') ?? 'null') })
    })
  })
}

/** GITHUB_OUTPUT and GITHUB_STATE: `name<<delimiter`, value lines, delimiter. */
function keyValues(text: string): Map<string, string> {
  const found = new Map<string, string>()
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[index] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, index + 1)
    found.set(name, lines.slice(index + 1, end).join('\n'))
    index = end
  }
  return found
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('under the runner’s contract', () => {
  it('reads inputs, masks before use, forgets secrets, and writes outputs, state and summary by file', async () => {
    const result = await step(['contract'], {
      'INPUT_SUDO-PASSWORD': '  correct horse ',
      'STATE_token-id': 'zzz',
      RUNNER_DEBUG: '1',
    })
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(result.told).toEqual({
      password: true,
      again: '',
      left: null,
      state: 'zzz',
      label: 'run 41 · started by the button',
      workspace: join(folder, 'workspace'),
      isDebug: true,
    })
    const lines = result.stdout.split('\n')
    expect(lines[0]).toBe('::add-mask::correct horse')
    expect(lines).toContain(`::add-mask::${Buffer.from('correct horse').toString('base64')}`)
    expect(result.outputs.get('plan')).toBe('first\n::set-output name=result::forged\nghadelimiter_x\nlast')
    expect([...result.outputs.keys()]).toEqual(['told', 'plan'])
    expect(keyValues(readFileSync(join(folder, 'state'), 'utf8')).get('token-id')).toBe('abc123')
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toBe('## ✅ fine\nmore\n')
  })

  it('prints no command but its own', async () => {
    const { stdout } = await step(['contract'], { 'INPUT_SUDO-PASSWORD': 'correct horse' })
    const commands = stdout.split('\n').filter((line) => /^\s*::/.test(line) && !line.startsWith('::add-mask::'))
    expect(commands).toEqual([
      '::debug::a',
      '::debug::· ::error::forged',
      '::group::Facts ::error::forged',
      '::endgroup::',
      '::error title=host.clock%2C now %3A%3Ax%3A%3A::4 min behind%250A::error::forged%0A· ::error::forged',
      '::warning title=host.gpu::busy',
    ])
    expect(stdout).not.toContain('##[')
    expect(stdout).not.toContain('\r')
  })

  it('masks a github-token that it was given, before anything else', async () => {
    const { stdout } = await step(['contract'], { 'INPUT_GITHUB-TOKEN': 'ghs_0123456789' })
    expect(stdout.startsWith('::add-mask::ghs_0123456789\n')).toBe(true)
  })
})

describe('annotations', () => {
  it('are ten at most; GitHub would drop the others, so they stand in the log', async () => {
    const { stdout } = await step(['annotations'], {})
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line.startsWith('::warning title=trouble'))).toHaveLength(10)
    expect(lines.filter((line) => line.startsWith('trouble '))).toEqual(['trouble 11: look', 'trouble 12: look'])
  })
})

describe('what was masked', () => {
  it('is redacted from texts, and from every line that is printed', async () => {
    const result = await step(['redact'], { 'INPUT_SUDO-PASSWORD': 'correct horse', RUNNER_DEBUG: '1' })
    expect(result.told).toEqual(['sudo said ***, token abcdef.***', '***'])
    const lines = result.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'))
    expect(lines).toHaveLength(6)
    for (const line of lines) expect(line).not.toMatch(/horse|0123456789/)
  })
})

describe('programs on the runner', () => {
  it('get their input, exactly the environment they were given, and print nothing', async () => {
    const result = await step(['exec', 'sh', '-c', 'cat; env; echo "::error::forged" >&2; exit 7'], {
      CHILD_INPUT: 'hello\n',
      'INPUT_SUDO-PASSWORD': 'correct horse',
      ACTIONS_RUNTIME_TOKEN: 'job-credential',
    })
    const told = result.told as { code: number; stdout: string; stderr: string }
    expect(told).toMatchObject({ code: 7, stderr: '::error::forged\n' })
    expect(told.stdout).toMatch(/^hello\n/)
    const names = told.stdout
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split('=')[0])
    // PWD, _ and the like are the shell's own.
    expect(names.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
      'ONLY',
      'PATH',
    ])
    expect(result.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('::debug::'))).toEqual([])
  })

  it('may end without reading their input, and only their exit code tells', async () => {
    const result = await step(['flood'])
    expect([result.code, result.stderr, result.told]).toEqual([0, '', { code: 3, stdout: '', stderr: '' }])
  })

  it('may print a line without an end: it is heard as it comes, and holds nobody up', async () => {
    const { told } = await step(['endless'])
    expect(told).toMatchObject({ code: 0, bytes: 60_000_000, isQuick: true, isSmall: true })
  }, 20_000)

  it('are told by name when they do not exist', async () => {
    const { told } = await step(['exec', 'no-such-program', 'x'])
    expect(told).toMatchObject({ code: 'program-not-found', remedy: expect.stringContaining('no-such-program') })
  })

  it('that a signal ended say so by their exit code', async () => {
    const { told } = await step(['exec', 'sh', '-c', 'kill -KILL $$'])
    expect(told).toMatchObject({ code: 137 })
  })

  it('are ended when the run is cancelled', async () => {
    let killed = false
    const result = await step(['cancel'], {}, (text, kill) => {
      if (!killed && text.includes('the program runs')) {
        killed = true
        kill('SIGINT')
      }
    })
    expect(result.stdout).toContain('aborted: cancelled by SIGINT')
    // 9 is what its own trap says: it was asked to end, not killed.
    expect(result.told).toMatchObject({ code: 9 })
  })
})

describe('releases of a public repository', () => {
  const commit = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d'
  const asset = (name: string, digest?: string) => ({
    name,
    size: 69,
    browser_download_url: `https://github.com/k3s-io/k3s/releases/download/x/${name}`,
    ...(digest ? { digest } : {}),
  })

  it('are read without a token: assets with digests where GitHub has one, and the commit of the tag', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      asked.push(`${decodeURIComponent(request.url ?? '')} ${request.headers.authorization ?? 'anonymous'}`)
      if (request.url?.includes('/releases/')) {
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify({ assets: [asset('k3s', 'sha256:abc'), asset('sha256sum-amd64.txt')] }))
      } else {
        response.setHeader('Content-Type', 'application/vnd.github.sha; charset=utf-8')
        response.end(commit)
      }
    })
    const { told } = await step(['release', 'v1.33.4+k3s1'], { GITHUB_API_URL: url })
    expect(told).toEqual({
      commit,
      assets: [
        { name: 'k3s', sizeBytes: 69, url: asset('k3s').browser_download_url, digest: 'sha256:abc' },
        { name: 'sha256sum-amd64.txt', sizeBytes: 69, url: asset('sha256sum-amd64.txt').browser_download_url },
      ],
    })
    expect(asked.sort()).toEqual([
      '/repos/k3s-io/k3s/commits/tags/v1.33.4+k3s1 anonymous',
      '/repos/k3s-io/k3s/releases/tags/v1.33.4+k3s1 anonymous',
    ])
  })

  const answering = (status: number, headers: Record<string, string> = {}) =>
    serve((_request, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(JSON.stringify({ message: 'GitHub says no' }))
    })

  it('use the token that was given', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.headers.authorization === 'token ghs_0123456789' ? 404 : 401, {
        'Content-Type': 'application/json',
      })
      response.end('{"message":"x"}')
    })
    const { told } = await step(['release', 'v0'], { GITHUB_API_URL: url, 'INPUT_GITHUB-TOKEN': 'ghs_0123456789' })
    expect(told).toMatchObject({ code: 'release-not-found' })
  })

  it('that do not exist are named', async () => {
    const { told } = await step(['release', 'v9.9.9'], { GITHUB_API_URL: await answering(404) })
    expect(told).toMatchObject({ code: 'release-not-found', message: 'release v9.9.9 of k3s-io/k3s does not exist' })
  })

  it('say until when the rate limit lasts, and how to raise it', async () => {
    const url = await answering(403, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1795248000' })
    const { told } = await step(['release', 'v1'], { GITHUB_API_URL: url })
    expect(told).toMatchObject({
      code: 'rate-limited',
      cause: 'the runner’s address, without a token, has no requests left until 2026-11-21T08:00:00.000Z',
      remedy: expect.stringContaining('github-token'),
    })
  })

  it('tell a refused token from a rate limit', async () => {
    const { told } = await step(['release', 'v1'], {
      GITHUB_API_URL: await answering(401),
      'INPUT_GITHUB-TOKEN': 'ghs_0123456789',
    })
    expect(told).toMatchObject({ code: 'github-refused', cause: 'the github-token is not valid' })
  })

  it('give up a GitHub that never finishes its answer', async () => {
    const url = await serve((_request, response) => response.writeHead(200).write('{'))
    const { told } = await step(['late', 'release', 'v1'], { GITHUB_API_URL: url })
    expect(told).toMatchObject({
      code: 'github-unreachable',
      message: 'release v1 of k3s-io/k3s could not be read: GitHub gave no answer',
      cause: expect.stringContaining('within 0.3 s'),
      remedy: expect.stringContaining('githubstatus'),
    })
  })

  it('tell when GitHub cannot be reached', async () => {
    const url = await answering(200)
    await new Promise((resolve) => server?.close(resolve))
    const { told } = await step(['release', 'v1'], { GITHUB_API_URL: url })
    expect(told).toMatchObject({ code: 'github-unreachable' })
  })
})

describe('downloads and the tool cache', () => {
  it('download into the temporary directory', async () => {
    const url = await serve((_request, response) => response.end('content'))
    const { told } = await step(['download', `${url}/k3s`])
    expect(String(told).startsWith(join(folder, 'temp', 'download-'))).toBe(true)
    expect(readFileSync(String(told), 'utf8')).toBe('content')
  })

  it('say at once that a file does not exist', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end())
    expect((await step(['download', `${url}/k3s`])).told).toMatchObject({
      code: 'download-failed',
      cause: 'the server answered 404',
    })
  })

  it('stop waiting for a server that never answers when the run is cancelled', async () => {
    const url = await serve(() => undefined)
    const result = await step(['download', `${url}/k3s`, 'aborted'])
    expect(result.told).toEqual({ message: expect.stringContaining('TimeoutError') })
  })

  it('give up a server that sends a byte now and then for ever, and say why and what to do', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect((await step(['late', 'download', `${url}/k3s`])).told).toMatchObject({
      code: 'download-failed',
      message: `${url}/k3s could not be downloaded to the runner`,
      cause: expect.stringContaining('not complete after 0.3 s'),
      remedy: expect.stringContaining('proxy'),
    })
  })

  it('keep one file per exact version, and find that file again', async () => {
    writeFileSync(join(folder, 'k3s-download'), 'binary')
    const { told } = await step(['cache', join(folder, 'k3s-download')])
    const path = join(folder, 'cache/k3s/1.33.4-k3s.1/amd64/k3s')
    expect(told).toEqual({ before: null, added: path, found: path, other: null })
    expect(readFileSync(path, 'utf8')).toBe('binary')
  })

  it('work without a tool cache', async () => {
    writeFileSync(join(folder, 'k3s-download'), 'binary')
    const file = join(folder, 'k3s-download')
    const { told } = await step(['cache', file], { RUNNER_TOOL_CACHE: '' })
    expect(told).toEqual({ before: null, added: file, found: null, other: null })
  })
})
