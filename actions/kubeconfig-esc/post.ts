import { releasePlacement } from '../../src/kubeconfig/index.ts'
import { openRunner } from '../../src/runner/index.ts'
import { closeTunnel } from '../../src/tunnel/index.ts'
import { readPlacement } from './state.ts'

/** Closes the tunnel and removes exactly what main recorded; silent when there is nothing. Only warns, because the job is over. */
export async function post(): Promise<number> {
  const runner = await openRunner(process.env)
  const record = readPlacement(runner)
  if (!record) return 0
  const { temporaryDirectory } = runner
  const { slug, nonce } = record
  try {
    const { heldBy, left } = await releasePlacement({
      temporaryDirectory,
      slug,
      nonce,
      label: 'kubeconfig-esc, post',
      beforeRemoval: (folder) => closeTunnel(folder, nonce),
    })
    for (const label of heldBy) runner.line(`the kubeconfig stays: ${label} uses it, too`)
    for (const path of left) runner.line(`not removed, because this action did not place it: ${path}`)
  } catch (error) {
    runner.warningAnnotation(
      'kubeconfig not removed',
      `What was placed could not be removed (${error instanceof Error ? error.message : String(error)}). ` +
        'The runner empties its temporary folder before the next job, and the next run removes it.',
    )
  }
  return 0
}
