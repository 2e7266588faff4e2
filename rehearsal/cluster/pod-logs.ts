/** Logs of containers as their kubelets keep them, and the API's way to read them. */
import { type Call, sendText } from './http.ts'
import type { ApiObject } from './objects.ts'
import { failures } from './status.ts'

export class PodLogs {
  readonly #current = new Map<string, readonly string[]>()
  readonly #previous = new Map<string, readonly string[]>()

  /** A container that was started again leaves its log as the one before. */
  keep(uid: string, restarts: number, lines: readonly string[]): void {
    const before = this.#current.get(uid)
    if (restarts > 0 && before !== undefined && before !== lines) this.#previous.set(uid, before)
    this.#current.set(uid, lines)
  }

  /** `GET …/pods/NAME/log`, with `tailLines` and `previous`. @throws StatusError 400 where there is none */
  send(call: Call, pod: ApiObject): void {
    const { name, uid = '' } = pod.metadata
    const wantsPrevious = call.query.get('previous') === 'true'
    const lines = (wantsPrevious ? this.#previous : this.#current).get(uid)
    const [container] = ((pod.spec as { containers?: { name: string }[] } | undefined)?.containers ?? []).map(
      (one) => one.name,
    )
    // The API server's words (pkg/registry/core/pod).
    if (lines === undefined && wantsPrevious)
      throw failures.badRequest(`previous terminated container "${container ?? ''}" in pod "${name}" not found`)
    const waitsFor = lines === undefined ? waitingFor(pod) : undefined
    if (waitsFor !== undefined)
      throw failures.badRequest(`container "${container ?? ''}" in pod "${name}" is waiting to start: ${waitsFor}`)
    const said = lines ?? []
    const tail = call.query.get('tailLines')
    const wanted = tail === null ? said : said.slice(-Number(tail) || said.length)
    sendText(call, 200, tail === '0' ? '' : wanted.map((line) => `${line}\n`).join(''))
  }
}

/** The kubelet's words; undefined: a pod without a node has an empty log and nobody who could say why (seen on a real one). */
function waitingFor(pod: ApiObject): string | undefined {
  if ((pod.spec as { nodeName?: string } | undefined)?.nodeName === undefined) return undefined
  const { containerStatuses = [] } = (pod.status ?? {}) as {
    containerStatuses?: { state?: { waiting?: { reason?: string } } }[]
  }
  const reason = containerStatuses[0]?.state?.waiting?.reason ?? 'ContainerCreating'
  if (reason === 'ErrImagePull') return "image can't be pulled"
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason
}
