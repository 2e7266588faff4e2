/** The part of a kubelet that runs the pods of one node: a pod a time, at its pace, and what each of them registers. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject } from '../contract.ts'
import { type ContainerGround, gpuOf, type LogLine, startContainer } from './device-plugin.ts'
import { containerId, podStatus } from './pod-status.ts'

/** What the API server has for a node. */
export interface NodePods {
  readonly pods: readonly KubernetesObject[]
  /** RuntimeClass → handler. */
  readonly runtimeClasses: Readonly<Record<string, string>>
  /** `namespace/name` → data. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface PodReport {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly status: object
  readonly log: readonly string[]
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
  devices: Readonly<Record<string, number>>
}

/** A pod that ran when its kubelet ended goes on running: containers do not belong to it. */
function isRunning(pod: KubernetesObject): boolean {
  const { containerStatuses = [] } = (pod.status ?? {}) as { containerStatuses?: { state?: { running?: unknown } }[] }
  return containerStatuses.some(({ state }) => state?.running !== undefined)
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
      if (this.#running.has(uid)) continue
      const running: Running = { ending: new AbortController(), devices: {} }
      this.#running.set(uid, running)
      void this.#run(pod, running).catch(() => undefined)
    }
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
      )
      const startedAt = timestamp()
      const [{ image = '' } = {}] = (spec.containers ?? []) as readonly { readonly image?: string }[]
      const log =
        outcome.kind === 'exited' || outcome.kind === 'running' ? outcome.log.map((line) => this.#logged(line)) : []
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
        this.#options.containers?.started({
          podUid: uid,
          id: containerId(uid, restarts).slice('containerd://'.length),
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
