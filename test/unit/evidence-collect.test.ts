import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { StartFailure } from '../../actions/explain-start.ts'
import type { Join, Planned } from '../../actions/k3s-join/context.ts'
import { collectEvidence } from '../../actions/k3s-join/evidence.ts'
import type { Tracks } from '../../actions/k3s-join/undo.ts'
import { Run } from '../../actions/run.ts'
import type { EvidenceFile } from '../../src/join/index.ts'
import type { Runner } from '../../src/runner/index.ts'
import { notReady, play, unit } from './start-replay.ts'

const folder = mkdtempSync(path(tmpdir(), 'collect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const dropped =
  'level=warning msg="Ignoring unknown key in TOML for plugin" key="containerd runtimes nvidia" plugin=io.containerd.grpc.v1.cri'
/** The agent is up, the node is not Ready, and nothing was heard of why. */
const riddle = play([
  { atMs: 100, unit: unit('active', 'running') },
  { atMs: 200, node: notReady('container runtime network not ready: cni plugin not initialized') },
])?.failure as StartFailure

interface Parts {
  readonly evidence?: (signal: AbortSignal) => Promise<readonly EvidenceFile[]>
  readonly describeNode?: () => Promise<string>
  readonly signal?: AbortSignal
  readonly environment?: Readonly<Record<string, string>>
  readonly touched?: boolean
}

let number = 0
/** A failing run, as far as collecting needs one. */
function failing(parts: Parts) {
  const printed: string[] = []
  const asked: string[] = []
  const runner = {
    temporaryDirectory: path(folder, String(number++)),
    environment: parts.environment ?? {},
    redact: (text: string) => text.replaceAll('masked-secret', '***'),
    line: (text = '') => printed.push(text),
    debug: () => undefined,
  } as unknown as Runner
  const run = new Run(runner, 'k3s-join', [])
  run.node = 'calypso'
  run.startedAtMs = 0
  const join = {
    run,
    signal: parts.signal ?? new AbortController().signal,
    identity: { runId: 'r', label: 'l' },
    inputs: { desired: { node: 'calypso' } },
    distribution: {
      evidence: (_host: unknown, options: { startedAgoMs?: number }, signal: AbortSignal) => {
        asked.push(`host ${typeof options.startedAgoMs}`)
        return parts.evidence?.(signal) ?? Promise.resolve([])
      },
    },
    cluster: {
      describeNode: () => {
        asked.push('node')
        return parts.describeNode?.() ?? Promise.resolve('node calypso')
      },
    },
  } as unknown as Join
  const tracks: Tracks = {
    undone: undefined,
    tokenDeleted: undefined,
    hostTouched: parts.touched ?? true,
    isJoined: false,
  }
  const planned = { host: {} } as Planned
  const collect = (error: unknown, limitMs = 10_000) => collectEvidence(join, planned, tracks, error, limitMs)
  return { run, printed, asked, collect, files: () => readdirSync(run.bundleFolder).sort() }
}

const journal = { name: 'journal.txt', text: `old: ${dropped}\nnew masked-secret`, recent: 'new masked-secret' }

describe('collecting evidence', () => {
  it('keeps what host and cluster say, without secrets, and the error as it is', async () => {
    const { run, collect, files, printed, asked } = failing({ evidence: async () => [journal] })
    const error = new Error('x')
    expect(await collect(error)).toBe(error)
    expect(asked).toEqual(['host number', 'node'])
    expect(files()).toEqual(['journal.txt', 'node.txt'])
    expect(readFileSync(path(run.bundleFolder, 'journal.txt'), 'utf8')).toMatch(/\nnew \*\*\*\n$/)
    expect(printed.join('\n')).toMatch(/▸ Collect evidence .*\n {2}2 files in evidence\//)
    expect(run.bundleSentence).toBe(`. Evidence bundle: ${run.bundleFolder}`)
  })

  it('explains a start again that nothing had explained, by what was written since, and by nothing older', async () => {
    expect(riddle.failure.code).toBe('cni-not-initialised')
    expect(await failing({ evidence: async () => [journal] }).collect(riddle)).toBe(riddle)
    const log = { name: 'containerd.log', text: dropped, recent: dropped }
    const better = await failing({ evidence: async () => [journal, log] }).collect(riddle)
    expect((better as StartFailure).failure.code).toBe('containerd-template-harmful')
  })

  it('names the artifact where the workflow says that it uploads one', async () => {
    const { run, collect } = failing({ environment: { EVIDENCE_ARTIFACT: 'join-calypso-evidence' } })
    await collect(new Error('x'))
    expect(run.bundleSentence).toBe('. Evidence bundle: join-calypso-evidence (artifact)')
  })

  it.each([
    [
      'a host that does not answer',
      { evidence: () => new Promise<never>(() => undefined) },
      'no evidence from the host: it did not end in time',
    ],
    [
      'a host that is gone',
      { evidence: () => Promise.reject(new Error('connection lost')) },
      'no evidence from the host: connection lost',
    ],
    [
      'a cluster that is gone',
      { describeNode: () => Promise.reject(new Error('no API')) },
      'no evidence from the cluster: no API',
    ],
  ] as const)('of %s is one line, and hides no error', async (_name, parts, line) => {
    const { collect, printed } = failing(parts)
    const error = new Error('the real failure')
    expect(await collect(error, 30)).toBe(error)
    expect(printed.filter((one) => one.startsWith('  !'))).toEqual([`  ! ${line}`])
  })

  it('does not fail when the folder cannot be written', async () => {
    const { run, collect } = failing({})
    const file = path(folder, 'a-file')
    writeFileSync(file, '')
    Object.defineProperty(run, 'folder', { value: file })
    const error = new Error('the real failure')
    expect(await collect(error)).toBe(error)
  })

  it('is not done for a cancelled run, a host that was not touched, or twice', async () => {
    const cancelled = failing({ signal: AbortSignal.abort() })
    const untouched = failing({ touched: false })
    const error = new Error('x')
    for (const one of [cancelled, untouched]) {
      expect(await one.collect(error)).toBe(error)
      expect([one.asked, one.printed, one.run.bundleFolder]).toEqual([[], [], ''])
    }
    const twice = failing({
      evidence: () => Promise.reject(new Error('gone')),
      describeNode: () => Promise.reject(new Error('gone')),
    })
    await twice.collect(error)
    await twice.collect(error)
    expect(twice.asked).toHaveLength(2)
    expect(twice.run.bundleSentence).toBe('')
  })

  it('keeps nothing when the run is cancelled meanwhile, and ends soon', async () => {
    const controller = new AbortController()
    const { run, collect } = failing({
      signal: controller.signal,
      evidence: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort(new Error('cancelled'))
        }),
    })
    const error = new Error('x')
    expect(await collect(error, 60_000)).toBe(error)
    expect(run.bundleFolder).toBe('')
  })
})
