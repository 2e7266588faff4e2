/** The standing lab: a control plane and what answers for GitHub, in which situations are opened one after another. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { calypsoSystemUuid } from '../rehearsal/contract.ts'
import { githubNames, startGithub } from '../rehearsal/github/index.ts'
import { startCluster, startResolver } from './cluster/index.ts'
import { addresses, type Parts, type Progress } from './contract.ts'
import type { Lab } from './inside/model.ts'
import { openKubeadmLab } from './kubeadm/index.ts'
import { onlyOfStandIns, releasedFor } from './released.ts'
import { openSituation } from './situation.ts'

export async function openLab(options: {
  readonly parts: Parts
  readonly state: string
  readonly progress: Progress
}): Promise<Lab> {
  const { parts, state, progress } = options
  const directory = join(state, 'lab')
  mkdirSync(directory, { recursive: true })
  const cluster = await startCluster({
    parts,
    directory: join(state, 'cluster'),
    progress,
    systemUuid: calypsoSystemUuid,
  })
  const started: { close(): Promise<void> }[] = [cluster]
  const close = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.close()
  }
  try {
    started.push(await startResolver(addresses.server))
    const kubeadm = openKubeadmLab(options)
    started.push(kubeadm)
    const certificate = await cluster.issue(githubNames)
    const { published } = releasedFor(parts)
    return {
      parts,
      directory,
      cluster,
      progress,
      kubeadm,
      unplayable: parts.k3s === undefined ? {} : onlyOfStandIns,
      async situation(wanted) {
        // What GitHub serves belongs to the situation: a fault can lie there.
        const github = await startGithub({
          certificate,
          releases: [published],
          faults: wanted.faults ?? new Set(),
          listen: { host: addresses.github, port: 443 },
        })
        try {
          const situation = await openSituation({ parts, cluster, directory: join(state, 'situations') }, wanted)
          return {
            ...situation,
            async close() {
              await situation.close()
              await github.close()
            },
          }
        } catch (error) {
          await github.close()
          throw error
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
