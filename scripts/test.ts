/**
 * Compiles and runs the tests: `npm test [-- jest arguments]`.
 * jest runs tsc's output as native ES modules; GitHub's packages and client-node load no other way.
 */
import { compile } from './compile.ts'
import { runTool } from './programs.ts'

await compile({ clean: false })
try {
  runTool('jest/bin/jest.js', process.argv.slice(2), {
    nodeOptions: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  })
} catch {
  // jest has said what failed.
  process.exitCode = 1
}
