/** Hostile text for whatever verify-cluster reads, and what its files and its issue must be all the same. */
import { statSync } from 'node:fs'
import { expect } from '@jest/globals'
import type { Press } from '../../rehearsal/press.ts'
import type { Door } from './door.ts'
import { expectHarmless, hostileLine, hostileText, marker, summaryProblems } from './hostile.ts'
import { filesOf } from './verify-cluster-door.ts'
import { readJunit, readMetrics } from './verify-cluster-formats.ts'

/** What ends a section, an attribute, a label or a cell. */
const brackets = `]]> --> "' {${marker}="x"} \\" \\n \\ ${'`'.repeat(4)} <failure message="${marker}"/> # TYPE ${marker} gauge`
/** On one line, for what cannot hold a line break. */
export const line = `${hostileLine} ${brackets}`
export const text = `${hostileText}\n${brackets}\n# HELP ${marker} x\n${marker} 1\n</testcase></testsuite>\n<!-- state {"alarms":[]} -->`

/** Nothing in Mermaid that could leave its label. */
export function mermaidProblems(summary: string): readonly string[] {
  const blocks = [...summary.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map(([, block = '']) => block)
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter(
      (row) =>
        /^\s*(click|style|linkStyle|%%|subgraph)\b|javascript:|%%\{|[`#;](?!.*classDef)/.test(row) &&
        !/classDef/.test(row),
    )
}

/** It ended as it would have with kind words, and everything it wrote can be read by those who read it. */
export function expectSound(door: Door, press: Press, outcome: Parameters<typeof expectHarmless>[2]): void {
  expectHarmless(door, press, outcome)
  const files = filesOf(press)
  const cases = readJunit(files.junit)
  expect([...cases.values()].length).toBe(press.report?.checks.length)
  const known = new Set(readMetrics(files.metrics).map(({ name }) => name.replace(/_measured_.*/, '_measured')))
  expect([...known].filter((name) => !name.startsWith('k3s_gpu_actions_'))).toEqual([])
  expect(mermaidProblems(press.summary)).toEqual([])
  expect(statSync(press.outputs.report ?? '').size).toBeLessThan(2_000_000)
  for (const issue of door.world.github.issues.all
    .filter(({ body }) => body.startsWith('<!-- k3s-gpu-actions/verify-cluster cluster=oceanid'))
    // Of strangers is what strangers write.
    .filter(({ login, isPullRequest }) => login !== 'stranger' && !isPullRequest)) {
    // The first two lines are comments that nobody sees.
    const [first = '', second = '', ...body] = issue.body.split('\n')
    expect([first, second]).toEqual([
      expect.stringMatching(/^<!-- [^<>]* -->$/),
      expect.stringMatching(/^<!-- state [^<>]* -->$/),
    ])
    expect(summaryProblems(body.join('\n').replaceAll(/^- /gm, ''))).toEqual([])
    expect(issue.title).not.toMatch(/[\n\r\u001B]/)
    for (const comment of issue.comments)
      expect(
        summaryProblems(
          comment.body
            .replace(/^<!-- [^<>]* -->\n/, '')
            .replaceAll(/^- /gm, '')
            .replaceAll(/https:\/\/github\.com\/\S+/g, ''),
        ),
      ).toEqual([])
  }
}
