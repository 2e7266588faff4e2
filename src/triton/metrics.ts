/** The part of Triton's metrics that says something about GPUs (triton-inference-server/server:docs/user_guide/metrics.md). */

export interface GpuMetrics {
  /** GPU UUID → what it says; energy in joules since the driver was loaded. */
  readonly gpus: Readonly<
    Record<string, { readonly memoryUsedBytes?: number; readonly energyJoules?: number; readonly utilisation?: number }>
  >
  /** Whether these are Triton's metrics at all. */
  readonly isTriton: boolean
}

const fields = {
  nv_gpu_memory_used_bytes: 'memoryUsedBytes',
  nv_energy_consumption: 'energyJoules',
  nv_gpu_utilization: 'utilisation',
} as const

const line =
  /^(nv_gpu_memory_used_bytes|nv_energy_consumption|nv_gpu_utilization)\{[^}]{0,400}\} ([-+0-9.eE]{1,30})(?: \d{1,20})?$/
const uuid = /[{,]gpu_uuid="([A-Za-z0-9/_-]{1,80})"/

/** @param body Prometheus text, of whoever answered */
export function readGpuMetrics(body: Uint8Array): GpuMetrics {
  const gpus: Record<string, Record<string, number>> = Object.create(null)
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  let isTriton = false
  for (const row of text.split('\n')) {
    isTriton ||= /^nv_[a-z_]+[{ ]/.test(row)
    const found = line.exec(row.trimEnd())
    const id = found && uuid.exec(row)?.[1]
    const value = Number(found?.[2])
    if (!found || !id || !Number.isFinite(value) || Object.keys(gpus).length > 64) continue
    gpus[id] ??= Object.create(null) as Record<string, number>
    const gpu = gpus[id]
    if (gpu) gpu[fields[found[1] as keyof typeof fields]] = value
  }
  return { gpus, isTriton }
}
