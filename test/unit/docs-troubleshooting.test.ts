import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { codesOfStops } from '../../scripts/codes-of-stops.ts'
import { escaped, fenced, troubleshooting } from '../../scripts/docs-troubleshooting.ts'
import { catalogue } from '../../src/diagnosis/index.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = troubleshooting()
const lines = new Set(page.split('\n'))

/** Codes of errors as the sources say them: in the types of rooms, in what is thrown, in failures that are written out. */
function codesInSources(): string[] {
  const files = globSync(['src/**/*.ts', 'actions/**/*.ts'], { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    // What becomes of a pod of a probe, or of a question to an endpoint, is a check's answer, never the end of a run.
    .filter((file) => !/^src\/(diagnosis|http|verify\/pod-run)\//.test(file) && !file.endsWith('.generated.ts'))
  return files.flatMap((file) => {
    const text = readFileSync(`${root}${file}`, 'utf8')
    const types = [...text.matchAll(/(?:type \w*ErrorCode =|readonly code:)((?:\s*\|? ?'[a-z-]+')+)/g)]
    return [
      ...types.flatMap(([, union = '']) => [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code ?? '')),
      ...[...text.matchAll(/\bnew \w+Error\(\s*'([a-z]+(?:-[a-z]+)*)',/g)].map(([, code]) => code ?? ''),
      ...[...text.matchAll(/\bcode(?::| =) '([a-z-]+)'/g)].map(([, code]) => code ?? ''),
    ]
  })
}

describe('the page of messages', () => {
  it('holds every recorded line as it was written, on a line of its own', () => {
    for (const row of catalogue)
      for (const line of row.recorded) expect([row.id, lines.has(line)]).toEqual([row.id, true])
  })

  it('has a chapter for every code of the catalogue, and a line for every other code that a run can end with', () => {
    for (const { code } of catalogue) expect(page).toContain(`\n## ${code}\n`)
    const codes = codesInSources()
    expect(codes).toEqual(
      expect.arrayContaining(['host-key-mismatch', 'checksum-mismatch', 'api-tls', 'unexpected-error']),
    )
    for (const code of codes) expect([code, page.includes(`\n| \`${code}\` | `)]).toEqual([code, true])
  })

  it('explains no code twice: a code is a diagnosis or a stop', () => {
    const diagnoses = new Set(catalogue.map((row) => row.code))
    expect(Object.keys(codesOfStops).filter((code) => diagnoses.has(code))).toEqual([])
  })

  it('leaves no placeholder of a row', () => {
    const prose = page.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    expect(prose).not.toMatch(/\{[a-z]+\}/i)
  })

  it('closes every block, and a message cannot end its own', () => {
    expect(fenced(['a ``` b', '````'])).toEqual(['`````text', 'a ``` b', '````', '`````'])
    expect([...page.matchAll(/^`{3,}/gm)].length % 2).toBe(0)
  })

  it('writes words as words: no markup comes out of a row', () => {
    expect(escaped('a | `b` <c> *d* _e_ [f](g) & h')).toBe('a \\| \\`b\\` \\<c\\> \\*d\\* \\_e\\_ \\[f\\](g) \\& h')
  })
})
