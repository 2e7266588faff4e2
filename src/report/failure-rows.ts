import { cell } from './markdown.ts'
import type { Failure } from './model.ts'

/** What summary and comment tell of a failure, in the same words and order. */
export function failureRows(failure: Failure): readonly (readonly [name: string, value: string])[] {
  return [
    ['what', cell(failure.title)],
    ['cause', cell(failure.cause)],
    ['remedy', cell(failure.remedy)],
    ['state', cell(failure.state)],
    ['code', cell(failure.code)],
  ]
}
