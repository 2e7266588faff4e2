import type { Host } from '../host/index.ts'
import { type EvidenceFile, readEvidence as readEvidenceBy } from '../join/index.ts'
import { scripts } from './scripts.generated.ts'

/** What k3s on this host can say about a failure; as `readEvidence` of src/join. */
export async function readEvidence(
  host: Host,
  options: { readonly unit: string; readonly startedAgoMs: number | undefined },
  signal: AbortSignal,
): Promise<readonly EvidenceFile[]> {
  return await readEvidenceBy(host, { ...options, script: scripts.evidence }, signal)
}
