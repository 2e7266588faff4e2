import type { Mutant } from './model.ts'

const killed = 'test/protocol/k3s-install-killed.long.test.ts'
const guard = 'test/protocol/host-guard.test.ts'

/** Cancel and kill are safe. */
export const interruptions: readonly Mutant[] = [
  {
    promise: 10,
    breaks: 'a created file is not in the change log',
    file: 'src/host/scripts/change-log.sh',
    find: '    note "created $1"\n    return 0\n',
    replace: '    return 0\n',
    killedBy: { file: killed, name: 'a run that is killed at any moment is taken back by undo: a fresh join' },
  },
  {
    promise: 10,
    breaks: 'a replaced file is not in the change log',
    file: 'src/host/scripts/change-log.sh',
    find: '  note "replaced $number $1"\n',
    replace: '',
    killedBy: { file: killed, name: 'a run that is killed at any moment is taken back by undo: an adoption' },
  },
  {
    promise: 10,
    breaks: 'a change is written down after it was made',
    file: 'src/host/scripts/change-log.sh',
    find: '  note "folder $1"\n  mkdir "$ROOT$1" 2>/dev/null || die folder-read-only "the folder $1 cannot be made"\n',
    replace:
      '  mkdir "$ROOT$1" 2>/dev/null || die folder-read-only "the folder $1 cannot be made"\n  note "folder $1"\n',
    killedBy: {
      file: killed,
      name: 'a run that is killed at any moment has written down every change before it was made',
    },
  },
  {
    promise: 10,
    breaks: 'what a killed run left is not cleared away',
    file: 'src/host/scripts/change-log.sh',
    find: `    sed -n 's/^temporary //p' "$_folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done\n`,
    replace: '',
    killedBy: {
      file: killed,
      name: 'a run that is killed at any moment is named, with the step at which it ended, and its temporary files are removed',
    },
  },
  {
    promise: 10,
    breaks: 'a script goes on when its runner is gone',
    file: 'src/host/scripts/library.sh',
    find: `  while IFS= read -r _; do :; done
  _end_group
`,
    replace: `  while IFS= read -r _; do :; done
`,
    killedBy: {
      file: guard,
      name: 'a script on a host ends with its children and does its cleanup when the network is cut, and the error names what was running',
    },
  },
  {
    promise: 10,
    breaks: 'a script that arrives cut off is run',
    file: 'src/host/scripts/inner.sh',
    find: '  *) exit 74 ;;\n',
    replace: '  *) script="$script\nmain" ;;\n',
    killedBy: { file: guard, name: 'a script on a host runs nothing when it arrives cut off' },
  },
  {
    promise: 10,
    breaks: 'two runs change one host at the same time',
    file: 'src/host/scripts/change-log.sh',
    find: '    flock -n 9 2>/dev/null || code=$?\n',
    replace: '',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'the host lock names the run that holds the host when waiting for it takes too long, and changes nothing',
    },
  },
  {
    promise: 10,
    breaks: 'an agent that only tries to start is left waiting by the next run',
    file: 'src/k3s/plan.ts',
    find: "['inactive', 'failed', ''].includes(state)",
    replace: "['inactive', 'failed', '', 'activating'].includes(state)",
    killedBy: {
      file: 'test/unit/join-plan.test.ts',
      name: 'what a killed run leaves an agent that is only trying to start is restarted, because starting it again would do nothing',
    },
  },
  {
    promise: 10,
    breaks: 'two runs take turns on one host, script by script',
    file: 'src/host/scripts/hold.sh',
    find: '  take_lock\n',
    replace: '',
    killedBy: {
      file: 'test/bundle/k3s-join-two-runs.long.test.ts',
      name: 'two runs for one host the second gives up at its deadline, with nothing changed, and says whom it waited for',
    },
  },
  {
    promise: 10,
    breaks: 'an undo leaves what the agent wrote',
    file: 'src/k3s/scripts/undo.sh',
    find: '  stop_agent\n  clear_agent_data\n',
    replace: '  stop_agent\n',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'undo after the agent was started stops it and deletes what came with it: everything is as before the join',
    },
  },
  {
    promise: 10,
    breaks: 'an undo deletes what a pod still uses',
    file: 'src/k3s/scripts/agent-data.sh',
    find: '  if [ -n "$use" ]; then remains "$1" "$use"; else delete_tree "$ROOT$1"; fi\n',
    replace: '  delete_tree "$ROOT$1"\n',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'undo after the agent was started keeps what a pod that outlived its agent has mounted in its own view, and what a process runs from',
    },
  },
  {
    promise: 10,
    breaks: 'an undo leaves the password of a node that never came to be, and the next join is refused',
    file: 'src/k3s/distribution.ts',
    find: "      if (nodePassword?.state !== 'none') return false\n",
    replace: "      if (nodePassword?.state !== 'matches') return false\n",
    killedBy: {
      file: 'test/bundle/k3s-join-undone.long.test.ts',
      name: 'a first join in which a step fails the agent, by a label that the kubelet refuses: its data and its password at the server go, too',
    },
  },
]
