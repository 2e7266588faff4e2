import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checksDocument } from '../../scripts/docs-checks.ts'
import { gpuCheckRegistry } from '../../src/gpu/index.ts'
import { entryOf, hostChecks, joinCheckRegistry } from '../../src/join/index.ts'
import { k3sCheckRegistry, k3sChecks } from '../../src/k3s/index.ts'
import { kubeadmCheckRegistry } from '../../src/kubeadm/index.ts'
import { kubeconfigCheckRegistry } from '../../src/kubeconfig/index.ts'
import { prerequisiteCheckRegistry } from '../../src/prerequisites/index.ts'
import { suites, watchEntries } from '../../src/verify/index.ts'
import { factsOfCalypso, joinedByHand, nothingInstalled, situation } from './situations.ts'

// Tests run from lib/test/unit; sources are what the registry is about.
const root = join(import.meta.dirname, '..', '..', '..')
const registry = [...joinCheckRegistry, ...k3sCheckRegistry, ...prerequisiteCheckRegistry]
const gpuRegistry = [...registry, ...gpuCheckRegistry]

/** Every id that stands in a source, its variable part as `0`. */
function idsInSources(): string[] {
  const files = globSync(['src/{join,k3s,gpu,prerequisites}/**/*.ts', 'actions/**/*.ts'], { cwd: root }).filter(
    // Those of kubeconfig-esc are asked for their entries one by one: server-checks.test.ts.
    (file) =>
      !/^actions.kubeconfig-esc|registry[a-z-]*\.ts$|\.generated\.ts$|failure\.ts$|gpu.facts[a-z-]*\.ts$/.test(file),
  )
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const found = text.matchAll(
      /['`]((?:host|cluster|k3s|plan|handshake|confirm|gpu|capacity)\.[a-z][a-z0-9.-]*(?:\$\{[^`]*\})?)['`]/g,
    )
    return [...found].map((match) => (match[1] ?? '').replace(/\$\{.*\}$/s, '0')).filter((id) => !/^k3s\.io/.test(id))
  })
}

describe('the registry of checks', () => {
  it('holds every id that stands in a source', () => {
    const ids = [...new Set(idsInSources())]
    expect(ids.length).toBeGreaterThan(30)
    const unknown = ids.filter((id) => {
      // `host.port.0` stands for two entries, which the checks themselves show below.
      return entryOf(gpuRegistry, id) === undefined && id !== 'host.port.0' && !others.has(id)
    })
    expect(unknown).toEqual([])
  })

  it('holds every id that the checks answer with, and no severity that they exceed', () => {
    const given = situation({
      facts: factsOfCalypso({
        disks: [
          { ...disk, path: '/' },
          { ...disk, path: '/x/::error::\n' },
        ],
      }),
    })
    const version = { id: 'k3s.version', verdict: 'pass', question: '', found: '' } as const
    const checks = [
      ...hostChecks(given),
      ...k3sChecks(given, nothingInstalled, version),
      ...k3sChecks(given, joinedByHand, version),
    ]
    expect(checks.filter((one) => entryOf(registry, one.id) === undefined).map((one) => one.id)).toEqual([])
    const worse = checks.filter((one) => one.verdict === 'fail' && entryOf(registry, one.id)?.severity !== 'fail')
    expect(worse).toEqual([])
  })

  it('has each id once, a question and something to do for each', () => {
    expect(new Set(registry.map(({ id }) => id)).size).toBe(registry.length)
    for (const entry of registry) {
      expect(entry.asks).toMatch(/\?|A warning/)
      expect(entry.remedy).not.toMatch(/^$|\n/)
    }
  })

  it('knows ids with a variable part, and none that only looks like one', () => {
    expect(entryOf(registry, 'host.disk.var-lib-rancher')?.id).toBe('host.disk.<path>')
    expect(entryOf(registry, 'handshake.apiserver.2001-db8-1-6443')?.id).toBe('handshake.apiserver.<address>')
    for (const id of ['host.disk', 'host.disk.', 'xhost.clock', 'host.clocks', 'hostxclock', 'host.disk.a b', ''])
      expect(entryOf(registry, id)).toBeUndefined()
  })

  it('lets nobody ignore the handshake or what protects a running GPU', () => {
    const fixed = registry.filter(({ isIgnorable }) => isIgnorable === false).map(({ stage }) => stage)
    expect(new Set(fixed)).toEqual(new Set(['handshake', 'plan', 'confirm']))
    expect(registry.filter(({ stage, isIgnorable }) => stage === 'preflight' && isIgnorable !== true)).toMatchObject([
      { id: 'cluster.name' },
    ])
  })

  it('of verification has each id once, of its own suite, with a question and something to do', () => {
    const entries = [...Object.values(suites).flatMap((suite) => suite.entries), ...watchEntries]
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    for (const { entries: own, name } of Object.values(suites))
      expect(own.filter((one) => one.suite !== name || !one.id.startsWith(`${name}.`))).toEqual([])
    for (const entry of entries) {
      expect([entry.id, entry.asks.endsWith('?')]).toEqual([entry.id, true])
      expect([entry.id, entry.remedy]).not.toEqual([entry.id, expect.stringMatching(/^$|\n/)])
    }
  })

  it('is what docs/checks.md shows', () => {
    const page = readFileSync(join(root, 'docs/checks.md'), 'utf8')
    expect(page).toBe(checksDocument())
    for (const { id } of [...registry, ...kubeadmCheckRegistry, ...kubeconfigCheckRegistry])
      expect(page).toContain(`| \`${id}\` |`)
  })
})

const disk = { availableBytes: 0, totalBytes: 0, availableInodes: 0 }
/** Words in quotes that look like an id and are something else. */
const others = new Set<string>(['k3s.service', 'k3s.io', 'k3s.setting'])
