import * as host from '../host/index.ts'

const runAgain = 'run it again: it continues from what it finds'

/** What to do about each way in which the scripts that change a GPU host give up, beside those of any script. */
const remedies: host.Remedies = {
  'bad-unit': 'this is a mistake of k3s-gpu-actions: please report it',
  'bad-step': 'this is a mistake of k3s-gpu-actions: please report it',
  'init-unsupported': 'use a host that runs systemd',
  'gpg-missing': 'install gpg on the host (Debian and Ubuntu: sudo apt-get install gpg), then run it again',
  'keyring-differs':
    'look whose key that is (gpg --show-keys on that file); for a mirror of your own give `repository` and `repository-keys`, else move the file away: sudo mv it to another folder, and run it again',
  'key-unreachable':
    'let the host reach that address (proxy, firewall), or give `repository` a mirror that it can reach, then run it again',
  'key-differs':
    "do not trust it: something between the host and the repository answers in its place, or NVIDIA has a new key; compare with NVIDIA's own documents and give `repository-keys`",
  'key-unusable': "give `repository-keys` the fingerprint of the repository's present key",
  'prerequisites-failed': 'install them by hand: sudo apt-get update && sudo apt-get install curl gpg ca-certificates',
  'repository-unusable':
    'read what the package manager said below; a signature that does not fit right after an upload fits some minutes later: run it again',
  'dpkg-interrupted': 'finish it on the host when that suits you: sudo dpkg --configure -a; then run it again',
  'would-disturb':
    'look at it on the host: sudo apt-get -s install with the four packages of the toolkit; correct it there, then run it again',
  'version-unavailable': 'give `toolkit-version` one of the versions named below, or another `repository`',
  'install-failed': 'read what the package manager said below, correct it on the host, and run it again',
  'install-incomplete': 'look on the host: dpkg -l | grep nvidia-container',
  'hold-failed': 'read what the package manager said below; `hold-packages: none` leaves it out',
  'template-changed': 'somebody edits it right now: look at it, then run it again',
  'runtime-missing':
    'let this action install the toolkit (`toolkit: install`), or leave `default-runtime` out: runtimeClassName nvidia does without',
  'bad-value': runAgain,
}

/** Turns the end of one of the GPU scripts into an error; undefined when it ended well. */
export function errorOfScript(label: string, doing: string, result: host.ScriptResult): host.HostStepError | undefined {
  return host.errorOfScript(label, doing, result, remedies)
}
