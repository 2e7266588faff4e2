import { answered, few, foreignGpuProcesses, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { type GpuFacts, type PackageState, toolkitPackages } from '../model.ts'
import type { DriverSituation } from './driver.ts'

/** `00000000:01:00.0` of nvidia-smi and `0000:01:00.0` of the kernel are one place. */
const placeOf = (address: string): string => {
  const [domain = '', ...rest] = address.toLowerCase().split(':')
  return [Number.parseInt(domain, 16).toString(16), ...rest].join(':')
}

function countCheck({ wish, gpu }: DriverSituation): Check {
  const id = 'gpu.count'
  const question = 'Are all GPUs there?'
  const count = gpu.devices.length
  if (count === 0) return unanswered(id, question, 'the driver lists none')
  const listed = new Set(gpu.devices.map((device) => placeOf(device.pciBusId)))
  // Without bus addresses, as from a driver that says less, there is nothing to compare by.
  const canCompare = gpu.devices.every((device) => device.pciBusId !== '')
  const unlisted = canCompare ? gpu.pci.filter((card) => !listed.has(placeOf(card.address))) : []
  const found = `${gpu.pci.length} on the bus, ${count} listed by the driver${wish.expectGpus === undefined ? '' : `, ${wish.expectGpus} expected`}`
  if (wish.expectGpus !== undefined && count !== wish.expectGpus) {
    return answered(id, question, false, found, {
      verdict: count < wish.expectGpus ? 'fail' : 'warn',
      cause:
        count < wish.expectGpus
          ? 'a card is out, dead, or not served by the driver'
          : 'the machine has more cards than expect-gpus says',
      remedy:
        count < wish.expectGpus
          ? 'sudo dmesg | grep -E "NVRM|Xid"; power and seat of the cards; or correct `expect-gpus` (in a cluster file gpu.count) to what the machine has'
          : 'set `expect-gpus` to what the machine has',
      ...(unlisted.length > 0 && {
        evidence: unlisted.map((card) => `${card.address} ${card.id} ${card.driver || 'no driver'}`),
      }),
    })
  }
  const silent = unlisted.filter((card) => card.driver === 'nvidia')
  return answered(id, question, unlisted.length === 0, found, {
    // One that the driver holds and does not list is broken; one that another driver has may be meant so.
    verdict: silent.length > 0 && wish.expectGpus === undefined ? 'fail' : 'warn',
    cause:
      silent.length > 0
        ? `the driver holds ${few(silent.map((card) => card.address))} and does not list it: it could not be started, or fell off the bus`
        : `not with NVIDIA's driver: ${few(unlisted.map((card) => `${card.address} (${card.driver || 'no driver'})`))}`,
    remedy:
      silent.length > 0
        ? 'sudo dmesg | grep -E "NVRM|Xid"; switch the machine off and on; or accept it with `expect-gpus`'
        : 'none needed where that is meant; `expect-gpus` says how many there should be',
  })
}

function productCheck({ wish, gpu }: DriverSituation): Check {
  const id = 'gpu.product'
  const question = 'Are they the expected product?'
  if (gpu.devices.length === 0) return unanswered(id, question, 'the driver lists no GPU')
  const names = [...new Set(gpu.devices.map((device) => device.name))]
  const others = gpu.devices.filter((device) => device.name !== wish.expectProduct)
  const isFine = wish.expectProduct === undefined || others.length === 0
  return answered(id, question, isFine, few(names), {
    cause: `expect-product says ${wish.expectProduct}, but ${others.length} of ${gpu.devices.length} ${others.length === 1 ? 'is' : 'are'} another: the wrong machine, or another card was put in`,
    remedy: `look whether this is the right host; else write the name as nvidia-smi prints it: ${few(names)}`,
  })
}

function processesCheck({ host, gpu }: DriverSituation): Check {
  const id = 'gpu.processes'
  const question = 'Who uses the GPU now?'
  if (!host.gpu.areProcessesKnown) {
    return answered(id, question, false, 'could not be found out', {
      verdict: 'warn',
      cause: 'the driver did not list the processes; the GPU counts as used',
      remedy: 'nothing to do: what could disturb it is not done unless `allow-gpu-disruption` says so',
    })
  }
  const foreign = foreignGpuProcesses(host)
  const pods = host.gpu.processes.length - foreign.length
  const inPods = pods === 0 ? '' : `${pods} process${pods === 1 ? '' : 'es'} in pods`
  if (foreign.length === 0) return passed(id, question, inPods || 'nobody')
  const users = few(foreign.map((one) => `${one.name} (pid ${one.pid}, ${one.ownerDetail || one.owner})`))
  const used = foreign.reduce((sum, one) => sum + (one.usedMemoryMiB ?? 0), 0)
  const total = gpu.devices.reduce((sum, one) => sum + (one.memoryTotalMiB ?? 0), 0)
  const memory = used > 0 ? `, ${used}${total > 0 ? ` of ${total}` : ''} MiB` : ''
  return answered(id, question, false, `outside the cluster: ${users}${memory}${inPods && `; ${inPods}`}`, {
    verdict: 'warn',
    cause: 'the cluster does not know of it: it gives the GPU to a pod as if nobody used it, and both share its memory',
    remedy:
      'leave enough memory for both, or move that program into the cluster; it is not disturbed unless `allow-gpu-disruption` says so',
  })
}

/** Packages that an upgrade may still replace after this run has held what it was told to hold. */
function unheld({ wish, gpu }: DriverSituation): readonly PackageState[] {
  const isOpen = (one: PackageState): boolean => one.version !== '' && !one.isHeld
  const driver = wish.holdPackages === 'all' ? [] : gpu.driver.packages.filter(isOpen)
  const toolkit = wish.holdPackages === 'none' ? gpu.toolkit.packages.filter(isOpen) : []
  return [...driver, ...toolkit]
}

function upgradesCheck(situation: DriverSituation): Check {
  const id = 'gpu.upgrades'
  const question = 'Can no unattended upgrade replace driver or toolkit under a running GPU?'
  if (!situation.gpu.driver.hasUnattendedUpgrades) return passed(id, question, 'unattended upgrades are off')
  const open = unheld(situation)
  const isToolkitOpen = open.some(({ name }) => (toolkitPackages as readonly string[]).includes(name))
  return answered(
    id,
    question,
    open.length === 0,
    open.length === 0 ? 'held' : `not held: ${few(open.map(({ name }) => name))}`,
    {
      verdict: 'warn',
      cause: isToolkitOpen
        ? 'upgrades happen by themselves here; one of the toolkit to a part only, or of the driver, breaks new containers at once'
        : 'upgrades happen by themselves here; after one of the driver no new program gets the GPU until the next boot',
      remedy: '`hold-packages: all`, or by hand: sudo apt-mark hold <packages>; then upgrade them when you can reboot',
    },
  )
}

const linksOf = (gpu: GpuFacts): string =>
  [
    ...(gpu.deviceLinks.missing.length > 0 ? [`no link in /dev/char for ${few(gpu.deviceLinks.missing)}`] : []),
    ...(gpu.deviceLinks.hasRule ? [] : ['no udev rule that makes them at boot']),
  ].join(', ')

function deviceLinksCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.device-links'
  const question = 'Do containers keep the GPU when systemd reloads its units?'
  if (!gpu.deviceLinks.isNeeded) return passed(id, question, 'systemd does not manage their control groups here')
  const missing = linksOf(gpu)
  return answered(id, question, missing === '', missing || 'the links are there, and a rule makes them at boot', {
    verdict: 'warn',
    cause:
      'a container whose devices have no link in /dev/char loses them at the next daemon-reload: `Failed to initialize NVML: Unknown Error`',
    remedy: '`toolkit: install` makes them; by hand: sudo nvidia-ctk system create-dev-char-symlinks --create-all',
  })
}

/** Whether the GPUs are those that are wanted, and whether they stay with who uses them. */
export function useChecks(situation: DriverSituation): readonly Check[] {
  return [countCheck, productCheck, processesCheck, upgradesCheck, deviceLinksCheck].map((check) => check(situation))
}
