import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { RunFailure } from '../../actions/failure.ts'
import { blameTunnel } from '../../actions/tunnel-fault.ts'
import { identify } from '../../src/ownership/index.ts'
import { writeState } from '../../src/tunnel/state.ts'

describe('a failure beside a tunnel', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunnel-blame-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const blamed = (error: unknown): string => {
    const { code, failure } = blameTunnel(error, join(folder, 'kubeconfig')) as {
      code?: string
      failure?: { code: string }
    }
    return code ?? failure?.code ?? ''
  }
  const lose = (isAlive: boolean): void => {
    const self = identify(process.pid)
    if (self === undefined) throw new Error('this process is not known')
    writeState(join(folder, 'tunnel.json'), {
      schema: 'k3s-gpu-actions/tunnel/v1',
      nonce: 'n',
      label: 'kubeconfig-esc, run 41',
      host: '192.0.2.1',
      port: 22,
      user: 'tunnel',
      localPort: 16443,
      target: '127.0.0.1:6443',
      startedAt: '2026-01-02T03:04:05.000Z',
      expiresAt: '2026-01-02T09:04:05.000Z',
      phase: 'connected',
      supervisor: isAlive ? self : { pid: self.pid, started: 'another boot/1' },
      refusal: { at: new Date().toISOString(), text: 'connect failed: Connection refused' },
    })
  }
  const unreachable = Object.assign(new Error('cannot be reached'), { code: 'api-unreachable' })
  const stated = (code: string): RunFailure =>
    new RunFailure({ code, title: code, cause: '', remedy: '', evidence: [] })

  it('is the tunnel’s, when the API server cannot be reached or a wait saw no node, and the tunnel has ended', () => {
    lose(false)
    expect([unreachable, stated('node-not-registered')].map(blamed)).toEqual(['tunnel-ended', 'tunnel-ended'])
  })

  it('is its own, when it rests on something else, or there is no tunnel', () => {
    expect([unreachable, stated('node-not-registered')].map(blamed)).toEqual(['api-unreachable', 'node-not-registered'])
    lose(false)
    expect([stated('restricted-label'), new Error('bug')].map(blamed)).toEqual(['restricted-label', ''])
  })

  it('is explained by a refusal only where the API server cannot be reached', () => {
    lose(true)
    expect([unreachable, stated('node-not-registered')].map(blamed)).toEqual([
      'tunnel-unreachable',
      'node-not-registered',
    ])
  })
})
