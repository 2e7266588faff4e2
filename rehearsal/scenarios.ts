/** What can be rehearsed, and what is expected of it. */
import type { FaultName, GpuFault, WorldOptions } from './contract.ts'
import type { RecordedRun } from './workflow/index.ts'
import type { World } from './world.ts'

export interface Scenario {
  readonly name: string
  /** One line for the list. */
  readonly shows: string
  readonly calypso: WorldOptions['calypso']
  /** Inputs of the button. */
  readonly inputs: Readonly<Record<string, string | boolean>>
  /** The button is pressed once before, out of sight; what is shown is the second time. */
  readonly isPressedTwice?: boolean
  /** The `result` output when all goes well. */
  readonly result: 'joined' | 'unchanged' | 'planned' | 'prepared'
  /** Workflow that is pressed; default: Join Calypso. */
  readonly workflow?: string
  /** calypso, where it is another machine than the one that the cluster's documents tell of. */
  readonly machine?: Pick<WorldOptions, 'toolkit' | 'hasTriton' | 'hasGpuPod' | 'isRestarted'>
  /** What people did to calypso before, by the names of the faults that it would be by itself. */
  readonly done?: readonly FaultName[]
  /** What its log must show besides. */
  readonly log?: readonly RegExp[]
  /** It is there for gpu-runtime: of the faults only its own tell something new in it. */
  readonly isOfGpu?: true
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'join-calypso',
    shows: 'calypso joins oceanid for the first time, and offers its GPU',
    calypso: 'fresh',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'again',
    shows: 'the button is pressed a second time: nothing to do, one look at the GPU and no other SSH connection',
    calypso: 'fresh',
    inputs: {},
    isPressedTwice: true,
    result: 'unchanged',
  },
  {
    name: 'dry-run',
    shows: 'the plan of a first join, and nothing changed',
    calypso: 'fresh',
    inputs: { 'dry-run': true },
    result: 'planned',
  },
  {
    name: 'adopt',
    shows: 'calypso was joined by hand: what adopting it would change',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'plan' },
    result: 'planned',
  },
  {
    name: 'adopt-apply',
    shows: 'calypso was joined by hand and is adopted',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'apply', 'allow-gpu-disruption': true },
    result: 'joined',
  },
  {
    name: 'agent-stopped',
    shows: 'calypso was joined before and its agent has died: it is started again',
    calypso: 'agent-stopped',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'node-deleted',
    shows: 'the node calypso was deleted by hand while the machine was off: it joins again with a new token',
    calypso: 'node-deleted',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'gpu-bare',
    shows:
      'calypso has a driver and no container toolkit, and nobody uses its GPU: it gets one, and k3s is restarted once',
    calypso: 'fresh',
    machine: { toolkit: '', hasTriton: false },
    inputs: {},
    result: 'joined',
    log: [
      /no container toolkit/,
      /key must be C95B321B61E88C1809C4F759DDCAE044F796ECB0/,
      /Restart k3s-agent \(runtime-missing\)/,
      /1 nvidia\.com\/gpu allocatable/,
    ],
    isOfGpu: true,
  },
  {
    name: 'gpu-quarantine',
    shows:
      'calypso has not been Ready since somebody wrote the containerd template of the old procedure: it is moved aside, and the node comes back',
    workflow: 'rehearsal/workflows/gpu-runtime.yml',
    calypso: 'joined-by-us',
    machine: { hasGpuPod: true, isRestarted: true },
    done: ['template-harmful'],
    inputs: { 'quarantine-template': true, 'allow-gpu-disruption': true },
    result: 'prepared',
    log: [/calypso is not Ready/, /Restart k3s-agent \(.*harmful-template-removed/, /1 nvidia\.com\/gpu allocatable/],
    isOfGpu: true,
  },
]

/** Where a fault lies, in the order of the list. */
export const families = {
  kubeconfig: 'the way to the kubeconfig',
  access: 'the way into calypso',
  network: 'between calypso and the API server',
  machine: 'calypso itself',
  release: 'k3s as it is released',
  start: 'the start of the agent',
  cluster: 'rights and names in the cluster',
  gpu: 'the GPU of a node that has joined',
} as const

/** What goes wrong, in one line, and the failure code that a run must then end with; none where the action gets around it. */
export interface Fault {
  readonly family: keyof typeof families
  readonly shows: string
  readonly code?: string
  /** The code of a whole Join Calypso, where it ends before k3s-join begins, whatever the scenario is. */
  readonly codeBefore?: string
  /** What the log of a run that meets it must show besides: words that end the search of whoever reads it. */
  readonly log?: readonly RegExp[]
  /** Scenario → another code, where it meets the fault another way. */
  readonly codeIn?: Readonly<Record<string, string>>
  /**
   * Scenarios that end as if it were not there: they do not get as far as what goes wrong, or calypso has what it would take
   * away. A dry run ends with its plan also when it says that a check would stop the run.
   */
  readonly unmetBy?: readonly string[]
  /** The scenario that shows it best; default: the first. */
  readonly scenario?: string
  /** Inputs of the button that belong to it, over those of the scenario. */
  readonly inputs?: Readonly<Record<string, string>>
  /** What it changes in the committed cluster file: text → text; each must be found. */
  readonly edits?: readonly (readonly [string, string])[]
}

/** A run that ends before gpu-runtime begins meets none of these. */
const beforeGpu = ['dry-run', 'adopt']
/** Where the toolkit is there already nothing is installed. */
const withToolkit = scenarios.filter(({ machine }) => machine?.toolkit !== '').map(({ name }) => name)

/** Met by the step after the join: the node is joined, and its GPU does not become usable. */
const gpuFaults: Readonly<Record<GpuFault, Fault>> = {
  'gpu-no-driver': {
    family: 'gpu',
    shows: 'calypso has an NVIDIA card and no driver for it',
    code: 'gpu-driver',
    unmetBy: beforeGpu,
  },
  'gpu-driver-mismatch': {
    family: 'gpu',
    shows: 'the driver on calypso was upgraded under a loaded module: its libraries are newer',
    code: 'gpu-driver-version',
    unmetBy: beforeGpu,
  },
  'gpu-module-not-loaded': {
    family: 'gpu',
    shows: 'the driver’s module was not loaded on calypso, because Secure Boot refuses it',
    code: 'gpu-driver',
    unmetBy: beforeGpu,
  },
  'gpu-harmful-template': {
    family: 'gpu',
    shows:
      'a copy of an old containerd configuration lies on calypso as a template: k3s finds the runtime, and containerd never hears of it',
    code: 'gpu-containerd-template',
    unmetBy: beforeGpu,
  },
  'gpu-stale-toolkit': {
    family: 'gpu',
    shows: 'a gpu-operator that is gone has left its wrapper on calypso, where k3s looks first',
    code: 'gpu-search-path',
    unmetBy: beforeGpu,
  },
  'gpu-plugin-runtime': {
    family: 'gpu',
    shows: 'somebody’s own device plugin runs without NVIDIA’s runtime, hides that it fails, and offers no GPU',
    code: 'gpu-plugin-owner',
    unmetBy: beforeGpu,
  },
  'gpu-taint': {
    family: 'gpu',
    shows: 'the device plugin of a Helm chart does not tolerate the taint of calypso, and shall stay',
    code: 'gpu-tolerations',
    unmetBy: beforeGpu,
    inputs: { 'device-plugin': 'verify' },
  },
  'gpu-operator': {
    family: 'gpu',
    shows: 'the gpu-operator looks after the cluster’s GPUs',
    code: 'gpu-plugin-owner',
    unmetBy: beforeGpu,
  },
  'gpu-fewer': {
    family: 'gpu',
    shows: 'the cluster file expects two GPUs, and calypso has one',
    code: 'gpu-count',
    unmetBy: beforeGpu,
    edits: [['gpu: { count: 1,', 'gpu: { count: 2,']],
  },
  'gpu-restart-fails': {
    family: 'gpu',
    shows: 'the template is moved aside, and containerd does not start without it: everything is put back',
    code: 'port-in-use',
    log: [/taken back: quarantine-template, restart/, /calypso is Ready again with what was there before/],
    unmetBy: beforeGpu,
    inputs: { 'quarantine-template': 'true', 'allow-gpu-disruption': 'true' },
  },
  'gpu-in-use': {
    family: 'gpu',
    shows: 'a tritonserver outside of containers uses the GPU of a machine that has no toolkit: nothing is touched',
    code: 'plan-gpu-in-use',
    log: [/tritonserver \(pid 2371/, /nothing was changed on calypso or in the cluster/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-wrong-key': {
    family: 'gpu',
    shows: 'somebody else answers at the address of NVIDIA’s package repository, with a key of his own',
    code: 'key-differs',
    log: [/0123456789ABCDEF0123456789ABCDEF01234567/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-version-missing': {
    family: 'gpu',
    shows: 'the package repository is in the middle of an upload: the newest version lacks one of its four packages',
    code: 'version-unavailable',
    log: [/to be had: 1\.19\.1 /],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-dpkg-interrupted': {
    family: 'gpu',
    shows: 'calypso was switched off in the middle of an upgrade: dpkg does nothing before somebody has finished it',
    code: 'dpkg-interrupted',
    log: [/linux-image-6\.8\.0-63-generic/, /sudo dpkg --configure -a/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-apt-locked': {
    family: 'gpu',
    shows: 'unattended-upgrades is installing something on calypso, and ends after a while',
    scenario: 'gpu-bare',
  },
}

export const faults: Readonly<Record<FaultName, Fault>> = {
  'oidc-untrusted': {
    family: 'kubeconfig',
    shows: 'Pulumi trusts another environment of the repository than the one in which the job runs',
    code: 'oidc-rejected',
    log: [/environment\b.*\boceanid\b/, /job_workflow_ref\b.*join-node\.yml/, /repository_id\b/],
  },
  'esc-permission': {
    family: 'kubeconfig',
    shows: 'the Pulumi token may see the ESC environment, but not open it',
    code: 'esc-permission',
    log: [/ryan-taylor\/default\/oceanid-cluster/],
  },
  'esc-property-missing': {
    family: 'kubeconfig',
    shows: 'the ESC environment has no kubeconfig by any of the names that are tried: somebody wrote kube_config',
    code: 'esc-property-missing',
    log: [/pulumiConfig\["oceanid-cluster:kube_config"\]/, /esc env set .*--secret/],
  },
  'kubeconfig-expired': {
    family: 'kubeconfig',
    shows: 'the kubeconfig in the ESC environment was copied over a year ago, and its certificate has ended',
    code: 'kubeconfig-credentials',
    log: [/esc env set ryan-taylor\/default\/oceanid-cluster .*oceanid-cluster:kubeconfig.*--secret/, /restart k3s/],
  },
  'server-hidden': {
    family: 'kubeconfig',
    shows: 'the runner cannot reach the API server, and goes through an SSH tunnel (needs OpenSSH)',
    log: [/tunnel/],
    edits: [
      [
        'user: tunnel, local-port: 16443 }',
        `user: tunnel, local-port: 16443, private-key-property: 'pulumiConfig["oceanid-cluster:tunnel_ssh_key"]' }`,
      ],
    ],
  },
  'wrong-host-key': {
    family: 'access',
    shows: 'calypso offers another host key than the one that is pinned',
    code: 'host-key-mismatch',
  },
  'wrong-ca-hash': {
    family: 'network',
    shows: 'somebody else answers at the address of the API server, as calypso sees it',
    code: 'ca-mismatch',
    unmetBy: ['adopt'],
  },
  'wrong-token': {
    family: 'network',
    shows: 'the supervisor refuses the minted token',
    code: 'token-refused',
    unmetBy: ['adopt', 'dry-run'],
  },
  'api-blocked': {
    family: 'network',
    shows: 'a firewall between calypso and the API server drops its packets',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
  },
  'port-closed': {
    family: 'network',
    shows: 'nothing listens on the API server’s port, as calypso sees it',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
  },
  'name-unknown': {
    family: 'network',
    shows: 'calypso’s resolver does not know the name of the API server',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
    edits: [['server: https://157.173.210.123:6443', 'server: https://k3s.oceanid.test:6443']],
  },
  'clock-skew': {
    family: 'machine',
    shows: 'the clock of calypso is ten minutes ahead of the API server’s',
    code: 'host-clock',
    unmetBy: ['dry-run'],
  },
  'no-sudo': {
    family: 'access',
    shows: 'the user on calypso may not become root',
    code: 'host-sudo',
    unmetBy: ['dry-run'],
  },
  'disk-full': {
    family: 'machine',
    shows: 'the disk below /var/lib/rancher is full',
    code: 'host-disk',
    unmetBy: ['dry-run'],
  },
  'agent-newer': {
    family: 'release',
    shows: 'the cluster file pins a version newer than the server’s',
    code: 'k3s-version',
    unmetBy: ['dry-run'],
    edits: [['version: v1.33.4+k3s1', 'version: v1.34.1+k3s1']],
  },
  'never-ready': {
    family: 'start',
    shows: 'the agent starts and its node never becomes Ready',
    code: 'cni-not-initialised',
    unmetBy: ['adopt', 'dry-run'],
  },
  'template-harmful': {
    family: 'start',
    shows: 'a containerd template for containerd 1 lies on calypso: containerd starts, and loses the pod network',
    code: 'containerd-template-harmful',
    unmetBy: ['adopt', 'dry-run'],
  },
  'template-broken': {
    family: 'start',
    shows: 'a containerd template on calypso is no TOML: containerd does not start',
    code: 'containerd-config-invalid',
    unmetBy: ['adopt', 'dry-run'],
  },
  'crash-loop': {
    family: 'start',
    shows:
      'a configuration file of calypso gives the kubelet an argument that it does not know: it exits at every start',
    code: 'kubelet-flag-unknown',
    unmetBy: ['adopt', 'dry-run'],
  },
  'restricted-label': {
    family: 'start',
    shows: 'a configuration file of calypso sets a label that the kubelet refuses',
    code: 'restricted-label',
    unmetBy: ['dry-run'],
  },
  'restricted-label-ignored': {
    family: 'start',
    shows:
      'the same, the check that finds it is ignored, and the node exists already: the start succeeds, and the kubelet exits',
    code: 'restricted-label',
    unmetBy: ['adopt', 'dry-run'],
    scenario: 'agent-stopped',
    inputs: { 'ignore-checks': 'k3s.labels' },
  },
  'no-rbac': {
    family: 'cluster',
    shows: 'the kubeconfig may not do what a join needs',
    code: 'kubeconfig-rights',
    codeBefore: 'server-access',
    unmetBy: ['adopt'],
  },
  'checksum-mismatch': {
    family: 'release',
    shows: 'the downloaded k3s is not what its checksum file says',
    code: 'checksum-mismatch',
    unmetBy: ['adopt', 'adopt-apply', 'dry-run', 'agent-stopped', 'node-deleted'],
  },
  'node-password': {
    family: 'cluster',
    shows: 'calypso was installed anew: the node and its password are from before, and it is the same machine',
    // Of a node that is alive no password is ever deleted: its agent is to be stopped first.
    codeIn: { 'adopt-apply': 'node-password-rejected' },
  },
  'node-password-orphan': {
    family: 'cluster',
    shows: 'a password for the name calypso is left in the cluster, and nobody can prove whose it was',
    code: 'node-password-rejected',
    unmetBy: ['adopt', 'adopt-apply', 'agent-stopped', 'dry-run'],
  },
  'node-password-ignored': {
    family: 'cluster',
    shows: 'the same, and the check that finds it is ignored: the server rejects the agent',
    code: 'node-password-rejected',
    unmetBy: ['adopt', 'adopt-apply', 'agent-stopped', 'dry-run'],
    inputs: { 'ignore-checks': 'k3s.node-password' },
  },
  'name-taken': {
    family: 'cluster',
    shows: 'the name calypso belongs to another machine, which is not alive any more',
    code: 'cluster-name',
    unmetBy: ['dry-run'],
  },
  'duplicate-name': {
    family: 'cluster',
    shows: 'the name calypso belongs to another machine, which is alive',
    code: 'cluster-name',
    unmetBy: ['dry-run'],
  },
  ...gpuFaults,
  'forwarding-refused': { family: 'access', shows: 'sshd on calypso allows no port forwarding' },
}

/** Whether a run of k3s-join by itself can meet it: the others end a workflow before it begins. */
export function isMetByJoin(fault: FaultName): boolean {
  return faults[fault].family !== 'kubeconfig' && faults[fault].family !== 'gpu'
}

/** The scenario that is played with a fault when nobody names one. */
export function scenarioOf(fault: FaultName | undefined): Scenario {
  const name = fault === undefined ? undefined : faults[fault].scenario
  return scenarios.find((scenario) => scenario.name === name) ?? (scenarios[0] as Scenario)
}

/** Inputs of the button: the scenario's, and the fault's over them. */
export function inputsOf(scenario: Scenario, fault: FaultName | undefined): Scenario['inputs'] {
  return { ...scenario.inputs, ...(fault === undefined ? {} : faults[fault].inputs) }
}

/** The text of the committed cluster file as the faults change it. @throws Error when it has not what they change */
export function editedClusterFile(committed: string, names: Iterable<FaultName>): string {
  return [...names]
    .flatMap((name) => faults[name].edits ?? [])
    .reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the cluster file has no "${from}"`)
      return text.replaceAll(from, to)
    }, committed)
}

export interface Verdict {
  readonly isAsExpected: boolean
  /** One line for a person. */
  readonly text: string
}

/**
 * Whether what happened is what the scenario, with its fault if any, is there to show.
 * @param pressed the whole of Join Calypso, or k3s-join by itself with a kubeconfig that nobody has looked at
 */
export function judge(
  scenario: Scenario,
  fault: FaultName | undefined,
  run: RecordedRun,
  world: Pick<World, 'calypso'>,
  connectionsBefore: number,
  pressed: 'join' | 'workflow' = 'workflow',
): Verdict {
  const outputs = run.jobs.at(-1)?.outputs ?? {}
  const result = outputs.result ?? 'none'
  const code = outputs['failure-code'] ?? ''
  const ending = `the run ended as ${run.conclusion} with the result ${result}${code === '' ? '' : ` and the code ${code}`}`
  const connections = world.calypso.counts.connections - connectionsBefore
  const injected = fault === undefined ? undefined : faults[fault]
  const before = pressed === 'workflow' ? injected?.codeBefore : undefined
  const isMet = before !== undefined || injected?.unmetBy?.includes(scenario.name) !== true
  const expected = before ?? injected?.codeIn?.[scenario.name] ?? injected?.code
  if (injected !== undefined && expected !== undefined && isMet) {
    const isAsExpected = run.conclusion === 'failure' && code === expected
    const unsaid = (injected.log ?? []).filter((pattern) => !pattern.test(run.log))
    if (isAsExpected && unsaid.length > 0)
      return {
        isAsExpected: false,
        text: `Not as expected: ${ending}, but its log does not show ${unsaid.join(', ')}.`,
      }
    return isAsExpected
      ? { isAsExpected, text: `As expected: ${injected.shows}, so the run failed with the code ${code}.` }
      : {
          isAsExpected,
          text: `Not as expected: ${injected.shows}, and ${ending} instead of the code ${expected}.`,
        }
  }
  const problems = [...(injected?.log ?? []), ...(scenario.log ?? [])]
    .filter((pattern) => !pattern.test(run.log))
    .map((pattern) => `the log does not show ${pattern}`)
  if (run.conclusion !== 'success' || result !== scenario.result)
    problems.push(`${ending} instead of success with the result ${scenario.result}`)
  // A join that finds all as wanted asks nobody; gpu-runtime looks at the machine, once.
  const allowed = pressed === 'workflow' ? 1 : 0
  if (scenario.result === 'unchanged' && connections > allowed)
    problems.push(`the second press opened ${connections} SSH connections instead of ${allowed}`)
  const gpu = outputs['gpu-result']
  const expectedGpu = { joined: 'prepared', unchanged: 'unchanged', planned: '', prepared: '' }[scenario.result]
  if (pressed === 'workflow' && gpu !== undefined && gpu !== expectedGpu)
    problems.push(`gpu-runtime ended with the result ${gpu || 'none'} instead of ${expectedGpu || 'none'}`)
  const although = injected === undefined ? '' : `, although ${injected.shows}`
  return problems.length === 0
    ? { isAsExpected: true, text: `As expected: ${scenario.shows}${although}.` }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
