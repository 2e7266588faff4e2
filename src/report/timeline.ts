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

interface Task {
  readonly line: (number: number) => string
  /** Of tasks that do not fit the least important go: milestones first, the earliest first. What failed stays. */
  readonly worth: number
}

function tasksOf(stages: readonly Stage[], milestones: readonly Milestone[]): readonly Task[] {
  return stages.flatMap((stage) => {
    const length = Math.max(1, Math.round(stage.endedMs - stage.startedMs))
    const state = stage.failed ? 'crit, ' : ''
    const bar: Task = {
      worth: stage.failed ? 2 : 1,
      line: (number) => `  ${number} ${task(stage.title)} :${state}${Math.round(stage.startedMs)}, ${length}ms`,
    }
    const marks = milestones
      .filter((milestone) => milestone.stage === stage.title)
      .map(
        (one): Task => ({
          worth: 0,
          line: (number) => `  ${number} ${task(one.text)} :milestone, ${Math.round(stage.startedMs + one.atMs)}, 0ms`,
        }),
      )
    return [bar, ...marks]
  })
}

/** A Mermaid gantt of stages and milestones, the failed stage marked as critical; empty when there is nothing to draw. */
export function renderTimeline(stages: readonly Stage[], milestones: readonly Milestone[]): string {
  const tasks = tasksOf(stages, milestones)
  if (tasks.length === 0) return ''
  const kept = new Set(
    tasks.toSorted((a, b) => b.worth - a.worth || tasks.indexOf(b) - tasks.indexOf(a)).slice(0, maximumTasks),
  )
  const lines = tasks.filter((one) => kept.has(one)).map((one, index) => one.line(index + 1))
  const left = tasks.length - lines.length
  const gantt = fenced('mermaid', ['gantt', '  dateFormat x', '  axisFormat %M:%S', ...lines].join('\n'))
  return left === 0 ? gantt : `${gantt}\n\n_${left} more in the JSON report._`
}
