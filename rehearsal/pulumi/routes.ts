/**
 * What the embedded Pulumi Cloud says about stacks. Paths: pulumi/pulumi (v3.259.0), pkg/backend/httpstate/client/api_endpoints.go
 * and client.go; shapes: sdk/go/common/apitype, and "GetStackUpdatesResponse", "UpdateInfo" of Pulumi's REST API reference.
 */
import { type Answer, answers, type StackCall } from '../esc/index.ts'
import type { Deployment } from './model.ts'
import { holderOf, leaseSeconds, type Stack, type Stacks } from './stacks.ts'

type Update = Stack['updates'][number]

/** As users quote it (pulumi/pulumi#2073, #7096; sdk/go/auto/errors.go looks for it). */
const locked = (): Answer => answers.failure(409, 'Conflict: Another update is currently in progress.')
/** pulumi/pulumi#5364. */
const completed = (): Answer => answers.failure(409, 'Conflict: The Update has already completed')
const noContent = (): Answer => ({ status: 204, body: '' })
const notAllowed = (): Answer => answers.failure(405, 'Method Not Allowed')

function object(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function answerStacks(ask: StackCall, stacks: Stacks): Answer {
  const [organization = '', project = '', name = '', kind, ...rest] = ask.segments
  // An update's own calls carry its token instead of somebody's.
  if (ask.holder === undefined && ask.updateToken === '') return answers.unauthorised()
  if (ask.holder !== undefined && ask.holder.organization !== organization) return answers.notFound('Stack')
  const stack = stacks.get([organization, project, name].join('/'))
  if (stack === undefined) return answers.notFound(`Stack '${organization}/${project}/${name}'`)
  if (kind === undefined) return ask.method === 'GET' ? answers.ok(stackShape(stack)) : notAllowed()
  if (kind === 'export' && rest.length === 0) return answers.ok({ version: 3, deployment: stack.deployment })
  if (kind === 'updates') return history(ask, stack, rest)
  if (kind !== 'update' && kind !== 'preview') return answers.notFound('page')
  const [id, verb, more] = rest
  if (id === undefined) return ask.method === 'POST' ? created(ask, stack, kind, stacks) : notAllowed()
  // "the same endpoint will work for updates of all kinds" (backend.go, CancelCurrentUpdate).
  const update = stack.updates.find((one) => one.id === id)
  if (update === undefined) return answers.notFound('Update')
  return ofUpdate(ask, stack, update, [verb, more], stacks)
}

/** `activeUpdate` is the last one also when it is over: who asks it to be cancelled then gets a 409 (pulumi/pulumi#5364). */
function stackShape(stack: Stack): unknown {
  const [orgName, projectName, stackName] = stack.reference.split('/')
  const holder = holderOf(stack)
  const last = stack.updates.findLast(({ kind, result }) => kind !== 'preview' && result !== 'not-started')
  return {
    id: stack.reference,
    orgName,
    projectName,
    stackName,
    activeUpdate: holder?.id ?? last?.id ?? '',
    ...(holder && {
      currentOperation: { kind: holder.kind, author: holder.author, started: holder.startedAt },
    }),
    tags: {},
    version: stack.version,
  }
}

function updateShape(stack: Stack, update: Update): unknown {
  return {
    info: {
      kind: update.kind,
      startTime: update.startedAt,
      message: update.message,
      environment: update.environment,
      config: {},
      result: update.result,
      endTime: update.endedAt,
      version: update.version,
    },
    updateID: update.id,
    version: update.version,
    latestVersion: stack.version,
    requestedBy: { githubLogin: update.author, name: update.author },
  }
}

/** Previews are not among the updates (client.go, GetLatestStackPreviews). */
function history(ask: StackCall, stack: Stack, rest: readonly string[]): Answer {
  if (ask.method !== 'GET') return notAllowed()
  const updates = stack.updates
    .filter(({ kind, result }) => kind !== 'preview' && result !== 'not-started')
    .toReversed()
  const [version] = rest
  if (version === undefined) {
    const shown = updates.map((update) => updateShape(stack, update))
    const size = Number(ask.query.get('pageSize') ?? 0) || shown.length || 1
    const page = Math.max(1, Number(ask.query.get('page') ?? 1) || 1)
    return answers.ok({
      updates: shown.slice((page - 1) * size, page * size),
      itemsPerPage: size,
      total: shown.length,
    })
  }
  const found = version === 'latest' ? updates[0] : updates.find((update) => String(update.version) === version)
  return found === undefined ? answers.notFound('Update') : answers.ok(updateShape(stack, found))
}

function created(ask: StackCall, stack: Stack, kind: 'update' | 'preview', stacks: Stacks): Answer {
  if (ask.holder === undefined) return answers.unauthorised()
  const request = object(ask.body) as {
    readonly metadata?: { message?: unknown; environment?: Record<string, string> }
    readonly options?: { dryRun?: boolean }
  }
  const { metadata } = request
  const { id } = stacks.create(stack, {
    // `up` asks for a preview of an update by this (client.go, CreateUpdate).
    kind: request.options?.dryRun === true ? 'preview' : kind,
    author: ask.holder.name === '' ? ask.holder.organization : ask.holder.name,
    message: String(metadata?.message ?? ''),
    environment: metadata?.environment ?? {},
  })
  return answers.ok({ updateID: id, requiredPolicies: [], messages: [], aiSettings: { copilotIsEnabled: false } })
}

function ofUpdate(
  ask: StackCall,
  stack: Stack,
  update: Update,
  [verb, more]: readonly (string | undefined)[],
  stacks: Stacks,
): Answer {
  if (verb === undefined && ask.method === 'GET')
    return answers.ok({ status: update.result === 'in-progress' ? 'running' : update.result, events: [] })
  if (verb === undefined && ask.method === 'POST') {
    if (update.result !== 'not-started') return completed()
    const started = stacks.start(stack, update)
    if (started === undefined) return locked()
    const tokenExpiration = started.startedAt + leaseSeconds
    return answers.ok({ version: started.version, token: started.token, tokenExpiration, journalVersion: 0 })
  }
  if (verb === 'cancel' && ask.method === 'POST') {
    if (ask.holder === undefined) return answers.unauthorised()
    if (update.result !== 'in-progress') return completed()
    stacks.end(update, 'failed', true)
    return noContent()
  }
  // What a CLI meets whose update somebody has cancelled: no source has the words.
  if (update.token === '' || ask.updateToken !== update.token)
    return answers.failure(
      update.isCancelled ? 409 : 403,
      update.isCancelled ? 'Conflict: The Update was cancelled' : 'Forbidden',
    )
  if (verb === 'checkpoint' && ask.method === 'PATCH') {
    if (update.kind === 'preview') return answers.failure(400, 'Bad Request: a preview has no checkpoint')
    stack.deployment = object(ask.body).deployment as Deployment
    return noContent()
  }
  if (verb === 'renew_lease' && ask.method === 'POST') return answers.ok({ token: update.token })
  if (verb === 'events' && more === 'batch' && ask.method === 'POST') return noContent()
  if (verb === 'complete' && ask.method === 'POST') {
    stacks.end(update, object(ask.body).status === 'succeeded' ? 'succeeded' : 'failed')
    return noContent()
  }
  return answers.notFound('page')
}
