import type { InputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import { specification } from './specification.ts'

export type JoinValues = InputValues<typeof specification>

/** Text of every input; see takeTexts. */
export function takeJoinTexts(runner: InputRunner, forget: (name: string) => void): ReadonlyMap<string, string> {
  const texts = takeTexts(specification, runner, forget)
  const token = texts.get('token') ?? ''
  // The parts behind `K10<hash>::`, the user and the id of a bootstrap token are secrets by themselves.
  for (const separator of ['::', ':', '.']) {
    const part = token.split(separator).at(-1) ?? ''
    if (part !== '' && part !== token) runner.mask(part)
  }
  return texts
}
