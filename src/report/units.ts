/** A duration as people read it: `0.3 s`, `11.4 s`, `2 min 05 s`, `10 min`, `1 h 05 min`, `9 days`. Milliseconds in; never negative. */
export function formatDuration(ms: number): string {
  const tenths = Number.isFinite(ms) ? Math.max(0, Math.round(ms / 100)) : 0
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(tenths / 10)
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return `${Math.round(minutes / (24 * 60))} days`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${String(small).padStart(2, '0')} ${smallUnit}`
}

/** A size in decimal units, as disks and downloads are sold: `812 B`, `4.2 kB`, `69 MB`, `64 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = Number.isFinite(bytes) ? Math.max(0, bytes) : 0
  let unit = 0
  // 999.5 would be rounded to "1000 MB".
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** `1 change`, `2 changes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
