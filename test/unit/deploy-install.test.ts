import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { installEnvironment, pulumiEnvironment } from '../../actions/deploy-stack/environment.ts'
import {
  installArguments,
  installChecks,
  lockOfAnotherYarn,
  managerCommand,
  readPackageFiles,
} from '../../actions/deploy-stack/install-plan.ts'
import { LineReader } from '../../actions/deploy-stack/lines.ts'
import { findProgram } from '../../actions/deploy-stack/programs.ts'

const top = mkdtempSync(join(tmpdir(), 'deploy-install-'))
afterAll(() => rmSync(top, { recursive: true }))

let folders = 0
/** A workspace with these files; the program lies in cluster/. */
function workspace(files: Readonly<Record<string, string>>): string {
  folders += 1
  const folder = join(top, String(folders))
  mkdirSync(join(folder, 'cluster'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
const read = (files: Readonly<Record<string, string>>) => {
  const folder = workspace(files)
  return readPackageFiles(join(folder, 'cluster'), folder)
}
const manifest = (more: object = {}) => JSON.stringify({ name: 'x', ...more })
type Manager = Parameters<typeof installChecks>[1]
const wrong = (files: Readonly<Record<string, string>>, manager: Manager, program: string | undefined = '/usr/bin/x') =>
  installChecks(read(files), manager, 'cluster', program)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, found, remedy }) => `${id}: ${found} → ${remedy}`)

describe('what is asked before an installation', () => {
  it('is content with a manifest, its lock file and its package manager', () => {
    for (const [manager, lock] of [
      ['npm', 'package-lock.json'],
      ['npm', 'npm-shrinkwrap.json'],
      ['pnpm', 'pnpm-lock.yaml'],
      ['yarn', 'yarn.lock'],
    ] as const)
      expect(wrong({ 'cluster/package.json': manifest(), [`cluster/${lock}`]: '' }, manager)).toEqual([])
  })

  it('takes the lock file of a workspace, and none from outside of the repository', () => {
    expect(wrong({ 'cluster/package.json': manifest(), 'pnpm-lock.yaml': '' }, 'pnpm')).toEqual([])
    writeFileSync(join(top, 'yarn.lock'), '')
    expect(read({ 'cluster/package.json': manifest() }).locks).toEqual({})
    rmSync(join(top, 'yarn.lock'))
  })

  it('tells at once that the lock file is missing, the manager is another and its program is not there', () => {
    const files = {
      'cluster/package.json': manifest({ packageManager: 'pnpm@9.1.0+sha512.abc' }),
      'cluster/pnpm-lock.yaml': '',
    }
    expect(
      installChecks(read(files), 'yarn', 'cluster', undefined).map(({ id, verdict }) => `${id} ${verdict}`),
    ).toEqual(['install.manifest pass', 'install.lock fail', 'install.package-manager fail', 'install.program fail'])
    expect(wrong(files, 'yarn', '/x')).toEqual([
      'install.lock: there is no yarn.lock, but one of pnpm → set package-manager to pnpm (cluster file: deploy.package-manager), or commit the lock file of yarn',
      'install.package-manager: package.json names pnpm@9.1.0, and package-manager is yarn → set package-manager to pnpm (cluster file: deploy.package-manager)',
    ])
  })

  it.each(['pnpm@https://example.com/pnpm.tgz', 'pnpm@^9', 'PNPM@9.1.0', 'pnpm', '../pnpm@1.0.0', 'pnpm@9.1.0\n'])(
    'refuses a package manager that is no name with an exact version: %j',
    (packageManager) => {
      const files = { 'cluster/package.json': manifest({ packageManager }), 'cluster/pnpm-lock.yaml': '' }
      const [check, ...others] = wrong(files, 'pnpm')
      expect([check, others]).toEqual([
        'install.package-manager: packageManager in package.json is no name with an exact version → write it as corepack does, e.g. pnpm@9.1.0 with its hash: corepack use pnpm@9',
        [],
      ])
    },
  )

  it('says why there is no manifest', () => {
    const lock = { 'cluster/package-lock.json': '{}' }
    expect(wrong(lock, 'npm')[0]).toContain('cluster/package.json is not there')
    expect(wrong({ ...lock, 'cluster/package.json': '{' }, 'npm')[0]).toContain('cluster/package.json is no JSON')
    expect(wrong({ ...lock, 'cluster/package.json': 'null' }, 'npm')).toEqual([])
  })

  it('builds only where there is something to build', () => {
    const builds = (scripts: unknown) => read({ 'cluster/package.json': manifest({ scripts }) }).hasBuild
    expect([{ build: 'tsc' }, { build: ' ' }, { build: 1 }, {}, 'x', null].map(builds)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('does not believe a name of a package manager that is none', () => {
    for (const packageManager of ['pnpm', 'pnpm@1 && x', '::error::x', 7])
      expect(read({ 'cluster/package.json': manifest({ packageManager }) }).wanted).toBe('')
  })
})

describe('how a program is installed', () => {
  it('by its lock file alone, without scripts of packages', () => {
    expect(installArguments('npm', false)).toEqual(['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
    expect(installArguments('pnpm', false)).toEqual(['install', '--frozen-lockfile', '--ignore-scripts'])
    expect(installArguments('yarn', false)).toEqual([
      'install',
      '--frozen-lockfile',
      '--ignore-scripts',
      '--non-interactive',
    ])
    expect(installArguments('yarn', true)).toEqual(['install', '--immutable', '--mode=skip-build'])
  })

  it('by corepack where the manager itself is not there and package.json names its version', () => {
    const files = read({ 'cluster/package.json': manifest({ packageManager: 'pnpm@9.1.0' }) })
    const find = (there: readonly string[]) => (name: string) => (there.includes(name) ? `/bin/${name}` : undefined)
    expect(managerCommand('pnpm', files, find(['pnpm', 'corepack']))).toEqual({ program: '/bin/pnpm', before: [] })
    expect(managerCommand('pnpm', files, find(['corepack']))).toEqual({ program: '/bin/corepack', before: ['pnpm'] })
    expect(managerCommand('yarn', files, find(['corepack']))).toBeUndefined()
    expect(managerCommand('npm', files, find(['corepack']))).toBeUndefined()
  })

  it('knows which yarn wrote the lock file', () => {
    const modern = read({
      'cluster/package.json': manifest(),
      'cluster/yarn.lock': '# This file\n\n__metadata:\n  version: 8\n',
    })
    expect(modern.isModernYarnLock).toBe(true)
    expect(
      read({ 'cluster/package.json': manifest(), 'cluster/yarn.lock': '# yarn lockfile v1\n' }).isModernYarnLock,
    ).toBe(false)
    expect(lockOfAnotherYarn('1.22.22', modern).found).toBe(
      'yarn 1.22.22 runs here, and the lock file is of yarn 2 or later',
    )
  })

  it('finds programs on PATH, and none that the workspace could put there', () => {
    const folder = workspace({ 'cluster/pulumi': '#!/bin/sh\n' })
    expect(findProgram('pulumi', `.:cluster::${folder}/cluster`)).toBeUndefined()
    expect(findProgram('sh', `${folder}:/bin`)).toBe('/bin/sh')
    expect(findProgram('cluster', folder)).toBeUndefined()
  })
})

const folder = { home: '/t/home', pulumiHome: '/t/pulumi', temporary: '/t/tmp' }
/** What a step of a job finds around it, and some of it secret. */
const job = {
  PATH: '/usr/bin',
  HOME: '/home/runner',
  LANG: 'C.UTF-8',
  HTTPS_PROXY: 'http://proxy:3128',
  NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_RUN_ID: '41',
  GITHUB_SHA: 'abc',
  GITHUB_ENV: '/r/env',
  GITHUB_OUTPUT: '/r/output',
  GITHUB_STATE: '/r/state',
  GITHUB_PATH: '/r/path',
  GITHUB_STEP_SUMMARY: '/r/summary',
  GITHUB_TOKEN: 'ghs',
  ACTIONS_RUNTIME_TOKEN: 'runtime',
  ACTIONS_CACHE_URL: 'https://cache',
  RUNNER_ENVIRONMENT: 'self-hosted',
  RUNNER_TRACKING_ID: 'github_1',
  RUNNER_TEMP: '/t',
  'INPUT_ACCESS-TOKEN': 'pul',
  STATE_folder: 'x',
  PULUMI_K8S_DELETE_UNREACHABLE: 'true',
  NODE_OPTIONS: '--require /x',
  LD_PRELOAD: '/x.so',
  AWS_SECRET_ACCESS_KEY: 'aws',
  CLOUDFLARE_ACCOUNT_ID: 'cf',
}

describe('what programs see', () => {
  it('of an installation: no secret, no file of the runner, no home of its user', () => {
    expect(installEnvironment(job, folder)).toEqual({
      PATH: '/usr/bin',
      LANG: 'C.UTF-8',
      HTTPS_PROXY: 'http://proxy:3128',
      NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_TRACKING_ID: 'github_1',
      HOME: '/t/home',
      TMPDIR: '/t/tmp',
      COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
      COREPACK_ENV_FILE: '0',
    })
  })

  it('of Pulumi: what it needs, and what was named', () => {
    const settings = {
      stackName: 'a/b/c',
      kubeconfig: '/t/kubeconfig',
      clusterUid: 'uid',
      accessToken: 'pul',
      passphrase: '',
      backendUrl: 'https://api.pulumi.com',
      passEnvironment: ['CLOUDFLARE_ACCOUNT_ID', 'NOT_SET', '__proto__'],
    }
    expect(pulumiEnvironment(job, folder, settings)).toEqual({
      PATH: '/usr/bin',
      LANG: 'C.UTF-8',
      HTTPS_PROXY: 'http://proxy:3128',
      NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '41',
      GITHUB_SHA: 'abc',
      RUNNER_ENVIRONMENT: 'self-hosted',
      RUNNER_TRACKING_ID: 'github_1',
      CLOUDFLARE_ACCOUNT_ID: 'cf',
      HOME: '/t/home',
      TMPDIR: '/t/tmp',
      KUBECONFIG: '/t/kubeconfig',
      DEPLOY_TARGET: 'a/b/c',
      CLUSTER_UID: 'uid',
      PULUMI_HOME: '/t/pulumi',
      PULUMI_ACCESS_TOKEN: 'pul',
      PULUMI_BACKEND_URL: 'https://api.pulumi.com',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    })
    const more = pulumiEnvironment(job, folder, { ...settings, passphrase: 'sesame', clusterUid: '' })
    expect(more.PULUMI_CONFIG_PASSPHRASE).toBe('sesame')
    expect(more).not.toHaveProperty('CLUSTER_UID')
  })
})

describe('what a program prints', () => {
  it('is read line by line, across chunks and characters that are cut, and only its end is kept', () => {
    const said: string[] = []
    const lines = new LineReader((line) => said.push(line), 2)
    const bytes = Buffer.from('eins\nzw\u00e4i\n\u001b[31mdrei\u001b[0m\n\n::error::x\nvier')
    for (const byte of bytes) lines.read(Buffer.from([byte]))
    lines.end()
    expect(said).toEqual(['eins', 'zwäi', 'drei', '::error::x', 'vier'])
    expect(lines.last).toEqual(['::error::x', 'vier'])
  })

  it('fills no memory when it never ends a line', () => {
    const said: string[] = []
    const lines = new LineReader((line) => said.push(line))
    for (let i = 0; i < 200; i += 1) lines.read(Buffer.alloc(64 * 1024, 'x'))
    lines.end()
    expect(said.map((line) => line.length)).toEqual([1000])
  })
})
