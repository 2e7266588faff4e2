/**
 * A stand-in for npm, pnpm and yarn: it notes how it was called, looks for the lock file as the real one does, and makes the folder
 * that an installation leaves. Nothing is fetched. `node main.mjs SETTINGS NAME ARGUMENTS…`
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [settingsFile = '', program = '', ...args] = process.argv.slice(2)
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'))
appendFileSync(
  settings.callsFile,
  `${JSON.stringify({ program, arguments: args, workingDirectory: process.cwd(), environment: { ...process.env }, pid: process.pid })}\n`,
)

const cwd = process.cwd()
const has = (name) => existsSync(join(cwd, name))
const manifest = has('package.json') ? JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) : undefined
const stated = /^(\w+)@(\d[^+]*)/.exec(manifest?.packageManager ?? '')
const versions = { npm: '11.6.0', pnpm: '10.18.0', yarn: '1.22.22' }
const version = stated?.[1] === program ? stated[2] : versions[program]
const isBerry = program === 'yarn' && !version.startsWith('1.')

function fail(text, code = 1) {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function install(lockFile, missing) {
  if (manifest === undefined) fail(`${program}: no package.json in ${cwd}`)
  if (!has(lockFile)) fail(missing)
  if (settings.faults.includes('deploy-install-fails'))
    fail(
      'npm error code ECONNRESET\nnpm error network read ECONNRESET\nnpm error network This is a problem related to network connectivity.',
    )
  mkdirSync(join(cwd, 'node_modules'), { recursive: true })
  writeFileSync(join(cwd, 'node_modules', '.installed-by'), `${program} ${args.join(' ')}\n`)
  process.stdout.write('added 2 packages in 1s\n')
}

const words = args.filter((arg) => !arg.startsWith('-'))
const [verb = program === 'yarn' ? 'install' : ''] = words
if (args.includes('--version') || args.includes('-v')) process.stdout.write(`${version}\n`)
else if (program === 'npm' && verb === 'ci')
  install(
    'package-lock.json',
    'npm error code EUSAGE\nnpm error\nnpm error The `npm ci` command can only install with an existing package-lock.json or\nnpm error npm-shrinkwrap.json with lockfileVersion >= 1.',
  )
else if (program === 'pnpm' && (verb === 'install' || verb === 'i'))
  install(
    'pnpm-lock.yaml',
    ' ERR_PNPM_NO_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is absent',
  )
else if (program === 'yarn' && verb === 'install')
  install(
    'yarn.lock',
    isBerry
      ? '➤ YN0028: │ The lockfile would have been created by this install, which is explicitly forbidden.'
      : 'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
  )
else if (verb === 'run' || verb === 'build') {
  const script = verb === 'run' ? words[1] : verb
  if (manifest?.scripts?.[script] === undefined) fail(`npm error Missing script: "${script}"`)
  process.stdout.write(`> ${manifest.scripts[script]}\n`)
} else fail(`${program}: the rehearsal knows no ${args.join(' ')}`)
