/** What a released k3s finds below its data folder before it runs on a host for the first time. Not yet run. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const agentFolder = '/var/lib/rancher/k3s/agent'

/**
 * containerd's layers. k3s lays them as overlays, and the root of a lab host is one already, on which the kernel lays no
 * other: this folder lies in memory. Its images are those of busybox, a few MB.
 */
export const snapshotFolder = `${agentFolder}/containerd`

/** Nothing can be pulled here: k3s imports every archive that it finds in this folder when its agent starts. */
export function layImages(root: string, images: string): void {
  const folder = join(root, agentFolder, 'images')
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(images))
    if (name.endsWith('.tar')) copyFileSync(join(images, name), join(folder, name))
}
