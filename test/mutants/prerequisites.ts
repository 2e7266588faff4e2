import type { Mutant } from './model.ts'

const proven = (name: string) => ({ file: 'test/protocol/prerequisites.long.test.ts', name })
const given =
  'with dash a machine is given what it lacks, a second run changes nothing, and an undo leaves everything as it was'
const kept = 'with dash a machine keeps what others gave it before, and gets back what it had'
const apply = 'src/prerequisites/scripts/apply.sh'

/** The scripts that give a machine what it needs, and take it back. */
export const preparations: readonly Mutant[] = [
  {
    promise: 10,
    breaks: 'a setting of the kernel is not written down before it is changed',
    file: apply,
    find: '    note "sysctl $key $now"\n',
    replace: '',
    killedBy: proven(given),
  },
  {
    promise: 10,
    breaks: 'a module that somebody else had loaded counts as ours',
    file: apply,
    find: '    if is_loaded "$name"; then continue; fi\n',
    replace: '',
    killedBy: proven(kept),
  },
  {
    promise: 10,
    breaks: 'a file of an earlier run is replaced without a backup',
    file: apply,
    find: '  preserve "$1"\n',
    replace: '',
    killedBy: proven(kept),
  },
  {
    promise: 3,
    breaks: 'a setting that is as wanted is written again',
    file: apply,
    find: '    if [ "$now" = "$value" ]; then continue; fi\n',
    replace: '',
    killedBy: proven(given),
  },
  {
    promise: 8,
    breaks: 'systemd reads all of its units again when a service is enabled',
    file: apply,
    find: 'systemctl enable --no-reload "$name"',
    replace: 'systemctl enable "$name"',
    killedBy: proven(given),
  },
  {
    promise: 8,
    breaks: 'apt may remove packages that somebody else installed',
    file: 'src/host/scripts/packages.sh',
    find: '      if ! allow_only $may_change; then\n',
    replace: '      if false; then\n',
    killedBy: proven('a machine of which apt would remove a package is left alone'),
  },
  {
    promise: 10,
    breaks: 'a service that was started goes on after it is taken back',
    file: 'src/prerequisites/scripts/undo.sh',
    find: 'if timeout 40 systemctl stop "$name" >/dev/null 2>&1; then',
    replace: 'if true; then',
    killedBy: proven(given),
  },
]
