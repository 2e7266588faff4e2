import type { FaultName } from '../../rehearsal/contract.ts'
import { addresses, type LabHost, type LabHostOptions } from '../contract.ts'
import { rotateHostKey } from './keys.ts'

const toServer = ['-p', 'tcp', '-d', addresses.server, '--dport', '6443'] as const

/**
 * Faults that come over a machine that runs. They lie between it and the server, or in what it shows of itself; the
 * runner's own way to the server stays as it is. Those that a machine has from the start are among its files.
 */
export async function applyFaults(
  host: Pick<LabHost, 'run'>,
  faults: ReadonlySet<FaultName>,
  impostor: LabHostOptions['impostor'],
): Promise<void> {
  const steps: (readonly string[])[] = []
  if (faults.has('wrong-host-key')) steps.push(...rotateHostKey)
  // Packets vanish without an answer, as at a firewall that drops.
  if (faults.has('api-blocked')) steps.push(['iptables', '-w', '-A', 'OUTPUT', ...toServer, '-j', 'DROP'])
  if (faults.has('wrong-ca-hash') && impostor !== undefined) {
    const target = `${impostor.address}:${impostor.port}`
    steps.push(['iptables', '-w', '-t', 'nat', '-A', 'OUTPUT', ...toServer, '-j', 'DNAT', '--to-destination', target])
  }
  for (const step of steps) {
    const { code, stdout, stderr } = await host.run(step)
    if (code !== 0) throw new Error(`${step.join(' ')} ended with ${code}: ${(stderr + stdout).trim()}`)
  }
}
