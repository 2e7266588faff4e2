import { fieldManager, type GpuFacts, gpuAnnotationName, presentLabel } from './model.ts'

/** What the annotation says besides what was found on the host. */
export interface Recorded {
  /** Version of the toolkit as it is after the run; undefined: as it was found. */
  readonly toolkit?: string
  /** Whether this project set the label `nvidia.com/gpu.present`, and may therefore take it away. */
  readonly isLabelOurs: boolean
}

/** Nothing of a GPU is longer; what is, is no name. */
const short = (text: string): string => text.slice(0, 128)
/** `1.20.0-1` and `1.20.0` are one version: the plan knows it without the package's revision. */
const withoutRevision = (version: string): string => short(version).replace(/-[^-]*$/, '')
/** A server has 16 GPUs, and an annotation is no place for a flood. */
const mostGpus = 64

/**
 * What was found when the node was last prepared, as JSON with its keys in one order: the same GPUs give the same text, so that a run
 * that finds nothing new writes nothing. Temperatures and the like are left out for that reason.
 */
export function gpuAnnotation(gpu: GpuFacts, { toolkit, isLabelOurs }: Recorded): string {
  const devices = [...gpu.devices].sort((a, b) => (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0)).slice(0, mostGpus)
  return JSON.stringify({
    by: fieldManager,
    gpus: devices.map(({ uuid, name }) => ({ uuid: short(uuid), product: short(name) })),
    driver: short(gpu.driver.loaded),
    cuda: short(gpu.cudaVersion),
    toolkit: withoutRevision(toolkit ?? gpu.toolkit.packages[0]?.version ?? ''),
    label: isLabelOurs ? presentLabel : '',
  })
}

/**
 * Whether the annotation says that the label is ours. A hint that others can write: it may take away this one label, which nothing but a
 * GPU's own software reads, and never anything else.
 */
export function isLabelOurs(annotations: Readonly<Record<string, string>>): boolean {
  const text = annotations[gpuAnnotationName]
  if (text === undefined) return false
  try {
    const recorded: unknown = JSON.parse(text)
    return typeof recorded === 'object' && recorded !== null && 'label' in recorded && recorded.label === presentLabel
  } catch {
    return false
  }
}

/**
 * Written together with the label, so that a run that ends between label and record leaves no label that nobody dares take away. No
 * record: the next run still finds one to write. Undefined: there is a record that says enough.
 */
export function provisionalAnnotation(annotations: Readonly<Record<string, string>>): string | undefined {
  if (isLabelOurs(annotations)) return undefined
  return JSON.stringify({ by: fieldManager, label: presentLabel })
}

/** What the annotation tells of a node's GPUs. Anybody who may write Nodes can write it: data, printable and bounded. */
export interface RecordedGpus {
  readonly gpus: readonly { readonly uuid: string; readonly product: string }[]
  readonly driver: string
  /** Highest CUDA version that the driver serves, e.g. `12.9`; empty: not said. */
  readonly cuda: string
}

const longestAnnotation = 64 * 1024

/** undefined: nothing was recorded, or only that a run had begun. `unreadable`: something else is written there. */
export function readGpuAnnotation(
  annotations: Readonly<Record<string, string>>,
): RecordedGpus | 'unreadable' | undefined {
  const written = Object.hasOwn(annotations, gpuAnnotationName) ? annotations[gpuAnnotationName] : undefined
  if (written === undefined) return undefined
  const text = (value: unknown): string =>
    typeof value === 'string' ? short(value.replace(/[^\x20-\x7e]+/g, ' ')) : ''
  try {
    const recorded: unknown = written.length > longestAnnotation ? null : JSON.parse(written)
    if (typeof recorded !== 'object' || recorded === null || Array.isArray(recorded)) return 'unreadable'
    const { gpus, driver, cuda } = recorded as Readonly<Record<string, unknown>>
    if (gpus === undefined && driver === undefined) return undefined
    if (!Array.isArray(gpus)) return 'unreadable'
    const devices = gpus.slice(0, mostGpus).map((one: unknown) => {
      const { uuid, product } = (typeof one === 'object' && one !== null ? one : {}) as Readonly<
        Record<string, unknown>
      >
      return { uuid: text(uuid), product: text(product) }
    })
    return { gpus: devices, driver: text(driver), cuda: /^\d{1,3}(\.\d{1,3})?$/.test(text(cuda)) ? text(cuda) : '' }
  } catch {
    return 'unreadable'
  }
}
