/** Debian as this machine has it: which release, from which mirror, and packages of it unpacked without being installed. */
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from './workshop.ts'

/** What hosts run where this machine is not a Debian itself. */
const otherwise = 'bookworm'

export interface Release {
  readonly codename: string
  /** Whether this machine's own apt can bring packages of it. */
  readonly isOwn: boolean
}

/** From the text of /etc/os-release. A Debian without a codename is testing or unstable on its way: not a release. */
export function releaseFrom(osRelease: string): Release {
  const fields = new Map(
    osRelease.split('\n').flatMap((line) => {
      const found = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim())
      return found === null ? [] : [[found[1] ?? '', found[3] ?? ''] as const]
    }),
  )
  const codename = fields.get('VERSION_CODENAME') ?? ''
  // It becomes an argument of debootstrap: a word, and no option.
  const isOwn = fields.get('ID') === 'debian' && /^[a-z]+$/.test(codename)
  return { codename: isOwn ? codename : otherwise, isOwn }
}

export function machineRelease(): Release {
  try {
    return releaseFrom(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return { codename: otherwise, isOwn: false }
  }
}

/** The mirror of the release that apt is configured with; undefined: debootstrap knows one itself. */
export async function mirrorOf(workshop: Workshop, release: Release): Promise<string | undefined> {
  const format = '$(SITE) $(CODENAME) $(RELEASE)'
  const text = await workshop.run({
    program: 'apt-get',
    arguments: ['indextargets', '--format', format, 'Created-By: Packages'],
  })
  return mirrorFrom(text, release.codename)
}

/** From lines `site codename release`; without apt's lists the second is missing or empty, and the third says the same. */
export function mirrorFrom(indexTargets: string, codename: string): string | undefined {
  for (const line of indexTargets.split('\n')) {
    const [site, ...names] = line.trim().split(/\s+/)
    if (site !== undefined && /^(?:https?|file):/.test(site) && names.includes(codename)) return site
  }
  return undefined
}

/**
 * Unpacks packages to `folder/<name>/`. Where the machine's own apt does not have the release, the one of `tree` is used: its
 * sources and its keys, with lists of its own that are gone afterwards.
 */
export async function unpackPackages(
  workshop: Workshop,
  release: Release,
  names: readonly string[],
  folder: string,
  tree: string,
): Promise<void> {
  const work = await mkdtemp(join(folder, '.packages-'))
  const downloads = join(work, 'downloads')
  await mkdir(downloads)
  const options = release.isOwn ? [] : await foreignApt(tree, work)
  const apt = (...words: readonly string[]) =>
    // Root's own folder is closed to the user that apt would download as.
    workshop.run({
      program: 'apt-get',
      arguments: ['--yes', '-o', 'APT::Sandbox::User=root', ...options, ...words],
      directory: downloads,
      isFetch: true,
    })
  if (release.isOwn) {
    await apt('download', ...names).catch(async (error: unknown) => {
      if (workshop.isStopped()) throw error
      // The lists are older than the mirror, or there are none.
      await apt('update')
      await apt('download', ...names)
    })
  } else {
    await apt('update')
    await apt('download', ...names)
  }
  for (const file of await readdir(downloads)) {
    const name = file.slice(0, file.indexOf('_'))
    const target = join(folder, name)
    await workshop.run({ program: 'dpkg-deb', arguments: ['--extract', join(downloads, file), target] })
  }
  await rm(work, { recursive: true })
}

/** Options that make apt look at another system's sources and keys, while its network settings stay this machine's. */
async function foreignApt(tree: string, work: string): Promise<readonly string[]> {
  await mkdir(join(work, 'state', 'lists', 'partial'), { recursive: true })
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true })
  const settings = {
    'Dir::Etc::sourcelist': join(tree, 'etc/apt/sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::trusted': '/dev/null',
    'Dir::Etc::trustedparts': join(tree, 'etc/apt/trusted.gpg.d'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(tree, 'var/lib/dpkg/status'),
    'Dir::Cache': join(work, 'cache'),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}
