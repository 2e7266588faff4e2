/** Several jobs of one user on one machine: one after the other, and at the same time. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { environmentReference, escDoors, kubeconfigProperty, server, sshKeyProperty } from './kubeconfig-esc-door.ts'

const opened = escDoors()
const here = { environment: environmentReference, property: kubeconfigProperty }
const withKey = { ...here, files: `ssh-private-key=${sshKeyProperty}` }

describe('two jobs, one after the other', () => {
  it('have the kubeconfig at the same path, so that nothing is replaced because of it', async () => {
    const door = await opened()
    const paths: string[] = []
    for (const _job of [1, 2]) {
      const done = await door.press({ inputs: withKey })
      expect(done.outputs.result).toBe('loaded')
      paths.push(done.outputs.kubeconfig ?? '')
      await door.post(done)
      expect(door.leftovers()).toEqual([])
    }
    expect(new Set(paths).size).toBe(1)
    // Once more: whoever calls post twice meets no error.
    expect(paths[0]).not.toBe('')
  })

  it('two steps of one job share the file, and it goes with the second of their posts', async () => {
    const door = await opened()
    const first = await door.press({ inputs: withKey })
    const second = await door.press({ inputs: here })
    const { kubeconfig = '' } = first.outputs
    expect(second.outputs.kubeconfig).toBe(kubeconfig)
    const key = (JSON.parse(first.outputs.files ?? '') as Record<string, string>)['ssh-private-key'] ?? ''
    expect(existsSync(key)).toBe(true)
    const post = await door.post(second)
    expect(post.stdout).toMatch(/the kubeconfig stays: .*uses it, too/)
    expect([kubeconfig, key].map(existsSync)).toEqual([true, true])
    await door.post(first)
    expect(door.leftovers()).toEqual([])
    expect(await door.post(first)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  it('two kubeconfigs of one environment never share a file', async () => {
    const door = await opened()
    const of = async (more: Readonly<Record<string, string>>): Promise<string> => {
      const done = await door.press({ inputs: { ...here, ...more } })
      expect(done.outputs.result).toBe('loaded')
      return done.outputs.kubeconfig ?? ''
    }
    door.pulumi.put('ryan-taylor/default/oceanid-cluster', {
      pulumiConfig: {
        'oceanid-cluster:kubeconfig': { 'fn::secret': door.cluster.kubeconfig(server) },
        'oceanid-cluster:reader': { 'fn::secret': door.cluster.kubeconfig(server).replaceAll('oceanid', 'reader') },
      },
    })
    const paths = [
      await of({}),
      await of({ namespace: 'gpu' }),
      await of({ property: 'pulumiConfig["oceanid-cluster:reader"]' }),
    ]
    expect(new Set(paths).size).toBe(3)
    expect(paths.map((path) => readFileSync(path, 'utf8').includes('current-context: reader'))).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('two jobs at the same time', () => {
  it.each([
    ['with one temporary folder', false],
    ['with two', true],
  ])(
    '%s neither takes the other’s file away, and the last one takes all',
    async (_story, hasTwo) => {
      const door = await opened()
      const temps = [door.temp, hasTwo ? join(door.folder, 'other-temp') : door.temp]
      for (const temp of temps) mkdirSync(temp, { recursive: true })
      for (const _round of [1, 2, 3]) {
        const done = await Promise.all(
          temps.map((temp) => door.press({ inputs: withKey, machine: { RUNNER_TEMP: temp } })),
        )
        expect(done.map((one) => one.outputs.result)).toEqual(['loaded', 'loaded'])
        const [first, second] = done
        if (first === undefined || second === undefined) throw new Error('there were two')
        const path = second.outputs.kubeconfig ?? ''
        expect(first.outputs.kubeconfig === path).toBe(!hasTwo)
        // One leaves while a third one comes.
        const [, third] = await Promise.all([
          door.post(first, { machine: { RUNNER_TEMP: temps[0] ?? '' } }),
          door.press({ inputs: withKey, machine: { RUNNER_TEMP: temps[0] ?? '' } }),
        ])
        expect(third.outputs.result).toBe('loaded')
        for (const one of [second, third])
          expect(readFileSync(one.outputs.kubeconfig ?? '', 'utf8')).toBe(door.cluster.jobKubeconfig(server))
        expect(readFileSync(join(dirname(path), 'files', 'ssh-private-key'), 'utf8')).toBe(door.sshKey)
        await door.post(third, { machine: { RUNNER_TEMP: temps[0] ?? '' } })
        expect(existsSync(path)).toBe(true)
        await door.post(second, { machine: { RUNNER_TEMP: temps[1] ?? '' } })
        expect(temps.flatMap((temp) => door.leftovers(temp))).toEqual([])
      }
    },
    120_000,
  )
})
