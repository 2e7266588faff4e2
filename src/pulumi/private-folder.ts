import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PulumiPlace } from './model.ts'

/**
 * A folder of mode 0700 for plans and event logs: both hold what resources are made of. It lies in PULUMI_HOME, so that whatever
 * removes that after a killed job removes this, too.
 */
export async function makePrivateFolder(place: PulumiPlace): Promise<string> {
  const home = place.environment.PULUMI_HOME
  if (!home) throw new TypeError('PULUMI_HOME is not set: without it the CLI would write into the home of the user')
  await mkdir(home, { recursive: true, mode: 0o700 })
  return mkdtemp(join(home, 'run-'))
}

/**
 * Removes such a folder, or something in it, whatever a program has made of it. Never rejects: what the run came to must not be lost
 * because of a file that removing PULUMI_HOME removes, too.
 */
export async function removePrivately(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined)
}
