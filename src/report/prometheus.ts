import type { Report } from './model.ts'

/** The run as Prometheus text, for a textfile collector. */
export async function renderPrometheus(report: Report): Promise<string> {
  void report
  return ''
}
