/**
 * The one start of every npm script: no dependencies, runs on Node 18 or newer.
 * Installs what package-lock.json names, finds Node 24, and runs the command there.
 *
 *   node scripts/bootstrap.mjs <command> [arguments]
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const wantedMajor = 24

const commands = {
  rehearse: ['rehearsal/main.ts'],
  test: ['scripts/test.ts'],
  'test:act': ['scripts/act.ts'],
  build: ['scripts/build.ts'],
  check: ['scripts/check.ts'],
  prove: ['scripts/prove.ts'],
  lab: ['lab/main.ts'],
  docs: ['scripts/docs.ts'],
  bench: ['scripts/bench.ts'],
  format: ['scripts/check.ts', '--format'],
  release: ['scripts/release.ts'],
}

function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** What the installed tree was made from. A tree with another stamp is brought up to date. */
function wantedStamp() {
  const hash = createHash('sha256')
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) hash.update(readFileSync(join(root, name)))
  return `${hash.digest('hex')} ${process.platform} ${process.arch}\n`
}

function install() {
  const stampFile = join(root, 'node_modules', '.installed')
  const stamp = wantedStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  process.stderr.write('Installing what package-lock.json names (scripts of packages are not run) …\n')
  // `npm ci` refuses a lock file that was written where a registry lacks optional platform packages; this honours it.
  const npmArguments = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npmScript = process.env.npm_execpath
  const [program, args] =
    npmScript && /\.[cm]?js$/.test(npmScript) ? [process.execPath, [npmScript, ...npmArguments]] : ['npm', npmArguments]
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (result.error) stop(`npm could not be started: ${result.error.message}. Install Node.js with npm and try again.`)
  if (result.status !== 0) stop(`npm install failed (exit code ${result.status}). Its messages are above.`)
  writeFileSync(stampFile, stamp)
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) === wantedMajor) return process.execPath
  const candidates = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  for (const name of candidates) {
    const program = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(program)) return program
  }
  return stop(
    `This project builds, tests and runs on Node ${wantedMajor}; you have ${process.version}, and no Node ${wantedMajor} package was installed for ` +
      `${process.platform}-${process.arch}. Install Node ${wantedMajor} (nodejs.org or your version manager) and run the same command again.`,
  )
}

const [command, ...rest] = process.argv.slice(2)
const entry = commands[command]
if (!entry) stop(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`)

install()
const child = spawn(
  findNode(),
  [
    '--disable-warning=ExperimentalWarning',
    ...entry.map((part, index) => (index === 0 ? join(root, part) : part)),
    ...rest,
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
// The child gets the terminal's own Ctrl-C; this process only waits for how it ends.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
child.on('error', (error) => stop(`Node could not be started: ${error.message}`))
child.on('exit', (code, signal) => {
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
})
