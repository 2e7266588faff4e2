/** What GitHub publishes in this lab: a k3s that was really released, or the rehearsal's stand-ins for its program and installer. */
import { readFileSync } from 'node:fs'
import type { FaultName } from '../rehearsal/contract.ts'
import type { PublishedRelease } from '../rehearsal/github/index.ts'
import { installerText, k3sProgram } from '../rehearsal/host/released.ts'
import { releaseOf } from '../rehearsal/world.ts'
import { architecture, k3sVersion, type Parts } from './contract.ts'

export interface Released {
  readonly version: string
  readonly program: Buffer
  readonly installer: string
  /** For the stand-in of GitHub. */
  readonly published: PublishedRelease
}

/** Reads the files anew each time: a released program has some 70 MB. */
export function releasedFor({ k3s }: Pick<Parts, 'k3s'>): Released {
  if (k3s === undefined) {
    const program = k3sProgram(k3sVersion, architecture)
    return { version: k3sVersion, program, installer: installerText(), published: releaseOf(k3sVersion) }
  }
  const { version, commit } = k3s
  const program = readFileSync(k3s.program)
  const installer = readFileSync(k3s.installer)
  return {
    version,
    program,
    installer: installer.toString('utf8'),
    published: {
      owner: 'k3s-io',
      repository: 'k3s',
      tag: version,
      commit,
      assets: { [architecture === 'amd64' ? 'k3s' : `k3s-${architecture}`]: program },
      files: { 'install.sh': installer },
    },
  }
}

/** Faults that a released k3s cannot be made to have, and why: each of them is a switch in a stand-in. */
export const onlyOfStandIns: Readonly<Partial<Record<FaultName, string>>> = {
  'wrong-token': 'a released k3s refuses no good token, and nothing of the lab stands in front of it to do so',
  'never-ready': 'a released k3s lays the network of its pods itself, and has no switch to leave it out',
}
