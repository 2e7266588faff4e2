/**
 * The released k3s: its program for this machine and its installer, read and checked by the same code that k3s-join reads a
 * release with. The images that are released beside it are not needed: an agent becomes Ready without any, the server runs
 * none of its packaged components here, and the one image that pods need (rancher/mirrored-pause:3.6) is among the lab's own.
 *
 * Not yet run against GitHub itself.
 */
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { architecture, type K3sPart, k3sVersion, type Missing } from '../contract.ts'
import { type Place, type Recipe, take } from './cache.ts'
import { type GithubOptions, openGithub } from './github.ts'

/** Goes into the key of this part: changes with how the folder is laid out. */
const edition = '1'

export type K3sSource = Pick<GithubOptions, 'token' | 'fetch' | 'limits'>

/** Never throws for a release that cannot be had, or that is not what was published; only when it was told to stop. */
export async function takeK3s(
  place: Place,
  source: K3sSource = { token: process.env.GITHUB_TOKEN },
): Promise<K3sPart | Missing> {
  try {
    const folder = await take(recipe(place, source), place)
    return {
      version: k3sVersion,
      commit: readFileSync(join(folder, 'commit'), 'utf8'),
      program: join(folder, 'k3s'),
      installer: join(folder, 'install.sh'),
    }
  } catch (error) {
    if (place.signal?.aborted || !(error instanceof Error)) throw error
    const why = typeof error.cause === 'string' ? `${error.message}: ${error.cause}` : error.message
    return { missing: `the released k3s could not be had: ${why.replace(/\s*\n\s*/g, ' ')}` }
  }
}

function recipe(place: Place, source: K3sSource): Recipe {
  return {
    part: 'k3s',
    title: `k3s ${k3sVersion} as released`,
    from: [edition, k3sVersion, architecture],
    async make(_, folder) {
      const downloads = join(folder, '.downloads')
      await mkdir(downloads)
      const { createK3s } = await loadK3s()
      const { prepare } = createK3s({
        ...openGithub({ ...source, folder: downloads }),
        // The lab has a cache of its own.
        toolCache: { find: () => undefined, add: async (file) => file },
        mask: () => undefined,
      })
      const release = await prepare(k3sVersion, architecture, place.signal ?? new AbortController().signal)
      for (const note of release.notes) place.progress(note)
      const program = join(folder, 'k3s')
      await rename(release.binary.path, program)
      await chmod(program, 0o755)
      await writeFile(join(folder, 'install.sh'), release.installer.text)
      await writeFile(join(folder, 'commit'), release.installer.commit)
      await rm(downloads, { recursive: true })
    },
  }
}

async function loadK3s() {
  // In a fresh clone nobody has made a module of its scripts yet.
  if (!existsSync(join(repositoryRoot, 'src', 'k3s', 'scripts.generated.ts')))
    (await import('../../scripts/generate.ts')).generateScripts()
  return await import('../../src/k3s/index.ts')
}
