import { describe, expect, it } from '@jest/globals'
import { followUnit, type Host, type UnitEvent } from '../../src/host/index.ts'

describe('following a program that starts a unit', () => {
  it.each([null, undefined, '0', false, 0.5])('an end whose status is %j is no success', async (status) => {
    const over = new AbortController()
    const heard: UnitEvent[] = []
    const host = {
      label: 'root@192.0.2.7',
      run: async ({ onLine }: { onLine: (line: object) => void }) => {
        onLine({ event: 'ended', program: 'kubeadm', ...(status === undefined ? {} : { status }) })
        over.abort()
        throw new Error('ended by the test')
      },
    } as unknown as Host
    await followUnit(host, {
      unit: 'kubelet',
      log: '',
      action: 'start',
      signal: over.signal,
      onEvent: (event) => heard.push(event),
      timeoutMs: 1_000,
    })
    expect(heard).toEqual([{ type: 'ended', program: 'kubeadm', status: -1 }])
  })
})
