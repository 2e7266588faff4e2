/**
 * The callers' workflows under act, which is somebody else's program, in front of the embedded world: `npm run test:act [-- <play> …]`.
 * What our own workflow runner says of the same play has to be what act says. Ends with the plain line `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { defaultCache, PartError, takeAct } from '../lab/parts/index.ts'
import type { Performed } from '../test/act/perform.ts'
import { root } from './programs.ts'

/** All plays, and the building of act is not among it. */
const limitMs = 290_000
/** The first one is mostly the cause of all others. */
const shownProblems = 20
const sealedFlag = '--sealed'

/** Gives the exit code of a tier that cannot be had here. */
function skip(why: string): number {
  process.stdout.write(`act: skipped (${why})\n0 passed, 0 failed, 1 skipped\n`)
  return 0
}

/**
 * Namespaces of their own for network and processes: no packet leaves, whatever act and the actions ask for, and nothing outlives this.
 * Undefined where the machine gives none.
 */
function seal(): readonly string[] | undefined {
  // Told to end when this process ends, however that is: it takes the namespaces with it.
  const wall = ['setpriv --pdeathsig KILL unshare --net --pid --fork --kill-child --mount-proc']
  // Who is not root may be in a namespace of users.
  if (process.getuid?.() !== 0) wall.push('--map-root-user')
  const [program = '', ...args] = wall.join(' ').split(' ')
  const isGiven = spawnSync(program, [...args, 'ip', 'link', 'set', 'lo', 'up']).status === 0
  return isGiven ? [program, ...args] : undefined
}

/** Starts this script once more, sealed, and ends with what it ends with. */
async function runSealed(wall: readonly string[], act: string, names: readonly string[]): Promise<number> {
  const [program = '', ...args] = wall
  const inside = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(root, 'scripts', 'act.ts'),
    sealedFlag,
    act,
    ...names,
  ]
  // Not `exec`: the first process of a namespace is to be one that expects nothing of its signals.
  const child = spawn(program, [...args, 'sh', '-c', 'ip link set lo up && "$@"; exit $?', 'sh', ...inside], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const timer = setTimeout(() => {
    process.stdout.write(`✗ act: not at its end after ${limitMs / 1000} s, so all of it was ended\n`)
    child.kill('SIGKILL')
  }, limitMs)
  // Ctrl-C reaches the one inside, too; it takes its world down, and this one waits.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGKILL'))
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    })
  } finally {
    clearTimeout(timer)
  }
}

async function outside(names: readonly string[]): Promise<number> {
  if (process.platform !== 'linux') return skip('it needs Linux, whose namespaces keep it from every other address')
  if (spawnSync('go', ['version']).status !== 0)
    return skip('it is built from its Go module, and there is no go on PATH')
  const wall = seal()
  if (wall === undefined) return skip('it needs unshare, setpriv and ip, and the right to make namespaces')
  try {
    const progress = (line: string): void => void process.stdout.write(`${line}\n`)
    return await runSealed(wall, await takeAct({ cache: defaultCache(), progress }), names)
  } catch (error) {
    if (!(error instanceof PartError && error.isUnavailable)) throw error
    return skip(`its Go module cannot be had: ${error.message.split('\n').at(-1)}`)
  }
}

function show(name: string, { press, problems, ownMs, actMs, log }: Performed): void {
  const [act, own] = [actMs, ownMs].map((ms) => (ms / 1000).toFixed(1))
  const mark = problems.length === 0 ? '✓' : '✗'
  process.stdout.write(`${mark} ${name.padEnd(13)} ${press.shows} (act ${act} s, our own runner ${own} s)\n`)
  if (problems.length === 0) return
  for (const problem of problems.slice(0, shownProblems)) process.stdout.write(`    ${problem}\n`)
  const more = problems.length - shownProblems
  if (more > 0) process.stdout.write(`    … and ${more} more\n`)
  process.stdout.write(`    act's log: ${relative(root, log)}\n`)
}

async function inside(program: string, names: readonly string[]): Promise<number> {
  const others = Object.keys(networkInterfaces()).filter((name) => name !== 'lo')
  if (others.length > 0) throw new Error(`not sealed: there is ${others.join(', ')}`)
  const { perform } = await import('../test/act/perform.ts')
  const { plays } = await import('../test/act/plays.ts')
  const unknown = names.filter((name) => !plays.some((play) => play.name === name))
  if (unknown.length > 0) {
    process.stdout.write(
      `there is no play ${unknown.join(', ')}; there are ${plays.map(({ name }) => name).join(', ')}\n`,
    )
    return 1
  }
  const stop = new AbortController()
  process.on('SIGINT', () => stop.abort())
  const wanted = plays.filter(({ name }) => names.length === 0 || names.includes(name))
  let [passed, failed] = [0, 0]
  for (const play of wanted) {
    if (stop.signal.aborted) break
    const folder = join(root, '.rehearsal', `act-${play.name}`)
    const before = failed
    try {
      for (const performed of await perform(play, { folder, program, signal: stop.signal })) {
        show(play.name, performed)
        if (performed.problems.length === 0) passed++
        else failed++
      }
    } catch (error) {
      if (stop.signal.aborted) break
      process.stdout.write(
        `✗ ${play.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
      failed++
    }
    if (failed === before) rmSync(folder, { recursive: true, force: true })
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 && passed > 0 && !stop.signal.aborted ? 0 : 1
}

const [first, program = '', ...names] = process.argv.slice(2)
process.exitCode = first === sealedFlag ? await inside(program, names) : await outside(process.argv.slice(2))
