/**
 * What becomes of a container on a node, as far as its GPUs decide it: NVIDIA's runtime, the driver, and NVIDIA's device plugin.
 * Its words are those of public logs, named beside each. Pure.
 */
import { parse } from 'yaml'
import type { ContainerGround, ContainerOutcome, GpuState, Json, LogLine, PodMaterial } from './model.ts'
import { programEnd } from './programs.ts'

type PluginOutcome =
  | Extract<ContainerOutcome, { kind: 'exited' }>
  | Omit<Extract<ContainerOutcome, { kind: 'running' }>, 'runtime'>
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const line = (level: LogLine['level'], place: string, text: string): LogLine => ({ level, place, text })

/** libnvidia-container's words for what NVML tells it (nvidia-docker issue 1393; recorded of containers that did not start). */
const nvmlWords: Readonly<Record<Exclude<GpuState['driver'], 'ok' | 'lost'>, string>> = {
  none: 'load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory',
  'not-loaded': 'nvml error: driver not loaded',
  mismatch: 'nvml error: driver/library version mismatch',
}

/** runc's words for a hook that failed: recorded in k8s-device-plugin and nvidia-container-toolkit issues. */
function hookFailed(problem: string): string {
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: initialization error: ${problem}`
}

/** Is this container NVIDIA's device plugin? By its image, whoever mirrors it. */
export function isDevicePlugin(container: Json): boolean {
  return /(^|\/)k8s-device-plugin([:@]|$)/.test(String(container.image ?? ''))
}

/** Releases of the plugin end with v0.20 in this world; what is no release is somebody's own, and there. */
function isPublished(image: string): boolean {
  const minor = /:v0\.(\d+)\.\d+(?:[-@]|$)/.exec(image)?.[1]
  return minor === undefined || Number(minor) <= 20
}

/** containerd's words for a tag that its registry does not have (public reports, e.g. rancher/k3os#446). */
function imageNotFound(image: string): string {
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
}

/**
 * What happens when the pod is started now. Only the first container counts: no pod of this world has two.
 * @param given UUIDs of the GPUs that its limits were given
 */
export function startContainer(
  { spec, handler, configMaps }: PodMaterial,
  ground: ContainerGround,
  given: readonly string[] = [],
): ContainerOutcome {
  const rejected = ground.rejects?.(spec)
  if (rejected !== undefined) return { kind: 'rejected', reason: 'UnexpectedAdmissionError', message: rejected }
  // containerd's words (internal/cri/server/podsandbox), seen with containerd 2.0.13.
  if (handler !== '' && !ground.handlers.has(handler))
    return {
      kind: 'no-sandbox',
      message: `failed to get sandbox runtime: no runtime for ${JSON.stringify(handler)} is configured`,
    }
  const runtime = handler === '' ? ground.defaultHandler : handler
  const [container = {}] = list(spec.containers)
  const image = String(container.image ?? '')
  if (isDevicePlugin(container) && !isPublished(image)) return { kind: 'no-image', message: imageNotFound(image) }
  const missing = ground.missingImage?.(image)
  if (missing !== undefined) return { kind: 'no-image', message: missing }
  const isNvidia = runtime.startsWith('nvidia')
  const { driver } = ground.gpu
  // An image of NVIDIA's asks for the GPU by NVIDIA_VISIBLE_DEVICES, and the hook needs the driver to give it.
  if (isNvidia && isDevicePlugin(container) && (driver === 'none' || driver === 'not-loaded' || driver === 'mismatch'))
    return { kind: 'not-started', message: hookFailed(nvmlWords[driver]) }
  if (!isDevicePlugin(container)) {
    const end = programEnd(container, spec, { ground, gpus: isNvidia && driver === 'ok' ? given : [] })
    if (end === undefined) return { kind: 'running', runtime, log: [], devices: {} }
    const { code, afterMs, reason, log: printed } = end
    return { kind: 'exited', code, log: [], afterMs, printed, ...(reason !== undefined && { reason }) }
  }
  const seesDriver = isNvidia || (driver === 'ok' && hasLibraryOfHost(spec, container, ground))
  const outcome = startPlugin(container, spec, configMaps, seesDriver, ground.gpu)
  return outcome.kind === 'running' ? { ...outcome, runtime } : outcome
}

/** What NVIDIA's runtime gives to a pod's container: by its image's or its own NVIDIA_VISIBLE_DEVICES, or by the plugin's. */
export function gpuOf(spec: Json, runtime: string) {
  const [container = {}] = list(spec.containers)
  const asked = environmentOf(container).NVIDIA_VISIBLE_DEVICES ?? ''
  const limits = ((container.resources ?? {}) as Json).limits as Json | undefined
  const isPlugin = isDevicePlugin(container)
  const isGiven = isPlugin || limits?.['nvidia.com/gpu'] !== undefined || !['', 'none', 'void'].includes(asked)
  const hasGpu = runtime.startsWith('nvidia') && isGiven
  return { name: String(container.name ?? ''), hasGpu, computes: hasGpu && !isPlugin }
}

/** How many whole GPUs a pod's limits hold; undefined: it asks by NVIDIA_VISIBLE_DEVICES, for all of them. */
export function gpusAsked(spec: Json): number | undefined {
  const [container = {}] = list(spec.containers)
  const limits = ((container.resources ?? {}) as Json).limits as Json | undefined
  if (limits?.['nvidia.com/gpu'] !== undefined) return Number(limits['nvidia.com/gpu'])
  return environmentOf(container).NVIDIA_VISIBLE_DEVICES === 'all' ? undefined : 0
}

/** Somebody mounts NVML from the host into a privileged container: that works for as long as the file of that name is there. */
function hasLibraryOfHost(spec: Json, container: Json, ground: ContainerGround): boolean {
  const security = (container.securityContext ?? {}) as Json
  const mounted = new Set(
    list(container.volumeMounts)
      .filter((mount) => String(mount.mountPath).includes('libnvidia-ml.so'))
      .map((mount) => mount.name),
  )
  const paths = list(spec.volumes)
    .filter((volume) => mounted.has(volume.name))
    .map((volume) => String(((volume.hostPath ?? {}) as Json).path ?? ''))
  return security.privileged === true && paths.length > 0 && paths.every((path) => ground.hasFile(path))
}

function environmentOf(container: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(list(container.env).map((one) => [String(one.name), String(one.value ?? '')]))
}

/**
 * The plugin from its start on (NVIDIA/k8s-device-plugin, internal/plugin/factory.go and cmd/nvidia-device-plugin/main.go; places
 * of log lines as public logs of v0.17 show them).
 */
function startPlugin(
  container: Json,
  spec: Json,
  configMaps: PodMaterial['configMaps'],
  seesDriver: boolean,
  gpu: GpuState,
): PluginOutcome {
  const environment = environmentOf(container)
  // Only this word keeps it from failing (strconv.ParseBool of the flag's default true).
  const fails = !['false', '0', 'f', 'F', 'FALSE', 'False'].includes(environment.FAIL_ON_INIT_ERROR ?? 'true')
  const advice = [
    line('E', 'factory.go:113', 'If this is a GPU node, did you configure the NVIDIA Container Toolkit?'),
    line(
      'E',
      'factory.go:114',
      'You can check the prerequisites at: https://github.com/NVIDIA/k8s-device-plugin#prerequisites',
    ),
    line(
      'E',
      'factory.go:115',
      'You can learn how to set the runtime at: https://github.com/NVIDIA/k8s-device-plugin#quick-start',
    ),
    line(
      'E',
      'factory.go:116',
      'If this is not a GPU node, you should set up a toleration or nodeSelector to only deploy this plugin on GPU nodes',
    ),
  ]
  const begin = [line('I', 'main.go:317', 'Retrieving plugins.')]
  const waiting = line('I', 'main.go:381', 'No devices found. Waiting indefinitely.')
  if (!seesDriver) {
    const isOld = /:v0\.(?:\d|1[0-4])\./.test(String(container.image))
    const words = isOld ? 'Incompatible platform detected' : 'Incompatible strategy detected auto'
    const log = [...begin, line('E', 'factory.go:112', words), ...advice]
    if (!fails) return { kind: 'running', log: [...log, waiting], devices: {} }
    const reason = isOld
      ? 'error starting plugins: error getting plugins: unable to load resource managers to manage plugin devices: platform detection failed'
      : 'error starting plugins: error getting plugins: unable to create plugins: failed to construct resource managers: invalid device discovery strategy'
    return { kind: 'exited', code: 1, log: [...log, line('E', 'main.go:185', reason)] }
  }
  const found = [
    ...begin,
    line('I', 'factory.go:107', 'Detected NVML platform: found NVML library'),
    line('I', 'factory.go:107', 'Detected non-Tegra platform: /sys/devices/soc0/family file not found'),
  ]
  const devices = registered(gpu, environment.MIG_STRATEGY ?? 'none', sharingOf(spec, environment, configMaps))
  if (Object.keys(devices).length === 0) return { kind: 'running', log: [...found, waiting], devices }
  const served = Object.keys(devices).flatMap((resource) => {
    const socket = `/var/lib/kubelet/device-plugins/nvidia-${resource.replace('nvidia.com/', '')}.sock`
    return [
      line('I', 'server.go:165', `Starting GRPC server for '${resource}'`),
      line('I', 'server.go:117', `Starting to serve '${resource}' on ${socket}`),
      line('I', 'server.go:125', `Registered device plugin for '${resource}' with Kubelet`),
    ]
  })
  return { kind: 'running', log: [...found, ...served], devices }
}

/** How many devices of which name: whole GPUs, or with a strategy the parts that MIG has made; each as often as it is shared. */
function registered(
  gpu: GpuState,
  migStrategy: string,
  sharing: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  const add = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + (sharing[name] ?? 1))
  }
  if (gpu.driver !== 'ok') return {}
  if (migStrategy === 'none' || gpu.migProfiles.length === 0) for (const _ of gpu.uuids) add('nvidia.com/gpu')
  else
    for (const profile of gpu.migProfiles)
      add(migStrategy === 'mixed' ? `nvidia.com/mig-${profile.replace('+', '.')}` : 'nvidia.com/gpu')
  return Object.fromEntries(counts)
}

/** Resource → replicas, of time-slicing or MPS, from the configuration that the plugin is told to read from a ConfigMap. */
function sharingOf(
  spec: Json,
  environment: Readonly<Record<string, string>>,
  configMaps: PodMaterial['configMaps'],
): Readonly<Record<string, number>> {
  const file = environment.CONFIG_FILE?.split('/').at(-1)
  const names = list(spec.volumes).map((volume) => String(((volume.configMap ?? {}) as Json).name ?? ''))
  const text =
    file === undefined ? undefined : names.map((name) => configMaps[name]?.[file]).find((found) => found !== undefined)
  const sharing = ((text === undefined ? undefined : (parse(text) as Json))?.sharing ?? {}) as Json
  const shared = [sharing.timeSlicing, sharing.mps].flatMap((kind) => list(((kind ?? {}) as Json).resources))
  return Object.fromEntries(shared.map((one) => [String(one.name), Number(one.replicas)]))
}
