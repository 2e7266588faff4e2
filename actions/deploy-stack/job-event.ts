import { readFileSync, statSync } from 'node:fs'

/** What this action wants to know of the event that started the job. All of it is GitHub's word, names are those of strangers. */
export interface JobEvent {
  /** Name of the event; empty: no job of GitHub Actions, a person at a terminal. */
  readonly name: string
  /** e.g. `main`; empty: not known. */
  readonly defaultBranch: string
  readonly pullRequest?: {
    readonly number: number
    /** `owner/name` of the repository that it comes from; empty: gone, or not known. */
    readonly headRepository: string
    /** Full commit; empty: not known. */
    readonly headSha: string
  }
}

/** GitHub's payloads end at 25 MB (its documentation, "Webhook events and payloads"). */
const mostBytes = 25 * 1024 * 1024

type Json = Readonly<Record<string, unknown>>

function objectAt(value: unknown, key: string): Json {
  const inner = (value as Json)[key]
  return typeof inner === 'object' && inner !== null ? (inner as Json) : {}
}

function textAt(value: Json, key: string, form: RegExp): string {
  const text = value[key]
  return typeof text === 'string' && form.test(text) ? text : ''
}

function payloadOf(path: string): Json {
  try {
    if (path === '' || statSync(path).size > mostBytes) return {}
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof content === 'object' && content !== null ? (content as Json) : {}
  } catch {
    return {}
  }
}

/** Reads it from the file that the runner names. What is not there, or is no such thing, is not known. */
export function readEvent(environment: Readonly<Record<string, string>>): JobEvent {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path = '' } = environment
  const payload = payloadOf(path)
  const pullRequest = objectAt(payload, 'pull_request')
  const head = objectAt(pullRequest, 'head')
  const { number } = pullRequest
  return {
    name,
    defaultBranch: textAt(objectAt(payload, 'repository'), 'default_branch', /^[^\p{C}\s]{1,255}$/u),
    ...(typeof number === 'number' && Number.isInteger(number) && number > 0
      ? {
          pullRequest: {
            number,
            headRepository: textAt(objectAt(head, 'repo'), 'full_name', /^[\w.-]{1,100}\/[\w.-]{1,100}$/),
            headSha: textAt(head, 'sha', /^[0-9a-f]{40}$/),
          },
        }
      : {}),
  }
}
