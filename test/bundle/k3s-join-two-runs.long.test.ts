/** Two runs at once: on one host one waits for the other, in one cluster they do not meet. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { startHost } from '../../rehearsal/host/index.ts'
import { committedInputs, pressBundle } from '../../rehearsal/press.ts'
import { networkOf } from '../../rehearsal/world.ts'
import { doors, tokenNames } from './door.ts'

const opened = doors()

describe('two runs for one host', () => {
  it('the second waits, names who holds the host and since when, spares its token, and then has nothing to do', async () => {
    const { world, start } = await opened()
    const deletedByOthers: string[] = []
    const first = start()
    await first.seen(/▸ Fetch/)
    let isFirstOver = false
    world.cluster.objects.listen(({ type, key }) => {
      if (type === 'DELETED' && key.includes('bootstrap-token') && !world.cluster.objects.get('nodes/calypso'))
        deletedByOthers.push(key)
    })
    const second = start()
    await second.seen(
      /waits for another run on this host: k3s-join calypso, run 41 · started by the button, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
    )
    void first.ended.then(() => {
      isFirstOver = true
    })
    expect(await first.ended).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
    expect(isFirstOver).toBe(true)
    expect(deletedByOthers).toEqual([])
    expect(await second.ended).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
    expect(tokenNames(world)).toEqual([])
    expect(world.calypso.unit('k3s-agent.service')?.starts).toBe(1)
  }, 120_000)

  it('the second gives up at its deadline, with nothing changed, and says whom it waited for', async () => {
    const { world, press, trees } = await opened()
    const lock = join(world.calypso.root, 'run/k3s-gpu-actions.run.lock')
    writeFileSync(lock, 'k3s-join calypso, run 40 · started by a push, since 2026-11-21 15:20:33 UTC\n')
    const holder = spawn('flock', [lock, 'sh', '-c', 'echo held; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await once(holder.stdout, 'data')
      const before = trees()
      const run = await press({ timeout: '10s' })
      expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'host-locked' } })
      expect(run.report?.failure?.cause).toMatch(/run 40 · started by a push, since 2026-11-21 15:20:33 UTC/)
      expect(run.report?.failure?.state).toBe('nothing was changed on calypso')
      expect(trees()).toEqual(before)
      expect(tokenNames(world)).toEqual([])
    } finally {
      holder.stdin.end('\n')
      await once(holder, 'exit')
    }
  }, 120_000)
})

describe('two runs for two nodes of one cluster', () => {
  it('join at the same time, and neither sweeps the token of the other', async () => {
    const { world, folder, start } = await opened()
    const closed = new AbortController()
    const server = { host: '157.173.210.123', port: 6443, to: world.cluster.port }
    const styx = await startHost({
      name: 'styx',
      directory: join(folder, 'world', 'styx'),
      network: networkOf(() => [server], closed.signal),
      cluster: world.cluster,
      address: '192.168.2.81',
      hasGpu: false,
      pace: 0.2,
    })
    try {
      const inputs = {
        ...committedInputs({ privateKey: styx.clientPrivateKey, knownHosts: styx.knownHosts('192.168.2.81') }),
        'cluster-file': '',
        cluster: 'oceanid',
        server: 'https://157.173.210.123:6443',
        version: 'v1.33.4+k3s1',
        node: 'styx',
        host: '192.168.2.81',
        user: 'oceanid',
      }
      const endpoints = [...world.endpoints, { host: '192.168.2.81', port: 22, to: styx.sshPort }]
      const place = {
        folder: join(folder, 'other'),
        endpoints,
        caFile: world.caFile,
        machine: { KUBECONFIG: world.kubeconfigFile },
      }
      const runs = [start(), pressBundle(place, { inputs })]
      const presses = await Promise.all(runs.map((run) => run.ended))
      for (const press of presses) expect(press).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
      expect(tokenNames(world)).toEqual([])
    } finally {
      closed.abort()
      await styx.close()
    }
  }, 120_000)
})
