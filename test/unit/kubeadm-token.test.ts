import { describe, expect, it } from '@jest/globals'
import { detachedSignature, isSignedBy, parseClusterInfo, parseKubeletConfig } from '../../src/kubeadm/cluster-info.ts'
import { acceptGivenToken, awaitSignature, mint } from '../../src/kubeadm/token.ts'
import type { BootstrapToken, Cluster } from '../../src/kubernetes/index.ts'
import { kubeconfigText } from '../protocol/kubernetes-server.ts'
import { ours, server } from './kubeadm-situations.ts'

const never = new AbortController().signal
const content = 'apiVersion: v1\nkind: Config\n'
// Computed by k8s.io/cluster-bootstrap v0.33.13 (token/jws, ComputeDetachedSignature) for this content and abcdef.0123456789abcdef.
const reference = 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..vH_kT4yiol-nrAWgjfCYqvum5wsKETXe0S7OOp1VgnE'

describe('the signature of cluster-info', () => {
  it('is that of Kubernetes, letter by letter', () => {
    expect(detachedSignature(content, 'abcdef', '0123456789abcdef')).toBe(reference)
  })

  it('is believed for this token and this text only', () => {
    expect(isSignedBy(reference, content, 'abcdef', '0123456789abcdef')).toBe(true)
    expect(isSignedBy(reference, `${content} `, 'abcdef', '0123456789abcdef')).toBe(false)
    expect(isSignedBy(reference, content, 'abcdef', '0123456789abcdeg')).toBe(false)
    expect(isSignedBy(reference, content, 'abcdeg', '0123456789abcdef')).toBe(false)
    expect(isSignedBy('', content, 'abcdef', '0123456789abcdef')).toBe(false)
  })
})

describe('what the cluster keeps for those who join', () => {
  it('is read as kubeadm reads it', () => {
    expect(parseClusterInfo(kubeconfigText(server, ours.certPem))).toEqual({ server, caPem: ours.certPem })
    expect(parseKubeletConfig({ kubelet: 'cgroupDriver: cgroupfs\nfailSwapOn: false\n' })).toEqual({
      cgroupDriver: 'cgroupfs',
      failSwapOn: false,
    })
    expect(parseKubeletConfig({ kubelet: 'kind: KubeletConfiguration\n' })).toEqual({
      cgroupDriver: 'systemd',
      failSwapOn: true,
    })
  })

  it.each(['', 'null', '[]', 'clusters: 7', 'clusters: [7]', '{', 'a: &a [*a]', `x: ${'y'.repeat(300_000)}`])(
    'is data: %j is no cluster, and nothing is thrown',
    (text) => {
      expect(parseClusterInfo(text)).toBeUndefined()
    },
  )
})

describe('minting', () => {
  function cluster(signsAfterReads: number): { cluster: Cluster; events: string[]; tokens: BootstrapToken[] } {
    const events: string[] = []
    const tokens: BootstrapToken[] = []
    let reads = 0
    return {
      events,
      tokens,
      cluster: {
        read: async () => ({ version: 'v1.32.3', serverTimeMs: Date.parse('2026-08-01T10:00:00Z') }),
        createBootstrapToken: async (token: BootstrapToken) => {
          events.push('created')
          tokens.push(token)
        },
        configMap: async () => {
          reads += 1
          events.push('asked')
          const [token] = tokens
          return reads > signsAfterReads && token ? { [`jws-kubeconfig-${token.id}`]: 'x..y' } : {}
        },
      } as unknown as Cluster,
    }
  }

  it('makes a token of kubeadm’s group, recorded and masked before it is created, and waits until it is signed for', async () => {
    const world = cluster(2)
    const masked: string[] = []
    const record = (id: string): void => void world.events.push(`recorded ${id}`)
    const credential = await mint(
      world.cluster,
      'karstark',
      { runId: '41', label: 'run 41' },
      600_000,
      record,
      (secret) => masked.push(secret),
      never,
    )
    const [token] = world.tokens
    expect(token).toMatchObject({
      extraGroups: 'system:bootstrappers:kubeadm:default-node-token',
      expiresAt: '2026-08-01T10:10:00Z',
    })
    expect(credential).toEqual({ id: token?.id, text: `${token?.id}.${token?.secret}` })
    expect(world.events).toEqual([`recorded ${token?.id}`, 'created', 'asked', 'asked', 'asked'])
    expect(masked).toEqual([credential.text, token?.secret])
  })

  it('waits no longer than it may: the handshake says what is wrong', async () => {
    expect(await awaitSignature(cluster(1e9).cluster, 'abcdef', never, 400)).toBe(false)
  })
})

describe('a given token', () => {
  it('is a bootstrap token, and nothing else', () => {
    const accept = (text: string) => acceptGivenToken(text, ours.certPem, { allowServerToken: false })
    expect(accept(' abcdef.0123456789abcdef\n')).toEqual({ id: 'given', text: 'abcdef.0123456789abcdef' })
    for (const text of ['', 'ABC', `K10${'a'.repeat(64)}::abcdef.0123456789abcdef`, 'abcdef.0123456789abcdef --v=5']) {
      let said = ''
      try {
        accept(text)
      } catch (error) {
        const { message, cause, remedy } = error as Error & { remedy: string }
        said = `${message} ${String(cause)} ${remedy}`
      }
      expect(said).toContain('bootstrap token')
      if (text !== '') expect(said).not.toContain(text)
    }
  })
})
