import { count } from '../../src/report/index.ts'
import type { Verifying } from './context.ts'

const modes = {
  observe: 'reads only',
  probe: 'reads, and runs pods in one namespace',
  load: 'reads, runs pods in one namespace, and measures under load',
} as const

/** Head of the log: which cluster, how it is asked, and where that is written down. `server`: of the kubeconfig. */
export function announce({ run, inputs }: Verifying, server: string): void {
  const { wish, sources } = inputs
  const about = wish.nodes.length > 0 ? `${wish.nodes.join(', ')} in ${run.cluster}` : run.cluster
  const title = `▸ Verify ${about}${inputs.dryRun ? ' (dry run)' : ''}`
  run.runner.line(run.runner.runLabel ? `${title.padEnd(66)}${run.runner.runLabel}` : title)
  run.runner.line(`  cluster   ${run.cluster}, ${server}   (${sources.cluster ?? 'kubeconfig'})`)
  run.runner.line(`  mode      ${wish.mode}: ${modes[wish.mode]}   (${sources.mode ?? 'default'})`)
  run.runner.line(`  asks      ${[...wish.suites].join(', ')}   (${sources.suites ?? 'default'})`)
  const expected = wish.expected === undefined ? '' : count(Object.keys(wish.expected).length, 'node')
  if (expected !== '') run.runner.line(`  expects   ${expected}${wish.version === '' ? '' : `, ${wish.version}`}`)
  run.runner.line()
  const values: Record<string, string> = {
    cluster: run.cluster,
    server,
    mode: wish.mode,
    suites: [...wish.suites].join(', '),
    nodes: wish.nodes.join(', '),
    namespace: wish.mode === 'observe' ? '' : wish.namespace,
    'gpu-image': wish.gpuImage,
    'fail-on': [inputs.policy.otherwise, ...inputs.policy.checks.map(({ check, failOn }) => `${check}=${failOn}`)].join(
      ', ',
    ),
    'ignore-checks': inputs.ignoreChecks.join(', '),
    retries: String(inputs.retries),
    flux: wish.flux,
    triton: wish.triton.map((target) => `${target.model} at ${target.endpoint.url}`).join(', '),
  }
  for (const [name, value] of Object.entries(values))
    if (value !== '') run.provenance.push({ name, value, source: sources[name] ?? 'kubeconfig' })
}
