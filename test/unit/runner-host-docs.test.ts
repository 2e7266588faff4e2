import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const guide = read('docs/runner.md')
const scripts = globSync('runner/**/*.sh', { cwd: root }).map(read).join('\n')

const unique = (texts: Iterable<string>): string[] => [...new Set(texts)].sort()
const all = (text: string, pattern: RegExp): string[] =>
  unique([...text.matchAll(pattern)].map(([, found = '']) => found))

describe('the guide for runners', () => {
  it('tells of every check of the script, and of no other', () => {
    const asked = all(scripts, /\b(?:pass|warn|fail|skip|worst \S+) ((?:runner|machine)\.[a-z-]+)/g)
    expect(asked.length).toBeGreaterThan(20)
    expect(all(guide, /^\| `((?:runner|machine)\.[a-z-]+)` \|/gm)).toEqual(asked)
  })

  it('lists the names that the list for the proxy lists', () => {
    const listed = read('runner/egress-names.txt')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    // A leading dot means every name below it, which the guide writes with a star.
    const told = all(guide, /`([a-z*.-]+\.(?:com|net))`/g).map((name) => name.replace(/^\*/, ''))
    expect(told.filter((name) => listed.includes(name))).toEqual(unique(listed))
  })

  it('asks for the same version of the runner as the script', () => {
    const [minimum] = all(scripts, /^minimum_version=([0-9.]+)/gm)
    expect(guide).toContain(`Version ${minimum} or newer`)
  })

  it('names folders that the actions make', () => {
    expect(read('src/kubeconfig/placement.ts')).toContain("rootName = 'k3s-gpu-actions-private'")
    expect(read('actions/deploy-stack/job-folder.ts')).toContain('`k3s-gpu-actions-pulumi-')
    expect(read('src/tunnel/claim.ts')).toContain("variable = 'K3S_GPU_ACTIONS_TUNNEL'")
    for (const name of ['k3s-gpu-actions-private', 'k3s-gpu-actions-pulumi-*']) expect(guide).toContain(name)
    expect(scripts).toContain('"$temp"/k3s-gpu-actions-*')
    expect(scripts).toContain("'K3S_GPU_ACTIONS_TUNNEL='")
  })

  it('no file of it is longer than somebody reads', () => {
    for (const path of globSync('runner/**/*.sh', { cwd: root })) {
      expect([path, read(path).split('\n').length > 250]).toEqual([path, false])
    }
  })
})
