/**
 * Proof that the tests are worth something: `npm run prove [-- PROMISE or part of a path…] [--share K/N] [--list]`.
 * Every mutant of test/mutants/ breaks one promise in a copy of this tree; the test that it names has to fail there, and that one only
 * for this reason. Ends with the plain line `N killed, M survived`; a mutant that is stale or does not compile has not been killed.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatDuration } from '../src/report/units.ts'
import { mutants } from '../test/mutants/index.ts'
import type { Killer, Mutant } from '../test/mutants/model.ts'
import { type Finished, finish, root } from './programs.ts'

/** More would make tests wait for each other: some of them measure time. */
const copiesAtOnce = 2
const buildLimitMs = 4 * 60_000
const testLimitMs = 4 * 60_000
const baselineLimitMs = 15 * 60_000

type NamedTest = Extract<Killer, { readonly name: string }>

interface TestResult {
  readonly name: string
  readonly status: string
  readonly messages: readonly string[]
}

/** A test that fails for one of these has not looked at the promise at all. */
const otherReasons = /Exceeded timeout|unexpected-error|unexpected error|Cannot find module|SyntaxError|ReferenceError/

const isBundleTest = (test: NamedTest): boolean => /^test\/(bundle|workflow)\//.test(test.file)
const inWords = (killer: Killer): string =>
  'check' in killer ? `npm run check -- ${killer.check}` : `${killer.file}: ${killer.name}`

/** Every N-th, beginning with the K-th: `--share K/N`. Undefined: it is none. */
function shareOf(all: readonly Mutant[], share: string): readonly Mutant[] | undefined {
  const [, first, every] = /^(\d+)\/([1-9]\d*)$/.exec(share) ?? []
  if (first === undefined || every === undefined) return undefined
  const chosen = all.filter((_, index) => index % Number(every) === Number(first) % Number(every))
  process.stdout.write(
    `${all.length - chosen.length} of ${all.length} mutants are left to other runs (--share ${share})\n`,
  )
  return chosen
}

/** Why the mutant cannot be tried; undefined when it can. */
function staleness({ file, find, replace }: Mutant): string | undefined {
  const path = join(root, file)
  if (!existsSync(path)) return `${file} does not exist`
  const found = readFileSync(path, 'utf8').split(find).length - 1
  if (found !== 1) return `its text is found ${found} times in ${file}`
  return find === replace ? 'it changes nothing' : undefined
}

/** A copy of the working tree: what git tracks and what it does not ignore, with the same packages. */
async function copyTree(to: string): Promise<void> {
  const listed = await finish('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  if (listed.code !== 0) throw new Error(`git cannot list the files of this tree: ${listed.output}`)
  for (const name of new Set(listed.output.split('\0').filter((one) => one !== ''))) {
    if (!existsSync(join(root, name))) continue
    mkdirSync(dirname(join(to, name)), { recursive: true })
    cpSync(join(root, name), join(to, name))
  }
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'))
}

/** A script of the project, in a copy. */
async function script(copy: string, code: string, limitMs: number): Promise<Finished> {
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', code]
  return await finish(process.execPath, flags, { cwd: copy, limitMs })
}

const compile = (copy: string) =>
  script(copy, "await (await import('./scripts/compile.ts')).compile({ clean: false })", buildLimitMs)
const build = (copy: string) => script(copy, "await (await import('./scripts/build.ts')).build()", buildLimitMs)

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Runs the named tests, compiled already, and nothing else of their files. */
async function runTests(
  copy: string,
  tests: readonly NamedTest[],
  limitMs: number,
  inBand = true,
): Promise<readonly TestResult[]> {
  const results = join(copy, 'prove-results.json')
  rmSync(results, { force: true })
  const names = [...new Set(tests.map((test) => `^${escaped(test.name)}$`))]
  const files = [...new Set(tests.map((test) => join('lib', test.file.replace(/\.ts$/, '.js'))))]
  const jest = await finish(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(copy, 'node_modules', 'jest', 'bin', 'jest.js'),
      '--runTestsByPath',
      ...files,
      '--testNamePattern',
      names.join('|'),
      ...(inBand ? ['--runInBand'] : [`--maxWorkers=${copiesAtOnce}`]),
      '--json',
      `--outputFile=${results}`,
    ],
    { cwd: copy, limitMs },
  )
  if (!existsSync(results)) throw new Error(`jest left no results: ${jest.output.slice(-2000)}`)
  const report = JSON.parse(readFileSync(results, 'utf8')) as {
    testResults: {
      message: string
      assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
    }[]
  }
  return report.testResults.flatMap(({ assertionResults, message }) => {
    // A file that could not even be loaded has no tests.
    if (assertionResults.length === 0) return [{ name: '(file)', status: 'failed', messages: [message] }]
    return assertionResults
      .filter((one) => one.status !== 'pending')
      .map((one) => ({ name: one.fullName, status: one.status, messages: one.failureMessages }))
  })
}

const firstLines = (text: string): string =>
  text
    .replace(/\u001B\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '))
    .slice(0, 8)
    .join(' | ')

/** Undefined: killed. Otherwise why not. */
async function survival(copy: string, { killedBy }: Mutant): Promise<string | undefined> {
  if ('check' in killedBy) {
    const checked = await finish(process.execPath, [join(copy, 'scripts', 'check.ts'), killedBy.check], {
      cwd: copy,
      limitMs: buildLimitMs,
    })
    const isNoticed =
      checked.code !== 0 && /^check dist: FAILED: dist is not what a clean build gives/m.test(checked.output)
    return isNoticed ? undefined : `the check says: ${firstLines(checked.output)}`
  }
  const made = await (isBundleTest(killedBy) ? build(copy) : compile(copy))
  if (made.code !== 0) return `it does not compile: ${firstLines(made.output)}`
  const results = await runTests(copy, [killedBy], testLimitMs)
  const failed = results.filter((one) => one.status === 'failed')
  if (results.length === 0) return 'no test has that name'
  if (failed.length === 0) return 'the test passes'
  const messages = failed.flatMap((one) => one.messages).join('\n')
  const other = failed.some((one) => one.name !== killedBy.name) || otherReasons.test(messages)
  return other ? `it fails for another reason: ${firstLines(messages)}` : undefined
}

async function tryMutant(copy: string, mutant: Mutant): Promise<string | undefined> {
  const path = join(copy, mutant.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(mutant.find, () => mutant.replace),
  )
  try {
    return await survival(copy, mutant)
  } finally {
    writeFileSync(path, text)
  }
}

/** The state that `check dist` compares with: what was built here is what is committed. */
async function commitCopy(copy: string): Promise<void> {
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['-c', 'user.name=prove', '-c', 'user.email=prove@localhost', 'commit', '--quiet', '--message', 'as it is'],
  ]) {
    const done = await finish('git', args, { cwd: copy, limitMs: 60_000 })
    if (done.code !== 0) throw new Error(`git ${args.join(' ')}: ${done.output}`)
  }
}

/**
 * Builds, and sees every named test pass; otherwise its failing would prove nothing. Returns what became of those that do not pass,
 * by name. One that failed is tried once more, alone: some tests measure time, and all of them at once make a machine slow.
 */
async function proveBaseline(copy: string, selected: readonly Mutant[]): Promise<ReadonlyMap<string, string>> {
  const built = await build(copy)
  if (built.code !== 0) throw new Error(`this tree does not build: ${firstLines(built.output)}`)
  if (selected.some(({ killedBy }) => 'check' in killedBy)) await commitCopy(copy)
  const tests = selected.map(({ killedBy }) => killedBy).filter((killer): killer is NamedTest => 'name' in killer)
  const failing = new Map<string, string>()
  const look = async (some: readonly NamedTest[], inBand: boolean): Promise<void> => {
    const results = some.length === 0 ? [] : await runTests(copy, some, baselineLimitMs, inBand)
    for (const { name } of some) {
      const own = results.filter((one) => one.name === name)
      const failed = own.find((one) => one.status !== 'passed')
      if (own.length > 0 && failed === undefined) failing.delete(name)
      else failing.set(name, failed === undefined ? 'no test has that name' : firstLines(failed.messages.join('\n')))
    }
  }
  await look(tests, false)
  await look(
    tests.filter(({ name }) => failing.has(name)),
    true,
  )
  return failing
}

async function prove(selected: readonly Mutant[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-prove-'))
  const leave = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      leave()
      process.exit(code)
    })
  let killed = 0
  let survived = 0
  const say = (mutant: Mutant, why: string | undefined, startedAt: number): void => {
    if (why === undefined) killed += 1
    else survived += 1
    const ending =
      why === undefined ? `killed by ${inWords(mutant.killedBy)}` : `SURVIVED ${inWords(mutant.killedBy)}: ${why}`
    const took = formatDuration(performance.now() - startedAt)
    process.stdout.write(`promise ${String(mutant.promise).padEnd(2)}  ${mutant.breaks}   ${ending}   ${took}\n`)
  }
  try {
    const queue = selected.filter((mutant) => {
      const why = staleness(mutant)
      if (why !== undefined) say(mutant, `stale: ${why}`, performance.now())
      return why === undefined
    })
    const copies = Array.from({ length: Math.min(copiesAtOnce, queue.length) }, (_, index) =>
      join(folder, `copy-${index}`),
    )
    const [first] = copies
    if (first !== undefined) {
      const startedAt = performance.now()
      await copyTree(first)
      const failing = await proveBaseline(first, queue)
      const took = formatDuration(performance.now() - startedAt)
      process.stdout.write(
        failing.size === 0
          ? `without a mutant every named test passes   ${took}\n`
          : `without a mutant ${failing.size} of the named tests do not pass   ${took}\n`,
      )
      for (const mutant of queue.splice(0)) {
        const why = 'name' in mutant.killedBy ? failing.get(mutant.killedBy.name) : undefined
        if (why === undefined) queue.push(mutant)
        else say(mutant, `fails without it: ${why}`, performance.now())
      }
      for (const copy of copies.slice(1)) cpSync(first, copy, { recursive: true, verbatimSymlinks: true })
      await Promise.all(
        copies.map(async (copy) => {
          for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
            const began = performance.now()
            say(mutant, await tryMutant(copy, mutant), began)
          }
        }),
      )
    }
  } finally {
    leave()
  }
  process.stdout.write(`${killed} killed, ${survived} survived\n`)
  return survived === 0 ? 0 : 1
}

/** Mutants whose test cannot run here are none that survived. */
function able(all: readonly Mutant[]): readonly Mutant[] {
  const hasSshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].some((path) => existsSync(path))
  const found = all.filter(({ needs }) => needs !== 'sshd' || (hasSshd && process.platform === 'linux'))
  const skipped = all.length - found.length
  if (skipped > 0)
    process.stdout.write(
      `skipped: ${skipped} mutants of the tunnel need sshd on Linux (Debian: apt-get install openssh-server)\n`,
    )
  return found
}

// A mutant may name a test of a long matrix.
process.env.LONG_TESTS = 'yes'
// One file differs from one mutant to the next.
process.env.COMPILE_INCREMENTALLY = 'yes'
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, share: { type: 'string' } },
})
const isWanted = ({ promise, file }: Mutant): boolean =>
  wanted.some((word) => (/^\d+$/.test(word) ? word === String(promise) : file.includes(word)))
const matching = mutants.filter((mutant) => wanted.length === 0 || isWanted(mutant))
const selected = values.share === undefined ? matching : shareOf(matching, values.share)
if (selected === undefined) {
  process.stdout.write(`${values.share} is no share: 0/3, 1/3 and 2/3 are all there is\n0 killed, 0 survived\n`)
  process.exitCode = 1
} else if (values.list) {
  for (const mutant of selected)
    process.stdout.write(
      `promise ${String(mutant.promise).padEnd(2)}  ${mutant.breaks}   ${mutant.file} → ${inWords(mutant.killedBy)}\n`,
    )
} else if (selected.length === 0) {
  process.stdout.write(`no mutant breaks ${wanted.join(', ')}\n0 killed, 0 survived\n`)
  process.exitCode = 1
} else {
  try {
    process.exitCode = await prove(able(selected))
  } catch (error) {
    process.stdout.write(
      `${error instanceof Error ? error.message : String(error)}\n0 killed, ${selected.length} survived\n`,
    )
    process.exitCode = 1
  }
}
