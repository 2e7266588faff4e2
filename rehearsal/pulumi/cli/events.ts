/** Engine events as the CLI writes them into its event log: pkg/backend/display/{display,events}.go, apitype/events.go (v3.259.0). */
import { appendFileSync, writeFileSync } from 'node:fs'
import { type Properties, plainSecret, type StoredResource, secretMark } from '../model.ts'
import type { Operation, Step } from './steps.ts'

/** Secrets show as this wherever the CLI shows a state without `--show-secrets`. */
function blinded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blinded)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (plainSecret in value) return { [secretMark.key]: secretMark.value, ciphertext: '[secret]' }
  return Object.fromEntries(entries.map(([key, item]) => [key, blinded(item)]))
}

const provider = (urn: string): string =>
  `${urn.split('::').slice(0, 2).join('::')}::pulumi:providers:kubernetes::default_4_34_2::04da6b54-80e4-46f7-96ec-b56ff0331ba9`

function state(resource: StoredResource): unknown {
  const { urn, type, custom, id, parent, inputs, outputs } = resource
  return {
    type,
    urn,
    ...(custom && { custom: true }),
    id,
    parent,
    inputs: blinded(inputs),
    outputs: blinded(outputs),
    provider: custom ? provider(urn) : '',
  }
}

function detailedDiff({ old, wanted, differs, operation }: Step): unknown {
  if (differs.length === 0) return null
  const at = (properties: Properties | undefined, path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], properties)
  const kind = (path: string): string => {
    const word =
      at(old?.inputs, path) === undefined ? 'add' : at(wanted?.inputs, path) === undefined ? 'delete' : 'update'
    return operation === 'replace' ? `${word}-replace` : word
  }
  return Object.fromEntries(differs.map((path) => [path, { diffKind: kind(path), inputDiff: true }]))
}

/** What an event about a step says. */
export function metadataOf(step: Step): Readonly<Record<string, unknown>> {
  const one = step.wanted ?? step.old
  return {
    op: step.operation,
    urn: one?.urn ?? '',
    type: one?.type ?? '',
    old: step.old === undefined ? null : state(step.old),
    new: step.wanted === undefined ? null : state(step.wanted),
    ...(step.operation === 'replace' && { keys: step.differs }),
    ...(step.differs.length > 0 && { diffs: [...new Set(step.differs.map((path) => path.split('.')[0]))] }),
    detailedDiff: detailedDiff(step),
    logical: true,
    provider: one?.custom ? provider(one.urn) : '',
  }
}

/** The event log; without a path nothing is written. The file is emptied by every operation that writes to it. */
export class EventLog {
  readonly #path: string | undefined
  readonly #isPreview: boolean
  #sequence = 0

  constructor(path: string | undefined, isPreview: boolean) {
    this.#path = path
    this.#isPreview = isPreview
    if (path !== undefined) writeFileSync(path, '')
  }

  #write(event: Readonly<Record<string, unknown>>): void {
    if (this.#path === undefined) return
    const line = { sequence: this.#sequence++, timestamp: Math.floor(Date.now() / 1000), ...event }
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }

  prelude(config: Readonly<Record<string, string>>): void {
    this.#write({ preludeEvent: { config } })
  }

  step(kind: 'resourcePreEvent' | 'resOutputsEvent', step: Step): void {
    this.#write({ [kind]: { metadata: metadataOf(step), ...(this.#isPreview && { planning: true }) } })
  }

  failed(step: Step): void {
    this.#write({ resOpFailedEvent: { metadata: metadataOf(step), status: 0, steps: 0 } })
  }

  /** Colours are taken out where the CLI runs with `--color never`. */
  diagnostic(severity: 'error' | 'warning' | 'info' | 'info#err', message: string, urn = ''): void {
    const prefix = severity === 'error' || severity === 'warning' ? `${severity}: ` : ''
    this.#write({
      diagnosticEvent: {
        ...(urn !== '' && { urn }),
        ...(prefix !== '' && { prefix }),
        message: `${message}\n`,
        color: 'never',
        severity,
      },
    })
  }

  stdout(message: string): void {
    this.#write({ stdoutEvent: { message, color: 'always' } })
  }

  end(
    counts: ReadonlyMap<Operation, number>,
    startedMs: number,
    result: 'succeeded' | 'failed',
    maybeCorrupt = false,
  ): void {
    this.#write({
      summaryEvent: {
        maybeCorrupt,
        durationSeconds: Math.ceil((Date.now() - startedMs) / 1000),
        resourceChanges: Object.fromEntries(counts),
        PolicyPacks: {},
        isPreview: this.#isPreview,
        result,
      },
    })
    this.#write({ cancelEvent: {} })
  }
}
