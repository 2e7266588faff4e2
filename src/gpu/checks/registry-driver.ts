import type { CheckEntry } from '../../join/index.ts'

/** Checks of cards and driver, in the order in which they are asked. */
export const driverCheckRegistry: readonly CheckEntry[] = (
  [
    [
      'present',
      'fail',
      'Is an NVIDIA GPU in this host? Without one there is nothing to do, unless `expect-gpus` says otherwise',
      'look at the machine: power and seat of the card',
    ],
    ['driver', 'fail', 'Does the driver answer?', 'install or load it; the check names what keeps it away'],
    [
      'driver-version',
      'fail',
      'Have the parts of the driver one version? A warning when the next boot changes it',
      'reboot; then `hold-packages: all`',
    ],
    [
      'nouveau',
      'fail',
      "Is the card free of nouveau, the kernel's own driver?",
      'blacklist it, rebuild the initramfs, reboot',
    ],
    [
      'secure-boot',
      'fail',
      "Does Secure Boot let the driver's module in?",
      'enrol its key at the console, or use signed modules',
    ],
    [
      'next-kernel',
      'warn',
      'Does the driver also have a module for the kernel that the next boot starts?',
      'install the headers of that kernel, `sudo dkms autoinstall`',
    ],
    ['reboot', 'warn', 'Is no reboot pending?', 'reboot when it suits'],
    ['inforom', 'warn', "Is the card's infoROM whole?", 'none needed'],
    [
      'count',
      'fail',
      'Are all GPUs there: on the bus, with the driver, as many as expected?',
      'find the missing card, or correct `expect-gpus`',
    ],
    ['product', 'fail', 'Are they the expected product?', 'find the right host, or correct `expect-product`'],
    [
      'processes',
      'warn',
      'Who uses the GPU now?',
      'none needed; nothing that could disturb it is done unless `allow-gpu-disruption` says so',
    ],
    ['upgrades', 'warn', 'Can no unattended upgrade replace driver or toolkit?', '`hold-packages: all`'],
    ['device-links', 'warn', 'Do containers keep the GPU when systemd reloads its units?', '`toolkit: install`'],
  ] as const
).map(([id, severity, asks, remedy]) => ({
  id: `gpu.${id}`,
  stage: 'preflight',
  severity,
  asks,
  remedy,
  isIgnorable: id !== 'present',
}))
