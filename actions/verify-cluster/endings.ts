import {
  type Check,
  checksFailed,
  count,
  type Failure,
  type Verification,
  verificationHeadline,
} from '../../src/report/index.ts'
import type { FailPolicy } from '../../src/verify/index.ts'
import { explain, failureOfChecks } from '../failure.ts'
import { type Ending, nothingNext, type Run, type StandardOutput } from '../run.ts'

/** Those of action.yml that every run computes; the others are set on the way. */
export const verifyOutputs: readonly StandardOutput[] = ['result', 'failure-code', 'report']

/** Names of the files beside the report. */
export const junitFile = 'junit.xml'
export const metricsFile = 'metrics.prom'

/** Outputs of a run that has asked nothing yet: they are there whatever becomes of it. */
export const nothingFound: Readonly<Record<string, string>> = {
  verdict: 'error',
  passed: '0',
  warned: '0',
  failed: '0',
  skipped: '0',
  'failed-checks': '[]',
  'new-failures': '[]',
  fixed: '[]',
  'gpu-verdict': '',
  'triton-p95-ms': '',
  junit: '',
  metrics: '',
  'issue-url': '',
}

const numberOf = (checks: readonly Check[], ...verdicts: readonly Check['verdict'][]): string =>
  String(checks.filter(({ verdict }) => verdicts.includes(verdict)).length)

/** Sets the outputs that say what was found. They are set whatever becomes of the run. */
export function setOutputs(run: Run, checks: readonly Check[], verification: Verification): void {
  const latencies = Object.entries(verification.metrics).filter(([name]) => name.startsWith('triton_p95_ms'))
  const slowest = Math.max(...latencies.map(([, milliseconds]) => milliseconds))
  Object.assign(run.outputs, {
    verdict: verification.verdict,
    passed: numberOf(checks, 'pass'),
    warned: numberOf(checks, 'warn'),
    failed: numberOf(checks, 'fail', 'error'),
    skipped: numberOf(checks, 'skip'),
    'failed-checks': JSON.stringify(verification.failing),
    'new-failures': JSON.stringify(verification.newFailures),
    fixed: JSON.stringify(verification.fixed),
    'gpu-verdict': verification.gpuVerdict ?? '',
    'triton-p95-ms': latencies.length > 0 ? String(Math.round(slowest)) : '',
    'issue-url': verification.issueUrl ?? '',
  })
}

const proofs: Readonly<Record<NonNullable<Verification['gpuVerdict']>, string>> = {
  'gpu-proved': 'Triton answers from the GPU',
  'gpu-likely': 'Triton answers, very likely from the GPU',
  unknown: 'Triton answers',
  'cpu-fallback': 'Triton answers from the CPU',
}

/** What good news there is, for the headline. */
function proved(checks: readonly Check[], { gpuVerdict }: Verification): readonly string[] {
  const jobs = checks.filter(({ id }) => id.startsWith('gpu-job.compute.'))
  const computed = jobs.filter(({ verdict }) => verdict === 'pass').length
  // A busy GPU is at work for somebody; any other reason leaves open what this run was for.
  const isOpen = jobs.some(({ verdict, found }) => verdict === 'skip' && !found.startsWith('busy'))
  const answers = checks.some(({ id, verdict }) => id.startsWith('triton.infer.') && verdict === 'pass')
  return [
    ...(computed > 0 ? [computed === 1 ? 'the GPU computes' : `GPUs compute on ${computed} nodes`] : []),
    ...(isOpen ? [computed > 0 ? 'of others it was not asked' : 'but whether the GPU computes was not asked'] : []),
    ...(answers && gpuVerdict ? [proofs[gpuVerdict]] : []),
  ]
}

/** No question was answered, and nobody said that this is well: neither `fail-on: never` nor that all of it is ignored. */
function isSilent(checks: readonly Check[], otherwise: FailPolicy['otherwise']): boolean {
  const isOpen = ({ verdict, found }: Check): boolean => verdict === 'skip' && !found.startsWith('ignored by')
  return otherwise !== 'never' && checks.every(isOpen)
}

/** A run that asked what it could. Failing checks fail it as `fail-on` says; that none was answered does as well. */
export function endVerified(
  run: Run,
  checks: readonly Check[],
  verification: Verification,
  otherwise: FailPolicy['otherwise'] = 'fail',
): Ending {
  const about = verification.nodes.length > 0 ? `${verification.nodes.join(', ')} in ${run.cluster}` : run.cluster
  const verdict = verificationHeadline(about, checks, verification)
  const bad = checks.filter(({ id }) => verification.failing.includes(id))
  if (bad.length > 0) {
    const { failure } = failureOfChecks(verdict, bad)
    const [first] = bad
    const title = first ? `${verdict}: ${first.id}: ${first.found}` : verdict
    const state = 'nothing was changed by asking; the next run asks again'
    const known = { ...failure, title, code: checksFailed, state }
    return { result: 'failed', headline: verdict, next: failure.remedy, failure: known }
  }
  if (isSilent(checks, otherwise)) {
    const [first] = checks
    const remedy =
      checks.find((check) => check.remedy !== undefined)?.remedy ??
      'look at suites, mode and nodes: together they ask for nothing'
    return {
      result: 'failed',
      headline: verdict,
      next: remedy,
      failure: {
        code: 'nothing-asked',
        title: verdict,
        cause: first === undefined ? 'there was no question for what was chosen' : `${first.id}: ${first.found}`,
        remedy,
        evidence: checks.slice(0, 20).map(({ id, found }) => `${id}: ${found}`),
        state: 'nothing was changed by asking; nobody knows how the cluster is',
      },
    }
  }
  const warned = checks.find((check) => check.verdict === 'warn')
  return {
    result: 'verified',
    headline: [verdict, ...proved(checks, verification)].join(', '),
    next: warned?.remedy ?? nothingNext,
  }
}

/** A dry run: what would be asked, and what may not be. */
export function endPlanned(run: Run, asked: number, checks: readonly Check[]): Ending {
  // No verdict: nothing was asked, as it was wished.
  run.outputs.verdict = ''
  const missing = checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn' || verdict === 'error')
  return {
    result: 'planned',
    headline: `${run.cluster}: ${count(asked, 'kind')} of checks would be asked${missing.length > 0 ? `, but ${count(missing.length, 'check')} of the API server says no` : ''} (dry run)`,
    next: missing[0]?.remedy ?? 'run it without dry-run',
  }
}

/** A failed or cancelled run: nobody knows how the cluster is. */
export function endFailed(run: Run, error: unknown, isCancelled: boolean): Ending {
  const subject = run.cluster === '' ? 'the run could not start' : `${run.cluster} was not verified`
  const state =
    'nothing was changed; pods of this run are deleted, and the next run deletes what one that was killed left'
  const failure: Failure = isCancelled
    ? {
        code: 'cancelled',
        title: `${run.cluster || 'the cluster'}: the run was cancelled`,
        cause: 'somebody cancelled the run, or the runner was stopped',
        remedy: 'run it again',
        evidence: [],
        state,
      }
    : { ...explain(error, subject), state }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
