/**
 * A workflow file as act v0.2.89 takes it. Three things are younger than that: `$/path`, which becomes a repository that is laid beside it
 * (nektos/act: pkg/runner/step_action_remote.go and reusable_workflow.go want owner/name/path@ref), `concurrency.queue`, and
 * `environment.deployment` (pkg/schema/workflow_schema.json knows neither). Everything else stays as it is committed.
 */
import { isMap, isScalar, parseDocument, visit } from 'yaml'

/** What `$/` becomes: whatever is given to act as this repository. */
export const selfRepository = 'self/self@v0'

const [selfName, selfRef] = selfRepository.split('@')

/** Pure. @throws Error for text that is no YAML */
export function forAct(text: string): string {
  const document = parseDocument(text)
  const [broken] = document.errors
  if (broken !== undefined) throw broken
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? key.value : undefined
      if (name === 'uses' && isScalar(value) && typeof value.value === 'string' && value.value.startsWith('$/'))
        value.value = `${selfName}/${value.value.slice(2)}@${selfRef}`
      if (name === 'concurrency' && isMap(value)) value.delete('queue')
      if (name === 'environment' && isMap(value)) value.delete('deployment')
    },
  })
  return document.toString({ lineWidth: 0 })
}
