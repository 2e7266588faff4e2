import type { Gpu } from './context.ts'

/** Head of the log: which cluster, which node, and where both are written down. */
export function announce({ run, inputs, cluster }: Gpu): void {
  const { desired, wish } = inputs
  const { access } = desired
  const title = `▸ Make the GPUs of ${desired.node} usable${inputs.dryRun ? ' (dry run)' : ''}`
  run.runner.line(run.runner.runLabel ? `${title.padEnd(66)}${run.runner.runLabel}` : title)
  run.runner.line(`  cluster   ${desired.cluster}, ${cluster.server}   (kubeconfig)`)
  const where =
    access.transport === 'local'
      ? 'this runner itself'
      : `${access.user}@${access.address}${access.port === 22 ? '' : `:${access.port}`}`
  const source = desired.sources[access.transport === 'local' ? 'transport' : 'host'] ?? 'default'
  run.runner.line(`  node      ${desired.node} as ${where}   (${source})`)
  run.runner.line()
  run.cluster = desired.cluster
  run.node = desired.node
  run.host = where
  run.dryRun = inputs.dryRun
  const values: Record<string, string> = {
    node: desired.node,
    host: access.address,
    user: access.user,
    toolkit: wish.toolkit,
    'toolkit-version': wish.toolkitVersion ?? '',
    repository: wish.repository ?? '',
    'hold-packages': wish.holdPackages,
    'device-plugin': wish.devicePlugin,
    'device-plugin-image': wish.devicePluginImage,
    'default-runtime': wish.defaultRuntime,
    'expect-gpus': wish.expectGpus === undefined ? '' : String(wish.expectGpus),
    'expect-product': wish.expectProduct ?? '',
  }
  for (const [name, value] of Object.entries(values))
    if (value !== '') run.provenance.push({ name, value, source: desired.sources[name] ?? 'default' })
}
