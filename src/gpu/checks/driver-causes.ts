import type { GpuFacts } from '../model.ts'

/** Why no GPU is listed, and what to do about it. */
export interface DriverCause {
  readonly cause: string
  readonly remedy: string
}

const isMismatch = (gpu: GpuFacts): boolean => /driver\/library version mismatch/i.test(gpu.smi.said)

/**
 * The programs and libraries of the driver are not those of the loaded module; `gpu.driver-version` says more. A list of GPUs
 * proves that they are: the library compares versions before it answers.
 */
export function isVersionMismatch(gpu: GpuFacts): boolean {
  const { loaded, userSpace } = gpu.driver
  const isOther = loaded !== '' && userSpace !== '' && loaded !== userSpace
  return isMismatch(gpu) || (isOther && gpu.devices.length === 0)
}

/** How a driver is installed, by the package manager that is there. This project never does it: it needs a reboot. */
export function howToInstallDriver(gpu: GpuFacts): string {
  const command = {
    apt: '`sudo ubuntu-drivers install --gpgpu` (Ubuntu) or `sudo apt-get install nvidia-driver` (Debian, non-free)',
    dnf: "the package `nvidia-open` or `cuda-drivers` of NVIDIA's repository for this distribution",
    zypper:
      "the package `nvidia-open-driver-G06-signed` with `nvidia-compute-utils-G06` of SUSE's or NVIDIA's repository",
    '': 'the driver as its distribution says',
  }[gpu.toolkit.packageManager]
  return `install it, then reboot: ${command}; this action installs no driver`
}

const sawKeyRejected = (gpu: GpuFacts): boolean =>
  gpu.driver.kernelLog.some((line) => line.includes('Key was rejected by service'))

/** The module is there or not, but it is not loaded: what keeps it away. In the order in which one thing hides another. */
function notLoaded(gpu: GpuFacts, kernel: string): DriverCause {
  const { driver, pci } = gpu
  if (pci.length > 0 && pci.every((card) => card.driver === 'vfio-pci')) {
    return {
      cause: 'the card is set aside for virtual machines: vfio-pci holds it',
      remedy:
        'take its ids out of `vfio-pci.ids` (kernel command line, /etc/modprobe.d), rebuild the initramfs and reboot',
    }
  }
  if (driver.isNouveauLoaded || pci.some((card) => card.driver === 'nouveau')) {
    return {
      cause: "nouveau, the kernel's own driver, holds the card, so NVIDIA's cannot be loaded",
      remedy:
        "printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot",
    }
  }
  if (driver.onDisk === '') {
    const hasPackages = driver.packages.length > 0
    return hasPackages
      ? {
          cause: `the driver is installed, but there is no module of it for the running kernel${kernel && ` ${kernel}`}`,
          remedy: `sudo apt-get install linux-headers-${kernel || '$(uname -r)'} && sudo dkms autoinstall && sudo modprobe nvidia (elsewhere: the kernel's headers, or its package of ready modules)`,
        }
      : { cause: 'there is no NVIDIA driver on this host', remedy: howToInstallDriver(gpu) }
  }
  if (driver.secureBoot === 'enabled' || sawKeyRejected(gpu)) {
    return {
      cause: `Secure Boot ${driver.secureBoot === 'enabled' ? 'is on' : 'may be on'}, and the kernel loads only modules whose key it knows`,
      remedy:
        "enrol the key that signed the module (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), install the distribution's signed modules, or switch Secure Boot off in the firmware",
    }
  }
  return {
    cause: `the module (${driver.onDisk}) is on the disk, but it is not loaded`,
    remedy: 'sudo modprobe nvidia; when it refuses: sudo dmesg | grep -iE "nvrm|nvidia" tells why',
  }
}

const lost: DriverCause = {
  cause: 'a GPU has fallen off the bus (Xid 79): power, heat, riser, or a hardware fault',
  remedy:
    'reboot, better switch the machine off and on; when it comes back: power cables, seat of the card, temperature',
}

/** By nvidia-smi's exit code (man nvidia-smi) or its words; the words count where the code says nothing of its own. */
const answers: readonly {
  readonly codes: readonly number[]
  readonly words: RegExp
  readonly why: (gpu: GpuFacts, kernel: string) => DriverCause
}[] = [
  { codes: [9], words: /couldn't communicate with the NVIDIA driver/i, why: notLoaded },
  {
    codes: [12],
    words: /couldn't find libnvidia-ml\.so|could not load NVML/i,
    why: (gpu) =>
      gpu.driver.userSpace === ''
        ? {
            cause: 'libnvidia-ml.so.1, the library that belongs to the driver, is not on this host',
            remedy: `install the driver's libraries in the version of the module${gpu.driver.loaded && ` (${gpu.driver.loaded})`}, e.g. the package libnvidia-compute-<branch> or nvidia-driver-cuda-libs`,
          }
        : {
            cause: 'libnvidia-ml.so.1 is there, but the loader does not find it',
            remedy: 'sudo ldconfig; when that does not help, reinstall the packages of the driver',
          },
  },
  { codes: [15], words: /GPU is lost|Unable to determine the device handle/i, why: () => lost },
  {
    codes: [6],
    words: /No devices were found|No supported GPUs were found/i,
    why: (gpu) => ({
      cause: /No supported GPUs/i.test(gpu.smi.said)
        ? 'the driver is loaded, but no card is bound to it, or this branch of it does not know the card'
        : 'the driver is loaded, but could not start the card: firmware, power, passthrough to a virtual machine, or a branch that does not know it',
      remedy:
        'sudo dmesg | grep -iE "nvrm|rminitadapter" names the reason; switch the machine off and on; for a new card the open modules of a newer driver, and Above 4G Decoding in the firmware',
    }),
  },
  {
    codes: [4],
    words: /Insufficient Permissions/i,
    why: () => ({
      cause: 'the user may not ask the driver',
      remedy: 'give `sudo-password`, or let the user become root without one; sudo nvidia-smi shows whether that helps',
    }),
  },
  {
    codes: [8],
    words: /power cables/i,
    why: () => ({
      cause: "the card's power cables are not attached properly",
      remedy: 'switch the machine off, attach them, and try again',
    }),
  },
  {
    codes: [10],
    words: /interrupt/i,
    why: () => ({
      cause: 'the kernel has a problem with the interrupts of a GPU',
      remedy:
        'sudo dmesg | grep -i nvrm; firmware (BIOS) update, another slot, or `pci=nomsi` on the kernel command line',
    }),
  },
]

/** Why nvidia-smi lists no GPU although cards are on the bus. */
export function causeOfSilence(gpu: GpuFacts, kernel: string): DriverCause {
  const { smi, driver } = gpu
  if (!smi.isInstalled) {
    if (driver.loaded === '') return notLoaded(gpu, kernel)
    return {
      cause: `the module (${driver.loaded}) is loaded, but nvidia-smi is not on this host`,
      remedy:
        'install the programs of the driver in the same version: the package nvidia-utils-<branch>, or nvidia-driver-cuda',
    }
  }
  if (smi.exitCode === undefined) {
    return {
      cause: 'nvidia-smi gave no answer in 10 s: the driver or a GPU hangs',
      remedy: 'sudo dmesg | grep -E "NVRM|Xid" names the reason; only a reboot ends a driver that hangs',
    }
  }
  const { exitCode } = smi
  const answer = answers.find((one) => one.words.test(smi.said)) ?? answers.find((one) => one.codes.includes(exitCode))
  if (answer !== undefined) return answer.why(gpu, kernel)
  const words = smi.said.split('\n')[0]?.slice(0, 200) ?? ''
  return exitCode === 0 || exitCode === 14
    ? {
        cause: 'nvidia-smi answered, but listed no GPU in the form that was asked for',
        remedy: 'look at it on the host: nvidia-smi --query-gpu=index,uuid,name --format=csv',
      }
    : {
        cause: `nvidia-smi ended with exit code ${exitCode}${words && `: ${words}`}`,
        remedy: 'sudo nvidia-smi and sudo dmesg | grep -E "NVRM|Xid" on the host say more',
      }
}
