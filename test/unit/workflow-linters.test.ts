/** What stands around the two linters of workflows: the copy that they can read, their ignores, and what they are told of this machine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { asLocal, filledIn, splitIgnores, unneeded } from '../../scripts/linters/check.ts'
import { lastLine, linterEnvironment } from '../../scripts/linters/programs.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the copy that actionlint can follow', () => {
  it('names own actions and workflows by ./, and leaves everybody else’s as they are', () => {
    const text = [
      '    uses: $/.github/workflows/join-node.yml',
      '      - uses: $/actions/k3s-join',
      "      - uses: '$/actions/verify-cluster'",
      `    uses: OWNER/k3s-gpu-actions/.github/workflows/join-node.yml@${'0'.repeat(40)}`,
      `      - uses: actions/checkout@${'1'.repeat(40)} # v7.0.1`,
      '        run: echo "$/actions/k3s-join"',
    ].join('\n')
    expect(asLocal(text).split('\n')).toEqual([
      '    uses: ./.github/workflows/join-node.yml',
      '      - uses: ./actions/k3s-join',
      "      - uses: './actions/verify-cluster'",
      '    uses: ./.github/workflows/join-node.yml',
      `      - uses: actions/checkout@${'1'.repeat(40)} # v7.0.1`,
      '        run: echo "$/actions/k3s-join"',
    ])
  })
})

describe('the copy of an example that zizmor reads', () => {
  it('names a full commit where its user has to', () => {
    expect(filledIn('    uses: OWNER/k3s-gpu-actions/.github/workflows/join-node.yml@COMMIT')).toBe(
      `    uses: somebody/k3s-gpu-actions/.github/workflows/join-node.yml@${'0'.repeat(40)}`,
    )
    // A tag stays one, and is found.
    for (const text of ['uses: OWNER/k3s-gpu-actions/x.yml@v1', '# OWNER/k3s-gpu-actions@COMMIT'])
      expect(filledIn(text)).toBe(text)
  })
})

describe('the ignores of actionlint', () => {
  const said = [
    '.github/workflows/join-node.yml:178:15: specifying action "$/actions/kubeconfig-esc" in invalid format because ref is missing. available formats are "{owner}/{repo}@{ref}" or "{owner}/{repo}/{path}@{ref}" [action]',
    '.github/workflows/nightly.yml:41:11: reusable workflow call "$/.github/workflows/verify-cluster.yml" at "uses" is not following the format "owner/repo/path/to/workflow.yml@ref" nor "./path/to/workflow.yml". [workflow-call]',
    '.github/workflows/nightly.yml:32:3: unexpected key "queue" for "concurrency" section. expected one of "cancel-in-progress", "group" [syntax-check]',
  ]
  const { bare, patterns } = splitIgnores(read('.github/actionlint.yaml'))

  it('hide one message each of those that 1.7.12 says, and nothing like it about others', () => {
    expect(patterns).toHaveLength(said.length)
    for (const pattern of patterns) expect(said.filter((line) => new RegExp(pattern).test(line))).toHaveLength(1)
    const others = said.map((line) => line.replace('"$/', '"somebody/else/').replace('"queue"', '"queues"'))
    expect(unneeded(patterns, others.join('\n'))).toEqual([...patterns])
  })

  it('are told when one hides nothing any more', () => {
    expect(unneeded(patterns, said.join('\n'))).toEqual([])
    expect(unneeded(patterns, said.slice(0, 2).join('\n'))).toEqual([patterns[2]])
  })

  it('can be taken out, and the rest stays', () => {
    expect(bare).toContain('PULUMI_PREVIEW')
    expect(bare).not.toContain('ignore')
  })

  it.each(['.github/actionlint.yaml', '.github/zizmor.yml'])('stand below a line that explains them, in %s', (path) => {
    const lines = read(path).split('\n')
    const bareEntries = lines
      .map((line, index) => ({ line, before: lines[index - 1] ?? '' }))
      .filter(({ line }) => /^\s+- /.test(line) && !/^\s+- [A-Z_]+$/.test(line))
      .filter(({ before }) => !/^\s*#/.test(before))
    expect(bareEntries).toEqual([])
  })
})

describe('a linter', () => {
  it('learns where programs and caches are, and no secret', () => {
    const machine = {
      PATH: '/usr/bin',
      HOME: '/home/me',
      GOPROXY: 'direct',
      PIP_INDEX_URL: 'x',
      GITHUB_TOKEN: 'ghs_secret',
      GH_TOKEN: 'ghs_secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
      GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
    }
    expect(linterEnvironment(machine)).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/me',
      GOPROXY: 'direct',
      PIP_INDEX_URL: 'x',
      LC_ALL: 'C.UTF-8',
      NO_COLOR: '1',
    })
  })

  it('that cannot be had says why in one line', () => {
    expect(lastLine('go: downloading x\ngo: module lookup disabled\n\n')).toBe('go: module lookup disabled')
    expect(lastLine('')).toBe('it said nothing')
    expect(lastLine('x'.repeat(9000))).toHaveLength(300)
  })

  it('is pinned to hashes: a module by go.sum, a wheel by its own', () => {
    expect(read('scripts/linters/go.mod')).toContain('github.com/rhysd/actionlint v1.7.12')
    expect(read('scripts/linters/go.sum')).toMatch(/^github\.com\/rhysd\/actionlint v1\.7\.12 h1:/m)
    expect(read('scripts/linters/zizmor.txt').match(/--hash=sha256:[0-9a-f]{64}/g)).toHaveLength(5)
  })
})
