/**
 * How long an action takes to start, as a ratio to an empty Node script in the same run: `npm run bench`.
 * Absolute times depend on the machine; the ratio is what to compare. Not a test.
 * After it what looking at a large cluster costs (bench-verify.ts); `npm run bench -- --verify` measures that alone.
 * `npm run bench -- --lab` measures whole joins on real parts instead (docs/lab.md).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { actionNames } from './build.ts'
import { root } from './programs.ts'

if (process.argv.includes('--lab')) {
  const lab = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'lab', 'main.ts'), 'run', 'measure'],
    { stdio: 'inherit' },
  )
  process.exit(lab.status ?? 1)
}

function benchVerify(): number {
  const script = join(root, 'scripts', 'bench-verify.ts')
  return (
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], { stdio: 'inherit' }).status ?? 1
  )
}

if (process.argv.includes('--verify')) process.exit(benchVerify())

const rounds = 15

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-bench-'))
const empty = join(folder, 'empty.mjs')
writeFileSync(empty, '')
// Post with nothing to do loads the runner and ends: that is the start-up an action always pays.
// Main without inputs reads and checks all of them, and ends with the list of problems.
const candidates: [string, string][] = [['empty script', empty]]
for (const action of actionNames()) {
  const post = join(root, 'dist', action, 'post.js')
  if (existsSync(post)) candidates.push([`${action} post, nothing to do`, post])
  candidates.push([`${action} main, inputs missing`, join(root, 'dist', action, 'index.js')])
}

const times = new Map<string, number[]>(candidates.map(([name]) => [name, []]))
try {
  for (let round = 0; round <= rounds; round++) {
    for (const [name, script] of candidates) {
      const startedAt = performance.now()
      spawnSync(process.execPath, [script], {
        env: { PATH: process.env.PATH ?? '', RUNNER_TEMP: folder },
        stdio: 'ignore',
      })
      // The first round warms the file cache and is not counted.
      if (round > 0) times.get(name)?.push(performance.now() - startedAt)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const base = median(times.get('empty script') ?? [])
for (const [name, values] of times) {
  process.stdout.write(
    `${name.padEnd(34)} ${median(values).toFixed(0).padStart(5)} ms   ${(median(values) / base).toFixed(2)} × an empty script\n`,
  )
}
process.exitCode = benchVerify()
