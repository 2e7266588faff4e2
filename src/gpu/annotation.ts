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
