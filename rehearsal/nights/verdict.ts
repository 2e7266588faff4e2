/** Whether two nights went as they were to go. Pure. */
import type { NightFault } from './faults.ts'
import type { Nights } from './play.ts'

export interface Verdict {
  readonly isAsExpected: boolean
  /** One line for a person. */
  readonly text: string
}

/** Ids that made the run fail. */
function failingOf(run: Nights['broken']['run']): readonly string[] {
  const verifying = run.jobs.findLast(({ outputs }) => outputs['failed-checks'] !== undefined)
  return JSON.parse(verifying?.outputs['failed-checks'] ?? '[]') as string[]
}

function problemsOf(fault: NightFault, { broken, repaired }: Nights): readonly string[] {
  const problems: string[] = []
  const want = (isSo: boolean, otherwise: string): void => {
    if (!isSo) problems.push(otherwise)
  }
  want(broken.run.conclusion === 'failure', `the first night ended as ${broken.run.conclusion}`)
  const [issue, ...others] = broken.issues
  want(
    issue?.state === 'open' && others.length === 0,
    `the first night left ${broken.issues.length} issues, not one open`,
  )
  const isFailing = (id: string): boolean =>
    fault.workflow === 'watchdog.yml' ? broken.run.log.includes(id) : failingOf(broken.run).includes(id)
  for (const id of fault.fails) {
    want(isFailing(id), `${id} did not fail in the first night`)
    want(issue === undefined || issue.body.includes(id), `the issue does not name ${id}`)
  }
  want(repaired.run.conclusion === 'success', `the second night ended as ${repaired.run.conclusion}`)
  const left = failingOf(repaired.run)
  want(left.length === 0, `in the second night ${left.join(', ')} failed`)
  const [closed, ...more] = repaired.issues
  want(closed?.state === 'closed' && more.length === 0, 'the second night did not close the one issue')
  want(repaired.issues[0]?.comments.length !== 0, 'the issue was closed without a word')
  return problems
}

export function judgeNights(fault: NightFault, nights: Nights): Verdict {
  const problems = problemsOf(fault, nights)
  return problems.length === 0
    ? {
        isAsExpected: true,
        text: `As expected: ${fault.shows}; an issue opened, and closed again in the second night, when all was well.`,
      }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
