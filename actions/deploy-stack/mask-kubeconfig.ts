import { readKubeconfig, readKubeconfigFile } from '../../src/kubeconfig/index.ts'
import type { Run } from '../run.ts'

/**
 * Masks what is secret in the kubeconfig. The step that fetched it has done so for the log; of outputs, report and comment only this
 * process can keep it, and the program, which has the file, may print it.
 */
export async function maskKubeconfig({ runner }: Run, path: string): Promise<void> {
  try {
    const text = await readKubeconfigFile(path, runner.signal)
    const { secrets } = readKubeconfig(text, { context: '', allowExec: [] })
    for (const secret of secrets) runner.mask(secret)
  } catch {
    runner.signal.throwIfAborted()
    // The guard has found one cluster in it; whoever logs in some other way than our policy knows has nothing in it that we could name.
    runner.line(
      '  ! what is secret in the kubeconfig is not known here: a program that prints it is not stopped from it',
    )
  }
}
