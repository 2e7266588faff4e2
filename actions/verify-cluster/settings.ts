import type { ClusterFile, Problem, VerifySettings } from '../../src/cluster-file/index.ts'
import type { AlarmRule, FailPolicy, Mode, SeverityRule, SuiteName } from '../../src/verify/index.ts'
import { suiteNames } from '../../src/verify/index.ts'
import { FileSettings } from '../file-settings.ts'
import { type InputValues, readDuration } from '../input-specification.ts'
import type { FailOnWord } from './grammars.ts'
import { specification } from './specification.ts'

export type Values = InputValues<typeof specification>

/** What is asked, how hard, and what counts: from inputs and the cluster file's `verify`. */
export interface Settled {
  readonly mode: Mode
  readonly suites: ReadonlySet<SuiteName>
  readonly policy: FailPolicy
  readonly ignoreChecks: readonly string[]
  readonly severities: readonly SeverityRule[]
  readonly alarm: AlarmRule
  readonly retries: number
  readonly timeoutMs: number
  readonly namespace: string
  readonly gpuImage: string
  readonly probeImage: string
  readonly flux: 'required' | 'optional' | 'ignored'
  readonly certificateWarnMs: number
  readonly certificateFailMs: number
  readonly freePercent: number
  readonly storageClass: string
  readonly prometheus: string
  readonly nodeJobs: readonly string[]
  /** Input name → where its value came from. */
  readonly sources: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const day = 86_400_000
/** What starts as many pods as there are nodes is asked by whoever names it. */
export const usualSuites: readonly SuiteName[] = suiteNames.filter((name) => name !== 'spread')
const certificateBounds = { minimum: 3_600_000, maximum: 3650 * day }
export const defaultNamespace = 'k3s-gpu-actions-verify'

function policyOf(entries: readonly string[] | undefined, written: FailOnWord): FailPolicy {
  const words = (entries ?? []).map((entry) => entry.split('='))
  const bare = words.findLast(([, word]) => word === undefined)?.[0] as FailOnWord | undefined
  return {
    otherwise: bare ?? written,
    checks: words.flatMap(([check = '', word]) => (word === undefined ? [] : [{ check, failOn: word as FailOnWord }])),
  }
}

/** Durations of the cluster file alone, which has them as text. */
function periods(file: ClusterFile | undefined): {
  readonly warn: number
  readonly fail: number
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const read = (key: 'warn' | 'fail', otherwise: number): number => {
    const text = file?.content.verify?.certificates?.[key]
    if (text === undefined || !file) return otherwise
    const { minimum, maximum } = certificateBounds
    const reading = readDuration(text, minimum, maximum)
    if ('value' in reading) return reading.value
    problems.push({ input: file.at(['verify', 'certificates', key]), ...reading.problem })
    return otherwise
  }
  const warn = read('warn', 30 * day)
  const fail = read('fail', 7 * day)
  if (file && fail > warn && problems.length === 0)
    problems.push({
      input: file.at(['verify', 'certificates']),
      problem: 'fails earlier than it warns',
      allowed: '`fail` not longer than `warn` (30d when it is not said)',
    })
  return { warn, fail, problems }
}

function alarmProblems(file: ClusterFile | undefined): readonly Problem[] {
  const alarm = file?.content.verify?.alarm
  if (!file || !alarm || alarm.after <= alarm.of) return []
  return [
    {
      input: file.at(['verify', 'alarm']),
      problem: `asks for ${alarm.after} failures in ${alarm.of} runs`,
      allowed: '`after` not larger than `of`',
    },
  ]
}

export function settle(values: Values, file: ClusterFile | undefined): Settled {
  const from = new FileSettings<VerifySettings>('verify', '', file)
  const content = file?.content.verify
  const certificates = periods(file)
  const suites = from.pick('suites', values.suites, usualSuites) as readonly SuiteName[]
  const written = from.pick('fail-on', undefined, 'fail')
  const failOnSource = values['fail-on'] === undefined ? from.sources['fail-on'] : 'input'
  return {
    mode: from.pick('mode', values.mode, 'observe'),
    // In the order in which they are asked, whatever order they were named in.
    suites: new Set(suiteNames.filter((name) => suites.includes(name))),
    policy: policyOf(values['fail-on'], written),
    ignoreChecks: from.pick('ignore-checks', values['ignore-checks'], []),
    severities: (content?.severity ?? []).map((one) => ({
      check: one.check,
      namespace: one.namespace ?? '',
      atMost: one['at-most'],
    })),
    alarm: content?.alarm ?? { after: 1, of: 1 },
    retries: from.pick('retries', values.retries, 2),
    timeoutMs: from.duration('timeout', values.timeout, specification.timeout, 180_000),
    namespace: from.pick('namespace', values.namespace, defaultNamespace),
    gpuImage: from.pick('gpu-image', values['gpu-image'], ''),
    probeImage: from.pick('probe-image', values['probe-image'], ''),
    flux: from.pick('flux', values['expect-flux'], 'optional'),
    certificateWarnMs: certificates.warn,
    certificateFailMs: certificates.fail,
    freePercent: content?.storage?.['free-percent'] ?? 15,
    storageClass: values['storage-class'] ?? content?.storage?.class ?? '',
    prometheus: content?.monitoring?.prometheus ?? '',
    nodeJobs: content?.monitoring?.['node-jobs'] ?? [],
    sources: { ...from.sources, 'fail-on': failOnSource ?? 'default' },
    problems: [...from.problems, ...certificates.problems, ...alarmProblems(file)],
  }
}
