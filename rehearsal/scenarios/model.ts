/** What a scenario is, and a fault. */
import type { FaultName, WorldOptions } from '../contract.ts'

export interface Scenario {
  readonly name: string
  /** One line for the list. */
  readonly shows: string
  /** Default: oceanid. */
  readonly site?: WorldOptions['site']
  /** Machine that it is about; default: the site's first. */
  readonly node?: string
  /** State of that machine before. */
  readonly calypso: WorldOptions['calypso']
  /** Inputs of the button. */
  readonly inputs: Readonly<Record<string, string | boolean>>
  /** The button is pressed once before, out of sight; what is shown is the second time. */
  readonly isPressedTwice?: boolean
  /** The `result` output when all goes well. */
  readonly result: 'joined' | 'unchanged' | 'planned' | 'prepared' | 'removed'
  /** Workflow that is pressed; default: Join Calypso. One of examples/ is pressed in a repository of its user. */
  readonly workflow?: string
  /** calypso, where it is another machine than the one that the cluster's documents tell of. */
  readonly machine?: Pick<
    WorldOptions,
    'toolkit' | 'hasTriton' | 'hasGpuPod' | 'isRestarted' | 'hasWork' | 'mayReplacePlugin'
  >
  /** What people did to calypso before, by the names of the faults that it would be by itself. */
  readonly done?: readonly FaultName[]
  /** What its log must show besides. */
  readonly log?: readonly RegExp[]
  /** It is there for gpu-runtime: of the faults only its own tell something new in it. */
  readonly isOfGpu?: true
  /** It is about a storage node: of the faults only those of storage tell something new in it. */
  readonly isOfStorage?: true
  /** A removal: of the faults it meets its own, and those alone. */
  readonly isOfRemoval?: true
  /** It is a join with kubeadm: faults of other clusters are not its own, and its own are nobody else's. */
  readonly isOfKubeadm?: true
}

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
  kubeadm: 'a join with kubeadm',
  removal: 'a node that leaves',
  storage: 'a machine that is to be a storage node',
} as const

/** What goes wrong, in one line, and the failure code that a run must then end with; none where the action gets around it. */
export interface Fault {
  readonly family: keyof typeof families
  readonly shows: string
  readonly code?: string
  /** The code of a whole workflow, where that is not what k3s-join ends with: it ends before that begins, or fails after it, whatever the scenario is. */
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
