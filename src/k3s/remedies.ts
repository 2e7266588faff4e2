import * as host from '../host/index.ts'

const runAgain = 'run it again: it continues from what it finds'
const atConsole = 'look at the host on its console'

/** What to do about each way in which k3s's scripts give up, beside those of any script. */
const remedies: host.Remedies = {
  'init-unsupported': 'join a host that runs systemd',
  'staged-missing': runAgain,
  'copy-failed': 'free space on the host (df -h /usr/local/bin), then run it again',
  'folder-read-only':
    'the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system',
  'binary-mismatch':
    'the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host',
  'binary-missing': runAgain,
  'installer-mismatch': runAgain,
  'installer-failed': 'read what the installer said below, correct it on the host, and run it again',
  'environment-unreadable': 'correct the quotes in that file by hand, and run it again',
  'unit-unreadable':
    'bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent …, and run it again',
  'unit-missing': 'the unit is gone: delete what is left of k3s on the host, or install it, and run it again',
  'enable-failed': `${atConsole}: sudo systemctl enable k3s-agent`,
}

/** Turns the end of one of k3s's scripts into an error; undefined when it ended well. */
export function errorOfScript(label: string, doing: string, result: host.ScriptResult): host.HostStepError | undefined {
  return host.errorOfScript(label, doing, result, remedies)
}
