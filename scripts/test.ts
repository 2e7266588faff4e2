/**
 * Compiles and runs the tests: `npm test [-- jest arguments]`; with `--long` only the whole matrices, `*.long.test.ts`, minutes each.
 * Ends with the plain line `N passed, N failed`.
 * jest runs tsc's output as native ES modules; GitHub's packages and client-node load no other way.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile.ts'
import { root, runTool } from './programs.ts'

const results = join(root, '.cache', 'test-results.json')

const given = process.argv.slice(2)
const isLong = given.includes('--long')
if (isLong) process.env.LONG_TESTS = 'yes'
const jestArguments = [...given.filter((one) => one !== '--long'), ...(isLong ? ['\\.long\\.test\\.js$'] : [])]

await compile({ clean: true })
mkdirSync(join(root, '.cache'), { recursive: true })
rmSync(results, { force: true })
try {
  runTool('jest/bin/jest.js', ['--json', `--outputFile=${results}`, '--verbose=false', ...jestArguments], {
    // Only jest's report goes to the terminal (standard error); the JSON goes to its file.
    quiet: true,
    nodeOptions: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  })
} catch {
  // jest has said what failed.
  process.exitCode = 1
}
const counts = JSON.parse(readFileSync(results, 'utf8')) as {
  numPassedTests: number
  numFailedTests: number
  numRuntimeErrorTestSuites: number
}
const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites
if (failed > 0) process.exitCode = 1
process.stdout.write(`${counts.numPassedTests} passed, ${failed} failed\n`)
