import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { diagnose, type Evidence, unknownFailure } from '../../src/diagnosis/index.ts'

const refused = 'server is not ready: failed to retrieve configuration from server: not authorized'
const diskFull = 'write /var/lib/rancher/k3s/x: no space left on device'
const eof = 'failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": EOF'
const saying = (...texts: string[]): Evidence => ({ stage: 'start', subject: 'calypso', texts })
const unit = { name: 'k3s-agent', activeState: 'activating', subState: 'start', restarts: 0 }

describe('which line decides', () => {
  it('lets the first line that names a cause win over its consequences', () => {
    expect(diagnose(saying(diskFull, refused))?.code).toBe('disk-full')
    expect(diagnose(saying(refused, diskFull))?.code).toBe('token-refused')
  })

  it('lets a cause win over a symptom that was written before it', () => {
    expect(diagnose(saying(eof, eof, refused))?.code).toBe('token-refused')
    expect(diagnose(saying(eof, eof))?.code).toBe('api-closed')
  })

  it('lets the catalogue’s order decide among symptoms, not their time', () => {
    const dns = 'dial tcp: lookup k3s.example on 127.0.0.53:53: no such host'
    expect(diagnose(saying(eof, dns))?.code).toBe('api-name-unknown')
    expect(diagnose(saying(dns, eof, eof))?.code).toBe('api-name-unknown')
  })

  it('lets any text win over a mere state', () => {
    expect(diagnose({ ...saying(eof), unit: { ...unit, restarts: 3 } })?.code).toBe('api-closed')
  })

  it('reads what failing checks found, not what passing ones say', () => {
    const check = { id: 'host.disk', question: 'Is there room?', found: diskFull } as const
    expect(diagnose({ ...saying(), checks: [{ ...check, verdict: 'fail' }] })?.code).toBe('disk-full')
    expect(diagnose({ ...saying(), checks: [{ ...check, verdict: 'pass' }] })).toBeUndefined()
  })
})

describe('when no text helps', () => {
  it('calls a crash loop a crash loop and attaches its last alarming lines, without those of systemd', () => {
    const found = diagnose({
      ...saying(
        'Nov 21 08:06:08 calypso k3s[1]: level=info msg="Starting"',
        'Nov 21 08:06:09 calypso k3s[1]: level=fatal msg="flux capacitor empty"',
        "Nov 21 08:06:09 calypso systemd[1]: k3s-agent.service: Failed with result 'exit-code'.",
        'Nov 21 08:06:14 calypso k3s[2]: level=fatal msg="flux capacitor empty"',
      ),
      unit: { ...unit, restarts: 2, result: 'exit-code', mainStatus: 1 },
    })
    expect(found?.code).toBe('crash-loop')
    expect(found?.title).toContain('2 times')
    expect(found?.evidence).toEqual([
      'Nov 21 08:06:14 calypso k3s[2]: level=fatal msg="flux capacitor empty"',
      'k3s-agent: activating (start), 2 restarts, result exit-code, exit status 1',
    ])
  })

  it('says that a unit never became active and shows the last lines', () => {
    const found = diagnose({ ...saying('level=info msg="still thinking"'), unit })
    expect(found?.code).toBe('agent-not-active')
    expect(found?.evidence[0]).toContain('still thinking')
  })

  it('quotes the kubelet when the agent is active and the node is not Ready', () => {
    const node = { exists: true, ready: false, message: 'PLEG is not healthy' }
    const found = diagnose({ ...saying('quiet'), unit: { ...unit, activeState: 'active' }, node })
    expect(found?.code).toBe('node-not-ready')
    expect(found?.cause).toContain('PLEG is not healthy')
  })

  it('does not trust a node that is still Ready without an agent', () => {
    const node = { exists: true, ready: true }
    expect(diagnose({ ...saying(), unit: { ...unit, activeState: 'inactive' }, node })?.title).toContain('still counts')
    expect(diagnose({ ...saying(), unit: { ...unit, restarts: 3 }, node })?.title).toContain('although the node still')
  })

  it('wonders about an active agent whose node never appears, and calls that invented', () => {
    const found = diagnose({
      ...saying(),
      unit: { ...unit, activeState: 'active' },
      node: { exists: false, ready: false },
    })
    expect(found?.code).toBe('node-not-registered')
    expect(found?.provenance).toBe('invented')
  })

  it('has no diagnosis for words it does not know, says so, and attaches what there is', () => {
    const evidence = saying('level=info msg="fine"', 'level=error msg="flux capacitor empty"')
    expect(diagnose(evidence)).toBeUndefined()
    const unknown = unknownFailure(evidence)
    expect(unknown.code).toBe('unknown')
    expect(unknown.cause).toContain('unknown')
    expect(unknown.evidence).toEqual(['level=error msg="flux capacitor empty"'])
    expect(unknown.provenance).toBeUndefined()
  })
})

describe('hostile evidence', () => {
  it('survives a journal of long lines in reasonable time', () => {
    const long = `dial tcp: lookup ${'a'.repeat(200_000)} Ignoring unknown key in TOML for plugin ${'key='.repeat(50_000)}`
    // The work of this process, not the clock on the wall: other tests run beside it.
    const began = process.cpuUsage()
    expect(diagnose(saying(...Array.from({ length: 200 }, () => long)))).toBeUndefined()
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1000).toBeLessThan(5000)
  })

  it('does not let a matched word pull in other placeholders or prototype names', () => {
    const found = diagnose(
      saying("unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [{constructor}{remedy}]"),
    )
    expect(found?.title).toContain('{constructor}{remedy}')
  })
})

it('keeps the matcher free of any distribution’s words', () => {
  const matcher = readFileSync(new URL('../../../src/diagnosis/diagnose.ts', import.meta.url), 'utf8')
  expect(matcher).not.toMatch(/k3s|kubeadm|rancher/i)
})
