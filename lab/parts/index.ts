/** The parts of the lab: fetched, built, and kept in a cache. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Missing, Parts, Progress } from '../contract.ts'
import { type Place, take } from './cache.ts'
import { machineRelease } from './debian.ts'
import { actRecipe, containerdRecipe, kubernetesRecipe, toolkitRecipe } from './go.ts'
import { partsMissing } from './missing.ts'
import { imagesRecipe, packagesRecipe } from './packages.ts'
import { pluginImageFile, pluginImageRecipe } from './plugin-image.ts'
import { rootfsRecipe } from './rootfs.ts'
import { takeTriton } from './triton.ts'
import { openWorkshop, PartError } from './workshop.ts'

export { defaultCache } from './cache.ts'
export { takeK3s } from './k3s.ts'
export { partsMissing } from './missing.ts'
export { PartError } from './workshop.ts'

/**
 * Everything the lab is made of. From an empty cache this takes minutes, and needs root and the registries that apt, go and pip
 * are configured with; afterwards it takes a fraction of a second and no network.
 *
 * What keeps the processor busy is built one after another, while what is mostly downloaded comes beside it. Throws
 * `PartError` with the command, its last lines and the log's path; the other parts are then stopped.
 */
export async function prepareParts(options: {
  readonly cache: string
  readonly progress: Progress
  readonly signal?: AbortSignal
}): Promise<Parts> {
  const missing = partsMissing()
  if (missing.length > 0) throw new PartError(`The lab's parts cannot be made here. Missing: ${missing.join(', ')}`)
  const failure = new AbortController()
  const signals = [failure.signal, ...(options.signal === undefined ? [] : [options.signal])]
  const place: Place = { cache: options.cache, progress: options.progress, signal: AbortSignal.any(signals) }

  const lanes = [built(place), fetched(place)] as const
  try {
    const [programs, files] = await Promise.all(lanes)
    const pluginImage = await take(pluginImageRecipe(programs.kubernetes), place)
    return {
      ...programs,
      ...files,
      node: process.execPath,
      pluginImage: join(pluginImage, pluginImageFile),
      nvidiaRuntime: join(repositoryRoot, 'lab', 'parts', 'nvidia-container-runtime.sh'),
    }
  } catch (error) {
    failure.abort(error)
    // Nothing runs any more when this throws.
    await Promise.allSettled(lanes)
    throw error
  }
}

/** Path of act, from the cache or built now. Throws `PartError`; `isUnavailable` where its module or those that it needs cannot be had. */
export async function takeAct(place: Place): Promise<string> {
  return join(await take(actRecipe(await versionOfGo(place, 'act')), place), 'act')
}

async function built(place: Place): Promise<Pick<Parts, 'kubernetes' | 'containerd' | 'toolkit'>> {
  const goVersion = await versionOfGo(place, 'kubernetes')
  const kubernetes = await take(kubernetesRecipe(goVersion), place)
  const containerd = await take(containerdRecipe(goVersion), place)
  return { kubernetes, containerd, toolkit: await takeToolkit(goVersion, place) }
}

/** Never throws for what this machine lacks (a C compiler, a newer Go): everything but one scenario does without. */
async function takeToolkit(goVersion: string, place: Place): Promise<string | Missing> {
  try {
    return await take(toolkitRecipe(goVersion), place)
  } catch (error) {
    if (place.signal?.aborted || !(error instanceof Error)) throw error
    const log = join(place.cache, 'logs', 'nvidia-container-toolkit.log')
    const missing = `NVIDIA's container toolkit could not be built: ${error.message.split('\n')[0]} (log: ${log})`
    place.progress(missing)
    return { missing }
  }
}

async function fetched(place: Place): Promise<Pick<Parts, 'etcd' | 'runc' | 'cni' | 'rootfs' | 'images' | 'triton'>> {
  const release = machineRelease()
  const rootfs = await take(rootfsRecipe(release), place)
  const packages = await take(packagesRecipe(release, rootfs), place)
  const images = await take(imagesRecipe(release, rootfs), place)
  const triton = await takeTriton(place)
  if ('missing' in triton) place.progress(triton.missing)
  return {
    etcd: join(packages, 'etcd'),
    runc: join(packages, 'runc'),
    cni: join(packages, 'cni'),
    rootfs,
    images,
    triton,
  }
}

/** Of the Go that the module's own go.mod selects. */
async function versionOfGo(place: Place, module: 'kubernetes' | 'act'): Promise<string> {
  const workshop = await openWorkshop('go', join(place.cache, 'logs', 'go.log'), place.signal)
  try {
    const directory = join(repositoryRoot, 'lab', 'go', module)
    await access(directory)
    return (await workshop.run({ program: 'go', arguments: ['env', 'GOVERSION'], directory })).trim()
  } finally {
    await workshop.close()
  }
}
