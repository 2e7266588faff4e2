/** Versions, notes and readiness: what may be released, and every reason against it at once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { cut, notesOf, sectionsOf } from '../../scripts/release/changelog.ts'
import { namedAfterPackage, sumsOf, wrongSums } from '../../scripts/release/pack.ts'
import { type Readings, readinessOf } from '../../scripts/release/readiness.ts'
import { compareVersions, parseVersion, versionsOf } from '../../scripts/release/version.ts'

const root = join(import.meta.dirname, '..', '..', '..')

describe('a version', () => {
  it.each(['0.1.0', '1.2.3', '10.20.30', '1.0.0-rc.1', '1.0.0-alpha', '1.0.0-0.3.7', '1.0.0-x-y.z'])(
    'is %s',
    (text) => {
      expect(parseVersion(text)?.text).toBe(text)
    },
  )

  it.each([
    '',
    'v1.2.3',
    '1.2',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-01',
    '1.2.3-',
    '1.2.3+build',
    ' 1.2.3',
    '1.2.3\n',
    '1.2.3; rm -rf /',
    '$(id)',
    '../../1.2.3',
    `1.2.${'9'.repeat(80)}`,
  ])('is not %j', (text) => expect(parseVersion(text)).toBeUndefined())

  it('comes where Semantic Versioning puts it', () => {
    const order =
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0'
    const versions = versionsOf(order.split(' ').map((text) => `v${text}`))
    expect(
      versions
        .toReversed()
        .toSorted(compareVersions)
        .map(({ text }) => text)
        .join(' '),
    ).toBe(order)
  })

  it('is read from tags, of which those that move are none', () => {
    expect(versionsOf(['v1', 'v1.0.0', 'latest', '1.0.0', 'v2.0.0-rc.1']).map(({ text }) => text)).toEqual([
      '1.0.0',
      '2.0.0-rc.1',
    ])
  })
})

const changelog = `# Changelog

Format: …

## Unreleased

## 1.1.0 - 2026-11-22

### Added

- A button.

\`\`\`
## 9.9.9 - 2026-01-01
\`\`\`

## 1.0.0 - 2026-10-01

- All of it.
`

describe('the notes of a version', () => {
  it('are what stands below its heading, and nothing of another', () => {
    expect(notesOf(changelog, '1.1.0')).toEqual({
      notes: '### Added\n\n- A button.\n\n```\n## 9.9.9 - 2026-01-01\n```\n',
    })
  })

  it.each([
    ['is not there', changelog, '1.2.0', 'has no section for 1.2.0'],
    ['is not the newest', changelog, '1.0.0', 'has 1.1.0 above 1.0.0'],
    ['has no day', changelog.replace(' - 2026-11-22', ''), '1.1.0', 'has no day for 1.1.0'],
    ['has a day that no calendar has', changelog.replace('2026-11-22', '2026-02-30'), '1.1.0', 'has no day for 1.1.0'],
    ['says nothing', changelog.replace('- A button.', ''), '1.1.0', 'says nothing about 1.1.0'],
    [
      'leaves something unreleased',
      changelog.replace('## Unreleased\n', '## Unreleased\n\n- More.\n'),
      '1.1.0',
      'Unreleased',
    ],
    ['is there twice', `${changelog}\n## 1.1.0 - 2026-11-22\n\n- Again.\n`, '1.1.0', 'has 2 sections for 1.1.0'],
  ])('are refused when it %s', (_, text, version, said) => {
    const read = notesOf(text, version)
    expect('problems' in read ? read.problems.join('\n') : read).toContain(said)
  })

  it('are cut from what is unreleased, which is empty afterwards', () => {
    const before = changelog.replace('## Unreleased\n', () => '## Unreleased\n\n### Added\n\n- More: $& and $1.\n')
    const after = cut(before, '1.2.0', '2026-12-01')
    expect(notesOf(after, '1.2.0')).toEqual({ notes: '### Added\n\n- More: $& and $1.\n' })
    expect(sectionsOf(after).map(({ name }) => name)).toEqual(['Unreleased', '1.2.0', '1.1.0', '1.0.0'])
    expect(() => cut(after, '1.3.0', '2026-12-02')).toThrow('there is nothing to release')
    expect(() => cut(before, '1.1.0', '2026-12-02')).toThrow('has a section for 1.1.0 already')
    expect(() => cut(before, 'v2', '2026-12-02')).toThrow('is no version')
  })

  it('can be cut from the changelog of this repository', () => {
    const own = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    const names = sectionsOf(own).map(({ name }) => name)
    expect(names[0]).toBe('Unreleased')
    expect(names.slice(1).filter((name) => parseVersion(name) === undefined)).toEqual([])
  })
})

const commit = 'a'.repeat(40)
const ready: Readings = {
  version: '1.1.0',
  changelog,
  packageFile: '{"version":"1.1.0"}',
  lockFile: '{"version":"1.1.0","packages":{"":{"version":"1.1.0"}}}',
  ref: 'refs/heads/main',
  commit,
  tags: new Map([
    ['v1', 'b'.repeat(40)],
    ['v1.0.0', 'b'.repeat(40)],
  ]),
  changed: '',
}
const problemsOf = (readings: Partial<Readings>): readonly string[] => {
  const readiness = readinessOf({ ...ready, ...readings })
  return 'problems' in readiness ? readiness.problems : []
}

describe('a release', () => {
  it('is ready when changelog, package and lock file say its version, on main, after the one before', () => {
    expect(readinessOf(ready)).toMatchObject({ version: { text: '1.1.0' }, notes: expect.stringContaining('A button') })
  })

  it('is ready again when its tag is on this very commit: the run before broke half-way', () => {
    expect(problemsOf({ tags: new Map([...ready.tags, ['v1.1.0', commit]]) })).toEqual([])
  })

  it('is refused with every reason at once', () => {
    const problems = problemsOf({
      version: '0.9.0',
      ref: 'refs/heads/feature',
      changed: '?? dist/17.index.js',
      lockFile: '{"version":"0.9.0","packages":{}}',
    })
    expect(problems).toEqual([
      'this is refs/heads/feature: releases are made from main alone',
      expect.stringContaining('package.json says 1.1.0, not 0.9.0'),
      expect.stringContaining('package-lock.json (its first package) says undefined, not 0.9.0'),
      expect.stringContaining('CHANGELOG.md has no section for 0.9.0'),
      'v1.0.0 is released already, and is newer than 0.9.0',
      expect.stringContaining('?? dist/17.index.js'),
    ])
  })

  it.each(['refs/tags/v1.1.0', 'refs/pull/7/merge', 'refs/heads/main2', ''])('is not made from %j', (ref) => {
    expect(problemsOf({ ref })).toEqual([`this is ${ref}: releases are made from main alone`])
  })

  it('is not made twice', () => {
    expect(problemsOf({ tags: new Map([['v1.1.0', 'c'.repeat(40)]]) })).toEqual([
      expect.stringContaining('v1.1.0 is another commit already'),
    ])
  })
})

describe('what is packed', () => {
  const files = new Map([
    ['dist/index.js', Buffer.from('a')],
    ['archive.tar.gz', Buffer.from('b')],
  ])

  it('has sums as sha256sum writes them, in an order that does not change', () => {
    expect(sumsOf(files)).toBe(
      [
        '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  archive.tar.gz',
        'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  dist/index.js',
        '',
      ].join('\n'),
    )
  })

  it('is published only as it was packed: a file that is another, is gone, or a line that is no sum', () => {
    const sums = sumsOf(files)
    expect(wrongSums(sums, (name) => files.get(name))).toEqual([])
    expect(wrongSums(sums, (name) => (name === 'dist/index.js' ? Buffer.from('c') : files.get(name)))).toEqual([
      'dist/index.js',
    ])
    expect(wrongSums(`${sums}nonsense\n`, () => undefined)).toEqual(['archive.tar.gz', 'dist/index.js', 'nonsense'])
  })

  it('has bills of materials that name the package, not the folder of the checkout', () => {
    const cyclonedx = namedAfterPackage('{"metadata":{"component":{"name":"h6"}}}', 'k3s-gpu-actions')
    expect(JSON.parse(cyclonedx)).toEqual({ metadata: { component: { name: 'k3s-gpu-actions' } } })
    expect(JSON.parse(namedAfterPackage('{"name":"h6@1.0.0"}', 'k3s-gpu-actions'))).toEqual({
      name: 'k3s-gpu-actions@1.0.0',
    })
  })
})
