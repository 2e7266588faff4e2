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
    if (lines === undefined)
      throw failures.badRequest(
        `container "${container ?? ''}" in pod "${name}" is waiting to start: ContainerCreating`,
      )
    const tail = call.query.get('tailLines')
    const wanted = tail === null ? lines : lines.slice(-Number(tail) || lines.length)
    sendText(call, 200, tail === '0' ? '' : wanted.map((line) => `${line}\n`).join(''))
  }
}
