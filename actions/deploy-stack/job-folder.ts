import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runner } from '../../src/runner/index.ts'
import { saveFolder } from './state.ts'

/** Where everything lies that programs write for themselves during this step: homes, plugins, credentials, temporary files. */
export interface JobFolder {
  readonly home: string
  readonly pulumiHome: string
  readonly temporary: string
}

/** The name of such a folder, below the temporary one of the job. */
export const folderName = /^k3s-gpu-actions-pulumi-[0-9a-f]{16}$/

/**
 * Makes it, of mode 0700. Its name is saved for post before it is made. One for each step: two runners of one user, or two jobs, never
 * share Pulumi's credentials or plugins, as they would in ~/.pulumi (pulumi/pulumi: sdk/go/common/workspace/paths.go, PULUMI_HOME).
 */
export async function makeJobFolder(runner: Runner): Promise<JobFolder> {
  const name = `k3s-gpu-actions-pulumi-${randomBytes(8).toString('hex')}`
  saveFolder(runner, name)
  const folder = join(runner.temporaryDirectory, name)
  // Not recursive: a folder of that name that is there already is not ours.
  await mkdir(folder, { mode: 0o700 })
  await chmod(folder, 0o700)
  const paths = { home: join(folder, 'home'), pulumiHome: join(folder, 'pulumi'), temporary: join(folder, 'tmp') }
  for (const path of Object.values(paths)) await mkdir(path, { mode: 0o700 })
  return paths
}

/** Removes what `makeJobFolder` made; also when it is gone already. */
export async function removeJobFolder(runner: Runner, name: string): Promise<void> {
  if (!folderName.test(name)) return
  await rm(join(runner.temporaryDirectory, name), { recursive: true, force: true, maxRetries: 3, retryDelay: 200 })
}
