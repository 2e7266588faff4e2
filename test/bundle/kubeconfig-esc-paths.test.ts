/** What later steps are told of a placed kubeconfig leads to that one and no other, whatever lies beside it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { escDoors } from './kubeconfig-esc-door.ts'
import { kubeconfigOfK3s } from './kubeconfig-esc-texts.ts'

const opened = escDoors()

describe('the path of a kubeconfig', () => {
  it('stays readable when a file beside it holds a word of it, and the file that cannot be masked is named', async () => {
    const door = await opened()
    const { text } = await kubeconfigOfK3s(door)
    const inputs = door.store({
      files: {
        KUBECONFIG: { 'fn::secret': text },
        OWNER: { 'fn::secret': 'ryan-taylor' },
        STAGE: { 'fn::secret': 'stored' },
        PHRASE: { 'fn::secret': 'correct-horse-battery' },
      },
    })
    const files = ['OWNER=files.OWNER', 'STAGE=files.STAGE', 'PHRASE=files.PHRASE'].join('\n')
    const done = await door.press({ inputs: { ...inputs, files } })
    expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'loaded' } })
    expect(Object.values(done.outputs).join('\n')).not.toContain('***')
    const placed = JSON.parse(done.outputs.files ?? '{}') as Record<string, string>
    const contents = Object.entries(placed).map(([name, path]) => [name, readFileSync(path, 'utf8')])
    expect(Object.fromEntries(contents)).toEqual({
      OWNER: 'ryan-taylor',
      STAGE: 'stored',
      PHRASE: 'correct-horse-battery',
    })
    const lines = done.stdout.split('\n')
    expect(lines).toContain('::add-mask::correct-horse-battery')
    const unmasked = lines.flatMap((line) => /the content of (\S+) cannot be masked/.exec(line)?.[1] ?? [])
    expect(unmasked).toEqual(['OWNER', 'STAGE'])
  })

  it('leads to no pipe that is waited for', async () => {
    const door = await opened()
    const pipe = join(door.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const done = await door.press({ inputs: { kubeconfig: pipe } })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'kubeconfig-missing' } })
  })

  it('is told to the job alone that asks for it, and in a dry run there is none', async () => {
    const door = await opened()
    const inputs = door.store((await kubeconfigOfK3s(door)).text)
    const quiet = await door.press({ inputs: { ...inputs, 'export-env': 'false' } })
    expect(quiet).toMatchObject({
      exitCode: 0,
      outputs: { result: 'loaded', kubeconfig: expect.stringMatching(/^\//) },
    })
    expect(quiet.exported).toEqual({})
    await door.post(quiet)
    const dry = await door.press({ inputs: { ...inputs, 'dry-run': 'true' } })
    expect(dry).toMatchObject({
      exitCode: 0,
      outputs: { result: 'checked', reachable: 'true' },
      exported: {},
      state: {},
    })
    expect(dry.outputs.kubeconfig ?? '').toBe('')
    expect(door.leftovers()).toEqual([])
  })

  it('leads nowhere for later steps, when nobody can tell whether they were to get it', async () => {
    const door = await opened()
    const done = await door.press({ inputs: { environment: 'a/b/c', 'export-env': 'yes' } })
    expect(done).toMatchObject({
      exitCode: 1,
      exported: { KUBECONFIG: expect.stringMatching(/no-kubeconfig-was-loaded/) },
    })
  })
})
