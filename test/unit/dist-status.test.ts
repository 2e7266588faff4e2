/** A stale dist is seen whatever it is that makes it stale, and whatever its user told git to hide. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { notAsCommitted } from '../../scripts/dist-status.ts'

let folder = ''
const git = (...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], {
    cwd: folder,
    stdio: 'ignore',
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dist status-'))
  mkdirSync(join(folder, 'dist', 'k3s-join'), { recursive: true })
  for (const name of ['dist/index.js', 'dist/k3s-join/index.js', 'README.md']) writeFileSync(join(folder, name), 'a\n')
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'all')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('dist', () => {
  it('is fresh when it is as committed, whatever else is not', () => {
    writeFileSync(join(folder, 'README.md'), 'b\n')
    writeFileSync(join(folder, 'new.txt'), '')
    expect(notAsCommitted(folder, 'dist')).toBe('')
  })

  it('is stale with a chunk that nobody added, which `git diff` does not see', () => {
    writeFileSync(join(folder, 'dist/17.index.js'), 'c\n')
    git('diff', '--quiet')
    expect(notAsCommitted(folder, 'dist')).toBe('?? dist/17.index.js')
  })

  it('is stale with a chunk that is changed, gone, or in a new folder', () => {
    writeFileSync(join(folder, 'dist/index.js'), 'b\n')
    rmSync(join(folder, 'dist/k3s-join/index.js'))
    mkdirSync(join(folder, 'dist/deploy-stack'))
    writeFileSync(join(folder, 'dist/deploy-stack/post.js'), 'b\n')
    expect(notAsCommitted(folder, 'dist').split('\n').sort()).toEqual([
      ' D dist/k3s-join/index.js',
      ' M dist/index.js',
      '?? dist/deploy-stack/post.js',
    ])
  })

  it('is stale although a setting or a rule of its user hides what is new', () => {
    git('config', 'status.showUntrackedFiles', 'no')
    writeFileSync(join(folder, '.git/info/exclude'), 'dist/*.js\n')
    writeFileSync(join(folder, 'dist/17.index.js'), 'c\n')
    expect(notAsCommitted(folder, 'dist')).toBe('!! dist/17.index.js')
  })
})
