import { join } from 'node:path'
import type { FaultName } from '../../rehearsal/contract.ts'
import { standInText } from '../../rehearsal/host/programs.ts'
import { gpuPciFiles, hostsText, osReleaseText } from '../../rehearsal/host/tree.ts'
import { addresses, hostFolder } from '../contract.ts'
import { accounts, cloudUserRule } from './accounts.ts'
import { kubeadmFiles } from './kubeadm.ts'

/** On the host: what stands for hardware, and what the programs around the card read. */
export const machineFolder = '/usr/lib/k3s-gpu-actions-lab-machine'

/** On the host: a file `no-network` here makes the agent's stand-in leave out the pods' network. */
export const faultFolder = '/usr/lib/k3s-gpu-actions-lab-faults'

/** On a host of a released k3s: in memory, for the layers of its images. */
export const layersFolder = '/var/lib/k3s-gpu-actions-lab-layers'

/** Of the NVIDIA driver of a machine with a card. */
export const driverVersion = '575.51.03'

/** Scripts of this folder as a host sees them. */
const scriptFolder = `${hostFolder}/source/lab/hosts`

export interface MachineDescription {
  readonly name: string
  readonly address: string
  readonly hasGpu: boolean
  readonly faults: ReadonlySet<FaultName>
  /** 32 hexadecimal digits. */
  readonly machineId: string
  readonly systemUuid: string
  /** Id of the container on the card, 64 hexadecimal digits. */
  readonly containerId: string
  /** Line of authorized_keys. */
  readonly publicKey: string
  /** What it is installed for. Default: k3s. */
  readonly distribution?: 'k3s' | 'kubeadm'
  /** Text of k3s-standin.sh. Absent: k3s is a released one, and nothing on the machine may say otherwise. */
  readonly k3sStandIn?: string
}

export interface HostFile {
  readonly text?: string
  /** Default: 0644. */
  readonly mode?: number
  /** A symbolic link to this, instead of a text. */
  readonly link?: string
  /** User and group, for a file and the folder it lies in. Default: root. */
  readonly owner?: number
}

/**
 * What makes a machine out of the tree that all share: path relative to its root → file. It presents itself as the same
 * Ubuntu 22.04 as the embedded host, so that both worlds survey alike; all the programs are Debian's.
 */
export function machineFiles(machine: MachineDescription): Readonly<Record<string, HostFile>> {
  const { faults, name } = machine
  const units = 'usr/lib/systemd/system'
  const files: Record<string, HostFile> = {
    'etc/hostname': { text: `${name}\n` },
    'etc/hosts': { text: hostsText(name) },
    'etc/machine-id': { text: `${machine.machineId}\n`, mode: 0o444 },
    'etc/resolv.conf': { text: `nameserver ${addresses.server}\n` },
    'etc/os-release': { text: osReleaseText },
    'etc/ssh/sshd_config.d/10-lab.conf': { text: sshdText(!faults.has('forwarding-refused')) },
    'root/.ssh/authorized_keys': { text: `${machine.publicKey}\n`, mode: 0o600 },
    [join(machineFolder, 'class/dmi/id/product_uuid')]: { text: `${machine.systemUuid}\n`, mode: 0o400 },
    [join(machineFolder, 'settings')]: {
      text: [
        `ADDRESS=${machine.address}`,
        `GATEWAY=${addresses.server}`,
        `MACHINE=${machineFolder}`,
        `CONTAINER=${machine.containerId}`,
        '',
      ].join('\n'),
    },
    [`${units}/lab-machine.service`]: { text: settleUnit },
    [`${units}/multi-user.target.wants/lab-machine.service`]: { link: '../lab-machine.service' },
  }
  if (machine.distribution === 'kubeadm') Object.assign(files, kubeadmFiles())
  else if (machine.k3sStandIn !== undefined) {
    files['usr/bin/k3s-standin'] = { text: machine.k3sStandIn, mode: 0o755 }
    const marker = 'This machine is a lab host: what is called k3s here is a stand-in.\n'
    files[join(hostFolder, 'stand-in')] = { text: marker }
  } else {
    files[`${units}/lab-k3s.service`] = { text: k3sUnit }
    // Not a drop-in, which would be seen as somebody's change of the agent's unit.
    files[`${units}/k3s-agent.service.wants/lab-k3s.service`] = { link: '../lab-k3s.service' }
  }
  for (const account of accounts) {
    files[`home/${account.name}/.ssh/authorized_keys`] = {
      text: `${machine.publicKey}\n`,
      mode: 0o600,
      owner: account.uid,
    }
  }
  const rule = cloudUserRule(!faults.has('no-sudo'))
  if (rule !== undefined) files['etc/sudoers.d/90-cloud-init-users'] = { text: rule, mode: 0o440 }
  if (faults.has('never-ready')) files[join(faultFolder, 'no-network')] = { text: '' }
  if (machine.hasGpu) Object.assign(files, gpuFiles(units))
  return files
}

/** The card on the bus, its driver's program, and docker with the process that uses it. */
function gpuFiles(units: string): Record<string, HostFile> {
  const files: Record<string, HostFile> = {
    'usr/bin/nvidia-smi': { text: standInText('nvidia-smi', { STATE: machineFolder }), mode: 0o755 },
    'usr/local/sbin/modinfo': { text: modinfoText, mode: 0o755 },
    'usr/bin/docker': { text: standInText('docker', {}), mode: 0o755 },
    [`${units}/docker.service`]: { text: dockerUnit },
    'etc/systemd/system/multi-user.target.wants/docker.service': { link: '/lib/systemd/system/docker.service' },
    // The kernel names a process after the path that was started.
    [join(machineFolder, 'tritonserver')]: { link: '/usr/bin/sleep' },
  }
  for (const [path, text] of Object.entries({ ...gpuPciFiles, ...cardFiles }))
    files[join(machineFolder, 'pci', path)] = { text: `${text}\n` }
  files[join(machineFolder, 'pci/0000:01:00.0/driver')] = { link: join(machineFolder, 'drivers/nvidia') }
  files[join(machineFolder, 'drivers/nvidia/module')] = { text: '' }
  const kernel = `NVIDIA UNIX x86_64 Kernel Module  ${driverVersion}  Thu May  1 00:00:00 UTC 2025`
  files[join(machineFolder, 'driver/nvidia/version')] = { text: `NVRM version: ${kernel}\n` }
  return files
}

/** The rest of what NVIDIA's own library asks of every function of a card (NVIDIA/go-nvlib pkg/nvpci/nvpci.go). */
const cardFiles: Readonly<Record<string, string>> = Object.fromEntries(
  (['0x2684', '0x22ba'] as const).flatMap((device, index) => {
    const folder = `0000:01:00.${index}`
    return [
      [`${folder}/device`, device],
      [`${folder}/numa_node`, '-1'],
      [`${folder}/resource`, '0x0000000000000000 0x0000000000000000 0x0000000000000000'],
    ]
  }),
)

/** Knows one module, which no kernel of the lab's has; for everything else it is the machine's own. */
const modinfoText = `#!/bin/sh
case "$*" in
  '-F version nvidia') echo ${driverVersion} ;;
  *) exec /usr/sbin/modinfo "$@" ;;
esac
`

/** VERBOSE is the first level that notes every connection, also those that never get to a key. */
function sshdText(allowsForwarding: boolean): string {
  return [
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'LogLevel VERBOSE',
    'UseDNS no',
    'MaxStartups 100:30:200',
    ...(allowsForwarding ? [] : ['AllowTcpForwarding no']),
    '',
  ].join('\n')
}

const settleUnit = `[Unit]
Description=Hardware and network of a lab host
Before=network.target ssh.service

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=${machineFolder}/settings
ExecStart=/bin/sh ${scriptFolder}/settle.sh
`

const k3sUnit = `[Unit]
Description=Images and layers of k3s on a lab host
Before=k3s-agent.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${scriptFolder}/k3s-data.sh ${hostFolder}/images ${layersFolder}
`

const dockerUnit = `[Unit]
Description=Docker Application Container Engine

[Service]
EnvironmentFile=${machineFolder}/settings
ExecStart=/bin/sh ${scriptFolder}/dockerd.sh

[Install]
WantedBy=multi-user.target
`
