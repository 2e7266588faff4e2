/** The checks of one target in their order: what a failure of a lower layer blocks, and what the cluster file lowers. */
import type { Check } from '../../../report/index.ts'
import { blocked, isMeant } from '../../gather.ts'
import type { SeverityRule } from '../../model.ts'
import type { Answered } from './answered.ts'
import { tritonEntries } from './entries.ts'

/** Checks without which nothing of the same layer can be asked. */
const gates: ReadonlySet<string> = new Set(['live', 'index', 'model', 'infer', 'repeat'])

export interface Chain {
  readonly checks: readonly Check[]
  /** Whether this check can be asked at all. */
  isOpen(what: string): boolean
  /** Asks, unless a lower layer failed. */
  ask(what: string, question: () => Promise<Answered> | Answered): Promise<void>
}

export function startChain(target: string, severities: readonly SeverityRule[]): Chain {
  const checks: Check[] = []
  const failed: { readonly id: string; readonly what: string; readonly layer: number }[] = []
  const blocker = (layer: number | undefined): string | undefined =>
    layer === undefined
      ? undefined
      : failed.find((one) => one.layer < layer || (one.layer === layer && gates.has(one.what)))?.id
  const entryOf = (what: string) => tritonEntries.find(({ id }) => id === `triton.${what}.<target>`)
  return {
    checks,
    isOpen: (what) => blocker(entryOf(what)?.layer) === undefined,
    async ask(what, question) {
      const entry = entryOf(what)
      if (!entry) throw new Error(`there is no check triton.${what}`)
      const id = `triton.${what}.${target}`
      const by = blocker(entry.layer)
      if (by !== undefined) {
        checks.push(blocked(id, by, entry.asks))
        return
      }
      const answered = await question()
      // What was found blocks, however mildly the cluster file takes it. An inference that was not even taken leaves nothing to compare.
      const isUntaken = /^(live|infer|repeat)$/.test(what) && answered.verdict === 'warn'
      const isFailed = /^(fail|error)$/.test(answered.verdict) || isUntaken
      if (isFailed && entry.layer !== undefined) failed.push({ id, what, layer: entry.layer })
      checks.push(lowered({ id, question: entry.asks, ...answered }, severities))
    },
  }
}

/** By the rules of the cluster file that name this check and no namespace: a Triton server has none. */
function lowered(check: Check, severities: readonly SeverityRule[]): Check {
  if (check.verdict !== 'fail' && check.verdict !== 'warn') return check
  const rules = severities.filter((rule) => rule.namespace === '' && isMeant(rule.check, check.id))
  const verdict = rules.some(({ atMost }) => atMost === 'skip') ? 'skip' : rules.length > 0 ? 'warn' : check.verdict
  return verdict === check.verdict
    ? check
    : { ...check, verdict, found: `${check.found}; severity lowered in the cluster file` }
}
