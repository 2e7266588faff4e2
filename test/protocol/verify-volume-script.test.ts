/** The script that writes to a volume and reads it back, with the shells of the images in which it runs. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { scripts } from '../../src/verify/scripts.generated.ts'

const folder = mkdtempSync(join(tmpdir(), 'a volume '))
afterAll(() => rmSync(folder, { recursive: true }))
const volume = join(folder, 'volume').replaceAll(' ', '')
const shells = ['dash', 'bash', 'busybox'].filter(
  (name) => existsSync(`/bin/${name}`) || existsSync(`/usr/bin/${name}`),
)
mkdirSync(join(folder, 'proc'))
afterAll(() => rmSync(volume, { recursive: true, force: true }))

function run(shell: string, env: Record<string, string>): Promise<{ code: number; lines: readonly string[] }> {
  const words = shell === 'busybox' ? ['busybox', 'sh'] : [shell]
  const [program = '', ...rest] = [...words, '-c', scripts.volume]
  return new Promise((resolve) => {
    execFile(
      program,
      rest,
      { env: { PATH: '/usr/bin:/bin', ROOT: folder, VOLUME: volume, ...env } },
      (error, stdout) => {
        const lines = stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.replace('k3s-gpu-actions/volume ', ''))
        resolve({ code: error === null ? 0 : Number(error.code), lines })
      },
    )
  })
}
const mounted = (...lines: string[]): void => writeFileSync(join(folder, 'proc/mounts'), `${lines.join('\n')}\n`)

describe.each(shells)('%s', (shell) => {
  it('writes, and reads what was written', async () => {
    mkdirSync(volume, { recursive: true })
    mounted('overlay / overlay rw 0 0', `/dev/longhorn/pvc-1 ${volume} ext4 rw,relatime 0 0`)
    expect(await run(shell, { STEP: 'write', TEXT: 'run12 k3s2' })).toEqual({
      code: 0,
      lines: ['mount ok ext4 /dev/longhorn/pvc-1', 'write ok'],
    })
    expect((await run(shell, { STEP: 'read' })).lines[1]).toBe('read ok run12 k3s2')
  })

  it('says what it cannot do in the words of the system', async () => {
    mounted(`/dev/longhorn/pvc-1 ${volume} ext4 rw 0 0`)
    rmSync(volume, { recursive: true, force: true })
    const read = await run(shell, { STEP: 'read' })
    expect([read.code, read.lines[1]]).toEqual([1, expect.stringMatching(/^read failed .*No such file/)])
    const write = await run(shell, { STEP: 'write', TEXT: 'x' })
    expect([write.code, write.lines[1]]).toEqual([
      1,
      expect.stringMatching(/^write failed .*(No such file|nonexistent)/),
    ])
  })

  it('does not take the container’s own disk for a volume', async () => {
    mounted('overlay / overlay rw 0 0')
    const { code, lines } = await run(shell, { STEP: 'write', TEXT: 'x' })
    expect([code, lines]).toEqual([1, ['mount failed nothing is mounted there']])
  })
})
