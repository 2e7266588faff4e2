/** `npm run prove` takes minutes; that its mutants still fit the sources is seen here, at once. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { mutants, withoutMutant } from '../mutants/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const promises = Array.from({ length: 11 }, (_, index) => index + 1)

describe('mutants', () => {
  it('break every promise, or it is said why there is none', () => {
    const broken = new Set(mutants.map(({ promise }) => promise))
    expect(promises.filter((promise) => broken.has(promise) === withoutMutant.has(promise))).toEqual([])
  })

  it('fit the sources: each text is found exactly once, and its replacement is another', () => {
    const stale = mutants
      .map(({ breaks, file, find, replace }) => ({
        breaks,
        file,
        found: existsSync(join(root, file)) ? read(file).split(find).length - 1 : 'no such file',
        differs: find !== replace,
      }))
      .filter(({ found, differs }) => found !== 1 || !differs)
    expect(stale).toEqual([])
  })

  it('name test files that exist', () => {
    const missing = mutants.flatMap(({ killedBy }) =>
      'file' in killedBy && !existsSync(join(root, killedBy.file)) ? [killedBy.file] : [],
    )
    expect(missing).toEqual([])
  })

  it('are told apart by what they break', () => {
    expect(new Set(mutants.map(({ breaks }) => breaks)).size).toBe(mutants.length)
  })
})
