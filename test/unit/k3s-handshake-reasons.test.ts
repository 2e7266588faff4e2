import { describe, expect, it } from '@jest/globals'
import { faultCheck } from '../../src/join/handshake/fault.ts'
import { HostHttpsFault, kindOfReason } from '../../src/join/handshake/host-https-model.ts'

// Words of glibc and of the kernel, as sshd hands them on and curl prints them.
describe('why a host cannot connect', () => {
  it.each([
    ['Connection refused', 'refused', 'refuses connections from the host'],
    ['Connection timed out', 'timeout', 'does not answer the host'],
    ['No route to host', 'route', 'has no way from the host'],
    ['Network is unreachable', 'route', 'has no way from the host'],
    ['Name or service not known', 'name', 'does not resolve on the host'],
    ['Temporary failure in name resolution', 'name', 'does not resolve on the host'],
    ['Could not resolve host: k3s.oceanid.test', 'name', 'does not resolve on the host'],
    [
      'curl: (7) Failed to connect to 203.0.113.7 port 6443: Connection refused',
      'refused',
      'refuses connections from the host',
    ],
    ['open failed', 'connect', 'cannot be reached from the host'],
  ] as const)('%s is %s', (reason, kind, found) => {
    expect(kindOfReason(reason)).toBe(kind)
    const check = faultCheck({
      id: 'handshake.apiserver',
      question: 'Does it answer?',
      address: '203.0.113.7',
      server: 'k3s server',
      namesIn: 'tls-san of the k3s server',
      port: 6443,
      host: 'oceanid@192.168.2.80',
      fault: new HostHttpsFault(kindOfReason(reason), reason),
      runnerReaches: undefined,
    })
    expect(check.found).toBe(`203.0.113.7:6443 ${found}`)
    expect(check.evidence).toEqual([`oceanid@192.168.2.80, 203.0.113.7:6443: ${reason}`])
  })
})
