/** Cancel and kill are safe: every boundary of a join is interrupted once, in one of its ways, and the next press converges. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { boundaries, eachOnce, means, type Story, tellAll } from '../../rehearsal/interruptions.ts'

describe('a run that is interrupted', () => {
  it('leaves no token and no process, and the next press converges, whatever was interrupted and however', async () => {
    expect(new Set(eachOnce.map(([, how]) => how))).toEqual(new Set(means))
    const directory = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-interrupted-'))
    try {
      // Three at once: they wait more than they work.
      const told = await tellAll(eachOnce, directory, 3)
      const broken = told.filter(({ problems }: Story) => problems.length > 0)
      expect(broken).toEqual([])
      expect(told).toHaveLength(boundaries.length)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }, 900_000)
})
