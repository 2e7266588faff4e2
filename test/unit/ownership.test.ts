import { describe, expect, it } from '@jest/globals'
import { describeProcess, environmentVariable, identify, isAlive, socketsAtPort } from '../../src/ownership/index.ts'

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, state: string, uid: number, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 100 0 0 10 0`

describe('sockets at a port', () => {
  // 16443 is 403B.
  it.each([
    ['127.0.0.1', '0100007F:403B'],
    ['0.0.0.0', '00000000:403B'],
    [':: ', '00000000000000000000000000000000:403B'],
    ['::ffff:127.0.0.1', '0000000000000000FFFF00000100007F:403B'],
    ['127.0.0.1 of a big-endian machine', '7F000001:403B'],
  ])('are in the way at %s', (_name, local) => {
    expect(socketsAtPort([header, row(local, '0A', 1000, 77)].join('\n'), 16443)).toEqual([
      { inode: '77', uid: 1000, isListening: true },
    ])
  })

  it.each([
    ['another port', row('0100007F:403C', '0A', 0, 1)],
    ['another loopback address', row('0200007F:403B', '0A', 0, 1)],
    ['::1', row('00000000000000000000000001000000:403B', '0A', 0, 1)],
    ['a connection that is over (TIME_WAIT)', row('0100007F:403B', '06', 0, 0)],
    ['nothing', ''],
    ['a line that is none', 'garbage'],
  ])('are not in the way: %s', (_name, line) => {
    expect(socketsAtPort([header, line].join('\n'), 16443)).toEqual([])
  })

  it('tell a connection from a listener', () => {
    expect(socketsAtPort([header, row('0100007F:403B', '01', 7, 9)].join('\n'), 16443)).toEqual([
      { inode: '9', uid: 7, isListening: false },
    ])
  })
})

describe('a process', () => {
  it('is known by pid and start together', () => {
    const self = identify(process.pid)
    expect(self && isAlive(self)).toBe(true)
    expect(self && isAlive({ ...self, started: `${self.started}1` })).toBe(false)
    expect([identify(0), identify(1), identify(-5), identify(2 ** 22 + 5)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is described without its arguments', () => {
    const self = describeProcess(process.pid)
    expect(self).toMatchObject({ pid: process.pid, program: expect.stringMatching(/^node/) })
    expect(Object.keys(self ?? {}).sort()).toEqual(['group', 'pid', 'program', 'user'])
    expect(describeProcess(2 ** 22 + 5)).toBeUndefined()
    expect(environmentVariable(2 ** 22 + 5, 'PATH')).toBeUndefined()
  })
})
