/** Parts that are Debian packages, unpacked and never installed: etcd, runc, CNI plugins, and images made from busybox. */
import { readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Recipe } from './cache.ts'
import { type Release, unpackPackages } from './debian.ts'
import { imagesEdition, makeImages } from './images.ts'

const busyboxPackage = 'busybox-static'
/** What is taken from which package. */
const wanted = {
  'etcd-server': ['usr/bin/etcd', 'etcd'],
  runc: ['usr/sbin/runc', 'runc'],
  'containernetworking-plugins': ['usr/lib/cni', 'cni'],
} as const

/** Folder: etcd, runc, cni/. */
export function packagesRecipe(release: Release, tree: string): Recipe {
  const names = Object.keys(wanted)
  return {
    part: 'packages',
    title: `etcd, runc and CNI plugins of Debian ${release.codename}`,
    from: [...origin(release), ...Object.entries(wanted).flat(2)],
    async make(workshop, folder) {
      await unpackPackages(workshop, release, names, folder, tree)
      for (const [name, [path, target]] of Object.entries(wanted)) {
        // A package and what is taken from it may have the same name.
        const unpacked = join(folder, `.${name}`)
        await rename(join(folder, name), unpacked)
        await rename(join(unpacked, path), join(folder, target))
        await rm(unpacked, { recursive: true })
      }
    },
  }
}

/** Folder: pause.tar, busybox.tar. */
export function imagesRecipe(release: Release, tree: string): Recipe {
  const pause = join(repositoryRoot, 'lab', 'parts', 'pause.sh')
  return {
    part: 'images',
    title: 'container images',
    from: [...origin(release), ...imagesEdition, readFileSync(pause)],
    async make(workshop, folder) {
      await unpackPackages(workshop, release, [busyboxPackage], folder, tree)
      const unpacked = join(folder, busyboxPackage)
      await makeImages(workshop, join(unpacked, 'bin/busybox'), pause, folder)
      await rm(unpacked, { recursive: true })
    },
  }
}

function origin(release: Release): readonly string[] {
  return [release.codename, String(release.isOwn), process.arch]
}
