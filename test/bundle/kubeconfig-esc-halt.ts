/**
 * Loaded before the bundle: at the n-th thing that it does to its private files (HALT_AT, counted from 1), or the first that HALT_ON matches,
 * the process gets the signal HALT_WITH, before it is done. With HALT_LOG every one is written down instead, so that a test knows how many there are.
 */
import { appendFileSync } from 'node:fs'
import promises, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const at = Number(process.env.HALT_AT ?? 0)
const on = process.env.HALT_ON === undefined ? undefined : new RegExp(process.env.HALT_ON)
const signal = process.env.HALT_WITH === 'SIGINT' ? 'SIGINT' : 'SIGKILL'
const log = process.env.HALT_LOG ?? ''
let count = 0

async function reached(what: string): Promise<void> {
  count += 1
  if (log !== '') appendFileSync(log, `${what}\n`)
  if (count !== at && on?.test(what) !== true) return
  process.kill(process.pid, signal)
  // The one ends the process at this place; the other is heard at the next turn of the loop.
  await new Promise((resolve) => setTimeout(resolve, 20))
}

const isPrivate = (path: unknown): boolean => String(path).includes('k3s-gpu-actions-private')

for (const name of ['mkdir', 'rename', 'rm', 'rmdir', 'readdir'] as const) {
  const original = promises[name] as (...args: readonly unknown[]) => Promise<unknown>
  const halting = async (...args: readonly unknown[]): Promise<unknown> => {
    if (isPrivate(args[0])) await reached(`${name} ${String(args[0])}`)
    return await original(...args)
  }
  Object.assign(promises, { [name]: halting })
}

const open = promises.open
const opening = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
  if (isPrivate(args[0])) await reached(`open ${String(args[0])}`)
  const handle = await open(...args)
  if (!isPrivate(args[0])) return handle
  const write = handle.writeFile.bind(handle)
  handle.writeFile = async (...given: Parameters<FileHandle['writeFile']>) => {
    await reached(`write ${String(args[0])}`)
    await write(...given)
  }
  return handle
}
Object.assign(promises, { open: opening })
syncBuiltinESMExports()
