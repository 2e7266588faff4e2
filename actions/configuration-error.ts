import { formatProblem, type Problem } from '../src/cluster-file/index.ts'

/** The workflow or the cluster file has to be changed; nothing was touched. Holds every problem at once, and no secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'inputs-invalid'
  override readonly cause: string
  readonly remedy: string
  readonly problems: readonly Problem[]
  readonly evidence: readonly string[]

  constructor(problems: readonly Problem[]) {
    const [first] = problems
    const isOne = problems.length === 1
    super(isOne && first ? formatProblem(first) : `${problems.length} problems with the inputs`)
    this.cause = isOne ? 'the inputs do not say what to do' : `each of them is listed below`
    this.remedy = `correct the workflow${problems.some((problem) => /:\d+:\d+/.test(problem.input)) ? ' and the cluster file' : ''}; nothing was touched`
    this.problems = problems
    this.evidence = problems.map(formatProblem)
  }
}
