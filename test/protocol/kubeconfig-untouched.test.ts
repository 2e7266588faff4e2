import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { fixtureNames } from '../unit/kubeconfig-materials.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-tripwire-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('reading, judging and rendering a kubeconfig opens no file, runs no program, connects to nothing, whatever it says', () => {
  const canary = join(folder, 'canary')
  writeFileSync(canary, 'what a file says')
  const program = join(import.meta.dirname, 'kubeconfig-tripwire.js')
  const said = execFileSync(process.execPath, [program, canary], { encoding: 'utf8', timeout: 30_000 })
  const { documents, touched, touchedByLibrary } = JSON.parse(said) as Record<string, unknown>
  expect(documents).toBe(fixtureNames().length)
  expect(touched).toEqual([])
  // The wire is there: the library reads a file that the same document names, while it parses.
  expect(touchedByLibrary).toEqual([`readFileSync ${canary}`])
  expect(existsSync(canary)).toBe(true)
})
