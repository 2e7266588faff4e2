import { describe, expect, it } from '@jest/globals'
import { explainEnding } from '../../src/tunnel/endings.ts'
import { explainRefusal, explainSsh, refusalIn, significant } from '../../src/tunnel/ssh-words.ts'

const to = { host: '192.0.2.1', port: 22, user: 'tunnel', localPort: 16443, target: '127.0.0.1:6443' }

describe('what ssh printed', () => {
  // Recorded from OpenSSH 9.2 unless the row says otherwise.
  it.each([
    [
      'tunnel-host-key',
      [
        'Server host key: ssh-ed25519 SHA256:abc',
        'No ED25519 host key is known for 192.0.2.1 and you have requested strict checking.',
        'Host key verification failed.',
      ],
      /pins no key for 192\.0\.2\.1, which shows ssh-ed25519 SHA256:abc/,
    ],
    [
      'tunnel-host-key',
      ['WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!', 'Host key verification failed.'],
      /installed anew/,
    ],
    ['tunnel-host-key', ['WARNING: REVOKED HOST KEY DETECTED!', 'Host key verification failed.'], /@revoked/],
    [
      'tunnel-authentication',
      ['Load key "tunnel-key": error in libcrypto', 'tunnel@192.0.2.1: Permission denied (publickey).'],
      /damaged/,
    ],
    [
      'tunnel-authentication',
      ['tunnel@192.0.2.1: Permission denied (publickey).'],
      /does not accept this key for user tunnel/,
    ],
    [
      'tunnel-authentication',
      ['Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures'],
      /does not accept/,
    ],
    [
      'tunnel-unreachable',
      ['ssh: Could not resolve hostname 192.0.2.1: Name or service not known'],
      /does not resolve/,
    ],
    [
      'tunnel-unreachable',
      ['ssh: connect to host 192.0.2.1 port 22: Connection refused'],
      /nothing listens on 192\.0\.2\.1$/,
    ],
    ['tunnel-unreachable', ['ssh: connect to host 192.0.2.1 port 22: Connection timed out'], /firewall drops/],
    ['tunnel-unreachable', ['ssh: connect to host 192.0.2.1 port 22: No route to host'], /no route/],
    ['tunnel-unreachable', ['kex_exchange_identification: Connection closed by remote host'], /MaxStartups/],
    [
      'tunnel-unreachable',
      ['Unable to negotiate with 192.0.2.1 port 22: no matching key exchange method found.'],
      /no algorithm in common/,
    ],
    [
      'tunnel-port-busy',
      ['bind [127.0.0.1]:16443: Address already in use', 'Could not request local forwarding.'],
      /port 16443/,
    ],
    ['tunnel-failed', ['command-line: line 0: Bad configuration option: identityagent'], /too old/],
    ['tunnel-failed', ['No user exists for uid 1001'], /no entry in its passwd file/],
    ['tunnel-failed', ['something new'], /exit code 255/],
  ])('is explained as %s: %j', (code, lines, cause) => {
    const fault = explainSsh(lines, to, 'exit code 255')
    expect(fault).toMatchObject({ code, cause: expect.stringMatching(cause) })
    expect(fault.evidence).toEqual([...lines, 'ssh ended: exit code 255'])
    expect(fault.remedy).not.toBe('')
  })

  it('is kept as far as it tells something, as one bounded printable line', () => {
    expect(significant('debug1: Reading configuration data /etc/ssh/ssh_config')).toBeUndefined()
    expect(significant('debug1: Server host key: ssh-ed25519 SHA256:abc\r')).toBe(
      'Server host key: ssh-ed25519 SHA256:abc',
    )
    expect(significant('OpenSSH_9.2p1 Debian-2, OpenSSL 3.0')).toBeUndefined()
    expect(significant('@@@@@@@@@@')).toBeUndefined()
    expect(significant('\u001b[31m::error::forged\u0007')).toBe('[31m::error::forged')
    expect(significant('x'.repeat(5000))).toHaveLength(300)
  })

  it('tells why the server forwarded nothing', () => {
    const line = 'channel 2: open failed: administratively prohibited: open failed'
    expect(refusalIn(line)).toBe('administratively prohibited: open failed')
    expect(refusalIn('a banner that says channel 2: open failed: x')).toBeUndefined()
    expect(explainRefusal(refusalIn(line) ?? '', to)).toMatchObject({ code: 'tunnel-forward-refused' })
    expect(explainRefusal('connect failed: Connection refused', to)).toMatchObject({
      code: 'tunnel-unreachable',
      cause: '192.0.2.1 has no connection to 127.0.0.1:6443: Connection refused',
    })
    expect(explainRefusal('resource shortage', to)).toMatchObject({ code: 'tunnel-failed' })
  })
})

describe('an ending', () => {
  const course = { to, wasConnected: true, lifetimeMs: 6 * 3_600_000, lines: [] as string[] }

  it('of a tunnel that stood is its end, whatever ssh said', () => {
    const lines = [
      'channel 2: open failed: administratively prohibited: open failed',
      'Timeout, server 192.0.2.1 not responding.',
    ]
    const end = { code: 255, signal: null }
    expect(explainEnding({ kind: 'ssh', end }, { ...course, lines })).toMatchObject({
      code: 'tunnel-ended',
      cause: expect.stringContaining('did not answer any more'),
    })
    expect(
      explainEnding({ kind: 'ssh', end }, { ...course, wasConnected: false, lines: lines.slice(0, 1) }),
    ).toMatchObject({
      code: 'tunnel-forward-refused',
    })
  })

  it.each([
    [{ kind: 'expired' }, 'it was opened for 6 h, and they are over'],
    [{ kind: 'signal', signal: 'SIGTERM' }, 'its supervisor was told to end (SIGTERM)'],
    [{ kind: 'worker-gone' }, 'the job that it was opened for has ended'],
    [{ kind: 'abandoned' }, 'its state file was removed'],
  ] as const)('says why: %j', (ending, cause) => {
    expect(explainEnding(ending, course)).toMatchObject({ code: 'tunnel-ended', cause })
  })

  it('of a server that took the connection and never let it in is no end of a tunnel', () => {
    expect(explainEnding({ kind: 'never-connected' }, course)).toMatchObject({ code: 'tunnel-unreachable' })
  })
})
