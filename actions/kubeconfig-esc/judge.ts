import {
  contextsCheck,
  credentialChecks,
  type KubeconfigReading,
  readKubeconfig,
  validityOf,
} from '../../src/kubeconfig/index.ts'
import { formatDuration } from '../../src/report/index.ts'
import { settleChecks } from './checks.ts'
import type { Fetched, Loading } from './context.ts'
import { maskFiles } from './mask-file.ts'

const dayMs = 86_400_000

function lifeOf(expiresAtMs: number | undefined, nowMs: number): string {
  if (expiresAtMs === undefined) return 'without an end that can be known'
  const when = new Date(expiresAtMs).toISOString().replace('.000Z', 'Z')
  return expiresAtMs <= nowMs ? `ended ${when}` : `until ${when}, in ${formatDuration(expiresAtMs - nowMs)}`
}

/** Policy, secrets, dates: from the text alone. What is secret is masked before anything of it could be shown. */
export async function judge(loading: Loading, fetched: Fetched): Promise<KubeconfigReading> {
  const { text, storeCommand } = fetched
  const { run, inputs } = loading
  return await run.stage('Judge the kubeconfig', async (say) => {
    const reading = readKubeconfig(text, inputs.read)
    for (const secret of reading.secrets) run.runner.mask(secret)
    const { selected } = reading
    const unmasked = maskFiles(run, selected, fetched)
    const validity = validityOf(selected)
    const nowMs = Date.now()
    const { expiresAtMs } = validity
    const expiry = expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString().replace('.000Z', 'Z')
    run.outputs.context = selected.context
    run.outputs['ca-sha256'] = validity.caSha256
    run.outputs['expires-at'] = expiry ?? ''
    run.outputs['days-left'] = expiresAtMs === undefined ? '' : String(Math.trunc((expiresAtMs - nowMs) / dayMs))
    run.facts.context = `${selected.context}: user ${selected.user}, cluster ${selected.cluster}`
    run.facts['certificate authority'] = `SHA-256 ${validity.caSha256}`
    if (expiry !== undefined) run.facts['credentials until'] = expiry
    const namespace = inputs.edits.namespace ?? selected.namespace
    say(`  context ${selected.context}, ${selected.server}${namespace === '' ? '' : `, namespace ${namespace}`}`)
    say(`  credentials ${lifeOf(expiresAtMs, nowMs)}`)
    for (const remark of reading.remarks) say(`  ! ${remark}`)
    for (const name of unmasked)
      say(`  ! the content of ${name} cannot be masked in logs: it is short, or a name that this run shows`)
    const { minValidityMs, expectCaSha256 } = inputs
    const policy = { nowMs, minValidityMs, expectCaSha256, ...(storeCommand === undefined ? {} : { storeCommand }) }
    settleChecks(loading, [contextsCheck(reading), ...credentialChecks(selected, validity, policy)], say)
    return reading
  })
}
