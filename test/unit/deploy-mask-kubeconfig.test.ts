import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { maskKubeconfig } from '../../actions/deploy-stack/mask-kubeconfig.ts'
import type { Run } from '../../actions/run.ts'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'deploy-mask-'))
afterAll(() => rmSync(folder, { recursive: true }))
const token = 'token-of-the-administrator-1f7a'
let path = ''

beforeAll(async () => {
  const { certPem } = await createAuthority('ours')
  path = join(folder, 'kubeconfig')
  writeFileSync(path, kubeconfigText('oceanid', 'https://127.0.0.1:6443', certPem, { name: 'admin', token }))
})

async function masked(file: string, signal = new AbortController().signal) {
  const masks: string[] = []
  const lines: string[] = []
  const runner = { signal, mask: (text: string) => masks.push(text), line: (text: string) => lines.push(text) }
  await maskKubeconfig({ runner } as unknown as Run, file)
  return { masks, lines }
}

describe('what is secret in the kubeconfig', () => {
  it('is masked before Pulumi is started, because the program may print it', async () => {
    expect(await masked(path)).toEqual({ masks: [token], lines: [] })
  })

  it('is said to be unknown where the file is none that is known here', async () => {
    for (const file of [join(folder, 'nowhere'), folder]) {
      const { masks, lines } = await masked(file)
      expect([masks, lines]).toEqual([[], [expect.stringMatching(/^ {2}! .* is not known here/)]])
    }
  })

  it('is not looked for by a run that is cancelled', async () => {
    await expect(masked(path, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
  })
})
