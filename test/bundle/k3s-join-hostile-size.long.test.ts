/** Endless lines and endless answers, through the committed bundle: memory stays bounded, and the run ends in seconds with its reason. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import type { Press } from '../../rehearsal/press.ts'
import { type Door, doors } from './door.ts'
import { expectHarmless, precede } from './hostile.ts'
import { type HostileServer, httpsServer, ledTo } from './hostile-servers.ts'

jest.setTimeout(150_000)
const opened = doors()
const servers: HostileServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const megabyte = 1024 * 1024
/** A whole join takes some 150 MB; what is collected of a host is at most 32 MiB, once as bytes and once as text. */
const mostMemory = 450 * megabyte

/** Presses, and looks at the most memory that the bundle ever had, and at its time. */
async function pressed(
  door: Door,
  inputs: Readonly<Record<string, string>> = {},
  more: Parameters<Door['start']>[3] = {},
): Promise<Press> {
  const file = join(door.folder, 'memory')
  const hook = `import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)))`
  const startedAt = performance.now()
  const press = await door.press(inputs, {
    ...more,
    wrap: ([node = '', ...rest]) => [node, '--import', `data:text/javascript,${encodeURIComponent(hook)}`, ...rest],
  })
  expect(performance.now() - startedAt).toBeLessThan(90_000)
  // In kilobytes, as getrusage has it.
  expect(Number(readFileSync(file, 'utf8')) * 1024).toBeLessThan(mostMemory)
  return press
}

const tooMuch = { exitCode: 1, result: 'failed', code: 'output-too-large' }
/** Ten million letters on one line. */
const longLine = "/usr/bin/head -c 10000000 /dev/zero | /usr/bin/tr '\\0' x; echo"

describe('a host that prints', () => {
  it.each([
    ['a line without end', "/usr/bin/tr '\\0' x </dev/zero"],
    ['lines without end', 'while :; do echo "::set-output name=result::joined"; done'],
    ['NUL without end, where errors belong', '/bin/cat /dev/zero >&2'],
  ])('%s is given up', async (_story, shell) => {
    const door = await opened()
    precede(door.world, 'sh', shell)
    expectHarmless(door, await pressed(door), tooMuch)
  })

  it('ten megabytes on one line before its answer is given up, too', async () => {
    const door = await opened()
    precede(door.world, 'sh', longLine)
    expectHarmless(door, await pressed(door), tooMuch)
  })

  it('ten megabytes where errors belong is heard out', async () => {
    const door = await opened()
    precede(door.world, 'dd', `if [ "$1" != bs=1 ]; then { ${longLine}; } >&2; fi`)
    expectHarmless(door, await pressed(door), { exitCode: 0, result: 'joined' })
  })
})

describe('ten megabytes on one line', () => {
  it('of a file are a fact that is cut, and no reason not to join', async () => {
    const door = await opened()
    const release = `ID=ubuntu\nVERSION_ID="22.04"\nPRETTY_NAME="${'x'.repeat(10 * megabyte)}"\n`
    writeFileSync(join(door.world.calypso.root, 'etc/os-release'), release)
    // A dry run, because the API server takes no Node of that size from the embedded kubelet.
    const press = await pressed(door, { 'dry-run': 'true' })
    expectHarmless(door, press, { exitCode: 0, result: 'planned' })
    expect(press.summary.length).toBeLessThan(256 * 1024)
  })

  it('of a journal are a line that is cut, and no reason to fail a good start', async () => {
    const door = await opened()
    precede(door.world, 'journalctl', longLine)
    expectHarmless(door, await pressed(door), { exitCode: 0, result: 'joined' })
  })
})

describe('a journal without end', () => {
  it('neither fills the memory nor fails a good start', async () => {
    const door = await opened()
    const line = 'E1121 08:00:08.000001 412 kubelet.go:3002] again and again and again'
    precede(door.world, 'journalctl', `while :; do echo "${line}"; done`)
    expectHarmless(door, await pressed(door), { exitCode: 0, result: 'joined' })
  })
})

describe('an API server', () => {
  it('whose answer never ends is given up', async () => {
    const door = await opened()
    const chunk = Buffer.alloc(megabyte, 'x')
    const server = await httpsServer(door.world, ['157.173.210.123'], (_request, response) => {
      // Whoever has had enough closes.
      response.on('error', () => undefined)
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const more = (): void => {
        while (response.writable && response.write(chunk));
        response.once('drain', more)
      }
      more()
    })
    servers.push(server)
    const endpoints = ledTo(door.world, { host: '157.173.210.123', port: 6443 }, server.port)
    expectHarmless(door, await pressed(door, {}, { endpoints }), { exitCode: 1, result: 'failed', code: 'api-failed' })
  })
})
