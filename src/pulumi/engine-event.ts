import { type ResourceName, readUrn } from './urn.ts'

/** What one line of the event log says, as far as it is of use (pulumi/pulumi: sdk/go/common/apitype/events.go). All of it is remote text. */
export type EngineEvent =
  | { readonly kind: 'prelude' }
  | { readonly kind: 'step'; readonly moment: 'begun' | 'done' | 'failed'; readonly step: Step }
  | {
      readonly kind: 'diagnostic'
      readonly severity: 'error' | 'warning'
      readonly urn: string
      readonly message: string
    }
  | { readonly kind: 'policy'; readonly urn: string; readonly policy: string; readonly message: string }
  | {
      readonly kind: 'summary'
      readonly isPreview: boolean
      readonly result: string
      readonly counts: Readonly<Record<string, number>>
    }

export interface Step {
  readonly urn: string
  readonly resource: ResourceName
  readonly operation: string
  /** Nothing is done, it is only planned. */
  readonly isPlanned: boolean
  /** Paths of the properties that differ. */
  readonly differs: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

/** Undefined: no event, or one that is of no use here. */
export function readEvent(line: string): EngineEvent | undefined {
  const event = objectIn(parsed(line))
  if (event === undefined) return undefined
  if (objectIn(event.preludeEvent)) return { kind: 'prelude' }
  const summary = objectIn(event.summaryEvent)
  if (summary) return readSummary(summary)
  const diagnostic = objectIn(event.diagnosticEvent)
  if (diagnostic) return readDiagnostic(diagnostic)
  const policy = objectIn(event.policyEvent)
  if (policy) return readPolicy(policy)
  return (
    readStep(event.resourcePreEvent, 'begun') ??
    readStep(event.resOutputsEvent, 'done') ??
    readStep(event.resOpFailedEvent, 'failed')
  )
}

function readSummary(summary: Json): EngineEvent {
  const counts = Object.entries(objectIn(summary.resourceChanges) ?? {}).filter(
    (entry): entry is [string, number] =>
      isOperation(entry[0]) && Number.isSafeInteger(entry[1]) && Number(entry[1]) >= 0,
  )
  return {
    kind: 'summary',
    isPreview: summary.isPreview === true,
    result: textIn(summary.result),
    counts: Object.fromEntries(counts.slice(0, 30)),
  }
}

/** What the program prints is `info` and `info#err`: it is in the log, and no complaint. */
function readDiagnostic(diagnostic: Json): EngineEvent | undefined {
  const { severity } = diagnostic
  if ((severity !== 'error' && severity !== 'warning') || diagnostic.ephemeral === true) return undefined
  return { kind: 'diagnostic', severity, urn: textIn(diagnostic.urn), message: textIn(diagnostic.message) }
}

/** Anything less than mandatory lets the update go on. */
function readPolicy(policy: Json): EngineEvent | undefined {
  if (policy.enforcementLevel !== 'mandatory') return undefined
  const name = [textIn(policy.policyPackName), textIn(policy.policyName)].filter((part) => part !== '').join(': ')
  return { kind: 'policy', urn: textIn(policy.resourceUrn), policy: name, message: textIn(policy.message) }
}

function readStep(given: unknown, moment: 'begun' | 'done' | 'failed'): EngineEvent | undefined {
  const event = objectIn(given)
  const metadata = objectIn(event?.metadata)
  if (!event || !metadata) return undefined
  const urn = textIn(metadata.urn)
  const resource = readUrn(urn)
  const operation = textIn(metadata.op)
  if (!resource || !isOperation(operation)) return undefined
  return {
    kind: 'step',
    moment,
    step: { urn, resource, operation, isPlanned: event.planning === true, differs: differencesIn(metadata) },
  }
}

/** Property paths where the provider tells them, else the names of the top-level properties, or those that force a replacement. */
function differencesIn(metadata: Json): readonly string[] {
  const detailed = Object.keys(objectIn(metadata.detailedDiff) ?? {})
  const lists = [detailed, textsIn(metadata.diffs), textsIn(metadata.keys)]
  return lists.find((names) => names.length > 0)?.slice(0, 100) ?? []
}

function isOperation(text: string): boolean {
  return /^[a-z][a-z-]{0,39}$/.test(text)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function objectIn(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
