import { errorOfScript, evidenceScript, type Host, type ScriptLine } from '../host/index.ts'
import type { EvidenceFile } from './distribution.ts'

/** The host ends the script after this, whatever hangs in it. */
const scriptLimitMs = 30_000
/** A host decides neither where a file goes nor how many there are. */
const plainName = /^[a-z][a-z0-9-]*\.(?:txt|log)$/
const mostFiles = 16

/** Files in the order in which their first part came; of a file in two parts the older one comes first. Pure. */
export function evidenceFiles(lines: readonly ScriptLine[]): readonly EvidenceFile[] {
  const parts = new Map<string, { before: string; recent?: string }>()
  for (const { file, part, text } of lines) {
    if (typeof file !== 'string' || typeof text !== 'string' || !plainName.test(file)) continue
    if (!parts.has(file) && parts.size === mostFiles) continue
    const known = parts.get(file) ?? { before: '' }
    parts.set(file, part === 'recent' ? { ...known, recent: text } : { ...known, before: text })
  }
  return [...parts].map(([name, { before, recent }]) => ({
    name,
    text: [before, ...(recent === undefined ? [] : ['== since the start of this run', recent])]
      .filter((text) => text !== '')
      .join('\n'),
    ...(recent === undefined ? {} : { recent }),
  }))
}

/**
 * Reads what explains a failure from the host, in one session, and changes nothing. `script` defines `evidence_distribution`. Resolves with what had come when the time is up or
 * the signal aborts; rejects only when nothing came (HostError, HostStepError).
 */
export async function readEvidence(
  host: Host,
  options: { readonly script: string; readonly unit: string; readonly startedAgoMs: number | undefined },
  signal: AbortSignal,
): Promise<readonly EvidenceFile[]> {
  signal.throwIfAborted()
  const lines: ScriptLine[] = []
  const ago = options.startedAgoMs === undefined ? '' : String(Math.ceil(options.startedAgoMs / 1000) + 1)
  try {
    const result = await host.run({
      name: 'evidence',
      script: [options.script, evidenceScript].join('\n'),
      env: { UNIT: options.unit, AGO: ago },
      privilege: 'root',
      timeoutMs: scriptLimitMs,
      signal,
      onLine: (line) => lines.push(line),
    })
    const error = errorOfScript(host.label, 'reading the evidence', result)
    if (error) throw error
  } catch (error) {
    if (evidenceFiles(lines).length === 0) throw error
  }
  return evidenceFiles(lines)
}
