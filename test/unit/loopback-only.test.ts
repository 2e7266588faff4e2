import { connect } from 'node:net'
import { expect, it } from '@jest/globals'

it('no test can dial a machine other than this one', () => {
  // 192.0.2.0/24 is reserved for documentation; nothing is there, and nothing is sent.
  expect(() => connect({ host: '192.0.2.1', port: 6443 })).toThrow(/the rehearsal has no 192\.0\.2\.1:6443/)
})
