import { describe, expect, it } from '@jest/globals'
import type { HostFacts } from '../../src/host/index.ts'
import { missingInFirewalld, missingInUfw, needText, nodeNeeds, podNeeds } from '../../src/k3s/checks/firewall-rules.ts'
import { k3sChecks } from '../../src/k3s/index.ts'
import type { Check } from '../../src/report/index.ts'
import { desiredCalypso, factsOfCalypso, nodeCalypso, nothingInstalled, serverNode, situation } from './situations.ts'

const needs = [...nodeNeeds, ...podNeeds]
const ufw = (...rules: readonly string[]): string[] =>
  missingInUfw(
    ['Status: active', 'Default: deny (incoming), allow (outgoing), disabled (routed)', ...rules],
    needs,
  ).map(needText)
const firewalld = (text: string): string[] => missingInFirewalld(text.split('\n'), needs).map(needText)
const all = ['10250/tcp', '8472/udp', '10.42.0.0/16', '10.43.0.0/16']
const without = (...fine: readonly string[]): string[] => all.filter((one) => !fine.includes(one))

describe('the rules of ufw', () => {
  it.each([
    ['none', []],
    ['10250/tcp                  ALLOW IN    Anywhere', ['10250/tcp']],
    ['10250                      ALLOW IN    192.168.2.0/24', ['10250/tcp']],
    ['10000:11000/tcp            ALLOW       Anywhere', ['10250/tcp']],
    ['22,10250/tcp on eth0       ALLOW IN    Anywhere', ['10250/tcp']],
    ['10250/tcp                  LIMIT IN    Anywhere', ['10250/tcp']],
    ['10250/udp                  ALLOW IN    Anywhere', []],
    ['10250/tcp                  DENY IN     Anywhere', []],
    ['10250/tcp                  ALLOW OUT   Anywhere', []],
    ['10250/tcp                  ALLOW IN    10.42.0.0/16', []],
    ['8472/udp                   ALLOW IN    157.173.210.123            # the server', ['8472/udp']],
    ['Anywhere                   ALLOW IN    10.42.0.0/16', ['10.42.0.0/16']],
    ['Anywhere                   ALLOW IN    10.40.0.0/13', ['10250/tcp', '8472/udp', '10.42.0.0/16', '10.43.0.0/16']],
    ['Anywhere                   ALLOW IN    10.42.0.0/24', []],
    ['Anywhere                   ALLOW IN    192.168.2.0/24', ['10250/tcp', '8472/udp']],
    ['Anywhere (v6)              ALLOW IN    Anywhere (v6)', []],
    ['Anywhere                   ALLOW IN    Anywhere', all],
    ['::error:: \u001b[31m  ALLOW IN  ::', []],
  ])('%s', (rule, fine) => {
    expect(ufw(rule as string)).toEqual(without(...(fine as string[])))
  })

  it('are not needed where everything comes in', () => {
    expect(missingInUfw(['Default: allow (incoming), allow (outgoing), disabled (routed)'], needs)).toEqual([])
  })
})

describe('the zones of firewalld', () => {
  const trusted = 'trusted (active)\n  target: ACCEPT\n  sources: 10.42.0.0/16 10.43.0.0/16'

  it.each([
    ['public (active)\n  target: default\n  interfaces: eth0\n  services: ssh\n  ports: ', []],
    [`public (active)\n  target: default\n  ports: 10250/tcp 8472/udp\n${trusted}`, all],
    [`public (default, active)\n  target: default\n  ports: 10000-11000/tcp\n${trusted}`, without('8472/udp')],
    ['public (active)\n  target: default\n  services: ssh kubelet kube-flannel', ['10250/tcp', '8472/udp']],
    ['trusted (active)\n  target: ACCEPT\n  interfaces: cni0', ['10.42.0.0/16', '10.43.0.0/16']],
    ['trusted (active)\n  target: ACCEPT\n  interfaces: eth0 cni0', all],
    [
      'public (active)\n  target: default\n\trule family="ipv4" source address="10.0.0.1" port port="8472" protocol="udp" accept',
      ['8472/udp'],
    ],
    [
      'public (active)\n  target: default\n\trule family="ipv4" source address="10.0.0.1" port port="8472" protocol="udp" drop',
      [],
    ],
    ['  ports: 10250/tcp\n::error::', []],
  ])('%s', (text, fine) => {
    expect(firewalld(text)).toEqual(without(...fine))
  })
})

describe('the check', () => {
  const shared = { desired: desiredCalypso({ podNetwork: 'shared' }) }
  const check = (firewalls: HostFacts['firewalls'], given = {}): Check | undefined =>
    k3sChecks(situation({ facts: factsOfCalypso({ firewalls }), ...given }), nothingInstalled, {
      id: 'k3s.version',
      verdict: 'pass',
      question: '',
      found: '',
    }).find((one) => one.id === 'host.firewall')
  const active = (name: HostFacts['firewalls'][number]['name'], ...rules: readonly string[]) => [
    { name, state: 'active' as const, rules },
  ]

  it('passes where none is active, and does not know what only root is told', () => {
    expect(check([])).toMatchObject({ verdict: 'pass', found: 'none is active' })
    expect(check([{ name: 'ufw', state: 'inactive', rules: [] }])?.verdict).toBe('pass')
    expect(check([{ name: 'ufw', state: 'unknown', rules: [] }])?.verdict).toBe('skip')
    expect(check(active('ufw'))).toMatchObject({ verdict: 'skip', found: expect.stringMatching(/told to root only/) })
  })

  it('gives the exact commands of ufw, with port 8472 open to nodes alone', () => {
    const nodes = [serverNode(), nodeCalypso()]
    expect(check(active('ufw', 'Status: active'), { ...shared, nodes })?.remedy?.split('; ')).toEqual([
      'sudo ufw allow proto tcp from 157.173.210.123 to any port 10250',
      'sudo ufw allow proto udp from 157.173.210.123 to any port 8472',
      'sudo ufw allow from 10.42.0.0/16 to any',
      'sudo ufw allow from 10.43.0.0/16 to any',
    ])
  })

  it('gives the exact commands of firewalld', () => {
    const remedy = check(active('firewalld', 'public (active)', '  target: default'), shared)?.remedy?.split('; ')
    expect(remedy?.[1]).toBe(
      `sudo firewall-cmd --permanent --add-rich-rule='rule family="ipv4" source address="157.173.210.123" port port="8472" protocol="udp" accept'`,
    )
    expect(remedy?.at(-2)).toBe('sudo firewall-cmd --permanent --zone=trusted --add-source=10.43.0.0/16')
    expect(remedy?.at(-1)).toBe('sudo firewall-cmd --reload')
  })

  it('asks for no more than the own pods’ networks where pods are isolated', () => {
    expect(check(active('ufw', 'Status: active'))).toMatchObject({
      verdict: 'warn',
      found: 'ufw is active and has no rule for 10.42.0.0/16, 10.43.0.0/16',
    })
  })

  it('puts no address into a command that is none', () => {
    const nodes = [{ ...serverNode(), internalIps: ['1.2.3.4; reboot'], externalIps: ['$(reboot)'] }]
    const remedy = check(active('ufw', 'Status: active'), { ...shared, nodes })?.remedy
    expect(remedy).not.toMatch(/reboot/)
    expect(remedy).toMatch(/from <address of a node>/)
  })

  it('gives a hint where a packet filter drops by default', () => {
    expect(check(active('nftables', 'inet filter input'))).toMatchObject({
      verdict: 'warn',
      found: expect.stringMatching(/inet filter input.*not looked into/),
    })
  })
})
