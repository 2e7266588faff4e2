/** What the embedded Pulumi Cloud says to one request of the ESC part of its REST API (pulumi/esc, cmd/esc/cli/client/client.go). */
import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { answers } from './answers.ts'
import { type Environment, type Environments, goDuration, keyOf } from './environments.ts'
import type { Answer, Holder } from './model.ts'
import { encrypted, readPath, valueAt } from './values.ts'

export interface EscRequest {
  readonly method: string
  /** Percent-decoded, what comes after `/api/esc/environments`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
  readonly holder: Holder
}

export interface EscOptions {
  readonly environments: Environments
  /** Ids of sessions are numbers. */
  readonly hasNumericIds: boolean
  /** What comes for a property that is not there: no source tells it, so the world has both. */
  readonly missingProperty: 'not-found' | 'null'
}

/** Without a `duration` a session lasts an hour. */
const sessionMs = 3_600_000

export function answerEsc(request: EscRequest, options: EscOptions): Answer {
  const { environments } = options
  const [organization = '', project = '', name = '', ...rest] = request.segments
  const reference = { organization, project, environment: name }
  const environment = environments.get(keyOf(reference))
  // What a token may not see is not there for it.
  if (environment === undefined || environment.access === 'none' || request.holder.organization !== organization)
    return answers.notFound(`environment '${keyOf(reference)}'`)
  const isVersioned = rest[0] === 'versions' && rest[1] !== 'tags' && rest[1] !== undefined
  const version = isVersioned ? (rest[1] ?? '') : ''
  const [verb, id, ...more] = isVersioned ? rest.slice(2) : rest
  if (rest[0] === 'versions' && rest[1] === 'tags' && rest[2] !== undefined && rest.length === 3)
    return tag(environment, rest[2])
  const revision = environments.revisionOf(environment, version)
  if (revision === undefined) return answers.notFound(`revision '${version}'`)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (verb === undefined && isRead) return definition(environment, revision)
  if (verb !== 'open' || more.length > 0) return answers.notFound('page')
  if (id === 'request' && request.method === 'POST' && !isVersioned) return openRequest(environment, revision)
  if (id === undefined && request.method === 'POST') return open(request, environment, revision, options)
  if (id !== undefined && isRead && !isVersioned) return read(request, environment, id, options)
  return answers.failure(405, 'Method Not Allowed')
}

function tag(environment: Environment, name: string): Answer {
  const revision = name === 'latest' ? environment.revisions.length : environment.tags.get(name)
  if (revision === undefined) return answers.notFound(`tag '${name}'`)
  const at = '2026-09-30T10:00:00.000Z'
  return answers.ok({ name, revision, created: at, modified: at, editorLogin: 'owner', editorName: 'Owner' })
}

function definition(environment: Environment, revision: number): Answer {
  const text = stringify({ values: encrypted(environment.revisions[revision - 1] ?? {}) })
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/x-yaml',
      ETag: createHash('sha256').update(text).digest('hex').slice(0, 32),
      'Pulumi-ESC-Revision': String(revision),
    },
    body: text,
  }
}

function openRequest(environment: Environment, revision: number): Answer {
  if (!environment.isGated) return answers.failure(400, 'Bad Request: environment does not have gated opens')
  const changeRequestId = '24a7e5fd-dd10-400e-9286-19f66dd163fa'
  return answers.ok({
    changeRequests: [
      {
        projectName: environment.project,
        environmentName: environment.environment,
        changeRequestId,
        latestRevisionNumber: revision,
        etag: `${changeRequestId}/0`,
      },
    ],
  })
}

function open(request: EscRequest, environment: Environment, revision: number, options: EscOptions): Answer {
  if (environment.access !== 'open') return answers.permissionInDiagnostics()
  if (environment.isGated) return answers.gated()
  const asked = request.query.get('duration')
  const lifetimeMs = asked === null ? sessionMs : goDuration(asked)
  if (lifetimeMs === undefined) return answers.failure(400, `Bad Request: invalid duration "${asked}"`)
  const { id } = options.environments.open(environment, revision, lifetimeMs, options.hasNumericIds)
  // Pulumi's documentation shows a number, and no diagnostics as an empty text.
  return answers.ok(options.hasNumericIds ? { id: Number(id), diagnostics: '' } : { id })
}

function read(request: EscRequest, environment: Environment, id: string, options: EscOptions): Answer {
  const session = options.environments.session(keyOf(environment), id)
  if (session === undefined) return answers.notFound('open environment')
  const { properties } = session
  const asked = request.query.get('property')
  if (asked === null) {
    const context = { value: {}, trace: properties.trace }
    return answers.ok({ properties: properties.value, executionContext: { properties: { rootEnvironment: context } } })
  }
  let found: ReturnType<typeof valueAt>
  try {
    found = valueAt(properties, readPath(asked))
  } catch (error) {
    return answers.failure(400, `Bad Request: ${(error as Error).message}`)
  }
  if (found !== undefined) return answers.ok(found)
  return options.missingProperty === 'null' ? answers.ok(null) : answers.notFound(`property '${asked}'`)
}
