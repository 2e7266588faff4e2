import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { probeServerWorld, testAuthority } from './kubernetes-probe-world.ts'

const child = join(import.meta.dirname, 'verification-child.js')

it('believes only the CA of the kubeconfig, whatever the runner has switched off, and tells nobody else its token', async () => {
  const [meant, stranger] = [await testAuthority(), await testAuthority('somebody else')]
  const folder = mkdtempSync(join(tmpdir(), 'verification-'))
  try {
    await using server = await probeServerWorld(await stranger.issue())
    writeFileSync(join(folder, 'ca.pem'), meant.caPem)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [child, `https://127.0.0.1:${server.port}`, join(folder, 'ca.pem')],
      { env: { PATH: process.env.PATH ?? '', NODE_TLS_REJECT_UNAUTHORIZED: '0' }, timeout: 30_000 },
    )
    expect(JSON.parse(stdout)).toEqual({ probe: 'ca-unknown', tunnel: 'tunnel-tls', nodes: 'api-tls' })
    expect(server.requests).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
