import { answered, few, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { compareVersions, driverVersionIn } from '../facts-text.ts'
import type { GpuFacts } from '../model.ts'
import type { DriverSituation } from './driver.ts'
import { isVersionMismatch } from './driver-causes.ts'

/** Packages whose version is that of the driver's programs and libraries, under the names of all distributions. */
const versioned =
  /^(?:libnvidia-compute|nvidia-utils|nvidia-compute-utils|nvidia-driver|libnvidia-ml|nvidia-open$|cuda-drivers$|xorg-x11-drv-nvidia-cuda)/

/** The newest version of the driver among its installed packages; empty: it was not installed from packages. */
function packagedVersion(gpu: GpuFacts): string {
  const versions = gpu.driver.packages
    .filter(({ name }) => versioned.test(name))
    .map(({ version }) => driverVersionIn(version))
    .filter((version) => version !== '')
  return versions.sort(compareVersions).at(-1) ?? ''
}

function versionCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.driver-version'
  const question = 'Have the parts of the driver one version, now and after the next boot?'
  const { loaded, userSpace, onDisk } = gpu.driver
  if (isVersionMismatch(gpu)) {
    const nvml = /NVML library version: ([\d.]+)/.exec(gpu.smi.said)?.[1] ?? ''
    const libraries = userSpace || nvml || 'another version'
    return answered(
      id,
      question,
      false,
      `the module is ${loaded || 'of another version'}, the libraries are ${libraries}`,
      {
        cause: 'the driver was upgraded while its old module is loaded, so no new program gets the GPU',
        remedy:
          'reboot; or without one, after every program on the GPU has ended: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo nvidia-smi. Then hold the packages: `hold-packages: all`',
        evidence: [`loaded: ${loaded}`, `libraries: ${userSpace || nvml}`, `module on disk: ${onDisk}`],
      },
    )
  }
  if (loaded === '') return unanswered(id, question, 'no module is loaded')
  const next = [
    ...(onDisk !== '' && onDisk !== loaded ? [`the module on disk is ${onDisk}`] : []),
    ...(userSpace !== '' && userSpace !== loaded ? [`a library on disk is ${userSpace}`] : []),
    ...(packagedVersion(gpu) !== '' && compareVersions(packagedVersion(gpu), loaded) > 0
      ? [`the packages are ${packagedVersion(gpu)}`]
      : []),
  ]
  const isFine = next.length === 0
  return answered(id, question, isFine, isFine ? loaded : `${loaded} is loaded, ${next.join(', ')}`, {
    verdict: 'warn',
    cause: 'the next boot changes the driver',
    remedy: 'reboot at a moment of your choice and press the button again, so that the change meets nobody unprepared',
  })
}

function nouveauCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.nouveau'
  const question = "Is the card free of nouveau, the kernel's own driver?"
  const held = gpu.pci.filter((card) => card.driver === 'nouveau')
  const isFine = held.length === 0 && !gpu.driver.isNouveauLoaded
  const found = held.length > 0 ? `nouveau holds ${few(held.map((card) => card.address))}` : 'nouveau is loaded'
  return answered(id, question, isFine, isFine ? 'not loaded' : found, {
    verdict: held.length > 0 ? 'fail' : 'warn',
    cause: "a card has one driver: NVIDIA's cannot have one that nouveau holds",
    remedy:
      "printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot",
  })
}

function secureBootCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.secure-boot'
  const question = "Does Secure Boot let the driver's module in?"
  const { secureBoot, loaded, onDisk, kernelLog } = gpu.driver
  const rejected = kernelLog.filter((line) => line.includes('Key was rejected by service'))
  if (loaded !== '')
    return passed(id, question, `${secureBoot === 'unknown' ? 'it' : secureBoot}; the module is loaded`)
  if (rejected.length === 0 && secureBoot === 'disabled') return passed(id, question, 'off')
  if (rejected.length === 0 && (secureBoot === 'unknown' || onDisk === '')) {
    return unanswered(id, question, 'no module was loaded that it could have refused')
  }
  return answered(id, question, false, rejected.length > 0 ? 'the kernel refused it' : 'on, and no module is loaded', {
    verdict: rejected.length > 0 ? 'fail' : 'warn',
    cause: 'the kernel loads only modules that are signed with a key it knows',
    remedy:
      "enrol the key (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), or use the distribution's signed modules, or switch Secure Boot off in the firmware; over SSH alone it cannot be done",
    ...(rejected.length > 0 && { evidence: rejected.slice(-3) }),
  })
}

function nextKernelCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.next-kernel'
  const question = 'Does the driver also have a module for the kernel that the next boot starts?'
  const { nextKernel } = gpu.driver
  if (nextKernel === undefined) return passed(id, question, 'the newest installed kernel runs')
  const { release, hasModule } = nextKernel
  return answered(id, question, hasModule, `${release} ${hasModule ? 'has one' : 'has none'}`, {
    verdict: 'warn',
    cause: 'after the next boot the driver would not be loaded, and the GPU would be gone',
    remedy: `sudo apt-get install linux-headers-${release} && sudo dkms autoinstall -k ${release} (elsewhere: the headers, or the ready modules, of that kernel)`,
  })
}

function rebootCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.reboot'
  const question = 'Is no reboot pending?'
  const waiting = gpu.driver.rebootPending
  const names = few(waiting.filter((name) => name !== ''))
  return answered(
    id,
    question,
    waiting.length === 0,
    waiting.length === 0 ? 'none' : `pending${names && ` for ${names}`}`,
    {
      verdict: 'warn',
      cause: 'upgraded packages take effect at the next boot only; until then the host runs what was there before',
      remedy: 'sudo reboot at a moment of your choice; this action never reboots a host',
    },
  )
}

function inforomCheck({ gpu }: DriverSituation): Check {
  const id = 'gpu.inforom'
  const question = "Is the card's own memory of itself (infoROM) whole?"
  if (gpu.devices.length === 0) return unanswered(id, question, 'the driver does not answer')
  const complaint = /infoROM is corrupted[^\n]*/i.exec(gpu.smi.said)?.[0] ?? ''
  const isFine = gpu.smi.exitCode !== 14 && complaint === ''
  return answered(id, question, isFine, isFine ? 'no complaint' : complaint || 'nvidia-smi ended with exit code 14', {
    verdict: 'warn',
    cause: 'a part of the card that holds its serial number and error counters is damaged; it computes all the same',
    remedy: 'none needed now; a card that also shows Xid errors should be replaced',
  })
}

/** Whether what drives the cards is of one piece, and stays so after the next boot. */
export function stateChecks(situation: DriverSituation): readonly Check[] {
  return [versionCheck, nouveauCheck, secureBootCheck, nextKernelCheck, rebootCheck, inforomCheck].map((check) =>
    check(situation),
  )
}
