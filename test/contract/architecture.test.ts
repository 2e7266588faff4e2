import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from '@jest/globals'

// Tests run from lib/test/contract; sources are what the rules are about.
const root = join(import.meta.dirname, '..', '..', '..')

interface Import {
  readonly file: string
  readonly target: string
  readonly isType: boolean
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.generated.ts'))
    .map((name) => join(folder, name))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: Import[] = []
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm)) {
    found.push({ file, target: match[2] ?? '', isType: match[1] !== undefined })
  }
  for (const match of text.matchAll(/import\(\s*'([^']+)'\s*\)/g))
    found.push({ file, target: match[1] ?? '', isType: false })
  return found
}

const all = [...sources('src'), ...sources('actions')].flatMap(importsOf)
const room = (path: string): string => /^src\/([^/]+)\//.exec(path)?.[1] ?? path.split('/')[0] ?? ''
const describeImport = (one: Import): string => `${one.file} imports ${one.target}`
const resolved = (one: Import): string => relative(root, join(root, dirname(one.file), one.target))

describe('packages have one importer each', () => {
  it.each([
    ['@actions/', 'runner'],
    ['@octokit/', 'runner'],
    ['node-ssh', 'host'],
    ['ssh2', 'host'],
    ['@kubernetes/client-node', 'kubernetes'],
  ])('%s is imported by src/%s only', (name, owner) => {
    expect(all.filter((one) => one.target.startsWith(name) && room(one.file) !== owner).map(describeImport)).toEqual([])
  })
})

describe('arrows point one way', () => {
  const allowed: Record<string, readonly string[]> = {
    report: [],
    diagnosis: ['report'],
    'cluster-file': [],
    runner: [],
    ownership: [],
    esc: ['cluster-file', 'runner'],
    kubeconfig: ['report', 'ownership', 'cluster-file'],
    tunnel: ['report', 'ownership', 'cluster-file'],
    kubernetes: ['cluster-file', 'kubeconfig'],
    host: ['cluster-file', 'runner', 'report'],
    join: ['report', 'cluster-file', 'host', 'kubernetes'],
    leave: ['report', 'cluster-file', 'host', 'kubernetes', 'join'],
    k3s: ['report', 'cluster-file', 'host', 'kubernetes', 'join', 'leave', 'runner'],
    kubeadm: ['report', 'cluster-file', 'host', 'kubernetes', 'join', 'leave', 'runner'],
    gpu: ['report', 'cluster-file', 'host', 'kubernetes', 'join'],
    prerequisites: ['report', 'cluster-file', 'host', 'kubernetes', 'join'],
    pulumi: ['report', 'esc', 'http', 'runner', 'cluster-file'],
    http: [],
    triton: ['report', 'http'],
    verify: ['report', 'cluster-file', 'kubernetes', 'gpu', 'http', 'triton', 'runner'],
  }

  it.each(Object.keys(allowed))('src/%s imports only the rooms it may', (name) => {
    const wrong = all
      .filter((one) => room(one.file) === name && one.target.startsWith('.'))
      .filter((one) => {
        const target = room(resolved(one))
        return target !== name && !allowed[name]?.includes(target)
      })
    expect(wrong.map(describeImport)).toEqual([])
  })

  it("the runner's implementation is known to the doors only; rooms see its types", () => {
    const wrong = all.filter(
      (one) =>
        room(one.file) !== 'runner' && one.file.startsWith('src/') && room(resolved(one)) === 'runner' && !one.isType,
    )
    expect(wrong.map(describeImport)).toEqual([])
  })

  it("a room's index is its only door", () => {
    const wrong = all.filter((one) => {
      if (!one.target.startsWith('.')) return false
      const target = resolved(one)
      return target.startsWith('src/') && room(target) !== room(one.file) && !target.endsWith('/index.ts')
    })
    expect(wrong.map(describeImport)).toEqual([])
  })

  it('nothing that is bundled comes from the rehearsal, the lab or the tests', () => {
    expect(
      all
        .filter((one) => one.target.startsWith('.') && /^(rehearsal|lab|test)\//.test(resolved(one)))
        .map(describeImport),
    ).toEqual([])
  })
})

describe('the worlds around the bundle', () => {
  const from = (folder: string): Import[] =>
    sources(folder)
      .flatMap(importsOf)
      .filter((one) => one.target.startsWith('.'))

  it('the rehearsal knows nothing of the lab', () => {
    expect(
      from('rehearsal')
        .filter((one) => resolved(one).startsWith('lab/'))
        .map(describeImport),
    ).toEqual([])
  })

  it('the lab drives what is committed: of the sources it sees types', () => {
    const wrong = from('lab').filter((one) => {
      const target = resolved(one)
      // Building the lab is no part of driving the bundle.
      if (one.file.startsWith('lab/parts/')) return false
      return /^(actions|test)\//.test(target) || (target.startsWith('src/') && !one.isType)
    })
    expect(wrong.map(describeImport)).toEqual([])
  })
})

describe('one distribution stays behind its interface', () => {
  it.each(['join', 'leave', 'host', 'kubernetes', 'report', 'runner'])('src/%s names no distribution', (name) => {
    const wrong = sources(`src/${name}`).flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line, index) => `${file}:${index + 1}: ${line.trim()}`)
        // The project's own name, comments with sources, and documented examples are not knowledge of a distribution.
        .filter((line) => /k3s|kubeadm/i.test(line.replace(/k3s[-_]gpu[-_]actions|k3s-join[a-z-]*/g, '')))
        .filter((line) => !/: (\/\/|\*|\/\*)/.test(line)),
    )
    expect(wrong).toEqual([])
  })
})

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    type: string
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
    optionalDependencies: Record<string, string>
  }

  it('is an ES module with exact versions and at most fifteen runtime dependencies', () => {
    expect(manifest.type).toBe('module')
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(15)
    const loose = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    expect(loose).toEqual([])
  })

  it('has every runtime dependency in real use', () => {
    const used = new Set(all.map((one) => one.target))
    const unused = Object.keys(manifest.dependencies).filter(
      (name) => ![...used].some((target) => target === name || target.startsWith(`${name}/`)),
    )
    // ajv is used by its precompiled, generated validators.
    expect(unused.filter((name) => name !== 'ajv')).toEqual([])
  })

  it('has a lock file that names no registry host', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/)
  })
})
