import { fenced } from './markdown.ts'
import type { Milestone, Stage } from './model.ts'
import { cut, oneLine } from './text.ts'

/** More than this is no picture any more. */
const maximumTasks = 40

/**
 * Letters, digits and a few signs that mean nothing to Mermaid. `:` `;` `#` `%` and line breaks do; words such as `title`
 * or `click` only at the start of a line, where a task always has its number.
 */
function task(text: string): string {
  const plain = oneLine(text, 200)
    .replace(/[^\p{L}\p{N} .+/-]/gu, ' ')
    .replace(/-{2,}/g, '-')
    .replace(/ {2,}/g, ' ')
    .trim()
  return plain === '' ? 'unnamed' : cut(plain, 60)
}

/** A Mermaid gantt of stages and milestones; empty when there is nothing to draw. */
export function renderTimeline(stages: readonly Stage[], milestones: readonly Milestone[]): string {
  const lines: string[] = []
  for (const stage of stages) {
    const length = Math.max(1, Math.round(stage.endedMs - stage.startedMs))
    lines.push(`  ${lines.length + 1} ${task(stage.title)} :${Math.round(stage.startedMs)}, ${length}ms`)
    for (const one of milestones.filter((milestone) => milestone.stage === stage.title)) {
      lines.push(`  ${lines.length + 1} ${task(one.text)} :milestone, ${Math.round(stage.startedMs + one.atMs)}, 0ms`)
    }
  }
  if (lines.length === 0) return ''
  return fenced(
    'mermaid',
    ['gantt', '  dateFormat x', '  axisFormat %M:%S', ...lines.slice(0, maximumTasks)].join('\n'),
  )
}
