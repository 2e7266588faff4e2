import * as host from '../host/index.ts'

const ourMistake = 'this is a mistake of k3s-gpu-actions: please report it'

/** What to do about each way in which the scripts give up, beside those of any script. */
const remedies: host.Remedies = {
  'bad-step': ourMistake,
  'init-unsupported': 'use a host that runs systemd',
  'no-package-manager': 'install the packages with the means of that system',
  'packages-not-installed': 'read what the package manager said below, correct it on the host, and run it again',
  'packages-incomplete': 'look on the host what became of them: dpkg -l or rpm -q',
  'would-disturb':
    'look at it on the host: sudo apt-get -s install with those packages; correct it there, then run it again',
  'dpkg-interrupted': 'finish it on the host when that suits you: sudo dpkg --configure -a; then run it again',
  'module-failed': "install the kernel's extra modules, or reboot after a kernel update",
  'sysctl-unknown': 'correct the name, or add the module that brings it to `modules`',
  'sysctl-refused': 'correct the value',
  'service-unknown': 'correct the name in `services`, or add the package that brings it',
  'service-masked': 'when nobody minds: sudo systemctl unmask on it',
  'enable-failed': 'look at the unit on the host: systemctl cat',
  'service-failed': 'look at its journal on the host: journalctl -u',
}

/** Turns the end of one of the scripts into an error; undefined when it ended well. */
export function errorOfScript(label: string, doing: string, result: host.ScriptResult): host.HostStepError | undefined {
  return host.errorOfScript(label, doing, result, remedies)
}
