/** Parts that are built from Go modules: Kubernetes as one program with many names, containerd as three programs. */
import { globSync, readFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Recipe } from './cache.ts'
import type { Command } from './workshop.ts'

const kubernetesVersion = '1.33.13'
const containerdVersion = '2.0.13'
const toolkitVersion = '1.20.0'
const actVersion = '0.2.89'

/** Names that lab/go/kubernetes/main.go answers to. */
const kubernetesPrograms = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kubectl',
  'kubeadm',
  'device-plugin',
  'crictl',
] as const

/** The stand-in of NVIDIA's device plugin, as it goes into an image. */
export const pluginProgram = 'nvidia-device-plugin'

const containerdModule = 'github.com/containerd/containerd/v2'

interface GoBuild {
  readonly module: string
  /** It calls C, so that a C compiler is needed. */
  readonly isC?: true
  readonly flags: readonly string[]
  readonly ldflags: readonly string[]
  readonly packages: readonly string[]
}

/**
 * Folder: kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kubectl, kubeadm and the stand-in device-plugin; apart from
 * them nvidia-device-plugin, which is small enough for an image.
 */
export function kubernetesRecipe(goVersion: string): Recipe {
  const [major = '', minor = ''] = kubernetesVersion.split('.')
  const facts = { gitVersion: `v${kubernetesVersion}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
  const build: GoBuild = {
    module: 'kubernetes',
    // As Kubernetes' own releases of the node programs, without the cloud providers in the tree.
    flags: ['-tags=providerless,selinux'],
    ldflags: ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((target) =>
      Object.entries(facts).map(([name, value]) => `-X=${target}.${name}=${value}`),
    ),
    packages: ['.'],
  }
  return {
    part: 'kubernetes',
    title: `kubernetes ${kubernetesVersion}`,
    from: sources(build, goVersion, kubernetesPrograms),
    async make(workshop, folder) {
      await workshop.run(goDownload(build))
      await workshop.run(goBuild(build, join(folder, 'kubernetes')))
      for (const name of kubernetesPrograms) await symlink('kubernetes', join(folder, name))
      await workshop.run(goBuild({ ...build, packages: [`./${pluginProgram}`] }, join(folder, pluginProgram)))
    },
  }
}

/** Folder: containerd, containerd-shim-runc-v2, ctr. */
export function containerdRecipe(goVersion: string): Recipe {
  const build: GoBuild = {
    module: 'containerd',
    flags: [],
    ldflags: [`-X=${containerdModule}/version.Version=${containerdVersion}`],
    packages: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => `${containerdModule}/cmd/${name}`),
  }
  return {
    part: 'containerd',
    title: `containerd ${containerdVersion}`,
    from: sources(build, goVersion, []),
    async make(workshop, folder) {
      await workshop.run(goDownload(build))
      // A slash at the end tells go that it is a folder.
      await workshop.run(goBuild(build, `${folder}/`))
    },
  }
}

/** Folder: nvidia-ctk, nvidia-container-runtime. NVIDIA's own programs, as their Makefile builds them; libnvidia-container is not among them. */
export function toolkitRecipe(goVersion: string): Recipe {
  const module = 'github.com/NVIDIA/nvidia-container-toolkit'
  const build: GoBuild = {
    module: 'nvidia-container-toolkit',
    isC: true,
    flags: [],
    ldflags: [`-X=${module}/internal/info.version=${toolkitVersion}`],
    packages: ['nvidia-ctk', 'nvidia-container-runtime'].map((name) => `${module}/cmd/${name}`),
  }
  return {
    part: 'nvidia-container-toolkit',
    title: `NVIDIA container toolkit ${toolkitVersion}`,
    from: sources(build, goVersion, []),
    async make(workshop, folder) {
      await workshop.run(goDownload(build))
      await workshop.run(goBuild(build, `${folder}/`))
    },
  }
}

/** Folder: act, which runs workflow files on this machine. Not of the lab: `npm run test:act` asks it what our own runner says. */
export function actRecipe(goVersion: string): Recipe {
  const build: GoBuild = {
    module: 'act',
    flags: [],
    // Its main.go takes the version from a file that is embedded.
    ldflags: [],
    packages: ['github.com/nektos/act'],
  }
  return {
    part: 'act',
    title: `act ${actVersion}`,
    from: sources(build, goVersion, []),
    async make(workshop, folder) {
      await workshop.run(goDownload(build))
      await workshop.run(goBuild(build, `${folder}/`))
    },
  }
}

/** Apart from the build, so that what cannot be fetched is told from what cannot be built. */
function goDownload(build: GoBuild): Command {
  const directory = join(repositoryRoot, 'lab', 'go', build.module)
  return { program: 'go', arguments: ['mod', 'download'], directory, isFetch: true }
}

function goBuild(build: GoBuild, output: string) {
  return {
    program: 'go',
    arguments: [...words(build), '-o', output, ...build.packages],
    directory: join(repositoryRoot, 'lab', 'go', build.module),
    environment: { CGO_ENABLED: build.isC ? '1' : '0' },
  }
}

/** The module's files stay as they are committed (readonly), and nothing of this repository gets into the program (buildvcs). */
function words(build: GoBuild): readonly string[] {
  const ldflags = ['-s', '-w', ...build.ldflags].join(' ')
  return ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', ...build.flags, `-ldflags=${ldflags}`]
}

function sources(build: GoBuild, goVersion: string, names: readonly string[]): readonly (string | Buffer)[] {
  const folder = join(repositoryRoot, 'lab', 'go', build.module)
  const files = globSync('{go.mod,go.sum,**/*.go}', { cwd: folder }).sort()
  return [
    goVersion,
    process.arch,
    ...words(build),
    ...build.packages,
    ...names,
    ...files.flatMap((file) => [file, readFileSync(join(folder, file))]),
  ]
}
