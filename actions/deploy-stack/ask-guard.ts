import type { Check } from '../../src/report/index.ts'
import { renderChecks } from '../../src/report/index.ts'
import { RunFailure } from '../failure.ts'
import type { Run } from '../run.ts'
import { guardChecks } from './guard.ts'
import type { Target } from './inputs.ts'
import { readEvent } from './job-event.ts'
import { readProgramFiles } from './project.ts'

/** Ends the run when one of them says no: every reason is told at once. */
export function refuse(title: string, checks: readonly Check[]): void {
  const failing = checks.filter(({ verdict }) => verdict === 'fail')
  const [first] = failing
  if (first === undefined) return
  const others = failing.length - 1
  throw new RunFailure({
    code: 'deploy-refused',
    title: `${title}: ${first.found}${others > 0 ? ` (and ${others} more)` : ''}`,
    cause: `the guard lets nothing run from here while ${failing.map(({ id }) => id).join(', ')} say${failing.length === 1 ? 's' : ''} no`,
    remedy: first.remedy ?? 'see the checks',
    evidence: failing.flatMap(({ id, found, cause, remedy }) => [
      `${id}: ${found}${cause === undefined ? '' : `; ${cause}`}`,
      ...(remedy === undefined ? [] : [`  do: ${remedy}`]),
    ]),
  })
}

/** Asks whether this job may do that to this cluster; before every preview and update, too, so that no workflow can leave it out. */
export async function askGuard(
  run: Run,
  target: Target & { readonly folder: string; readonly directory: string },
  isChange: boolean,
): Promise<void> {
  const { environment } = run.runner
  await run.stage('Guard', async (say) => {
    const checks = guardChecks({
      environment,
      event: readEvent(environment),
      isChange,
      stack: target.stackName,
      program: readProgramFiles(target.directory, target.stack.stack),
      folder: target.folder,
      kubeconfig: target.kubeconfig,
      clusterUid: target.clusterUid,
      expectCaSha256: target.expectCaSha256,
      expectClusterUid: target.expectClusterUid,
    })
    run.record.check(...checks)
    for (const line of renderChecks(checks)) say(line)
    refuse(`${target.stackName} is not ${isChange ? 'deployed' : 'previewed'} from here`, checks)
  })
}
