/** A machine's GPUs, driver and toolkit, as files below its root and tables for its stand-ins. */
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FaultName, GpuProfile } from '../contract.ts'
import { nvidiaKey } from '../github/toolkit-repository.ts'
import type { GpuState } from '../kubelet/model.ts'
import { type Card, cardOf, driverVersion, layCards } from './gpu-cards.ts'
import { layPackages, type PackageRow, toolkitRows } from './packages.ts'
import { layGpuProcesses } from './programs.ts'
import { gpuPciFiles } from './tree.ts'

export interface GpuMachine {
  /** What a container gets of it now. */
  state(): GpuState
  /** From now on exactly these faults are there. */
  comeOver(faults: ReadonlySet<FaultName>): void
}

export interface GpuMachineOptions {
  readonly root: string
  readonly state: string
  /** Folder that is the host's PATH. */
  readonly programs: string
  readonly kernel: string
  readonly profile: Exclude<GpuProfile, 'none'>
  /** Toolkit that is installed, e.g. `1.17.8`; empty: none. */
  readonly toolkit: string
  /** Triton runs in docker. */
  readonly hasTriton: boolean
}

const library = 'usr/lib/x86_64-linux-gnu'
/** A driver that was installed and not booted into: the libraries are newer than the module. */
const newerDriver = '575.57.08'

/** Tables, files and packages of a machine with working GPUs; faults come over it later. */
export function layGpuMachine(options: GpuMachineOptions): GpuMachine {
  const { root, state, profile, toolkit, kernel } = options
  const card = cardOf(profile)
  const uuids = layCards(state, profile, options.hasTriton ? 2143 : undefined)
  write(root, fixedFiles(card, kernel))
  if (options.hasTriton) write(root, { 'proc/2143/root/dev/nvidiactl': '' })
  for (const [at, bus] of card.buses.entries()) layDevice(root, bus, card.device, at)
  for (const module of ['nvidia', 'nvidia_uvm', 'nvidia_modeset', 'nvidia_drm'])
    write(root, { [`sys/module/${module}/initstate`]: 'live' })
  layDriver(root, driverVersion)
  layPackages(root, [...driverRows(), ...(toolkit === '' ? [] : toolkitRows(`${toolkit}-1`, true))])
  layRepository(root, toolkit !== '')
  let faults: ReadonlySet<FaultName> = new Set()
  const seen = {
    name: card.name,
    driver: driverVersion,
    memoryMiB: card.memoryMiB,
    usedMiB: options.hasTriton ? 1894 : 4,
    capability: card.computeCapability,
    cuda: '12.9',
  }
  return {
    state() {
      if (faults.has('gpu-no-driver')) return { driver: 'none', uuids: [], migProfiles: [] }
      if (faults.has('gpu-module-not-loaded')) return { driver: 'not-loaded', uuids: [], migProfiles: [] }
      if (faults.has('gpu-driver-mismatch')) return { driver: 'mismatch', uuids: [], migProfiles: [] }
      return { driver: 'ok', uuids, migProfiles: card.migProfiles, card: seen }
    },
    comeOver(wanted) {
      faults = wanted
      breakDriver(options, wanted)
      if (wanted.has('gpu-stale-toolkit')) layStaleToolkit(root)
      if (wanted.has('gpu-in-use') && !options.hasTriton) layTritonService(root, state)
      if (wanted.has('gpu-dpkg-interrupted')) layPackages(root, [interrupted])
      if (wanted.has('gpu-apt-locked')) lockPackages(state)
    },
  }
}

function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof text === 'string' && text !== '' ? `${text}\n` : text)
  }
}

function fixedFiles(card: Card, kernel: string): Readonly<Record<string, string | Uint8Array>> {
  return {
    // The module's own line, as kernel logs of this version show it.
    'proc/driver/nvidia/version': `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${driverVersion}  Wed Apr 16 14:22:51 UTC 2025\nGCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1~22.04)`,
    'sys/module/nvidia/version': driverVersion,
    // Four bytes of attributes and one of value: Secure Boot is off.
    'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': Uint8Array.of(6, 0, 0, 0, 0),
    [`boot/vmlinuz-${kernel}`]: '',
    [`lib/modules/${kernel}/modules.dep`]:
      'updates/dkms/nvidia.ko:\nupdates/dkms/nvidia-uvm.ko: updates/dkms/nvidia.ko',
    [`lib/modules/${kernel}/updates/dkms/nvidia.ko`]: '',
    'etc/apt/apt.conf.d/20auto-upgrades':
      'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";',
    'usr/bin/unattended-upgrade': '#!/bin/sh',
    'etc/ssl/certs/ca-certificates.crt': '# The certificate authorities of this machine.',
    'proc/devices': 'Character devices:\n  1 mem\n195 nvidia-frontend\n507 nvidia-uvm',
    ...Object.fromEntries(
      card.buses.map((bus, at) => [
        `proc/driver/nvidia/gpus/0000:${bus.toLowerCase()}:00.0/information`,
        `Model: \t\t ${card.name}\nDevice Minor: \t ${at}`,
      ]),
    ),
  }
}

function layDevice(root: string, bus: string, device: string, at: number): void {
  const folder = `sys/bus/pci/devices/0000:${bus.toLowerCase()}:00.0`
  // A VGA controller, or a 3D controller without a screen.
  const kind = at === 0 && bus === '01' ? '0x030000' : '0x030200'
  write(root, { [`${folder}/vendor`]: '0x10de', [`${folder}/class`]: kind, [`${folder}/device`]: `0x${device}` })
  // Its sound device is a function of the same card.
  if (bus === '01')
    write(
      root,
      Object.fromEntries(Object.entries(gpuPciFiles).map(([path, text]) => [`sys/bus/pci/devices/${path}`, text])),
    )
  mkdirSync(join(root, 'sys/bus/pci/drivers/nvidia'), { recursive: true })
  if (!existsSync(join(root, folder, 'driver'))) symlinkSync('../../drivers/nvidia', join(root, folder, 'driver'))
}

/** Libraries of one version, under the name by which everybody asks for them. */
function layDriver(root: string, version: string): void {
  const name = `libnvidia-ml.so.${version}`
  write(root, { [`${library}/${name}`]: '' })
  rmSync(join(root, library, 'libnvidia-ml.so.1'), { force: true })
  symlinkSync(name, join(root, library, 'libnvidia-ml.so.1'))
}

function driverRows(): readonly PackageRow[] {
  const version = `${driverVersion}-0ubuntu1`
  return [
    'nvidia-driver-575',
    'nvidia-dkms-575',
    'nvidia-kernel-common-575',
    'nvidia-utils-575',
    'libnvidia-compute-575',
  ].map((name) => ({ name, version, isHeld: false, files: name === 'nvidia-utils-575' ? ['/usr/bin/nvidia-smi'] : [] }))
}

/** NVIDIA's repository as its installation guide leaves it, and the keyring as the gpg of these machines reads it. */
function layRepository(root: string, isAdded: boolean): void {
  if (!isAdded) return
  const keyring = 'usr/share/keyrings/nvidia-container-toolkit-keyring.gpg'
  write(root, {
    'etc/apt/sources.list.d/nvidia-container-toolkit.list': [
      `deb [signed-by=/${keyring}] https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH) /`,
      `#deb [signed-by=/${keyring}] https://nvidia.github.io/libnvidia-container/experimental/deb/$(ARCH) /`,
    ].join('\n'),
    [keyring]: `keyring of an embedded host\nfpr:${nvidiaKey}`,
  })
}

/** Triton without docker: a program that systemd started. Without the toolkit docker could give it no card. */
function layTritonService(root: string, state: string): void {
  write(root, {
    'proc/2371/comm': 'tritonserver',
    'proc/2371/cgroup': '0::/system.slice/tritonserver.service',
  })
  layGpuProcesses(state, [{ pid: 2371, name: 'tritonserver' }])
}

/** A machine that was switched off in the middle of an upgrade: dpkg does nothing before somebody has finished it. */
const interrupted: PackageRow = {
  name: 'linux-image-6.8.0-63-generic',
  version: '6.8.0-63.66~22.04.1',
  isHeld: false,
  files: [],
  status: 'half-configured',
}

/** unattended-upgrades is at work: for three seconds from the moment that somebody else wants to install something. */
function lockPackages(state: string): void {
  mkdirSync(join(state, 'apt'), { recursive: true })
  writeFileSync(join(state, 'apt/lock'), '3 2711 unattended-upgr\n')
}

/** What nvidia-smi prints and ends with when it cannot reach the driver (its man page's codes; texts of public reports). */
const broken = {
  'gpu-module-not-loaded': {
    code: 9,
    text: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n",
  },
  'gpu-driver-mismatch': {
    code: 18,
    text: `Failed to initialize NVML: Driver/library version mismatch\nNVML library version: ${newerDriver.split('.').slice(0, 2).join('.')}\n`,
  },
} as const

function breakDriver({ root, state, programs, kernel }: GpuMachineOptions, faults: ReadonlySet<FaultName>): void {
  for (const name of ['problem', 'exit-code']) rmSync(join(state, 'gpu', name), { force: true })
  for (const [fault, { code, text }] of Object.entries(broken)) {
    if (!faults.has(fault as FaultName)) continue
    writeFileSync(join(state, 'gpu/problem'), text)
    writeFileSync(join(state, 'gpu/exit-code'), `${code}\n`)
  }
  const isGone = faults.has('gpu-no-driver')
  if (isGone || faults.has('gpu-module-not-loaded')) {
    for (const path of [
      'proc/driver/nvidia',
      'sys/module/nvidia',
      'sys/module/nvidia_uvm',
      'sys/module/nvidia_drm',
      'sys/module/nvidia_modeset',
      'sys/bus/pci/drivers/nvidia',
    ])
      rmSync(join(root, path), { recursive: true, force: true })
    // Nobody who used the card has survived that.
    writeFileSync(
      join(state, 'gpu/processes.csv'),
      'pid|process_name|name|used_memory|used_gpu_memory|gpu_uuid|gpu_name|gpu_bus_id\n',
    )
  }
  if (faults.has('gpu-module-not-loaded')) {
    writeFileSync(
      join(state, 'dmesg'),
      '[    6.512331] Loading of module with unavailable key is rejected\n[    6.512402] nvidia: module verification failed: Key was rejected by service\n',
    )
    write(root, {
      'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': Uint8Array.of(6, 0, 0, 0, 1),
    })
  }
  if (isGone) {
    rmSync(join(programs, 'nvidia-smi'), { force: true })
    rmSync(join(root, `lib/modules/${kernel}/updates`), { recursive: true, force: true })
    rmSync(join(root, `lib/modules/${kernel}/modules.dep`), { force: true })
    for (const name of ['libnvidia-ml.so.1', `libnvidia-ml.so.${driverVersion}`])
      rmSync(join(root, library, name), { force: true })
    layPackages(
      root,
      [],
      driverRows().map(({ name }) => name),
    )
  }
  if (faults.has('gpu-driver-mismatch')) {
    rmSync(join(root, library, `libnvidia-ml.so.${driverVersion}`), { force: true })
    layDriver(root, newerDriver)
    layPackages(
      root,
      driverRows().map((row) => ({ ...row, version: `${newerDriver}-0ubuntu1` })),
    )
  }
}

/** What a gpu-operator leaves that was taken out of the cluster: k3s looks there first. */
function layStaleToolkit(root: string): void {
  const path = join(root, 'usr/local/nvidia/toolkit/nvidia-container-runtime')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    '#!/bin/sh\n# A wrapper of the operator, whose real program went with it.\nexec /usr/local/nvidia/toolkit/nvidia-container-runtime.real "$@"\n',
  )
  chmodSync(path, 0o755)
}
