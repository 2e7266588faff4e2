/** Nothing is loaded, under `continue-on-error`: later steps meet no cluster at all; a run that died leaves nothing that lasts. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { environmentReference, escDoors, kubeconfigProperty } from './kubeconfig-esc-door.ts'

const opened = escDoors()
const halt = join(import.meta.dirname, 'kubeconfig-esc-halt.js')

describe('a run that loads nothing', () => {
  it('leads later steps to a file that is not there, names the mistake, and writes nothing', async () => {
    const door = await opened()
    const done = await door.press({
      inputs: { environment: environmentReference, property: 'pulumiConfig["oceanid-cluster:kube_config"]' },
      machine: { KUBECONFIG: '/somewhere/another-cluster' },
    })
    expect(done).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'esc-property-missing' } })
    expect(done.outputs.kubeconfig ?? '').toBe('')
    const { KUBECONFIG = '', ...others } = done.exported
    expect(others).toEqual({})
    expect(KUBECONFIG.startsWith(`${door.temp}/`)).toBe(true)
    expect(existsSync(KUBECONFIG)).toBe(false)
    expect(done.stdout).toContain(`or name ${kubeconfigProperty}`)
    expect(door.leftovers()).toEqual([])
  })

  it('under dry-run it exports nothing, and still fails, with the command that stores what is missing', async () => {
    const door = await opened()
    const done = await door.press({
      inputs: { environment: environmentReference, property: 'files.KUBECONFIG', 'dry-run': 'true' },
    })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'esc-property-missing' }, exported: {} })
    expect(done.report?.failure?.remedy).toContain(
      `esc env set ${environmentReference} files.KUBECONFIG --secret --string --file KUBECONFIG-FILE`,
    )
    expect([done.state, door.leftovers()]).toEqual([{}, []])
  })

  it('whose kubeconfig would run a program runs none, and says so', async () => {
    const door = await opened()
    const canary = join(door.folder, 'executed')
    const text = door.cluster
      .kubeconfig('https://157.173.210.123:6443')
      .replace(
        /token: .*/,
        `exec: { apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, 'touch ${canary}'] }`,
      )
    const done = await door.press({ inputs: door.store(text) })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'kubeconfig-refused' } })
    expect(door.cluster.requests).toEqual([])
    expect([existsSync(canary), door.leftovers()]).toEqual([false, []])
  })

  it('because the cluster is another one places nothing', async () => {
    const door = await opened()
    const done = await door.press({
      inputs: { environment: environmentReference, property: kubeconfigProperty, 'expect-ca-sha256': '0'.repeat(64) },
    })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'kubeconfig-ca' } })
    expect(existsSync(done.exported.KUBECONFIG ?? '')).toBe(false)
    expect([door.cluster.requests, door.leftovers()]).toEqual([[], []])
  })
})

describe('a run that is killed in the middle of placing', () => {
  it('leaves what post removes', async () => {
    const door = await opened()
    const done = await door.press({
      worker: 'dies',
      preload: [halt],
      machine: { HALT_ON: 'write .*/[.]kubeconfig[.]' },
    })
    expect(done.outputs).toEqual({})
    expect(door.leftovers()).not.toEqual([])
    expect(await door.post(done)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
    expect(door.leftovers()).toEqual([])
  })

  it('leaves what the next run removes, when there was no post: the job of the other is dead', async () => {
    const door = await opened()
    const inputs = { environment: environmentReference, property: kubeconfigProperty, namespace: 'gpu' }
    await door.press({ worker: 'dies', preload: [halt], machine: { HALT_ON: 'write .*/[.]kubeconfig[.]' }, inputs })
    const left = door.leftovers()
    expect(left.length).toBeGreaterThan(2)
    const next = await door.press()
    expect(next.outputs.result).toBe('loaded')
    expect(next.stdout).toMatch(/removed what a dead job had left in \S+-[0-9a-f]{8}$/m)
    expect(door.leftovers().filter((one) => left.slice(1).includes(one))).toEqual([])
  })
})
