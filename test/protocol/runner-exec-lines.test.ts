import { describe, expect, it } from '@jest/globals'
import { execPort } from '../../src/runner/exec.ts'

const most = 40

/** Prints so many MiB on either stream, without an end of line. */
const endless = `const much = Buffer.alloc(1024 * 1024, 'x')
for (let part = 0; part < ${most}; part++) for (const to of [1, 2]) require('node:fs').writeSync(to, much)`

describe('a program that prints without an end of line', () => {
  it('is heard to its end at once, and nothing of it is kept', async () => {
    const heard = { out: 0, err: 0 }
    const code = await execPort(new AbortController().signal)(process.execPath, ['-e', endless], {
      env: {},
      input: Buffer.alloc(0),
      onStdout: (chunk) => {
        heard.out += chunk.toString('latin1').length
      },
      onStderr: (chunk) => {
        heard.err += chunk.length
      },
    })
    expect([code, heard]).toEqual([0, { out: most * 1024 * 1024, err: most * 1024 * 1024 }])
  }, 8000)
})
