import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const pressed = of('test/bundle/k3s-join-kubeadm.long.test.ts')
const joined = of('test/protocol/kubeadm-install.long.test.ts')
const takenBack = of('test/protocol/kubeadm-take-back.long.test.ts')
const handshaken = of('test/protocol/kubeadm-handshake.long.test.ts')
const authorities = of('test/unit/kubeadm-authorities.test.ts')
const config = of('test/unit/kubeadm-config.test.ts')
const planned = of('test/unit/kubeadm-plan.test.ts')
const asked = of('test/unit/kubeadm-checks.test.ts')
const minted = of('test/unit/kubeadm-token.test.ts')
const waited = of('test/unit/join-await-ready.test.ts')

/** What a join by kubeadm promises. */
export const kubeadm: readonly Mutant[] = [
  {
    promise: 1,
    breaks: 'kubeadm is started although cluster-info is not signed for the token',
    file: 'src/kubeadm/handshake.ts',
    find: 'if (!isTokenFine) return { checks: attempt.checks }',
    replace: 'if (!isTokenFine && found === undefined) return { checks: attempt.checks }',
    killedBy: pressed(
      'nothing of the host changes before the handshake has passed kubeadm-no-signer ends with code token-refused, also when a check may only report',
    ),
  },
  {
    promise: 1,
    breaks: 'a cluster-info of another authority passes the handshake',
    file: 'src/kubeadm/authorities.ts',
    find: 'const isInfoSame = clusterInfo === undefined || sharesAuthority(clusterInfo, kubeconfig)',
    replace: 'const isInfoSame = true',
    killedBy: authorities(
      'the four places of the authority say that cluster-info is the stale one, and how it is mended',
    ),
  },
  {
    promise: 1,
    breaks: 'a cluster-info without an address passes, and the kubelet would connect to nowhere for good',
    file: 'src/kubeadm/handshake.ts',
    find: 'if (targetOf(info.server) === undefined) {',
    replace: 'if (targetOf(info.server) === null) {',
    killedBy: handshaken(
      'the handshake of a kubeadm join ends at a cluster-info whose server is "": there the kubelet would connect for good',
    ),
  },
  {
    promise: 2,
    breaks: 'a kubelet.conf of another cluster is reset when a run of ours was interrupted on the host',
    file: 'src/kubeadm/state.ts',
    find: "if (joined) return 'foreign'",
    replace: "if (joined && !isInterrupted) return 'foreign'",
    killedBy: planned(
      'the plan for a host that belongs to somebody another cluster, although a run of ours was interrupted here has no change',
    ),
  },
  {
    promise: 2,
    breaks: 'what an earlier join left may be ignored, and is joined over',
    file: 'src/kubeadm/checks/cluster.ts',
    find: 'return answered(id, question, false, `left behind: ${few(left)}`, {',
    replace: 'return answered(id, question, true, `left behind: ${few(left)}`, {',
    killedBy: pressed('what belongs to another cluster kubeadm-unfinished is left as it is, whatever is ignored'),
  },
  {
    promise: 2,
    breaks: 'a machine with another Kubernetes on it is joined',
    file: 'src/kubeadm/checks/cluster.ts',
    find: "if (others.length > 0 && !['foreign', 'joined'].includes(state)) {",
    replace: "if (others.length > 9 && !['foreign', 'joined'].includes(state)) {",
    killedBy: asked(
      'a host that belongs to somebody else is not joined beside another Kubernetes, whose pods live in the same folder; a node of this cluster is none the worse',
    ),
  },
  {
    promise: 2,
    breaks: 'an undo resets what kubeadm deletes and no join wrote, like the owner’s admin.conf',
    file: 'src/kubeadm/scripts/take-back.sh',
    find: 'elif [ -n "$others" ]; then',
    replace: 'elif [ "$others" = never ]; then',
    killedBy: takenBack(
      'what kubeadm reset would delete although no join wrote it etc/kubernetes/admin.conf of the owner outlives the undo of a failed join, and is named',
    ),
  },
  {
    promise: 2,
    breaks: 'an undo does not see what is mounted behind a link',
    file: 'src/kubeadm/scripts/kubeadm-files.sh',
    find: 'isBelow($2, one) || isBelow($2, other) { print $3, $2 }',
    replace: 'isBelow($2, one) { print $3, $2 }',
    killedBy: takenBack('mounts of the owner are found behind a kubelet folder that is a link'),
  },
  {
    promise: 2,
    breaks: 'an undo deletes what is mounted in the folder of the kubelet’s certificates',
    file: 'src/kubeadm/scripts/take-back.sh',
    find: 'if [ -n "$(mounted_below "$path")" ]; then',
    replace: 'if [ "$path" = none ]; then',
    killedBy: takenBack(
      'mounts of the owner at /var/lib/kubelet/pki keep what is in them, also where the join is taken back without kubeadm',
    ),
  },
  {
    promise: 2,
    breaks: 'pods that another Kubernetes left in the kubelet’s folder go with a reset',
    file: 'src/kubeadm/scripts/kubeadm-files.sh',
    find: 'case $name in pods | pki) if',
    replace: 'case $name in never) if',
    killedBy: takenBack(
      'a kubelet folder that was in use before keeps the volumes of pods that another Kubernetes left there',
    ),
  },
  {
    promise: 2,
    breaks: 'a join by hand that came since the survey is reset',
    file: 'src/kubeadm/scripts/apply.sh',
    find: 'if is_there /etc/kubernetes/kubelet.conf && is_there "$kubelet_folder/pki/kubelet-client-current.pem"; then',
    replace: 'if is_there /none; then',
    killedBy: takenBack(
      'a reset before a join stops at a machine that somebody has made a node since it was looked at',
    ),
  },
  {
    promise: 2,
    breaks: 'kubeadm is told to skip its check of the kubelet’s files',
    file: 'src/kubeadm/checks/ignored.ts',
    find: "'kubeadm.version': () => ['KubeletVersion'],",
    replace: "'kubeadm.version': () => ['all'],",
    killedBy: asked(
      'what kubeadm is told to ignore is an explicit list, and never a file that is in the way: a join over a kubelet.conf can end in another cluster',
    ),
  },
  {
    promise: 4,
    breaks: 'a minted token is not masked in its parts',
    file: 'src/kubeadm/token.ts',
    find: 'for (const secret of [text, token.secret]) mask(secret)',
    replace: 'for (const secret of [text]) mask(secret)',
    killedBy: minted(
      'minting makes a token of kubeadm’s group, recorded and masked before it is created, and waits until it is signed for',
    ),
  },
  {
    promise: 6,
    breaks: 'the token is an argument of kubeadm, which every user of the machine can read',
    file: 'src/kubeadm/scripts/join.sh',
    find: 'kubeadm join --config /dev/stdin >"$folder/program"',
    replace: 'kubeadm join --config /dev/stdin "$CONFIG" >"$folder/program"',
    killedBy: joined(
      'kubeadm join on a host whose sh is dash shows the token to nobody: no argument, no environment, no file, no output',
    ),
  },
  {
    promise: 6,
    breaks: 'the token stays in the cluster when a join has ended well',
    file: 'actions/k3s-join/carry-out.ts',
    find: 'tracks.tokenDeleted = await revoked()',
    replace: 'tracks.tokenDeleted = true',
    killedBy: pressed(
      'a first join by kubeadm joins over one connection, leaves no token anywhere, and a second press opens no connection',
    ),
  },
  {
    promise: 7,
    breaks: 'a text of the cluster file is another thing to kubeadm',
    file: 'src/kubeadm/config.ts',
    find: "defaultStringType: 'QUOTE_DOUBLE',",
    replace: '',
    killedBy: config('words that YAML 1.1 takes for something else a taint, an argument and a name on stay texts'),
  },
  {
    promise: 7,
    breaks: 'kubeadm waits for four minutes for a kubelet that does not come',
    file: 'src/kubeadm/config.ts',
    find: 'tlsBootstrap: limit,',
    replace: '',
    killedBy: config(
      'the configuration that kubeadm gets says where, with what, as whom, and how long each wait may be',
    ),
  },
  {
    promise: 9,
    breaks: 'a Ready node counts before kubeadm has ended, or when it gave up',
    file: 'src/join/await-ready.ts',
    find: 'if (goal.program !== undefined && state.ended?.status !== 0)',
    replace: 'if (goal.program !== undefined && state.ended?.status === 77)',
    killedBy: waited(
      'a started agent is ready not before the program that joins has ended well: it still works on the host, and holds the token',
    ),
  },
  {
    promise: 2,
    breaks: 'what the kubelet said before the join is taken for why kubeadm gave up',
    file: 'actions/explain-start.ts',
    find: 'if (goal.program !== undefined && state.unit?.isNew !== true) return undefined',
    replace: '',
    killedBy: of('test/bundle/k3s-join-kubeadm-hostile.long.test.ts')(
      'words of kubeadm and its kubelet prove nothing: it says in our own form that it has ended well, and gives up',
    ),
  },
  {
    promise: 10,
    breaks: 'what a killed run left of its join is not taken away by the next one',
    file: 'src/kubeadm/state.ts',
    find: "isInterrupted && foreign.length === 0 && found.manifests.length === 0) return 'unfinished'",
    replace: "isInterrupted && found.manifests.length > 0) return 'unfinished'",
    killedBy: planned(
      'the plan for a host that is not joined resets what an interrupted run of this project left, and joins anew',
    ),
  },
]
