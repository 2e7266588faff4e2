/**
 * Container images made from one program, busybox: two files as `docker save` writes them, which `ctr images import` reads.
 * The same program gives the same bytes: times and owners are fixed, and names are sorted.
 *
 * With a snapshotter that is not containerd's default, ctr must import by itself (`ctr images import --local --snapshotter
 * native`): the service that does it otherwise only knows the default (`no unpack platforms defined`, containerd 2.0.13).
 */
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from './workshop.ts'

/** What a layer is made of, and what the image says about itself. */
export interface Image {
  readonly file: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  lay(folder: string): Promise<void>
}

export const searchPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const pauseName = 'docker.io/rancher/mirrored-pause:3.6'
const busyboxName = 'docker.io/lab/busybox:1'

/** Goes into the key of this part: the number changes with what is laid into the images. */
export const imagesEdition = ['1', pauseName, busyboxName] as const

/** Writes pause.tar and busybox.tar into `folder`. `busybox` is a statically linked program with `wget`, `nc`, `sh` and the like. */
export async function makeImages(workshop: Workshop, busybox: string, pause: string, folder: string): Promise<void> {
  const applets = (await workshop.run({ program: busybox, arguments: ['--list'] })).split('\n').filter(Boolean)
  const bin = async (layer: string): Promise<string> => {
    await mkdir(join(layer, 'bin'), { recursive: true })
    await copyFile(busybox, join(layer, 'bin', 'busybox'))
    await chmod(join(layer, 'bin', 'busybox'), 0o755)
    return join(layer, 'bin')
  }
  const images: readonly Image[] = [
    {
      file: 'pause.tar',
      name: pauseName,
      config: { Entrypoint: ['/pause'], Env: [searchPath], User: '65535:65535', WorkingDir: '/' },
      async lay(layer) {
        await bin(layer)
        await copyFile(pause, join(layer, 'pause'))
        await chmod(join(layer, 'pause'), 0o755)
      },
    },
    {
      file: 'busybox.tar',
      name: busyboxName,
      config: { Cmd: ['sh'], Env: [searchPath] },
      async lay(layer) {
        const folder = await bin(layer)
        for (const applet of applets) if (applet !== 'busybox') await symlink('busybox', join(folder, applet))
        for (const name of ['etc', 'root', 'usr/bin', 'usr/local/bin', 'var/log']) {
          await mkdir(join(layer, name), { recursive: true })
        }
        await mkdir(join(layer, 'tmp'))
        await chmod(join(layer, 'tmp'), 0o1777)
        await writeFile(
          join(layer, 'etc/passwd'),
          'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
        )
        await writeFile(join(layer, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n')
      },
    },
  ]
  for (const image of images) await writeArchive(workshop, image, folder)
}

/** docker-archive: the layer's tar, the config named by its digest, and a manifest that says which is which. */
export async function writeArchive(workshop: Workshop, image: Image, folder: string): Promise<void> {
  const work = join(folder, `.${image.file}`)
  const layer = join(work, 'layer')
  const archive = join(work, 'archive')
  await mkdir(layer, { recursive: true })
  await mkdir(archive)
  await image.lay(layer)
  await pack(workshop, layer, join(work, 'layer.tar'))
  const content = await readFile(join(work, 'layer.tar'))
  const digest = sha256(content)
  await writeFile(join(archive, `${digest}.tar`), content)
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: image.config,
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
      history: [{ created: '1970-01-01T00:00:00Z', created_by: 'the lab of k3s-gpu-actions' }],
    }),
  )
  const name = `${sha256(config)}.json`
  await writeFile(join(archive, name), config)
  const manifest = [{ Config: name, RepoTags: [image.name], Layers: [`${digest}.tar`] }]
  await writeFile(join(archive, 'manifest.json'), JSON.stringify(manifest))
  await pack(workshop, archive, join(folder, image.file))
  await rm(work, { recursive: true })
}

async function pack(workshop: Workshop, folder: string, file: string): Promise<void> {
  const fixed = ['--format=gnu', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
  await workshop.run({
    program: 'tar',
    arguments: ['--create', `--file=${file}`, ...fixed, `--directory=${folder}`, '.'],
  })
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
