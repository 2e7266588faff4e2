import type { Report } from './model.ts'
import { oneLine } from './text.ts'

const prefix = 'k3s_gpu_actions_'

/** Prometheus refuses a scrape with too many lines as a whole; a thousand nodes have some thousands. */
const mostSeries = 20_000

/**
 * The run as Prometheus text, for a textfile collector or a push. Values of labels are remote text: the package escapes them.
 * It is loaded here, so that only whoever writes metrics pays for it.
 */
export async function renderPrometheus(report: Report): Promise<string> {
  const { Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  registry.setDefaultLabels({ cluster: oneLine(report.cluster, 200) })
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers: [registry] })
  const startedMs = Date.parse(report.startedAt)

  const check = gauge('check', '1 for the verdict that a check has.', ['id', 'verdict'])
  for (const { id, verdict } of report.checks.slice(0, mostSeries)) check.set({ id: oneLine(id, 253), verdict }, 1)

  const counts = gauge('checks', 'Number of checks by verdict.', ['verdict'])
  for (const verdict of ['pass', 'warn', 'fail', 'error', 'skip'] as const)
    counts.set({ verdict }, report.checks.filter((one) => one.verdict === verdict).length)

  gauge('run_timestamp_seconds', 'When the run ended, in seconds since 1970.').set(
    seconds(startedMs + report.durationMs),
  )
  gauge('run_duration_seconds', 'How long the run took.').set(report.durationMs / 1000)
  const stages = gauge('stage_duration_seconds', 'How long a stage of the run took.', ['stage'])
  for (const stage of report.stages.slice(0, 200))
    stages.set({ stage: oneLine(stage.title, 200) }, Math.max(0, stage.endedMs - stage.startedMs) / 1000)

  const { verification } = report
  if (verification) {
    const success = lastSuccess(report)
    // Without one there is no line: a zero would be a date in 1970.
    if (success !== undefined)
      gauge('last_success_timestamp_seconds', 'When a run last ended without a failure, in seconds since 1970.').set(
        success,
      )
    gauge('failing', 'Number of checks that fail the run.').set(verification.failing.length)
    gauge('alarms', 'Number of checks that have failed often enough to wake somebody.').set(verification.alarms.length)
    gauge('api_requests', 'Requests to the API server.').set(verification.apiRequests)
    if (verification.gpuVerdict)
      gauge('gpu_verdict', '1 for what is known of where answers are computed.', ['verdict']).set(
        { verdict: verification.gpuVerdict },
        1,
      )
    const own = new Map<string, ReturnType<typeof gauge<'subject'>>>()
    for (const [name, value] of Object.entries(verification.metrics).slice(0, mostSeries)) {
      if (!Number.isFinite(value)) continue
      const { base, subject } = nameOf(name)
      const one = own.get(base) ?? gauge(`measured_${base}`, `Measured: ${base.replaceAll('_', ' ')}.`, ['subject'])
      own.set(base, one)
      one.set({ subject }, value)
    }
  }
  return registry.metrics()
}

/** `triton_p95_ms.distilbert` → `triton_p95_ms` of `distilbert`. */
function nameOf(metric: string): { readonly base: string; readonly subject: string } {
  const at = metric.indexOf('.')
  const base = at < 0 ? metric : metric.slice(0, at)
  return { base: base.replace(/\W/g, '_').slice(0, 100), subject: at < 0 ? '' : oneLine(metric.slice(at + 1), 253) }
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** This run's end when nothing fails; else the beginning of the last one that is remembered without a failure. */
function lastSuccess({ verification, startedAt, durationMs }: Report): number | undefined {
  if (!verification) return undefined
  if (verification.verdict === 'pass' || verification.verdict === 'warn')
    return seconds(Date.parse(startedAt) + durationMs)
  const good = verification.history.findLast((run) => Object.values(run.checks).every((verdict) => verdict === 'warn'))
  return good && good.at !== startedAt ? seconds(Date.parse(good.at)) : undefined
}
