import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { JobTokens } from '../../rehearsal/contract.ts'
import { run, temporaryFolder } from './runner-fixture.ts'

const cache = '55cc8345863c7cc4c66a329aec7e433d2d1c52a9'
const download = '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c'
const upload = '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a'

const twoMachines = `
on: workflow_dispatch
permissions: {}
jobs:
  make:
    runs-on: [self-hosted, lan]
    permissions: { contents: read }
    steps:
      - run: mkdir kept && echo made > kept/report.json && echo "$RUNNER_ENVIRONMENT $OWN \${{ github.token }}" > kept/said
      - uses: actions/upload-artifact@${upload} # v7.0.1
        with: { name: report, path: kept }
      - run: exit 1
  publish:
    needs: make
    if: always()
    runs-on: ubuntu-24.04
    permissions: { issues: write }
    steps:
      - run: echo "[$(ls)] $RUNNER_ENVIRONMENT [$OWN] \${{ needs.make.result }}"
      - uses: actions/download-artifact@${download} # v8.0.1
        id: got
        with: { name: report, path: got }
      - run: cat got/report.json "\${{ steps.got.outputs.download-path }}/said"
`

describe('machines of jobs', () => {
  it('a hosted job has one of its own: it gets from others what was kept as an artifact, and nothing else', async () => {
    const given: unknown[] = []
    let count = 0
    const tokens: JobTokens = {
      admit(permissions) {
        given.push(permissions)
        const token = `ghs_token-of-job-${++count}`
        return { token, end: () => void given.push(`${token} ended`) }
      },
    }
    const result = await run(twoMachines, { machine: { OWN: 'of-the-lan' }, tokens })
    expect(result.jobs.map((job) => [job.id, job.conclusion])).toEqual([
      ['make', 'failure'],
      ['publish', 'success'],
    ])
    expect(result.log).toContain('\n[] github-hosted [] failure\n')
    expect(result.log).toContain('\nmade\nself-hosted of-the-lan ghs_token-of-job-1\n')
    expect(result.log).not.toContain('ghs_token-of-job-2')
    // Each job has the token of its own permissions, for as long as it runs.
    expect(given).toEqual([
      { contents: 'read' },
      'ghs_token-of-job-1 ended',
      { issues: 'write' },
      'ghs_token-of-job-2 ended',
    ])
  })

  it('an artifact that was never kept fails the step that wants it', async () => {
    const text = twoMachines.replace('name: report, path: kept', 'name: other, path: kept')
    const result = await run(text)
    expect(result.jobs.at(-1)?.conclusion).toBe('failure')
    expect(result.log).toContain('Unable to download artifact(s): Artifact not found for name: report')
  })
})

const remembering = (saved: string, restored = saved, key = 'memory-1'): string => `
on: workflow_dispatch
jobs:
  work:
    runs-on: self-hosted
    steps:
      - uses: actions/cache/restore@${cache} # v6.1.0
        id: memory
        with:
          path: ${restored}
          key: memory-\${{ github.run_number }}
          restore-keys: memory-
      - run: mkdir -p kept; cat kept/report.json || true; echo "[\${{ steps.memory.outputs.cache-matched-key }}] [\${{ steps.memory.outputs.cache-hit }}]"
      - run: echo "run \${{ github.run_number }}" > kept/report.json
      - uses: actions/cache/save@${cache} # v6.1.0
        with:
          path: ${saved}
          key: ${key}
`

describe('the cache', () => {
  it('gives the newest of what earlier runs have saved under the beginning of the key, and keeps what it has', async () => {
    const caches = join(temporaryFolder(), 'caches')
    const text = remembering('kept/report.json', 'kept/report.json', 'memory-${{ github.run_number }}')
    const first = await run(text, { caches, runNumber: 40 })
    expect(first.log).toContain('Cache not found for input keys: memory-40, memory-')
    const second = await run(text, { caches, runNumber: 41 })
    expect(second.log).toContain('\nrun 40\n[memory-40] [false]\n')
    const third = await run(text, { caches, runNumber: 42 })
    expect(third.log).toContain('\nrun 41\n[memory-41] [false]\n')
    const again = await run(text, { caches, runNumber: 42 })
    expect(again.log).toContain('\nrun 42\n[memory-42] [true]\n')
    expect(again.log).toContain('Failed to save: Unable to reserve cache with key memory-42')
    expect(again.conclusion).toBe('success')
  })

  it('finds nothing by another path, as the real one', async () => {
    const caches = join(temporaryFolder(), 'caches')
    await run(remembering('kept/report.json'), { caches, runNumber: 1 })
    const other = await run(remembering('kept/report.json', 'kept'), { caches, runNumber: 2 })
    expect(other.log).toContain('Cache not found for input keys')
  })

  it.each([
    ['nothing to save', remembering('nowhere'), /Warning: Path Validation Error[\s\S]*Warning: Cache save failed\./],
    [
      'a key with a comma',
      remembering('kept', 'kept', "'a,b'"),
      /Warning: Key Validation Error: a,b cannot contain commas/,
    ],
  ])('only warns of %s', async (_, text, warning) => {
    const result = await run(text)
    expect(result.conclusion).toBe('success')
    expect(result.log).toMatch(warning)
  })
})
