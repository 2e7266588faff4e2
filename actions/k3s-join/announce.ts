import type { DesiredNode } from '../../src/cluster-file/index.ts'
import type { Run } from '../run.ts'
import type { Join } from './context.ts'
import type { Leave } from './leave-context.ts'

function sourceOf(desired: DesiredNode, field: string): string {
  return desired.sources[field] ?? 'default'
}

/** Head of the log: which cluster, which node, and where both are written down. */
export function announce(join: Join): void {
  const { run, inputs } = join
  const { desired } = inputs
  head(join, `▸ Join ${desired.node} to ${desired.cluster}${inputs.dryRun ? ' (dry run)' : ''}`)
  recordProvenance(run, desired, desired.server ?? join.cluster.server)
}

/** The same for a node that leaves. */
export function announceLeave(leave: Leave): void {
  const { desired, dryRun, leave: wishes } = leave.inputs
  head(
    leave,
    `▸ Remove ${desired.node} from ${desired.cluster}${dryRun ? ' (dry run)' : ''}`,
    wishes.isHostGone ? 'its machine is gone for good, and is not looked for' : undefined,
  )
}

function head(leave: Pick<Join, 'run' | 'inputs' | 'cluster'>, title: string, gone?: string): void {
  const { run, inputs } = leave
  const { desired } = inputs
  const { access } = desired
  run.runner.line(run.runner.runLabel ? `${title.padEnd(66)}${run.runner.runLabel}` : title)
  const server = desired.server ?? leave.cluster.server
  run.runner.line(
    `  cluster   ${desired.cluster}, ${server}   (${desired.server ? sourceOf(desired, 'server') : 'kubeconfig'})`,
  )
  const where =
    access.transport === 'local'
      ? 'this runner itself'
      : `${access.user}@${access.address}${access.port === 22 ? '' : `:${access.port}`}`
  const source = sourceOf(desired, access.transport === 'local' ? 'transport' : 'host')
  run.runner.line(`  node      ${desired.node}${gone === undefined ? ` as ${where}   (${source})` : `; ${gone}`}`)
  run.runner.line()
  run.cluster = desired.cluster
  run.node = desired.node
  if (gone === undefined) run.host = where
  run.dryRun = inputs.dryRun
}

function recordProvenance(run: Run, desired: DesiredNode, server: string): void {
  const values: Record<string, string> = {
    node: desired.node,
    server,
    version: desired.version,
    host: desired.access.address,
    user: desired.access.user,
    labels: Object.entries(desired.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    taints: desired.taints
      .map((taint) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`)
      .join(', '),
    // Said where it is not what everybody expects.
    distribution: desired.distribution === 'k3s' ? '' : desired.distribution,
    'pod-network': desired.podNetwork,
    profile: desired.prerequisites?.profile ?? '',
    packages: (desired.prerequisites?.packages ?? []).join(', '),
    services: (desired.prerequisites?.services ?? []).join(', '),
    modules: (desired.prerequisites?.modules ?? []).join(', '),
    sysctl: Object.entries(desired.prerequisites?.sysctl ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    'storage-disk': desired.prerequisites?.disk ?? '',
  }
  for (const [name, value] of Object.entries(values)) {
    const source = name === 'server' && !desired.server ? 'kubeconfig' : sourceOf(desired, name)
    if (value !== '') run.provenance.push({ name, value, source })
  }
}
