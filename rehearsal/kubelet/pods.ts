/** The part of a kubelet that runs the pods of one node: a pod a time, at its pace, and what each of them registers. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject } from '../contract.ts'
import { gpuOf, gpusAsked, startContainer } from './device-plugin.ts'
import type { ContainerGround, ContainerOutcome, LogLine } from './model.ts'
import { mountsOf, type PodMount } from './mounts.ts'
import { containerId, endStatus, type PodPast, podStatus } from './pod-status.ts'

/** What the API server has for a node. */
export interface NodePods {
  readonly pods: readonly KubernetesObject[]
  /** RuntimeClass → handler. */
  readonly runtimeClasses: Readonly<Record<string, string>>
  /** `namespace/name` → data. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** `namespace/name` of claims → the volumes behind them. */
  readonly volumes?: Readonly<Record<string, { readonly name: string; readonly driver: string }>>
}

export interface PodReport {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly status: object
  readonly log: readonly string[]
  /** It was to end, and has: the API server may delete it. */
  readonly hasEnded?: true
  readonly event?: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
}

/** A container that has come up, as its runtime knows it. */
export interface RunningContainer {
  readonly podUid: string
  /** 64 hex digits. */
  readonly id: string
  readonly namespace: string
  readonly pod: string
  readonly name: string
  /** It can see the driver's devices. */
  readonly hasGpu: boolean
  /** It works on the GPU, as NVIDIA's own plugin does not. */
  readonly computes: boolean
  readonly mounts: readonly PodMount[]
}

export interface PodsOptions {
  readonly ground: () => ContainerGround
  readonly hostIp: string
  /** Factor on the kubelet's delays. */
  readonly pace: number
  readonly signal: AbortSignal
  /** klog's header of a line. */
  readonly header: (level: 'I' | 'W' | 'E', place: string) => string
  report(report: PodReport): Promise<void>
  /** Told of every container that runs, again after a restart of the kubelet, and of the pods that are gone. */
  readonly containers?: { started(container: RunningContainer): void; ended(podUid: string): void }
  /** What all running pods together have registered now. */
  devices(registered: Readonly<Record<string, number>>): Promise<void>
}

interface Running {
  readonly ending: AbortController
  /** It is to end: the API server has said so. */
  isToEnd: boolean
  devices: Readonly<Record<string, number>>
  /** UUIDs that its limits were given. */
  gpus: readonly string[]
}

/** A pod that ran when its kubelet ended goes on running: containers do not belong to it. */
function isRunning(pod: KubernetesObject): boolean {
  const { containerStatuses = [] } = (pod.status ?? {}) as { containerStatuses?: { state?: { running?: unknown } }[] }
  return containerStatuses.some(({ state }) => state?.running !== undefined)
}

/** What has done its work is not started again by a kubelet that hears of it. */
function hasEnded(pod: KubernetesObject): boolean {
  return ['Succeeded', 'Failed'].includes(String((pod.status as { phase?: string } | undefined)?.phase))
}

type End = Extract<ContainerOutcome, { kind: 'exited' | 'not-started' | 'rejected' }>

/** What nobody starts again. */
function endOf(outcome: ContainerOutcome, { restartPolicy }: Readonly<Record<string, unknown>>): End | undefined {
  if (outcome.kind === 'rejected') return outcome
  const isOver =
    restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && outcome.kind === 'exited' && outcome.code === 0)
  return isOver && (outcome.kind === 'exited' || outcome.kind === 'not-started') ? outcome : undefined
}

const timestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z')

export class Pods {
  readonly #options: PodsOptions
  readonly #running = new Map<string, Running>()
  #latest: NodePods = { pods: [], runtimeClasses: {}, configMaps: {} }

  constructor(options: PodsOptions) {
    this.#options = options
  }

  /** Starts what is new and ends what is gone. */
  async see(latest: NodePods): Promise<void> {
    this.#latest = latest
    const wanted = new Map(latest.pods.map((pod) => [pod.metadata.uid ?? '', pod]))
    let isLess = false
    for (const [uid, running] of this.#running) {
      if (wanted.has(uid)) continue
      running.ending.abort()
      this.#running.delete(uid)
      this.#options.containers?.ended(uid)
      isLess ||= Object.keys(running.devices).length > 0
    }
    if (isLess) await this.#tellDevices()
    for (const [uid, pod] of wanted) {
      const known = this.#running.get(uid)
      const running: Running = known ?? { ending: new AbortController(), isToEnd: false, devices: {}, gpus: [] }
      this.#running.set(uid, running)
      if (pod.metadata.deletionTimestamp !== undefined) {
        if (!running.isToEnd) void this.#terminate(pod, running).catch(() => undefined)
      } else if (known === undefined && !hasEnded(pod)) void this.#run(pod, running).catch(() => undefined)
    }
  }

  /** SIGTERM, and SIGKILL at the end of the grace period for what does not heed it; then the API server is told. */
  async #terminate(pod: KubernetesObject, running: Running): Promise<void> {
    running.isToEnd = true
    running.ending.abort()
    const { name, namespace = '', uid = '' } = pod.metadata
    const { deletionGracePeriodSeconds = 30 } = pod.metadata as { deletionGracePeriodSeconds?: number }
    const [container = {}] =
      ((pod.spec ?? {}) as { containers?: readonly { command?: readonly string[] }[] }).containers ?? []
    // A process with the number 1 that has no handler for SIGTERM does not get it (signal(7), pid_namespaces(7)); sleep has none.
    const ignores = container.command?.[0] === 'sleep'
    const lasts = ignores ? deletionGracePeriodSeconds * 1000 : Math.min(deletionGracePeriodSeconds * 1000, 400)
    await sleep(lasts * this.#options.pace, undefined, { signal: this.#options.signal })
    this.#options.containers?.ended(uid)
    await this.#options.report({ namespace, name, uid, status: pod.status as object, log: [], hasEnded: true })
  }

  async #run(pod: KubernetesObject, running: Running): Promise<void> {
    const signal = AbortSignal.any([running.ending.signal, this.#options.signal])
    const pause = (milliseconds: number) => sleep(milliseconds * this.#options.pace, undefined, { signal })
    const { name, namespace = '', uid = '' } = pod.metadata
    const spec = (pod.spec ?? {}) as Readonly<Record<string, unknown>>
    const hadRun = isRunning(pod)
    const podIp = this.#options.hostIp
    await pause(hadRun ? 300 : 500)
    for (let restarts = 0; ; restarts++) {
      const { runtimeClasses, configMaps } = this.#latest
      const own = Object.entries(configMaps).filter(([key]) => key.startsWith(`${namespace}/`))
      const outcome = startContainer(
        {
          spec,
          handler: spec.runtimeClassName === undefined ? '' : (runtimeClasses[String(spec.runtimeClassName)] ?? ''),
          configMaps: Object.fromEntries(own.map(([key, data]) => [key.slice(namespace.length + 1), data])),
        },
        this.#options.ground(),
        this.#give(spec, running),
      )
      const startedAt = timestamp()
      const [{ image = '' } = {}] = (spec.containers ?? []) as readonly { readonly image?: string }[]
      const log = this.#logOf(outcome)
      const end = endOf(outcome, spec)
      if (end !== undefined) {
        const past = { restarts, startedAt, now: timestamp(), hostIp: this.#options.hostIp, podIp, isWaiting: false }
        return await this.#end(pod, end, past, pause)
      }
      if (outcome.kind === 'rejected') return
      const tell = async (isWaiting: boolean, restarted: number): Promise<void> => {
        if (signal.aborted) return
        const past = {
          restarts: restarted,
          startedAt,
          now: timestamp(),
          hostIp: this.#options.hostIp,
          podIp,
          isWaiting,
        }
        const failed =
          outcome.kind === 'no-sandbox'
            ? 'FailedCreatePodSandBox'
            : outcome.kind === 'not-started' || outcome.kind === 'no-image'
              ? 'Failed'
              : 'BackOff'
        const message =
          outcome.kind === 'no-sandbox'
            ? `Failed to create pod sandbox: rpc error: code = Unknown desc = ${outcome.message}`
            : outcome.kind === 'not-started'
              ? `Error: ${outcome.message}`
              : outcome.kind === 'no-image'
                ? `Failed to pull image ${JSON.stringify(String(image))}: ${outcome.message}`
                : `Back-off restarting failed container in pod ${name}_${namespace}(${uid})`
        await this.#options.report({
          namespace,
          name,
          uid,
          status: podStatus(pod, outcome, past),
          log,
          ...(outcome.kind !== 'running' &&
            (outcome.kind !== 'exited' || isWaiting) && {
              event: { type: 'Warning' as const, reason: failed, message },
            }),
        })
      }
      // A container that lives keeps its start and its number; what it registers is told anew.
      if (outcome.kind === 'running') {
        // It is there before anybody is told.
        const id = containerId(uid, restarts).slice('containerd://'.length)
        this.#options.containers?.started({
          podUid: uid,
          id,
          mounts: mountsOf(pod, id, (claim) => this.#latest.volumes?.[`${namespace}/${claim}`]),
          namespace,
          pod: name,
          ...gpuOf(spec, outcome.runtime),
        })
        if (!hadRun || restarts > 0) await tell(false, restarts)
        if (signal.aborted) return
        running.devices = outcome.devices
        if (Object.keys(outcome.devices).length > 0) await this.#tellDevices()
        return
      }
      await tell(false, restarts)
      if (outcome.kind === 'no-sandbox') {
        // The same number all the time: nothing has started.
        restarts = -1
        await pause(3000)
        continue
      }
      await pause(1000)
      // What has no container yet is not restarted.
      await tell(true, outcome.kind === 'no-image' ? 0 : restarts + 1)
      await pause(Math.min(10_000 * 2 ** restarts, 300_000))
    }
  }

  /** GPUs that nobody else on this node holds; shared ones once more where all are held. */
  #give(spec: Readonly<Record<string, unknown>>, running: Running): readonly string[] {
    const { uuids } = this.#options.ground().gpu
    const asked = gpusAsked(spec)
    if (asked === undefined) return uuids
    const held = [...this.#running.values()].filter((one) => one !== running).flatMap(({ gpus }) => gpus)
    const free = uuids.filter((uuid) => !held.includes(uuid))
    running.gpus = [...free, ...uuids.filter((uuid) => held.includes(uuid))].slice(0, asked)
    return running.gpus
  }

  /** It ran, and has ended for good: first the one is told, then the other. */
  async #end(pod: KubernetesObject, outcome: End, past: PodPast, pause: (ms: number) => Promise<void>): Promise<void> {
    const { name, namespace = '', uid = '' } = pod.metadata
    const told = { namespace, name, uid }
    const log = this.#logOf(outcome)
    if (outcome.kind === 'exited') {
      const running = { kind: 'running', runtime: '', log: [], devices: {} } as const
      await this.#options.report({ ...told, status: podStatus(pod, running, past), log })
      await pause(outcome.afterMs ?? 0)
    }
    const event =
      outcome.kind === 'exited'
        ? undefined
        : outcome.kind === 'rejected'
          ? { reason: outcome.reason, message: outcome.message }
          : { reason: 'Failed', message: `Error: ${outcome.message}` }
    const own = this.#running.get(uid)
    if (own !== undefined) own.gpus = []
    await this.#options.report({
      ...told,
      status: endStatus(pod, outcome, { ...past, now: timestamp() }),
      log,
      ...(event && { event: { type: 'Warning' as const, ...event } }),
    })
  }

  #logOf(outcome: ContainerOutcome): readonly string[] {
    if (outcome.kind !== 'exited' && outcome.kind !== 'running') return []
    const printed = outcome.kind === 'exited' ? (outcome.printed ?? []) : []
    return [...printed, ...outcome.log.map((line) => this.#logged(line))]
  }

  #logged({ level, place, text }: LogLine): string {
    return `${this.#options.header(level, place)} ${text}`
  }

  async #tellDevices(): Promise<void> {
    const sum: Record<string, number> = {}
    for (const { devices } of this.#running.values())
      for (const [name, count] of Object.entries(devices)) sum[name] = Math.max(sum[name] ?? 0, count)
    await this.#options.devices(sum)
  }
}
