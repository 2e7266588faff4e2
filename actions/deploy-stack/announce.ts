import type { Run } from '../run.ts'
import type { DeployStackInputs } from './inputs.ts'

const shown = ['stack', 'working-directory', 'package-manager', 'kubeconfig', 'identity', 'bind-plan'] as const

function titleOf(inputs: DeployStackInputs): string {
  if (inputs.kind === 'install') return `Install the program in ${inputs.folder}`
  if (inputs.kind === 'comment') return 'Tell the pull request'
  if (inputs.kind === 'guard') return `May this job ${inputs.dryRun ? 'preview' : 'deploy'} ${inputs.stackName}?`
  return `${{ preview: 'Preview', up: 'Deploy', drift: 'Look for drift of' }[inputs.command]} ${inputs.stackName}`
}

/** Head of the log: what is done to which stack, and where that was said. */
export function announce(run: Run, inputs: DeployStackInputs): void {
  const title = `▸ ${titleOf(inputs)}${inputs.dryRun && inputs.kind !== 'install' ? ' (dry run)' : ''}`
  run.runner.line(run.runner.runLabel ? `${title.padEnd(66)}${run.runner.runLabel}` : title)
  for (const name of shown) {
    const said = inputs.provenance.find((one) => one.name === name)
    if (said) run.runner.line(`  ${name.padEnd(17)} ${said.value}   (${said.source})`)
  }
  run.runner.line()
  run.cluster = inputs.cluster
  run.subject = inputs.kind === 'pulumi' ? inputs.command : inputs.kind
  run.dryRun = inputs.dryRun
  run.provenance.push(...inputs.provenance)
  // The comment about a run that did not get as far as Pulumi has to know which stack it was for.
  if (inputs.kind === 'pulumi' || inputs.kind === 'guard') run.facts.stack = inputs.stackName
}
