/** Watches workflows in a process of its own, as an action does: a question a line on standard input, its checks a line on standard output. */
import { createInterface } from 'node:readline'
import { openWorkflowRuns } from '../../src/runner/index.ts'
import { watchWorkflow } from '../../src/verify/watch/index.ts'

for await (const line of createInterface({ input: process.stdin })) {
  const { token, file, deadlineMs } = JSON.parse(line) as { token: string; file: string; deadlineMs: number }
  const { signal } = new AbortController()
  const runs = openWorkflowRuns({ token, repository: 'rehearsal/k3s-gpu-actions', signal, deadlineMs, pace: 0.01 })
  const checks = await watchWorkflow(runs, { file, withinMs: 12 * 3_600_000, isScheduled: true }, signal)
  process.stdout.write(`${JSON.stringify(checks)}\n`)
}
