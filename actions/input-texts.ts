import type { Runner } from '../src/runner/index.ts'
import { type InputSpecification, isContent } from './input-specification.ts'

/** What of the runner is needed to read inputs. */
export type InputRunner = Pick<Runner, 'input' | 'mask' | 'workspace' | 'environment'>

/** Text of every input. Secrets are masked and forgotten before anything else can print or inherit them. */
export function takeTexts(
  specification: InputSpecification,
  runner: InputRunner,
  forget: (name: string) => void,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>(Object.keys(specification).map((name) => [name, runner.input(name)]))
  for (const [name, definition] of Object.entries(specification)) {
    const text = texts.get(name) ?? ''
    const isSecret = definition.secret === true || (definition.type === 'path' && isContent(text))
    if (!isSecret || text === '') continue
    runner.mask(text)
    forget(name)
  }
  return texts
}
