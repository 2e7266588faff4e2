import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { packagesScript } from '../../src/host/index.ts'

const locked = 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2711 (unattended-upgr)'

/** Tries of a program that finds the lock taken, each of which lasts `seconds`, on a clock of its own. */
function tries(seconds: number, words = locked): number {
  const run = mkdtempSync(join(tmpdir(), 'gpu-patience-'))
  const script = `run=${run} now=1000
    date() { cat "$run/now"; }
    pass() { echo $(($(cat "$run/now") + $1)) >"$run/later"; mv "$run/later" "$run/now"; }
    sleep() { pass "$1"; }
    try() { echo x >>"$run/tries"; pass ${seconds}; echo "${words}" >"$run/said"; return 100; }
    echo "$now" >"$run/now"
    ${packagesScript}
    patient try || :
    wc -l <"$run/tries"`
  try {
    return Number(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))
  } finally {
    rmSync(run, { recursive: true, force: true })
  }
}

describe('another package manager at work', () => {
  it('is waited for two minutes in all, by an apt that gives up at once and by one that waits itself', () => {
    expect(tries(0)).toBe(23)
    expect(tries(120)).toBe(1)
    expect(tries(30)).toBe(4)
  })

  it('is not what other failures are', () => {
    expect(tries(0, 'E: Unable to locate package nvidia-container-toolkit')).toBe(1)
  })
})
