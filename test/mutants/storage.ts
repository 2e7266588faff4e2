import type { Mutant } from './model.ts'

const bundle = (name: string) => ({ file: 'test/bundle/k3s-join-storage.long.test.ts', name: `a storage node ${name}` })
const unit = (name: string) => ({ file: 'test/unit/prerequisites.test.ts', name })
const comesAndGoes =
  'gets what Longhorn needs, joins, and is schedulable for Longhorn; the second press changes nothing'
const takenBack = 'storage-service-fails ends the join, and what was given is taken back'

/** Storage nodes: what a machine is given, what is only looked at, and what is taken back. */
export const storageNodes: readonly Mutant[] = [
  {
    promise: 1,
    breaks: 'a machine is given packages before the handshake',
    file: 'actions/k3s-join/carry-out.ts',
    find: '      await handshake(join, planned, credential)\n',
    replace: '      await prepareMachine(join, planned)\n      await handshake(join, planned, credential)\n',
    killedBy: bundle('whose API server is somebody else is given nothing'),
  },
  {
    promise: 2,
    breaks: 'a folder on the disk of the system passes for a disk of storage',
    file: 'src/prerequisites/checks/disk.ts',
    find: "const isOfRoot = mount.path === '/' || mount.device === root?.device",
    replace: "const isOfRoot = mount.path === '' && root === undefined",
    killedBy: unit('the checks storage.disk: a folder of the system’s disk is mounted there'),
  },
  {
    promise: 3,
    breaks: 'a second look at the host finds something to do where everything is there',
    file: 'src/prerequisites/plan.ts',
    find: 'found.files.get(path)?.trimEnd() === text.trimEnd()',
    replace: 'found.files.get(path) === text',
    killedBy: bundle(comesAndGoes),
  },
  {
    promise: 8,
    breaks: 'a package that is there is planned to be installed again',
    file: 'src/prerequisites/plan.ts',
    find: '.filter((name) => !found.packages.has(name))',
    replace: '.filter((name) => name.length > 0)',
    killedBy: unit('the plan gives what is missing, in order, and nothing that is there'),
  },
  {
    promise: 9,
    breaks: 'a disk that Longhorn has not looked at counts as usable',
    file: 'src/prerequisites/follow/longhorn.ts',
    find: "(type) => statusOf(one.conditions, type)?.status !== 'True')",
    replace: "(type) => statusOf(one.conditions, type)?.status === 'False')",
    killedBy: {
      file: 'test/unit/storage-follow.test.ts',
      name: 'Longhorn is not done with a disk that was not looked at yet',
    },
  },
  {
    promise: 10,
    breaks: 'the packages of a failed join stay on the machine',
    file: 'src/prerequisites/scripts/undo.sh',
    find: '  undo_packages install-packages\n',
    replace: '',
    killedBy: bundle(takenBack),
  },
]
