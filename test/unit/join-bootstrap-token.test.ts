import { describe, expect, it } from '@jest/globals'
import { deleteToken, mintToken, prepareToken, sweepTokens, tokenAccessRequests } from '../../src/join/index.ts'
import type { BootstrapToken, Cluster } from '../../src/kubernetes/index.ts'

const signal = new AbortController().signal
const now = Date.parse('2026-08-01T10:00:00.789Z')
const extraGroups = 'system:bootstrappers:k3s:default-node-token'
const request = { node: 'calypso', runLabel: 'run 41 · started by\n::set-output::', ttlMs: 600_000, extraGroups, now }

/** The tokens of a cluster, as far as minting sees them. */
function tokenCluster(tokens: Map<string, { createdAt: string; labels: Readonly<Record<string, string>> }>): Cluster {
  return {
    createBootstrapToken: async (token: BootstrapToken) => {
      tokens.set(token.id, { createdAt: '2026-08-01T10:00:00Z', labels: token.labels })
    },
    deleteBootstrapToken: async (id: string) => {
      tokens.delete(id)
    },
    bootstrapTokens: async (labels: Record<string, string>) =>
      [...tokens]
        .filter(([, token]) => Object.entries(labels).every(([key, value]) => token.labels[key] === value))
        .map(([id, token]) => ({ id, createdAt: token.createdAt, expiresAt: '' })),
  } as unknown as Cluster
}

describe('minting', () => {
  it('makes a token that lives minutes by the server’s clock, marked with node and run', () => {
    const token = prepareToken(request)
    expect(token).toMatchObject({
      expiresAt: '2026-08-01T10:10:00Z',
      extraGroups: 'system:bootstrappers:k3s:default-node-token',
      labels: { 'k3s-gpu-actions/node': 'calypso', 'k3s-gpu-actions/run': 'run-41-started-by-set-output' },
    })
    expect(token.description).toContain('calypso')
    expect(token.description).not.toContain('\n')
  })

  it('gives any run a valid label value', () => {
    for (const runLabel of ['', '···', '-x-', `${'a'.repeat(62)}·b`, '../../etc', '日本']) {
      const value = prepareToken({ ...request, runLabel }).labels['k3s-gpu-actions/run'] ?? ''
      expect(value).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
    }
  })

  it('never makes a token without an end', () => {
    for (const ttlMs of [0, -1, Number.NaN]) expect(() => prepareToken({ ...request, ttlMs })).toThrow(RangeError)
  })

  it('records the id before anything is created', async () => {
    const tokens = new Map()
    const recorded: string[] = []
    const token = await mintToken(
      tokenCluster(tokens),
      {
        ...request,
        record: async (id) => {
          await Promise.resolve()
          expect(tokens.size).toBe(0)
          recorded.push(id)
        },
      },
      signal,
    )
    expect(recorded).toEqual([token.id])
    expect([...tokens.keys()]).toEqual([token.id])
    await deleteToken(tokenCluster(tokens), token.id, signal)
    expect(tokens.size).toBe(0)
  })

  it('creates nothing when the id could not be recorded', async () => {
    const tokens = new Map()
    const record = (): never => {
      throw new Error('disk full')
    }
    await expect(mintToken(tokenCluster(tokens), { ...request, record }, signal)).rejects.toThrow('disk full')
    expect(tokens.size).toBe(0)
  })

  it('sweeps what dead runs left for this node, and nothing else', async () => {
    const mine = { 'k3s-gpu-actions/node': 'calypso' }
    const tokens = new Map([
      ['dead01', { createdAt: '2026-08-01T09:00:00Z', labels: mine }],
      ['alive1', { createdAt: '2026-08-01T09:59:30Z', labels: mine }],
      ['other1', { createdAt: '2026-08-01T09:00:00Z', labels: { 'k3s-gpu-actions/node': 'europa' } }],
      ['noage1', { createdAt: '', labels: mine }],
    ])
    const swept = await sweepTokens(tokenCluster(tokens), { node: 'calypso', olderThan: now - 600_000 }, signal)
    expect(swept).toEqual(['dead01'])
    expect([...tokens.keys()]).toEqual(['alive1', 'other1', 'noage1'])
  })

  it('needs rights on Secrets of kube-system only', () => {
    expect(tokenAccessRequests.map((one) => `${one.verb} ${one.resource} ${one.namespace}`)).toEqual([
      'create secrets kube-system',
      'delete secrets kube-system',
      'list secrets kube-system',
    ])
  })
})
