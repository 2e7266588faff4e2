import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { type AuthoritySources, judgeAuthorities } from '../../src/kubeadm/authorities.ts'
import { sharesAuthority, shortHash, spkiHash, spkiHashes } from '../../src/kubeadm/spki.ts'
import { foreign, ours } from './kubeadm-situations.ts'

// Made with openssl; its hash by the command of kubernetes.io (kubeadm join, token-based discovery):
// openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256
const known = {
  pem: `-----BEGIN CERTIFICATE-----
MIIBgjCCASegAwIBAgIUXbA60wn0ergDIXKKmCordBl6tqUwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjIxMDA1MzBaGA8yMTI2MTAy
OTEwMDUzMFowFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABI16mXqZd1ivK7O/PoT6XqpJPjqtM3kaW7t6f621c3XDtbuxphS/
twyTIkJq8XpCVtsU/fN3JqgJSOlBCkZVo0+jUzBRMB0GA1UdDgQWBBT8heQfAL8m
aCf2Khix5s0o7DuZVDAfBgNVHSMEGDAWgBT8heQfAL8maCf2Khix5s0o7DuZVDAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQD3Q4B7WiN+o4se1gN8
xVN+DARl9oSUGKtTeAUXBf0ISwIhAIO8OCBvMx9Vpg37aBGEgS5vsjAky8PMF3BE
41la3+4m
-----END CERTIFICATE-----
`,
  hash: 'sha256:c6434194496b19e968b3c9c177a4200b177a75035d067d054302b4ac8cb96456',
}

const agreed: AuthoritySources = {
  kubeconfig: ours.certPem,
  clusterInfo: ours.certPem,
  host: {},
  served: 'kubeconfig',
}

describe('the hash that kubeadm pins', () => {
  it('is that of the public key, as openssl computes it', () => {
    expect(spkiHash(known.pem)).toBe(known.hash)
    expect(known.hash).not.toContain(new X509Certificate(known.pem).fingerprint256.replaceAll(':', '').toLowerCase())
  })

  it('is given for every certificate while an authority is being changed, each once', () => {
    const bundle = `${ours.certPem}\n${foreign.certPem}\n${ours.certPem}`
    expect(spkiHashes(bundle)).toEqual([spkiHash(ours.certPem), spkiHash(foreign.certPem)])
    expect(sharesAuthority(bundle, foreign.certPem)).toBe(true)
  })

  it('is of nothing that is no certificate', () => {
    expect(spkiHashes('-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----')).toEqual([])
    expect(() => spkiHash('')).toThrow(RangeError)
    expect(sharesAuthority('', '')).toBe(false)
  })
})

describe('the four places of the authority', () => {
  it('warn of an authority that only cluster-info names: kubeadm pins one of them and has the node believe all', () => {
    const { check, stale } = judgeAuthorities({ ...agreed, clusterInfo: `${foreign.certPem}\n${ours.certPem}` })
    expect(stale).toBeUndefined()
    expect(check.verdict).toBe('warn')
    expect(check.found).toContain(shortHash(spkiHash(foreign.certPem)))
    const known = judgeAuthorities({
      ...agreed,
      kubeconfig: `${ours.certPem}\n${foreign.certPem}`,
      clusterInfo: `${foreign.certPem}\n${ours.certPem}`,
    })
    expect(known.check.verdict).toBe('pass')
  })

  it('agree', () => {
    const { check, stale } = judgeAuthorities({ ...agreed, host: { '/etc/kubernetes/pki/ca.crt': ours.certPem } })
    expect(stale).toBeUndefined()
    expect(check).toMatchObject({ id: 'kubeadm.ca', verdict: 'pass' })
    expect(check.evidence).toHaveLength(4)
  })

  it.each([
    ['cluster-info', { clusterInfo: foreign.certPem }, 'kubeadm init phase bootstrap-token'],
    ['kubeconfig', { clusterInfo: foreign.certPem, served: 'cluster-info' }, 'fetch the kubeconfig again'],
    ['host', { host: { '/etc/kubernetes/pki/ca.crt': foreign.certPem } }, 'kubeadm reset -f'],
    ['address', { served: 'neither' }, 'compare `server` with the kubeconfig'],
  ] as const)('say that %s is the stale one, and how it is mended', (stale, changes, remedy) => {
    const verdict = judgeAuthorities({ ...agreed, ...changes })
    expect(verdict.stale).toBe(stale)
    expect(verdict.check).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining(remedy) })
    // Both identities are shown.
    expect(verdict.check.evidence?.join('\n')).toMatch(/kubeconfig: [0-9a-f]{8}…[0-9a-f]{4}/)
  })

  it('pass where what is written down holds the old and the new one', () => {
    const both = `${foreign.certPem}${ours.certPem}`
    const { check } = judgeAuthorities({ ...agreed, kubeconfig: both, clusterInfo: both })
    expect(check).toMatchObject({ verdict: 'pass', found: expect.stringContaining('2 certificates') })
  })

  it('pass, and say so, where not every place could be asked', () => {
    const { clusterInfo: _, ...rest } = agreed
    const { check } = judgeAuthorities({ ...rest, served: 'unknown' })
    expect(check).toMatchObject({ verdict: 'pass', found: expect.stringContaining('not every place could be asked') })
  })

  it('are compared as data: what is no certificate is stale, and nothing is thrown', () => {
    expect(judgeAuthorities({ ...agreed, clusterInfo: '' }).stale).toBe('cluster-info')
    expect(judgeAuthorities({ ...agreed, host: { '/x': 'nonsense' } }).stale).toBe('host')
  })
})
