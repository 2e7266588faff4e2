/**
 * Runs before every test file: no test may dial anything but loopback and unix sockets, whatever its code or its mistakes try.
 * The redirect of the rehearsal, with an empty map, throws on every other address before a packet is sent.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-loopback-'))
const before = process.env.REHEARSAL_ENDPOINTS
try {
  const map = join(folder, 'endpoints.json')
  writeFileSync(map, '[]')
  process.env.REHEARSAL_ENDPOINTS = map
  // A variable, because tsc would not find the untyped module at its place beside lib/.
  const redirect = join(import.meta.dirname, '..', '..', 'rehearsal', 'redirect.mjs')
  await import(redirect)
} finally {
  if (before === undefined) delete process.env.REHEARSAL_ENDPOINTS
  else process.env.REHEARSAL_ENDPOINTS = before
  rmSync(folder, { recursive: true, force: true })
}
