import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const safety = of('test/unit/gpu-safety.test.ts')
const confirmed = of('test/unit/gpu-runtime-confirm.test.ts')
const capacity = of('test/unit/gpu-capacity.test.ts')
const plugin = of('test/unit/gpu-plugin.test.ts')
const carriedOut = of('test/unit/gpu-plugin-carry-out.test.ts')
const runtime = of('test/unit/gpu-plan-runtime.test.ts')
const service = of('test/unit/gpu-service.test.ts')
const kubeadm = of('test/bundle/gpu-runtime-kubeadm.long.test.ts')
const applied = of('test/protocol/gpu-apply.test.ts')

const comesAndGoes =
  'a GPU host whose sh is dash gets everything in order, has nothing to do the second time, and is as before when it is undone'

/** What gpu-runtime promises beside k3s-join. */
export const gpuRuntime: readonly Mutant[] = [
  {
    promise: 1,
    breaks: 'a host that is another machine than the node is prepared, and its k3s restarted',
    file: 'src/gpu/checks/cluster.ts',
    find: "verdict: isOther ? 'fail' : 'warn',\n    cause: isOther",
    replace: "verdict: 'warn',\n    cause: isOther",
    killedBy: safety(
      'the host is the machine of the node, or nothing is changed: the board is another, on a copied disk',
    ),
  },
  {
    promise: 2,
    breaks: 'what nobody could answer after the changes counts as proof',
    file: 'actions/gpu-runtime/change-host.ts',
    find: "runtime.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')",
    replace: "runtime.filter(({ verdict }) => verdict === 'fail')",
    killedBy: confirmed('after the changes of a host a host that says nothing any more is no proof'),
  },
  {
    promise: 2,
    breaks: 'numbers that a plugin left over count as those of the new one',
    file: 'src/gpu/await-capacity.ts',
    find: '(isWhole && isReady && isProven)',
    replace: '(isWhole && isReady && (isProven || isWhole))',
    killedBy: capacity('the wait for the GPU does not believe numbers that may be left over'),
  },
  {
    promise: 2,
    breaks: 'allocatable is not compared with capacity',
    file: 'src/gpu/checks/confirm.ts',
    find: 'numberOf(node.allocatable, name) < numberOf(node.capacity, name))',
    replace: 'numberOf(node.allocatable, name) < 0)',
    killedBy: capacity('the checks of capacity tell apart: one is unhealthy'),
  },
  {
    promise: 2,
    breaks: 'capacity is not compared with what the machine has',
    file: 'src/gpu/checks/confirm.ts',
    find: 'numberOf(node.capacity, name) < (expected.resources[name] ?? 0)',
    replace: 'numberOf(node.capacity, name) < Math.min(1, expected.resources[name] ?? 0)',
    killedBy: capacity('the checks of capacity tell apart: one of two is missing'),
  },
  {
    promise: 3,
    breaks: 'the annotation is written anew by every run',
    file: 'src/gpu/plugin/plan.ts',
    find: 'before === after ? plugin : [...plugin, record]',
    replace: 'before === JSON.stringify(after) ? plugin : [...plugin, record]',
    killedBy: plugin('the plan of a fresh node labels it, makes the plugin and records it; of a prepared one is empty'),
  },
  {
    promise: 3,
    breaks: 'the second run writes the default runtime again',
    file: 'src/gpu/scripts/runtime-files.sh',
    find: 'cmp -s "$temp" "$ROOT$default_runtime_path"',
    replace: 'false',
    killedBy: applied(comesAndGoes),
  },
  {
    promise: 6,
    breaks: 'the survey shows the password of a package repository',
    file: 'src/gpu/scripts/survey-packages.sh',
    find: "sed 's|//[^/@[:blank:]]*@|//***@|g'",
    replace: 'cat',
    killedBy: of('test/protocol/gpu-facts.test.ts')(
      'facts of a GPU host, by ["dash"] calypso: everything that the plan needs, and no secret',
    ),
  },
  {
    promise: 7,
    breaks: 'an annotation that anybody can write makes a label ours to take away',
    file: 'src/gpu/annotation.ts',
    find: "'label' in recorded && recorded.label === presentLabel",
    replace: "'label' in recorded",
    killedBy: plugin(
      'the plan of `absent` takes away only what is ours: not the plugin that other nodes need, not a label of others',
    ),
  },
  {
    promise: 7,
    breaks: 'any line with commas that nvidia-smi prints is a GPU',
    file: 'src/gpu/facts-smi.ts',
    find: '!/^GPU-[0-9a-f-]{8,64}$/i.test(uuid)',
    replace: "uuid === ''",
    killedBy: of('test/unit/gpu-facts.test.ts')(
      'reading what a host says of its GPUs takes no line for a GPU that is none',
    ),
  },
  {
    promise: 8,
    breaks: 'k3s is restarted for a configuration that nobody could read',
    file: 'src/gpu/plan-runtime.ts',
    find: ' && !isKnownAnyway && !isUnknown)',
    replace: ' && !(isKnownAnyway && isUnknown))',
    killedBy: safety('a restart of k3s is no answer to a configuration that nobody could read'),
  },
  {
    promise: 8,
    breaks: 'k3s is restarted for an upgrade of the toolkit in place',
    file: 'src/gpu/plan-runtime.ts',
    find: 'after !== undefined && before !== undefined && after !== before)',
    replace: "after !== undefined && (after !== before || plannedSteps.includes('install-toolkit')))",
    killedBy: runtime('restart when the toolkit is upgraded in place'),
  },
  {
    promise: 8,
    breaks: 'packages are changed while a process outside the cluster uses the GPU',
    file: 'src/gpu/toolkit.ts',
    find: "kind: 'install',\n      target: `nvidia-container-toolkit",
    replace: "kind: 'write',\n      target: `nvidia-container-toolkit",
    killedBy: safety(
      'a process outside the cluster that uses the GPU is not disturbed by a package change unless that is allowed',
    ),
  },
  {
    promise: 8,
    breaks: 'the scripts of packages may reload systemd',
    file: 'src/host/scripts/packages.sh',
    find: 'APT_LISTBUGS_FRONTEND=none SYSTEMD_OFFLINE=1',
    replace: 'APT_LISTBUGS_FRONTEND=none',
    killedBy: applied(comesAndGoes),
  },
  {
    promise: 8,
    breaks: 'a harmful template is moved aside although nobody asked for it',
    file: 'src/gpu/containerd/predict.ts',
    find: 'if (!wish.quarantineTemplate) return []',
    replace: "if (wish.node === '') return []",
    killedBy: runtime('the plan moves a harmful template aside only when that is wished'),
  },
  {
    promise: 8,
    breaks: 'a template that somebody edits meanwhile is moved aside unseen',
    file: 'src/gpu/scripts/runtime-files.sh',
    find: 'if [ "$found" != "$sum" ]; then die',
    replace: 'if false; then die',
    killedBy: applied('what must not happen a template that changed since it was judged'),
  },
  {
    promise: 8,
    breaks: 'a plugin is replaced that Helm or an operator would bring back',
    file: 'src/gpu/plugin/owners.ts',
    find: "=> kind === 'hand'",
    replace: "=> kind !== 'ours'",
    killedBy: plugin(
      'a device plugin of somebody else is replaced when its name is typed, by itself only, and never where its owner would bring it back',
    ),
  },
  {
    promise: 8,
    breaks: 'two plugins share a socket: ours starts before the pods of the replaced one have ended',
    file: 'src/gpu/plugin/carry-out.ts',
    find: 'if (left.length === 0) return\n',
    replace: 'if (left.length < 99) return\n',
    killedBy: carriedOut(
      'replaces another plugin only when its pods have ended, because the old one takes the socket with it',
    ),
  },
  {
    promise: 10,
    breaks: 'an undo does not bring the template back',
    file: 'src/gpu/scripts/runtime-files.sh',
    find: '    preserve "$path"\n',
    replace: '',
    killedBy: applied(comesAndGoes),
  },
  {
    promise: 10,
    breaks: 'an undo leaves the packages that the run installed',
    file: 'src/host/scripts/packages.sh',
    find: '      note_packages $brought\n',
    replace: '',
    killedBy: applied(comesAndGoes),
  },
  {
    promise: 10,
    breaks: 'the restart that a killed run owes is never made, because its template keeps the node NotReady',
    file: 'src/gpu/checks/cluster.ts',
    find: '.length > 0 || isRestartLeft',
    replace: '.length > 0',
    killedBy: safety(
      'a restart of k3s that a killed run left undone is still made on the node that its template keeps NotReady',
    ),
  },
  {
    promise: 11,
    breaks: "the key of the package repository is not compared with NVIDIA's",
    file: 'src/gpu/scripts/repository.sh',
    find: '  if ! are_wanted $fingerprints; then\n',
    replace: '  if false; then\n',
    killedBy: applied('what must not happen the key of another'),
  },
  {
    promise: 8,
    breaks: 'containerd of version 1 is restarted for a drop-in that nothing imports',
    file: 'src/gpu/service/plan.ts',
    find: '!/^\\s*version\\s*=\\s*[0-9]+/m.test(config.text)',
    replace: '!/./.test(config.text)',
    killedBy: service(
      'what the real nvidia-ctk writes for a configuration of version 1 is imported by nothing, which is why none is written',
    ),
  },
  {
    promise: 8,
    breaks: 'somebody is told to restart a containerd that would not start again',
    file: 'src/gpu/service/checks.ts',
    find: 'if (situation.gpu.service?.problem)',
    replace: 'if (situation.gpu.service?.activeState === situation.gpu.service?.problem)',
    killedBy: service(
      'a containerd that is no part of k3s is nothing that anybody is told to restart while it would not start again',
    ),
  },
  {
    promise: 10,
    breaks: 'the restart of containerd that a killed run owes is never made',
    file: 'src/gpu/service/plan.ts',
    find: 'runsWithout && (isPending || handlers !== undefined)',
    replace: 'runsWithout && isPending && handlers !== undefined',
    killedBy: service(
      'a containerd that is no part of k3s is restarted when an earlier run wrote the file and ended before the restart',
    ),
  },
  {
    promise: 2,
    breaks: 'the RuntimeClass that only k3s ships cannot be made elsewhere',
    file: 'src/kubernetes/apply.ts',
    find: ", RuntimeClass: 'runtimeclasses'",
    replace: '',
    killedBy: of('test/protocol/kubernetes-gpu.test.ts')(
      'a server-side apply that has no namespace goes to its own path: the RuntimeClass that nobody but k3s ships',
    ),
  },
  {
    promise: 3,
    breaks: 'a toolkit that is in no package is recorded anew by every run',
    file: 'actions/gpu-runtime/confirm.ts',
    find: "run.outputs['toolkit-version'] || planToolkit(situation.wish, situation.gpu).version",
    replace: "run.outputs['toolkit-version'] || planToolkit(situation.wish, situation.gpu).version.slice(99)",
    killedBy: kubeadm(
      'a node of kubeadm whose toolkit came without packages is prepared all the same, and the second run changes nothing',
    ),
  },
  {
    promise: 10,
    breaks: 'an undo leaves containerd with the imports that nvidia-ctk wrote',
    file: 'src/gpu/scripts/configure-runtime.sh',
    find: '  preserve "$containerd_config"\n',
    replace: '',
    killedBy: kubeadm(
      'a node of kubeadm whose containerd does not come back has both files as they were, byte for byte, and its containerd runs again',
    ),
  },
  {
    promise: 10,
    breaks: 'an undo leaves the drop-in that nvidia-ctk wrote',
    file: 'src/gpu/scripts/configure-runtime.sh',
    find: '  preserve "$runtime_drop_in"\n',
    replace: '',
    killedBy: kubeadm(
      'a node of kubeadm whose containerd does not come back has both files as they were, byte for byte, and its containerd runs again',
    ),
  },
]
