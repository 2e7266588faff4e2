import type { FaultName } from '../../rehearsal/contract.ts'
import { layFaultFiles } from '../../rehearsal/host/fault-files.ts'
import { addresses, hostFolder, type LabHost, type LabHostOptions } from '../contract.ts'
import { rotateHostKey } from './keys.ts'

const toServer = ['-p', 'tcp', '-d', addresses.server, '--dport', '6443'] as const
/** A script of this folder as a host sees it. */
const script = (name: string): string => `${hostFolder}/source/lab/hosts/${name}`

/** Those that come over a machine that runs, and lie on its own side of the network. */
const late: readonly FaultName[] = [
  'api-blocked',
  'port-closed',
  'disk-full',
  'clock-skew',
  'crash-loop',
  'restricted-label',
  'restricted-label-ignored',
  'template-harmful',
  'template-broken',
]

const steps: Readonly<Partial<Record<FaultName, readonly (readonly string[])[]>>> = {
  'wrong-host-key': rotateHostKey,
  // Packets vanish without an answer, as at a firewall that drops.
  'api-blocked': [['iptables', '-w', '-A', 'OUTPUT', ...toServer, '-j', 'DROP']],
  // Answered as by a machine on which nothing listens there.
  'port-closed': [['iptables', '-w', '-A', 'OUTPUT', ...toServer, '-j', 'REJECT', '--reject-with', 'tcp-reset']],
  'disk-full': [['sh', script('fill-disk.sh'), '/var/lib/rancher']],
  'clock-skew': [['install', '-m', '755', script('date-ahead.sh'), '/usr/local/bin/date']],
}

/**
 * Faults that come over a machine that runs. They lie between it and the server, or in what it shows of itself; the
 * runner's own way to the server stays as it is.
 */
export async function applyFaults(
  host: Pick<LabHost, 'run' | 'root'>,
  faults: ReadonlySet<FaultName>,
  impostor: LabHostOptions['impostor'],
): Promise<void> {
  layFaultFiles(host.root, faults)
  const wanted = [...faults].flatMap((fault) => steps[fault] ?? [])
  if (faults.has('wrong-ca-hash') && impostor !== undefined) {
    const target = `${impostor.address}:${impostor.port}`
    wanted.push(['iptables', '-w', '-t', 'nat', '-A', 'OUTPUT', ...toServer, '-j', 'DNAT', '--to-destination', target])
  }
  for (const step of wanted) {
    const { code, stdout, stderr } = await host.run(step)
    if (code !== 0) throw new Error(`${step.join(' ')} ended with ${code}: ${(stderr + stdout).trim()}`)
  }
}

/** @throws Error when one of them is there from a machine's first boot on, or lies elsewhere */
export function expectLate(faults: ReadonlySet<FaultName>): void {
  const others = [...faults].filter((fault) => !late.includes(fault))
  if (others.length > 0) throw new Error(`${others.join(', ')} cannot come over a machine that was joined already`)
}
