import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readArguments, UsageError } from '../../lab/command-line/arguments.ts'
import { evidenceLines, progressLine, scenarioLines, totalLine } from '../../lab/command-line/lines.ts'
import { machineLacks } from '../../lab/command-line/needs.ts'
import { readLabState, startOf } from '../../lab/command-line/owner.ts'
import type { Parts } from '../../lab/contract.ts'
import { missingPart } from '../../lab/inside/standing.ts'

const folder = mkdtempSync(join(tmpdir(), 'lab-command-line-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const world = join(folder, 'world.ts')
writeFileSync(
  world,
  `const never = () => { throw new Error('something was started') }
export const scenarios = [{ name: 'join', shows: 'calypso joins, a pod runs', run: never }]
export const measurements = [{ name: 'measure', shows: 'how long', run: never }]
export const openLab = never
export const prepareParts = never
export const defaultCache = never
export const partsMissing = () => ['Go 1.24 or newer']
`,
)

/** The real command line, with a state folder of its own. */
function lab(...args: readonly string[]) {
  const state = join(folder, 'state')
  const ended = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '..', '..', '..', 'lab', 'main.ts'), ...args],
    { encoding: 'utf8', env: { PATH: process.env.PATH ?? '', LAB_STATE: state, LAB_WORLD: world } },
  )
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr, isWritten: existsSync(state) }
}

describe('a command line that is wrong', () => {
  it.each([
    [['statsu'], "There is no command 'statsu'. Did you mean 'status'?"],
    [['run', 'jion'], "There is no scenario 'jion'. Did you mean 'join'?"],
    [['run'], "'run' needs the name of a scenario; 'list' shows them."],
    [['shell', 'calipso'], "There is no host 'calipso'. Did you mean 'calypso'?"],
    [['shell'], "'shell' needs one host: calypso, styx, server."],
    [['up', 'calypso'], "'up' takes nothing more, and was given 'calypso'."],
    [['up', '--', 'true'], "Only 'shell HOST -- COMMAND' takes a command."],
    [['--fast'], "Unknown option '--fast'; --help shows what there is."],
    [['run', 'two\nlines\u001b[31m'], "There is no scenario 'two?lines?[31m'. Did you mean 'join'?"],
  ])('%j gets one line and exit code 2, and nothing is made', (args, line) => {
    expect(lab(...args)).toEqual({ code: 2, stdout: '', stderr: `${line}\n`, isWritten: false })
    expect(readdirSync(folder)).toEqual(['world.ts'])
  })

  it('names what the machine lacks, in one line, before anything is made', () => {
    const { code, stderr, stdout, isWritten } = lab('up')
    expect({ code, stdout, isWritten }).toEqual({ code: 2, stdout: '', isWritten: false })
    // Which of them depends on where this test runs: Linux, root, programs, and at last the parts.
    expect(stderr).toMatch(/^The lab needs [^\n]+\.\n$/)
  })
})

describe('a command line that is right', () => {
  it('lists scenarios, also those that are run by name only', () => {
    const { code, stdout } = lab('list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}join +calypso joins, a pod runs$/m)
    expect(stdout).toMatch(/By name only:\n {2}measure +how long\n {2}hold /)
  })

  it('says that no lab stands, which is no failure', () => {
    expect(lab('status')).toEqual({ code: 0, stdout: 'No lab stands.\n', stderr: '', isWritten: false })
  })

  it('keeps the words of a command for a host as they are', () => {
    expect(readArguments(['shell', 'calypso', '--', 'ls', '-l', '--', '--help'])).toEqual({
      name: 'shell',
      host: 'calypso',
      command: ['ls', '-l', '--', '--help'],
    })
  })

  it('runs a scenario that is named twice once', () => {
    expect(readArguments(['run', 'join', 'join'])).toEqual({ name: 'run', scenarios: ['join'] })
    expect(readArguments([])).toEqual({ name: 'suite' })
    expect(() => readArguments(['run'])).toThrow(UsageError)
  })
})

describe('the machine', () => {
  const machine = { platform: 'linux', uid: 0, path: folder } as const

  it('must be Linux and root', () => {
    expect(machineLacks({ ...machine, platform: 'darwin' })).toBe('The lab needs Linux; this is darwin.')
    expect(machineLacks({ ...machine, uid: 1000 })).toMatch(/^The lab needs root, .*sudo\.$/)
  })

  it('must have the programs that keep a lab; the line names the packages they are in, each once', () => {
    expect(machineLacks(machine)).toBe(
      'The lab needs setpriv, unshare, nsenter, mount, ip, find, systemd-nspawn (Debian: apt-get install util-linux mount iproute2 findutils systemd-container).',
    )
  })
})

describe('the state folder', () => {
  it('is nobody else’s: what no lab wrote is not taken for one', () => {
    const foreign = mkdtempSync(join(folder, 'foreign-'))
    expect(readLabState(join(folder, 'none'))).toEqual({ is: 'nothing' })
    expect(readLabState(foreign)).toMatchObject({ is: 'unknown' })
    for (const text of ['', 'null', '{}', '{"pid":1}', '[]', 'x']) {
      writeFileSync(join(foreign, 'owner'), text)
      expect(readLabState(foreign)).toMatchObject({ is: 'unknown' })
    }
    rmSync(foreign, { recursive: true })
  })

  it('knows a process by its start, because pids are used again', () => {
    expect(startOf(process.pid)).toMatch(/^\d+$/)
    expect(startOf(2 ** 30)).toBeUndefined()
  })
})

describe('what a run prints', () => {
  const join4 = { name: 'join', shows: 'calypso joins, a pod runs' }

  it('puts elapsed times below each other', () => {
    const lines = [
      progressLine(12_345, 'kubernetes 1.33.13 from cache'),
      progressLine(400, 'etcd'),
      progressLine(612_000, 'x'),
    ]
    expect(lines).toEqual(['   12.3 s  kubernetes 1.33.13 from cache\n', '    0.4 s  etcd\n', '  612.0 s  x\n'])
    const [short, long] = ['join', 'leaves-nothing-after-keeper-killed'].map((name) =>
      scenarioLines({ name, shows: 'x' }, { outcome: 'passed', text: '' }, 4_100),
    )
    expect(short!.indexOf('4.1 s')).toBe(long!.indexOf('4.1 s'))
  })

  it('gives a scenario that passed one line, and what it saw only when it was asked for by name', () => {
    const result = { outcome: 'passed', text: 'Ready after 2.5 s\npod ended with 0' } as const
    expect(scenarioLines(join4, result, 4_100, ['joining'])).toMatch(/^✓ join +4\.1 s {2}calypso joins, a pod runs\n$/)
    expect(evidenceLines(result)).toBe('    Ready after 2.5 s\n    pod ended with 0\n')
  })

  it('explains a failure below its line, with the last stages', () => {
    const result = { outcome: 'failed', text: 'not Ready\nafter 30 s', detail: 'expected True\nfound False\n' } as const
    expect(scenarioLines(join4, result, 31_000, ['booted', 'joining'])).toMatch(
      /^✗ join +31\.0 s {2}not Ready\n {4}after 30 s\n {4}expected True\n {4}found False\n {4}last stages:\n {4}booted\n {4}joining\n$/,
    )
  })

  it('names why something was skipped, and counts it only when there is some', () => {
    const skipped = { outcome: 'skipped', text: 'triton: no Python 3.11' } as const
    const passed = { outcome: 'passed', text: '' } as const
    const failed = { outcome: 'failed', text: '' } as const
    expect(scenarioLines({ name: 'triton', shows: '' }, skipped, 0)).toBe('- triton  skipped: triton: no Python 3.11\n')
    expect(totalLine([passed, failed, passed])).toBe('2 passed, 1 failed\n')
    expect(totalLine([passed, skipped])).toBe('1 passed, 0 failed, 1 skipped\n')
    expect(totalLine([])).toBe('0 passed, 0 failed\n')
  })

  it('skips a scenario for the first part that is missing', () => {
    const parts = { etcd: '/cache/etcd', triton: { missing: 'no Python 3.11' } } as unknown as Parts
    expect(missingPart(parts, { needs: ['etcd', 'triton'] })).toBe('triton: no Python 3.11')
    expect(missingPart(parts, { needs: ['etcd'] })).toBeUndefined()
    expect(missingPart(parts, { needs: ['gpu'] })).toBe('this lab has no part gpu')
  })
})
