/**
 * Everything that is not a test: `npm run check [-- --format] [-- dist|lint|shell|docs|workflows]`.
 * Each check prints one line; all are run, then the exit code says whether any failed.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { build } from './build.ts'
import { notAsCommitted } from './dist-status.ts'
import { generateDocs } from './docs.ts'
import { workflowsAreClean } from './linters/check.ts'
import { root, runTool } from './programs.ts'

const failures: string[] = []

async function check(name: string, ask: () => unknown): Promise<void> {
  try {
    await ask()
    process.stdout.write(`check ${name}: ok\n`)
  } catch (error) {
    failures.push(name)
    process.stdout.write(`check ${name}: FAILED: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

/** dist must be what the sources give. */
async function distIsFresh(): Promise<void> {
  await build()
  const stale = notAsCommitted(root, 'dist')
  if (stale !== '')
    throw new Error(`dist is not what a clean build gives; run \`npm run build\` and commit it:\n${stale}`)
}

function shellIsSound(): void {
  const scripts = globSync('{src,runner,rehearsal,lab,test,scripts}/**/*.sh', { cwd: root }).sort()
  for (const script of scripts) {
    const syntax = spawnSync('sh', ['-n', script], { cwd: root, encoding: 'utf8' })
    if (syntax.status !== 0) throw new Error(`${script}: ${syntax.stderr}`)
  }
  const shellcheck = spawnSync('shellcheck', ['--shell=sh', '--severity=style', ...scripts], {
    cwd: root,
    encoding: 'utf8',
  })
  if (shellcheck.error) {
    process.stdout.write('skipped: shellcheck is not installed here (Debian: apt-get install shellcheck)\n')
    return
  }
  if (shellcheck.status !== 0) throw new Error(`shellcheck:\n${shellcheck.stdout}${shellcheck.stderr}`)
}

const [selected] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const biome = '@biomejs/biome/bin/biome'
const checks: Record<string, () => unknown> = {
  // `build` runs tsc first, so types are checked on the way.
  dist: distIsFresh,
  lint: () => runTool(biome, ['check', '--error-on-warnings', '--diagnostic-level=warn', '.']),
  shell: shellIsSound,
  docs: () => generateDocs({ check: true }),
  // After dist: actionlint looks for what the actions start.
  workflows: () =>
    workflowsAreClean({
      say: (line) => process.stdout.write(`${line}\n`),
      // Where nobody looks after it any more, e.g. in ci.yml.
      required: process.env.LINTERS === 'required',
    }),
}

if (process.argv.includes('--format')) {
  runTool(biome, ['check', '--write', '.'])
} else {
  for (const [name, ask] of Object.entries(checks)) {
    if (!selected || selected === name) await check(name, ask)
  }
  if (failures.length > 0)
    process.stdout.write(`${failures.length} of ${Object.keys(checks).length} checks failed: ${failures.join(', ')}\n`)
  process.exitCode = failures.length > 0 ? 1 : 0
}
