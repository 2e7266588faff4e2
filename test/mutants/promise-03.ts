import type { Mutant } from './model.ts'

const first = {
  file: 'test/bundle/k3s-join-promises.test.ts',
  name: 'a first join joins, keeps within its budget of sessions, leaves no token, and a second press opens no connection',
}

/** A second run changes nothing. */
export const secondRun: readonly Mutant[] = [
  {
    promise: 3,
    breaks: 'the second run opens an SSH connection to look',
    file: 'actions/k3s-join/main.ts',
    find: "if (look.comparison.isAsDesired && inputs.verify === 'fast')",
    replace: "if (look.comparison.isAsDesired && inputs.verify === 'fast' && inputs.dryRun)",
    killedBy: first,
  },
  {
    promise: 3,
    breaks: 'what was wanted is not recorded, so that every run begins anew',
    file: 'actions/k3s-join/changes.ts',
    find: '...(waits\n            ? {}',
    replace: '...(!waits\n            ? {}',
    killedBy: first,
  },
  {
    promise: 3,
    breaks: 'a file that is as wanted is written again',
    file: 'src/k3s/scripts/apply.sh',
    find: '[ "$(mode_of "$ROOT$config_path")" = 600 ] && printf \'%s\' "$CONFIG" | cmp -s - "$ROOT$config_path"; then',
    replace: 'false; then',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'a host whose sh is dash gets everything that a join needs, has nothing to do the second time, and is as before when it is undone',
    },
  },
]
