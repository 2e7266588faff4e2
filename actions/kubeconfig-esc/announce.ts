import type { Run } from '../run.ts'
import type { KubeconfigEscInputs } from './inputs.ts'

const shown = ['environment', 'kubeconfig', 'property', 'identity', 'tunnel'] as const

/** Head of the log: which kubeconfig, from where, and where that was said. */
export function announce(run: Run, inputs: KubeconfigEscInputs): void {
  const what = inputs.cluster === '' ? 'a kubeconfig' : `the kubeconfig of ${inputs.cluster}`
  const from = inputs.source.kind === 'esc' ? ' from Pulumi ESC' : ''
  const title = `▸ Load ${what}${from}${inputs.dryRun ? ' (dry run)' : ''}`
  run.runner.line(run.runner.runLabel ? `${title.padEnd(66)}${run.runner.runLabel}` : title)
  for (const name of shown) {
    const said = inputs.provenance.find((one) => one.name === name)
    if (said) run.runner.line(`  ${name.padEnd(12)} ${said.value}   (${said.source})`)
  }
  run.runner.line()
  run.cluster = inputs.cluster
  run.dryRun = inputs.dryRun
  run.provenance.push(...inputs.provenance)
}
