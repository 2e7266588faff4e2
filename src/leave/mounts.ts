import { errorOfScript, type Host, type ScriptLine } from '../host/index.ts'
import type { Mount } from './model.ts'
import { scripts } from './scripts.generated.ts'

/** Defines `list_mounts`, `emit_mounts` and `check_mounts`; stands before the scripts with which a distribution leaves. */
export const mountsScript: string = scripts.mounts

const kinds = ['own', 'volume', 'foreign'] as const
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 4096) : '')

/** Reads the lines `leave.mount` of a survey. What is of no known kind counts as somebody's. Pure. */
export function readMounts(lines: readonly ScriptLine[]): {
  readonly mounts: readonly Mount[]
  readonly areKnown: boolean
} {
  return {
    mounts: lines
      .filter((line) => line.fact === 'leave.mount')
      .slice(0, 200)
      .map((line) => ({
        path: text(line.path),
        type: text(line.type),
        source: text(line.source),
        kind: kinds.find((kind) => kind === line.kind) ?? 'foreign',
      })),
    areKnown: lines.some((line) => line.fact === 'leave.mounts' && line.known === true),
  }
}

/** What is mounted under these folders, after waiting up to `waitMs` until no volume of a pod is among it. One session. */
export async function awaitMounts(
  host: Host,
  folders: readonly string[],
  waitMs: number,
  signal: AbortSignal,
): Promise<readonly Mount[]> {
  const result = await host.run({
    name: 'mounts',
    script: [mountsScript, scripts['await-mounts']].join('\n'),
    env: { FOLDERS: folders.join(' '), WAIT: String(Math.ceil(waitMs / 1000)) },
    privilege: 'root',
    timeoutMs: waitMs + 30_000,
    signal,
  })
  const error = errorOfScript(host.label, 'looking at what is mounted', result)
  if (error) throw error
  return readMounts(result.lines).mounts
}

/** `/var/lib/kubelet/pods/1f…/volumes/… (nfs4, 192.168.2.10:/data)` */
export const mountWords = ({ path, type, source }: Mount): string => `${path} (${type}, ${source})`

/** The uid of the pod that a mount belongs to; empty: of none. */
export function podOfMount({ path }: Mount): string {
  return /^\/var\/lib\/kubelet\/pods\/([^/]+)\//.exec(path)?.[1] ?? ''
}
