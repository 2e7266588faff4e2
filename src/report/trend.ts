import { fenced } from './markdown.ts'
import { label } from './mermaid.ts'
import type { RunSeen } from './model.ts'

/** Points of a chart: two weeks of nights. */
const mostPoints = 14
const mostCharts = 3
const mostWords = 12
/** Runs that a value is compared with. */
const usualRuns = 7
const dayMs = 86_400_000

/** What a metric is called for people: `triton_p95_ms.distilbert` → `triton p95 of distilbert`, in ms. */
function nameOf(metric: string): { readonly words: string; readonly unit: string } {
  const at = metric.indexOf('.')
  const base = at < 0 ? metric : metric.slice(0, at)
  const [, stem = base, unit = ''] = /^(.*?)_(ms|days|percent|seconds|bytes)$/.exec(base) ?? []
  const subject = at < 0 ? '' : ` of ${metric.slice(at + 1)}`
  return { words: `${stem.replaceAll('_', ' ')}${subject}`, unit: unit === 'percent' ? '%' : unit }
}

const isP95 = (metric: string): boolean => /^\w*p95_ms(?:\.|$)/.test(metric)

function rounded(value: number): string {
  const clamped = Math.min(1e9, Math.max(-1e9, value))
  return String(Math.abs(clamped) < 100 ? Math.round(clamped * 10) / 10 : Math.round(clamped))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

interface Point {
  readonly atMs: number
  readonly value: number
}

function pointsOf(history: readonly RunSeen[], metric: string): readonly Point[] {
  return history.flatMap((run) => {
    const value = Object.hasOwn(run.metrics, metric) ? run.metrics[metric] : undefined
    return value === undefined ? [] : [{ atMs: Date.parse(run.at), value }]
  })
}

/** Units a day, by least squares; undefined: too few points, or too close together. */
function perDay(points: readonly Point[]): number | undefined {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 4 || last.atMs - first.atMs < 2 * dayMs) return undefined
  const days = points.map((point) => (point.atMs - first.atMs) / dayMs)
  const meanDay = days.reduce((sum, day) => sum + day, 0) / days.length
  const mean = points.reduce((sum, point) => sum + point.value, 0) / points.length
  const spread = days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0)
  if (spread === 0) return undefined
  return days.reduce((sum, day, index) => sum + (day - meanDay) * ((points[index]?.value ?? 0) - mean), 0) / spread
}

function wordsOf(metric: string, points: readonly Point[]): string | undefined {
  const now = points.at(-1)
  const before = points.slice(0, -1)
  const last = before.at(-1)
  if (!now || !last) return undefined
  const { words, unit } = nameOf(metric)
  if (unit === 'ms') {
    // Its mean, its median and its parts would say the same once more.
    if (before.length < 3 || !isP95(metric)) return undefined
    const compared = before.slice(-usualRuns)
    const usual = median(compared.map((point) => point.value))
    const far = Math.abs(now.value - usual) > 5
    if (!far || (now.value < usual * 1.5 && now.value * 1.5 > usual)) return undefined
    const how = now.value > usual ? 'slower' : 'faster'
    return `${words}: ${how}, ${rounded(now.value)} ms; usually ${rounded(usual)} ms (median of ${compared.length} runs)`
  }
  if (unit === '%') {
    const slope = perDay(points.slice(-mostPoints))
    const days = slope !== undefined && slope < 0 ? now.value / -slope : Number.POSITIVE_INFINITY
    if (slope === undefined || days > 60) return undefined
    return `${words}: ${rounded(now.value)} %, ${rounded(-slope)} less a day: none left in about ${Math.round(days)} days`
  }
  if (unit === 'days') return now.value > last.value + 1 ? `${words}: renewed, ${rounded(now.value)} days` : undefined
  if (/restarts/.test(metric) && now.value > last.value)
    return `${words}: ${rounded(now.value - last.value)} more than in the run before`
  return undefined
}

/** What changed over the last runs, in words; nothing where nothing worth a line did. Subjects are remote text. */
export function trends(history: readonly RunSeen[]): readonly string[] {
  return Object.keys(history.at(-1)?.metrics ?? {})
    .toSorted()
    .map((metric) => wordsOf(metric, pointsOf(history, metric)))
    .filter((words) => words !== undefined)
    .slice(0, mostWords)
}

/** Days as `11-20`; a second run of a day also has its time, because equal names would fall together. */
function dayNames(points: readonly Point[]): readonly string[] {
  const used = new Set<string>()
  return points.map(({ atMs }, index) => {
    const iso = new Date(atMs).toISOString()
    const name = [iso.slice(5, 10), `${iso.slice(5, 10)} ${iso.slice(11, 16)}`].find((one) => !used.has(one))
    const unique = name ?? `${iso.slice(5, 10)} ${index}`
    used.add(unique)
    return unique
  })
}

/** A Mermaid chart of p95 for each Triton server over the last runs; empty when there is nothing to compare. */
export function renderLatencyChart(history: readonly RunSeen[]): string {
  return Object.keys(history.at(-1)?.metrics ?? {})
    .filter(isP95)
    .toSorted()
    .map((metric) => ({ metric, points: pointsOf(history, metric).slice(-mostPoints) }))
    .filter(({ points }) => points.length >= 2)
    .slice(0, mostCharts)
    .map(({ metric, points }) => {
      const values = points.map((point) => Math.max(0, point.value))
      const top = Math.max(1, Math.ceil(Math.min(1e9, Math.max(...values)) * 1.1))
      return fenced(
        'mermaid',
        [
          'xychart-beta',
          `  title "${label(nameOf(metric).words, 80)} in ms"`,
          `  x-axis [${dayNames(points)
            .map((day) => `"${day}"`)
            .join(', ')}]`,
          `  y-axis "ms" 0 --> ${top}`,
          `  line [${values.map(rounded).join(', ')}]`,
        ].join('\n'),
      )
    })
    .join('\n\n')
}
