import { few } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { ContainerCall } from '../model.ts'

const nameOf = ({ runtime, name, id }: ContainerCall): string => `${name || id.slice(0, 12)} (${runtime})`

/**
 * Whether a GPU call still works in each container in which it worked before the host was changed. Undefined: there was none.
 * `after`: undefined when they could not be asked, with `problem` as the reason. Pure.
 */
export function containerCallsCheck(
  before: readonly ContainerCall[],
  after: readonly ContainerCall[] | undefined,
  allowGpuDisruption: boolean,
  problem = '',
): Check | undefined {
  const worked = before.filter(({ outcome }) => outcome === 'ok')
  if (worked.length === 0) return undefined
  const id = 'confirm.gpu-calls'
  const question = 'Does a GPU call still work in every container that had the GPU?'
  if (after === undefined) {
    return {
      id,
      verdict: 'error',
      question,
      found: `not known: it worked before in ${few(worked.map(nameOf))}`,
      cause: problem || 'the containers could not be asked again',
      remedy: 'look on the host: docker exec CONTAINER nvidia-smi -L, k3s crictl exec CONTAINER nvidia-smi -L',
    }
  }
  const now = new Map(after.map((call) => [`${call.runtime} ${call.id}`, call]))
  const looks = worked.map((call) => ({ call, later: now.get(`${call.runtime} ${call.id}`) }))
  const lost = looks.filter(({ later }) => later !== undefined && later.outcome !== 'ok')
  const gone = looks.filter(({ later }) => later === undefined)
  const evidence = [
    ...lost.map(({ call, later }) => `${nameOf(call)}: ${later?.said ?? ''}`),
    ...gone.map(({ call }) => `${nameOf(call)}: it no longer runs, or has no GPU any more`),
  ].slice(0, 12)
  if (lost.length > 0) {
    return {
      id,
      verdict: allowGpuDisruption ? 'warn' : 'fail',
      question,
      found: `no more in ${few(lost.map(({ call }) => nameOf(call)))}`,
      cause:
        'the control group of a running container no longer lets it use the device, most often after a reload of systemd',
      remedy: `restart it: ${few(lost.map(({ call }) => restartCommand(call)))}`,
      evidence,
    }
  }
  if (gone.length > 0) {
    return {
      id,
      verdict: 'warn',
      question,
      found: `${few(gone.map(({ call }) => nameOf(call)))} could not be asked again`,
      cause: 'it ended while the host was changed, or was replaced',
      remedy: 'look whether it should run: docker ps -a, kubectl get pods -A',
      evidence,
    }
  }
  return { id, verdict: 'pass', question, found: `yes, in ${few(worked.map(nameOf))}` }
}

function restartCommand({ runtime, name, id }: ContainerCall): string {
  if (runtime !== 'k3s') return `${runtime} restart ${id.slice(0, 12)}`
  const [namespace, pod] = name.split('/')
  return pod ? `kubectl delete pod -n ${namespace} ${pod}` : `the pod of container ${id.slice(0, 12)}`
}
