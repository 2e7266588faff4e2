import type { DesiredNode } from '../cluster-file/index.ts'
import type { Host, HostFacts, ScriptLine, UnitEvent } from '../host/index.ts'
import type { AccessRequest, Cluster, ClusterReading, NodeState } from '../kubernetes/index.ts'
import type { Change, Check } from '../report/index.ts'
import type { CheckEntry } from './checks/registry.ts'

/** What the owner allows this run to do, from the inputs. */
export interface JoinConsent {
  readonly adopt: 'plan' | 'apply'
  readonly allowServerToken: boolean
  readonly allowGpuDisruption: boolean
  /** Name of the Node that may be deleted and replaced; empty: none. */
  readonly replaceNode: string
}

/** Everything a plan is made from. Plain data. */
export interface JoinSituation {
  readonly desired: DesiredNode
  /** `https://host:port` that the host joins through. */
  readonly server: string
  /** Exact version that is wanted. */
  readonly version: string
  readonly reading: ClusterReading
  readonly nodes: readonly NodeState[]
  readonly facts: HostFacts
  readonly consent: JoinConsent
  /** `verify: deep`: what is installed is compared with what was released, also where versions agree. */
  readonly isDeep: boolean
  /** A token was given: none is minted. */
  readonly hasGivenToken: boolean
  /** How long a minted token lives when nothing deletes it earlier. */
  readonly tokenLifetimeMs: number
  /** Ids of checks that the owner ignores; a distribution whose own program asks the same tells it so, by name. */
  readonly ignoredChecks?: readonly string[]
  /** Taken when the cluster was read; everything that compares with the cluster's clock starts here. */
  readonly readAtRunnerMs: number
}

/** What of a release is known before it is downloaded. */
export interface ReleaseSketch {
  readonly sizeBytes: number
  /** Hash that GitHub publishes for it; undefined where it has none. */
  readonly sha256?: string
}

/** A credential with which one host may join once. `text` is a secret. */
export interface Credential {
  readonly id: string
  readonly text: string
}

/** What the handshake through the host's network found. */
export interface Handshake {
  readonly checks: readonly Check[]
  readonly passed: boolean
  /** One line for the log, e.g. `CA a1b2…9f ✓  token ✓  157.173.210.123:6443 ✓`. */
  readonly line: string
}

/** What the unit of a starting or restarting agent does. */
export type StartEvent = UnitEvent

/** What the verbs need to say who they are and when to stop. */
export interface RunIdentity {
  readonly runId: string
  /** For the holder of the host lock and for token descriptions. */
  readonly label: string
}

/** One file of the bundle that a failed run leaves: a plain name, and what the host said. Remote text, not yet redacted. */
export interface EvidenceFile {
  readonly name: string
  readonly text: string
  /** The part of it that was written since the run started its unit; for the diagnosis, which older lines would mislead. */
  readonly recent?: string
}

export interface InstallRequest<Prepared> {
  readonly prepared: Prepared | undefined
  readonly changes: readonly Change[]
  readonly credential?: Credential
  /** The program that joins afterwards, as `startProgram` says. */
  readonly program?: string
}

/** What is started, and with what: k3s needs the action alone, kubeadm also where to join and the token. */
export interface StartRequest<Installation> {
  readonly action: 'start' | 'restart' | 'none'
  readonly situation: JoinSituation
  readonly installation: Installation
  /** The cluster's authority, as the kubeconfig has it. */
  readonly caPem: string
  readonly run: RunIdentity
  /** Undefined: none was minted or given. */
  readonly credential?: Credential
  /** Limit on the host, for a runner that is gone without closing anything. */
  readonly timeoutMs: number
}

export interface Installed {
  /** A backup on the host still holds a long-lived token that was replaced: `settle` deletes it once the node is proven. */
  readonly needsSettling: boolean
  /** What people should know, e.g. that an earlier run was interrupted. */
  readonly notes: readonly string[]
}

/** Other runs are kept away from the host. */
export interface Hold {
  /** Another run had to be waited for: what was surveyed before may no longer be true. */
  readonly hasWaited: boolean
  /** When another run let go of the host, by the host's clock in epoch milliseconds; 0: never. */
  readonly releasedAtMs: number
  release(): Promise<void>
}

export interface Undone {
  /** Ids of changes that were taken back. */
  readonly changes: readonly string[]
  /** What could not be taken back, for people. */
  readonly remaining: readonly string[]
}

/**
 * How one distribution of Kubernetes is put on a host: survey, mint, install, start, remove.
 * Everything that names a distribution stands behind this interface; the room `join` knows no other way to it.
 * `Installation`: what the survey found. `Prepared`: what was downloaded and checked on the runner.
 */
export interface Distribution<Installation, Prepared> {
  readonly name: string
  /** The unit whose state decides, e.g. for messages. */
  readonly unit: string
  /** Appended to the generic survey; defines `survey_distribution`. */
  readonly surveyScript: string
  /**
   * How long a unit may be active without a Ready node before that is called hopeless, milliseconds. Infinity: as long as the run may
   * take at all, where pods of the cluster bring the network plugin, whose images have to be pulled first.
   */
  readonly notReadyLimitMs: number
  /** Rights that minting a token needs, besides those that any join needs. */
  readonly tokenAccessRequests: readonly AccessRequest[]

  /**
   * `match-server` or an exact version → the exact version. `nodeVersion`: that of the node, where it is one already. Throws an
   * explained error for anything else.
   */
  resolveVersion(wanted: string, serverVersion: string, nodeVersion: string | undefined): string
  /** The version that `match-server` comes to on this host, where what is installed decides and nothing is brought; else undefined. */
  installedVersion(installation: Installation): string | undefined

  /** Verb 1. */
  survey(lines: readonly ScriptLine[]): Installation
  /**
   * What only a second look can say, where the plan depends on it: asks the cluster, and opens a channel to the host only when
   * it must. Changes nothing. Secrets that it reads stay in memory, masked.
   */
  inspect(
    host: Host,
    cluster: Cluster,
    situation: JoinSituation,
    installation: Installation,
    signal: AbortSignal,
  ): Promise<Installation>
  /** Facts for the report: name → value. */
  describe(installation: Installation): Readonly<Record<string, string>>
  /** The checks that only this distribution asks, of all stages. */
  readonly checkRegistry: readonly CheckEntry[]
  /** Preflight questions that only this distribution asks. Pure. */
  checks(situation: JoinSituation, installation: Installation): readonly Check[]
  /** Changes of the host, and the token they need. Pure. */
  plan(situation: JoinSituation, installation: Installation, release: ReleaseSketch | undefined): readonly Change[]
  /** True when the plan needs a released program. */
  needsRelease(situation: JoinSituation, installation: Installation): boolean
  sketchRelease(version: string, architecture: string, signal: AbortSignal): Promise<ReleaseSketch>

  /** Verb 2. `record` is called with the id before anything is created. */
  mint(
    cluster: Cluster,
    node: string,
    run: RunIdentity,
    ttlMs: number,
    record: (id: string) => void,
    signal: AbortSignal,
  ): Promise<Credential>
  /** Deletes what `mint` created. */
  revoke(cluster: Cluster, id: string, signal: AbortSignal): Promise<void>
  /** Ids of what runs for this node minted and nobody deleted yet. */
  tokens(cluster: Cluster, node: string, signal: AbortSignal): Promise<readonly string[]>
  /** Deletes what dead runs for this node left; resolves with their ids. Only while the host is held: then no other run is alive. */
  sweep(cluster: Cluster, node: string, signal: AbortSignal): Promise<readonly string[]>
  /** Checks a token that was given instead; throws an explained error. */
  acceptToken(text: string, caPem: string, consent: Pick<JoinConsent, 'allowServerToken'>): Credential

  /**
   * Keeps other runs away from the host until it is released, or the connection ends. Changes nothing that outlives a reboot.
   * Rejects with an explained error that names the holder after `waitMs`. `holdMs`: limit on the host, for a runner that vanished.
   */
  hold(
    host: Host,
    run: RunIdentity,
    limits: { readonly waitMs: number; readonly holdMs: number },
    onWaiting: (holder: string) => void,
    signal: AbortSignal,
  ): Promise<Hold>

  /** Through the host's own network, before the host is touched. Without a credential it is not exercised. */
  handshake(
    host: Host,
    server: string,
    caPem: string,
    credential: Credential | undefined,
    signal: AbortSignal,
  ): Promise<Handshake>

  /**
   * Carries out `delete-node-password`: what the cluster keeps against this host's joining under its name goes, exactly as it was
   * looked at. `isNodeGone`: its Node was deleted just now, and what the cluster takes away itself is waited for.
   */
  freeName(
    cluster: Cluster,
    situation: JoinSituation,
    installation: Installation,
    isNodeGone: boolean,
    signal: AbortSignal,
  ): Promise<void>

  /** Downloads and checks on the runner. */
  prepare(version: string, architecture: string, signal: AbortSignal): Promise<Prepared>
  /** What people should know of it, e.g. `from the tool cache`. */
  describePrepared(prepared: Prepared): readonly string[]
  /** Verb 3. One upload, one script. `onDone` is called with the id of each change that was carried out. */
  install(
    host: Host,
    situation: JoinSituation,
    request: InstallRequest<Prepared>,
    run: RunIdentity,
    onDone: (changeId: string) => void,
    signal: AbortSignal,
  ): Promise<Installed>
  /** The program that would join and start the unit in one; undefined: the unit is started alone. Pure. */
  startProgram(situation: JoinSituation, installation: Installation): string | undefined
  /**
   * Verb 4. Starts or restarts without waiting, then follows unit and journal until the signal aborts. Where joining and starting are
   * one (kubeadm), this joins; how its program ends is an event.
   */
  start(
    host: Host,
    request: StartRequest<Installation>,
    onEvent: (event: StartEvent) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** A step forward that a line of a log tells of, e.g. `containerd up`; undefined for any other. `source`: as of `StartEvent`. */
  milestone(line: string, source?: string): string | undefined
  /** After the proof: deletes what only an undo would still have needed. */
  settle(host: Host, run: RunIdentity, signal: AbortSignal): Promise<void>
  /**
   * Reads from the host, and changes nothing, what explains a failure; before anything is undone. `startedAgoMs`: how long ago the
   * unit was ordered to start. Resolves with what there was when the signal aborts; rejects only when nothing could be read.
   */
  evidence(
    host: Host,
    run: RunIdentity & { readonly startedAgoMs?: number },
    signal: AbortSignal,
  ): Promise<readonly EvidenceFile[]>
  /**
   * After an undo of a first join: deletes what the server keeps of a node besides its Node, if it kept nothing when this run looked.
   * Resolves with whether there was something. `isNodeGone`: its Node has just been deleted, and the server may be doing it itself.
   */
  forgetNode(
    cluster: Cluster,
    situation: JoinSituation,
    installation: Installation,
    isNodeGone: boolean,
    signal: AbortSignal,
  ): Promise<boolean>
  /** Verb 5. Takes back what this run changed on the host, following its change log. */
  remove(host: Host, run: RunIdentity, signal: AbortSignal): Promise<Undone>
}
