/**
 * What an issue of ours carries, unseen by readers, in HTML comments at its very beginning: whose it is, and what it said last.
 * Somebody may have edited it; whatever does not fit is treated as not there.
 */
export interface IssueState {
  /** Ids that it tells of, sorted. */
  readonly alarms: readonly string[]
  /** Begin of the run that wrote it, ISO. An older run has nothing to add. */
  readonly at: string
  /** Of what is written below; another digest is another text. */
  readonly digest: string
  /** We closed it, because all was well; absent: whoever closed it was a person. */
  readonly closed?: 'recovered' | 'duplicate'
}

const mostAlarms = 200

/** The cluster's name in a marker: nothing in it can end the comment. */
function markerOf(cluster: string): string {
  return `<!-- k3s-gpu-actions/verify-cluster cluster=${encodeURIComponent(cluster.toWellFormed()).replace(/[-.!~*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)} -->`
}

/** Body with marker and state in front. */
export function bodyWith(cluster: string, state: IssueState, body: string): string {
  // JSON has no `-->`: ids hold no `>`, and are checked when they are read back.
  const said = { ...state, alarms: state.alarms.slice(0, mostAlarms) }
  return `${markerOf(cluster)}\n<!-- state ${JSON.stringify(said).replaceAll('>', '\\u003e')} -->\n\n${body}`
}

/** Whether the text of an issue is ours for this cluster. A marker that is quoted further down is none. */
export function isOurs(cluster: string, body: string): boolean {
  return body.replaceAll('\r', '').startsWith(`${markerOf(cluster)}\n`)
}

export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/.test(value)

/** What it said last; undefined when that cannot be read. */
export function stateIn(body: string): IssueState | undefined {
  const [, line = ''] = body.replaceAll('\r', '').split('\n', 2)
  const json = /^<!-- state (\{.{0,60000}\}) -->$/.exec(line)?.[1]
  if (json === undefined) return undefined
  try {
    const { alarms, at, digest, closed } = JSON.parse(json) as Readonly<Record<string, unknown>>
    if (!Array.isArray(alarms) || typeof at !== 'string' || !Number.isFinite(Date.parse(at))) return undefined
    return {
      alarms: alarms.filter(isId).slice(0, mostAlarms),
      at,
      digest: typeof digest === 'string' ? digest : '',
      ...(closed === 'recovered' || closed === 'duplicate' ? { closed } : {}),
    }
  } catch {
    return undefined
  }
}

/** Marks a comment, so that of two runs at the same time one tells. */
export function commentMarker(digest: string): string {
  return `<!-- k3s-gpu-actions/change ${digest} -->`
}
