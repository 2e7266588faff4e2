import type { Mutant } from './model.ts'

const host = (name: string) => ({ file: 'test/protocol/leave-host.long.test.ts', name })
const plan = (name: string) => ({
  file: 'test/unit/leave-plan.test.ts',
  name: `what is asked before a node leaves ${name}`,
})
const drain = (name: string) => ({ file: 'test/unit/leave-drain.test.ts', name })

/** What a removal could destroy: another machine, another cluster, somebody's data. */
export const leavingAttacked: readonly Mutant[] = [
  {
    promise: 2,
    breaks: 'volumes of which nobody said anything pass for detached',
    file: 'src/leave/await-volumes.ts',
    find: "resolve(first === undefined ? { type: 'unknown' }",
    replace: "resolve(first === undefined ? { type: 'detached' }",
    killedBy: drain('volumes of a node are not taken for detached when nobody could say'),
  },
  {
    promise: 10,
    breaks: 'a drain whose pods are never listed has no end',
    file: 'src/leave/drain.ts',
    find: '    else if (now() - startedAt >= timeoutMs)',
    replace: '    else if (isListed && now() - startedAt >= timeoutMs)',
    killedBy: drain('a drain ends at its deadline, too, when the server never lists the pods'),
  },
  {
    promise: 8,
    breaks: 'thousands of evictions are sent at a time',
    file: 'src/leave/drain.ts',
    find: '        if (asking >= mostAsking) break\n',
    replace: '        if (asking >= 1000 * mostAsking) break\n',
    killedBy: drain('a drain asks a few at a time on a node with thousands of pods'),
  },
  {
    promise: 2,
    breaks: 'mounts behind a symbolic link are not seen',
    file: 'src/leave/scripts/mounts.sh',
    find: '    real=${real#"${base%/}"}\n',
    replace: '    real=$folder\n',
    killedBy: host('whose a mount is is seen through a symbolic link: a folder above it'),
  },
  {
    promise: 2,
    breaks: 'a list of mounts that could not be read passes for an empty one',
    file: 'src/leave/scripts/mounts.sh',
    find: '    *) return 1 ;;\n  esac\n}\n',
    replace: '    *) ;;\n  esac\n}\n',
    killedBy: host('whose a mount is is not known when the list is empty, and then nothing is touched'),
  },
  {
    promise: 2,
    breaks: 'an overlay over somebody’s disk passes for the pods’ own',
    file: 'src/leave/scripts/mounts.sh',
    find: 'if (ofRuntime && type == "overlay") return "own"',
    replace: 'if (type == "overlay") return "own"',
    killedBy: host('whose a mount is an overlay over somebody’s disk'),
  },
  {
    promise: 2,
    breaks: 'a share of the network under the whole folder is emptied',
    file: 'src/leave/scripts/mounts.sh',
    find: '(path == real[at] || path == folder[at]) && type ~ shared',
    replace: '(path == real[at] || path == folder[at]) && 0',
    killedBy: host('whose a mount is a share under the whole folder'),
  },
  {
    promise: 2,
    breaks: 'the data of a server is deleted with an agent',
    file: 'src/k3s/scripts/leave-others.sh',
    find: '    echo /var/lib/rancher/k3s/server/db\n',
    replace: '    :\n',
    killedBy: host('k3s that cannot leave stays while the data of a server lies on the host, whatever runs'),
  },
  {
    promise: 10,
    breaks: 'an uninstaller that ignores its end is waited for',
    file: 'src/leave/scripts/leave-steps.sh',
    find: 'set -- -k 10 "$LIMIT" "$@"',
    replace: 'set -- "$LIMIT" "$@"',
    killedBy: host('k3s that cannot leave is not taken away by what ignores that its time is over'),
  },
  {
    promise: 2,
    breaks: 'the machine of another node is uninstalled under a name that nobody has',
    file: 'src/leave/checks-identity.ts',
    find: "    if (own === undefined || ours?.is !== 'the same') return true\n",
    replace: "    if (own === undefined || ours?.is !== 'the same') return false\n",
    killedBy: plan('refuses the machine of another node, under a name that nobody has, or has any more'),
  },
  {
    promise: 2,
    breaks: 'boards without an identity pass for one another',
    file: 'src/leave/checks-identity.ts',
    find: "  if (one.machineId !== '' && facts.machineId !== '') return",
    replace: "  if (one.machineId === '-' && facts.machineId !== '') return",
    killedBy: plan('tells boards without an identity apart by machine-id and address, and believes nothing else'),
  },
  {
    promise: 2,
    breaks: 'the way to the API through the runner passes for the cluster of an agent',
    file: 'src/leave/checks-identity.ts',
    find: 'addresses.filter((one) => !isLoopback(one))',
    replace: "addresses.filter((one) => !isLoopback(one) || one !== '')",
    killedBy: plan(
      'does not take a way to the API through this runner for the cluster of an agent with one of its own',
    ),
  },
  {
    promise: 2,
    breaks: 'data whose provisioner has a label of its own is deleted unasked',
    file: 'src/leave/pinned.ts',
    find: 'return reaching.length === 1 && reaching[0]?.name === node\n',
    replace: 'return reaching.length === 0\n',
    killedBy: plan('knows such data by what the volume asks of a node, whatever its provisioner calls that'),
  },
]
