import { addressAt, ask, checkToken, type EscAccess, isObject, parseJson, quoteRemote } from '../esc/index.ts'
import type { HttpAnswer } from '../runner/index.ts'
import { asApiError, misunderstood, refusal } from './api-error.ts'
import { formatStack } from './arguments.ts'
import { isTime } from './lock.ts'
import type { StackApi, StackLock, StackReference } from './model.ts'

const timeoutMs = 15_000
const retried = [500, 502, 503, 504]

type Json = Readonly<Record<string, unknown>>

const nobody: StackLock = { updateId: '', kind: '', author: '', startedAt: 0, runId: '' }

/** One update as the service tells it: `output-type=service` (Pulumi Cloud REST API, schema UpdateInfo). */
interface Update {
  readonly id: string
  readonly isRunning: boolean
  readonly kind: string
  readonly author: string
  readonly startedAt: number
  readonly runId: string
}

/**
 * Pulumi Cloud's API about one stack, as its CLI asks it (pulumi/pulumi: pkg/backend/httpstate/client/client.go), bounded and without
 * following a redirect. Asking again is what src/esc does; to cancel twice is to cancel once.
 */
export function openStackApi(access: EscAccess): StackApi {
  const { backendUrl, accessToken } = access

  async function send(method: 'GET' | 'POST', path: string, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      checkToken(accessToken)
      const headers = {
        Authorization: `token ${accessToken}`,
        Accept: 'application/vnd.pulumi+8',
        'Content-Type': 'application/json',
        'User-Agent': 'k3s-gpu-actions',
      }
      const url = addressAt(backendUrl, path)
      const name = `${method} ${path}`
      return await ask(
        { method, url, headers, timeoutMs, name, retriedStatuses: retried, isLimitRetried: true },
        access,
        signal,
      )
    } catch (error) {
      throw asApiError(error)
    }
  }

  const refused = (answer: HttpAnswer, request: string, stack: StackReference) =>
    refusal(answer, { request, backendUrl, accessToken, stack: formatStack(stack) })

  async function stackOf(stack: StackReference, signal: AbortSignal): Promise<Json> {
    const path = pathOf(stack)
    const answer = await send('GET', path, signal)
    if (answer.status !== 200) throw refused(answer, `GET ${path}`, stack)
    const body = parseJson(answer.body)
    if (!isObject(body)) throw misunderstood(`GET ${path}`, 'HTTP 200 without a stack')
    return body
  }

  /**
   * The update of this id, as far as it is told. The newest is asked for first; by the time of the answer it may be another one.
   * What cannot be asked is not known, and then nobody's update is taken for ours.
   */
  async function updateOf(stack: StackReference, id: string, signal: AbortSignal): Promise<Update | undefined> {
    for (const path of ['updates/latest?output-type=service', 'updates?output-type=service&pageSize=10&page=1']) {
      const answer = await send('GET', `${pathOf(stack)}/${path}`, signal)
      const body = answer.status === 200 ? parseJson(answer.body) : undefined
      const updates = isObject(body) && Array.isArray(body.updates) ? body.updates.slice(0, 100) : [body]
      const found = updates.map(readUpdate).find((update) => update?.id === id)
      if (found) return found
    }
    return undefined
  }

  async function lock(stack: StackReference, signal: AbortSignal): Promise<StackLock> {
    const body = await stackOf(stack, signal)
    const id = idOf(body.activeUpdate)
    if (id === '') return nobody
    const update = await updateOf(stack, id, signal)
    // `activeUpdate` stays when the update is over (pulumi/pulumi#5364), so that alone says nothing.
    const operation = isObject(body.currentOperation) ? body.currentOperation : undefined
    if (!operation && !update?.isRunning) return nobody
    return {
      updateId: id,
      kind: wordOf(operation?.kind) || update?.kind || '',
      author: nameOf(operation?.author) || update?.author || '',
      startedAt: isTime(operation?.started) ? operation.started : (update?.startedAt ?? 0),
      runId: update?.runId ?? '',
    }
  }

  async function cancel(stack: StackReference, held: StackLock, signal: AbortSignal): Promise<void> {
    const id = idOf(held.updateId)
    if (id === '') throw new TypeError('there is no update to cancel')
    const path = `${pathOf(stack)}/update/${encodeURIComponent(id)}/cancel`
    const answer = await send('POST', path, signal)
    // 409: it is over already (pulumi/pulumi#5364).
    if ((answer.status >= 200 && answer.status < 300) || answer.status === 409) return
    throw refused(answer, `POST ${path}`, stack)
  }

  return { lock, cancel }
}

/** getStackPath in client.go; parts of a name are segments of a path here. */
function pathOf({ organization, project, stack }: StackReference): string {
  const parts = [organization, project, stack]
  if (parts.some((part) => /^\.{0,2}$/.test(part)))
    throw new TypeError('a stack has an organization, a project and a name')
  return `/api/stacks/${parts.map(encodeURIComponent).join('/')}`
}

function readUpdate(given: unknown): Update | undefined {
  if (!isObject(given)) return undefined
  const info = isObject(given.info) ? given.info : {}
  const environment = isObject(info.environment) ? info.environment : {}
  const by = isObject(given.requestedBy) ? given.requestedBy : {}
  const runId = environment['ci.build.id']
  // Another system's build may have the same number.
  const isGitHub = environment['ci.system'] === undefined || environment['ci.system'] === 'GitHub Actions'
  return {
    id: idOf(given.updateID),
    isRunning: info.result === 'in-progress',
    kind: wordOf(info.kind),
    author: nameOf(by.githubLogin) || nameOf(by.name),
    startedAt: isTime(info.startTime) ? info.startTime : 0,
    runId: isGitHub && typeof runId === 'string' && /^\d{1,20}$/.test(runId) ? runId : '',
  }
}

/** It becomes a segment of a path. */
function idOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(value) ? value : ''
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z-]{1,30}$/.test(value) ? value : ''
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? quoteRemote(value).slice(0, 100) : ''
}
