/** The verdict of one check. `error` means: the question could not be asked (infrastructure), never "the answer is no". */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skip' | 'error'

/** One question with an answer a person can act on. Pure data; texts may quote remote output and are escaped by the renderers. */
export interface Check {
  /** Stable, dotted, lower case, e.g. `host.clock`. This is what `ignore-checks` names. */
  readonly id: string
  readonly verdict: Verdict
  readonly question: string
  readonly found: string
  readonly cause?: string
  readonly remedy?: string
  readonly evidence?: readonly string[]
}

/** What a change does. One word, shown in the plan's first column. */
export type ChangeKind =
  | 'mint'
  | 'upload'
  | 'install'
  | 'write'
  | 'edit'
  | 'remove'
  | 'reload'
  | 'start'
  | 'restart'
  | 'label'
  | 'taint'
  | 'annotate'
  | 'delete'
  | 'hold'
  | 'apply'
  | 'cordon'
  | 'drain'
  | 'stop'

/** One mutation of the host or the cluster. Every mutation of a run is announced as one of these before it happens. */
export interface Change {
  /** Stable within a plan, e.g. `install-binary`; the apply step of the same name carries it out. */
  readonly id: string
  readonly kind: ChangeKind
  /** What is changed, e.g. a path, a unit, `bootstrap token, 10 min`. */
  readonly target: string
  readonly reason: string
  /** What it interrupts, e.g. `restarts the agent; containers keep running`. Absent: nothing. */
  readonly disrupts?: string
  /** How this run takes it back when it fails later, or why that is not needed. */
  readonly undo: string
  /** Set when the change is shown but not carried out until this input allows it, e.g. `adopt: apply`. */
  readonly waitsFor?: string
}

/** The ordered list of changes. Empty `changes`: nothing to do. */
export interface Plan {
  readonly changes: readonly Change[]
  /** Reasons why the plan may not be carried out. Not empty: nothing is changed and the run fails (or, under dry-run, says so). */
  readonly blockers: readonly Check[]
}

/** What a failing run knows. `code` is stable (an output); the other texts are for people. */
export interface Failure {
  /** Kebab case, e.g. `token-refused`, `api-unreachable`. */
  readonly code: string
  /** One sentence: what failed, on which host. */
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
  /** What is true now: what was changed and undone, and how to go on. */
  readonly state: string
  readonly link?: string
  readonly provenance?: 'observed' | 'reported' | 'invented'
}

/** One stage of the run, in order. Milliseconds since the run began. */
export interface Stage {
  readonly title: string
  readonly startedMs: number
  readonly endedMs: number
  /** The run failed, or was cancelled, in it. */
  readonly failed?: true
}

/** A milestone inside the run, for the timeline, e.g. `node registered`. Milliseconds since the start of its stage. */
export interface Milestone {
  readonly stage: string
  readonly atMs: number
  readonly text: string
}

/**
 * k3s-join: joined, removed, unchanged, planned. kubeconfig-esc: loaded, checked. gpu-runtime: prepared, unchanged, planned, skipped (no GPU).
 * verify-cluster: verified, planned, published (an earlier run's report was). deploy-stack: installed, allowed (by the guard), deployed,
 * unchanged, previewed, drifted, commented.
 */
export type RunResult =
  | 'joined'
  | 'removed'
  | 'unchanged'
  | 'planned'
  | 'loaded'
  | 'checked'
  | 'prepared'
  | 'skipped'
  | 'verified'
  | 'published'
  | 'installed'
  | 'allowed'
  | 'deployed'
  | 'previewed'
  | 'drifted'
  | 'commented'
  | 'failed'

/** One node in the picture of a cluster. */
export interface TopologyNode {
  readonly name: string
  readonly isServer: boolean
  /** Worst verdict of the checks about it. */
  readonly verdict: Verdict
  /** For people, e.g. `v1.33.4+k3s1`, `1 GPU`, `pods isolated`. */
  readonly words: readonly string[]
}

/** How one Triton server is reached. */
export interface TopologyPath {
  /** Name or address, e.g. `gpu.boathou.se`. */
  readonly host: string
  readonly guard: 'direct' | 'cloudflare'
  readonly model: string
  /** Node that it runs on, as far as anybody said; empty: not known. */
  readonly node: string
  readonly verdict: Verdict
  readonly words: readonly string[]
}

/** What one earlier run saw, as far as it matters to later ones. */
export interface RunSeen {
  readonly at: string
  readonly run: string
  /** Absent: not known. */
  readonly mode?: 'observe' | 'probe' | 'load'
  /** What was not well when it ended. */
  readonly checks: Readonly<Record<string, 'warn' | 'fail' | 'error'>>
  /** Ids among `checks` that it could not or did not ask: their verdict is that of the run before. Absent: none. */
  readonly unasked?: readonly string[]
  readonly metrics: Readonly<Record<string, number>>
}

/** What verify-cluster says besides its checks. */
export interface Verification {
  readonly mode: 'observe' | 'probe' | 'load'
  readonly suites: readonly string[]
  /** Nodes that it was limited to; empty: all. */
  readonly nodes: readonly string[]
  readonly verdict: 'pass' | 'warn' | 'fail' | 'error'
  /** Ids that `fail-on` lets fail the run. */
  readonly failing: readonly string[]
  /** Ids that fail now and did not in the run before. */
  readonly newFailures: readonly string[]
  /** Ids that failed in the run before and do not now. */
  readonly fixed: readonly string[]
  /** Ids that went to and fro in the last runs. */
  readonly flapping: readonly string[]
  /** Ids that have failed often enough to wake somebody; also such as this run could not ask. */
  readonly alarms: readonly string[]
  /** Id of what is not well → when the run began that first saw it like this, without a good answer in between. */
  readonly since: Readonly<Record<string, string>>
  /** The least of all Triton servers; absent: none was asked. */
  readonly gpuVerdict?: 'gpu-proved' | 'gpu-likely' | 'unknown' | 'cpu-fallback'
  /** Numbers of this run by name; units are in the names. */
  readonly metrics: Readonly<Record<string, number>>
  /** Requests to the API server. */
  readonly apiRequests: number
  readonly topology: {
    /** SSH server of the tunnel to the API; empty: none. */
    readonly tunnel: string
    readonly server: string
    readonly nodes: readonly TopologyNode[]
    readonly paths: readonly TopologyPath[]
  }
  /** Runs before this one and this one, newest last; at most 30. */
  readonly history: readonly RunSeen[]
  /** Address of the issue that tells of the failures; absent: none is kept, or not by this run. */
  readonly issueUrl?: string
}

/** What Pulumi did to a stack, would do, or found changed. Names and messages come from programs and providers: remote text. */
export interface Deployment {
  readonly command: 'preview' | 'up' | 'drift'
  /** `organization/project/stack`. */
  readonly stack: string
  /** Page of the update at Pulumi; empty: none. */
  readonly url: string
  /** Operation → number of resources, e.g. `{ create: 1, same: 41 }`; empty: it did not get as far. */
  readonly counts: Readonly<Record<string, number>>
  /** Resources that are not as they were, at most 200. */
  readonly changes: readonly {
    /** Pulumi's word: create, update, replace, delete, refresh … */
    readonly operation: string
    /** e.g. `kubernetes:apps/v1:Deployment`. */
    readonly type: string
    readonly name: string
    /** Names of the properties that differ, at most 20. */
    readonly differs: readonly string[]
    readonly isFailed: boolean
  }[]
  /** How many more there are. */
  readonly moreChanges: number
  /** What program, providers and engine complained of, at most 50. */
  readonly diagnostics: readonly {
    readonly severity: 'error' | 'warning'
    /** `type name`; empty: the stack itself. */
    readonly resource: string
    readonly message: string
  }[]
  /** Outputs of the stack as text; secret ones are not in it, their names are in secretOutputs. */
  readonly outputs: Readonly<Record<string, string>>
  readonly secretOutputs: readonly string[]
  /** Whether the update was held to a plan. */
  readonly isPlanBound: boolean
  /** Whether it is over: a run that was cut off says what it had come to. */
  readonly isComplete: boolean
}

/** A value and where it came from, e.g. `input`, `clusters/oceanid.yaml`, `default`, `kubeconfig`. */
export interface Provenance {
  readonly name: string
  readonly value: string
  readonly source: string
}

/** One file of the evidence that a failed run leaves, in the folder `evidence` beside the report. */
export interface EvidenceEntry {
  readonly name: string
  readonly bytes: number
}

/** Some lines of such a file, for the summary. Without secrets; remote text all the same. */
export interface EvidenceExcerpt {
  readonly name: string
  readonly lines: readonly string[]
}

/** Everything one run of an action says. Serialised as the JSON report (schemas/report.schema.json). */
export interface Report {
  readonly schema: 'k3s-gpu-actions/report/v1'
  readonly action: string
  readonly cluster: string
  readonly node: string
  readonly host?: string
  readonly result: RunResult
  readonly dryRun: boolean
  /** Verdict in one sentence, first line of summary. */
  readonly headline: string
  /** Always said: what happens or should happen next. */
  readonly next: string
  readonly startedAt: string
  readonly durationMs: number
  readonly checks: readonly Check[]
  readonly plan: Plan
  /** Ids of the changes that were carried out. */
  readonly applied: readonly string[]
  /** Ids of the changes that were taken back. */
  readonly undone: readonly string[]
  readonly changed: boolean
  readonly restarted: boolean
  readonly stages: readonly Stage[]
  readonly milestones: readonly Milestone[]
  readonly provenance: readonly Provenance[]
  /** Flat facts for the details section: name → value. */
  readonly facts: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly failure?: Failure
  /** Absent: none was collected. */
  readonly evidence?: readonly EvidenceEntry[]
  /** Of verify-cluster alone. */
  readonly verification?: Verification
  /** What deploy-stack says besides its checks. */
  readonly deployment?: Deployment
}
