/** A removal that is killed, wherever it is, is finished by the next one. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors } from './door.ts'

const open = doors()

const remains = ({ world }: Door): readonly string[] => [
  ...(world.cluster.objects.get('nodes/calypso') === undefined ? [] : ['node']),
  ...(world.cluster.objects.get('secrets/kube-system/calypso.node-password.k3s') === undefined ? [] : ['password']),
  ...[
    '/usr/local/bin/k3s',
    '/etc/systemd/system/k3s-agent.service',
    '/var/lib/rancher/k3s',
    '/var/lib/kubelet',
    '/var/lib/k3s-gpu-actions',
  ].filter((path) => existsSync(join(world.calypso.root, path))),
]

/** What the log says when a stage begins, or is in its middle. */
const stages: Readonly<Record<string, RegExp>> = {
  'the survey': /Survey calypso/,
  'the drain': /Drain calypso/,
  'a pod that was asked to leave': /shop\/db-0 was asked to leave/,
  'the volumes': /Wait for volumes/,
  'the mounts': /Look at mounts/,
  'the uninstaller': /Uninstall/,
  'the stop': /k3s-agent stopped/,
  'the cluster': /Clear the cluster/,
}

describe('a removal that is killed', () => {
  it.each(Object.entries(stages))('at %s is finished by the next one', async (_stage, words) => {
    const door = await open({ isLeaving: true })
    const running = door.start()
    await running.seen(words)
    running.child.kill('SIGKILL')
    await running.ended
    const next = await door.press()
    expect([next.outputs.result, next.outputs['failure-code'], next.stdout]).toEqual([
      expect.stringMatching(/^(removed|unchanged)$/),
      '',
      expect.any(String),
    ])
    expect(remains(door)).toEqual([])
    expect((await door.press()).outputs.result).toBe('unchanged')
  })

  it('and that is cancelled says so, and the node can be used again', async () => {
    const door = await open({ isLeaving: true, faults: new Set(['remove-pod-stays']) })
    const running = door.start({ 'drain-timeout': '60s' })
    await running.seen(/was asked to leave/)
    running.child.kill('SIGINT')
    const press = await running.ended
    expect(press.outputs['failure-code']).toBe('cancelled')
    expect(existsSync(join(door.world.calypso.root, 'usr/local/bin/k3s'))).toBe(true)
    expect(door.world.calypso.unit('k3s-agent')?.activeState).toBe('active')
  })
})
