import type { DesiredNode } from '../cluster-file/index.ts'
import { formatTaint, type NodeState } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import { hasDrift, metadataDrift } from './labels.ts'

/** What is true after the changes, read from the API server, never from files. `waits`: the host was left as it is. Pure. */
export function confirmChecks(
  desired: DesiredNode,
  version: string,
  node: NodeState | undefined,
  unitState: string | undefined,
  waits: boolean,
): readonly Check[] {
  const checks: Check[] = []
  const ask = (id: string, question: string, isTrue: boolean, found: string, remedy: string): void => {
    checks.push({
      id,
      verdict: isTrue ? 'pass' : 'fail',
      question,
      found,
      ...(isTrue ? {} : { cause: 'it was so a moment ago, or was never brought about', remedy }),
    })
  }
  if (unitState !== undefined)
    ask('confirm.unit', 'Is the unit active?', unitState === 'active', unitState, 'look at its journal on the host')
  if (!waits) {
    ask(
      'confirm.ready',
      'Is the node Ready?',
      node?.ready === 'True',
      node ? `Ready=${node.ready} ${node.readyMessage}`.trim() : 'no such node',
      'press the button again; the plan says what is missing',
    )
  }
  if (!node) return checks
  if (!waits) {
    ask(
      'confirm.version',
      'Does the node run the wanted version?',
      node.kubeletVersion === version,
      node.kubeletVersion,
      'press the button again; the plan says what is missing',
    )
  }
  const drift = metadataDrift(desired, node)
  ask(
    'confirm.metadata',
    'Are labels and taints as wanted?',
    !hasDrift(drift),
    hasDrift(drift)
      ? [
          ...Object.keys(drift.labels),
          ...Object.keys(drift.annotations),
          ...drift.addTaints.map(formatTaint),
          ...drift.removeTaints.map(formatTaint),
        ].join(', ')
      : 'as wanted',
    'something else changes them: look at managedFields of the node',
  )
  return checks
}
