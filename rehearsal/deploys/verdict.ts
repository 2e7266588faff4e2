/** Whether a deployment went as it was to go, and left what it was to leave. */
import { holderOf } from '../pulumi/index.ts'
import type { RecordedRun } from '../workflow/index.ts'
import type { World } from '../world.ts'
import type { DeployCase } from './cases.ts'

export interface Verdict {
  readonly isAsExpected: boolean
  /** One line for a person. */
  readonly text: string
}

export interface Played {
  readonly run: RecordedRun
  readonly again: RecordedRun | undefined
  readonly world: World
}

/** The job that calls Pulumi, whichever workflow called it. */
function outputsOf(run: RecordedRun): Readonly<Record<string, string>> {
  return run.jobs.find(({ id }) => id.endsWith('/deploy'))?.outputs ?? {}
}

/** What a second press comes to, where the first did well. */
const second: Readonly<Record<string, string>> = { deployed: 'unchanged' }

function problemsOf(wanted: DeployCase, { run, again, world }: Played): readonly string[] {
  const problems: string[] = []
  const want = (isSo: boolean, otherwise: string): void => {
    if (!isSo) problems.push(otherwise)
  }
  const { result = '', 'failure-code': code = '' } = outputsOf(run)
  want(run.conclusion === wanted.conclusion, `it ended as ${run.conclusion}, not as ${wanted.conclusion}`)
  want(result === wanted.result, `its result is '${result}', not '${wanted.result}'`)
  want(code === wanted.code, `its failure code is '${code}', not '${wanted.code}'`)
  if (again) {
    const expected = second[wanted.result] ?? wanted.result
    want(again.conclusion === 'success', `the second press ended as ${again.conclusion}`)
    want(
      outputsOf(again).result === expected,
      `the second press came to '${outputsOf(again).result}', not '${expected}'`,
    )
  }
  const { stack } = world.deploy
  const holder = stack === undefined ? undefined : holderOf(stack)
  const own = holder?.environment['ci.build.id']?.startsWith('1000')
  want(own !== true, 'the stack is still held by this run')
  want((holder === undefined) === (wanted.holder === 'nobody'), 'the lock is not whose it was to be')
  for (const secret of world.deploy.secrets) {
    const seen = [run.log, run.summary, ...Object.values(outputsOf(run))].some((text) => text.includes(secret))
    want(!seen, 'a secret of the stack was seen in log, summary or outputs')
  }
  return [...problems, ...wanted.problems(world)]
}

export function judgeDeploy(wanted: DeployCase, played: Played): Verdict {
  const problems = problemsOf(wanted, played)
  const end = wanted.code === '' ? wanted.result : wanted.code
  return problems.length === 0
    ? { isAsExpected: true, text: `As expected: ${wanted.shows}; it came to ${end}.` }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
