import { readKubeconfig, readKubeconfigFile } from '../../src/kubeconfig/index.ts'
import type { Runner } from '../../src/runner/index.ts'

const secretName = /TOKEN|SECRET|PASS|CREDENTIAL|KEY/i

/**
 * Masks what the program gets besides the inputs of this step: credentials of the kubeconfig, and variables that are called like a secret.
 * The step that made them has told the runner, which masks logs; report, outputs and comment are written here, and know only what is masked
 * here.
 */
export async function maskForeignSecrets(
  runner: Pick<Runner, 'environment' | 'signal' | 'mask' | 'line'>,
  kubeconfig: string,
  passEnvironment: readonly string[],
): Promise<void> {
  for (const name of passEnvironment) {
    const value = runner.environment[name] ?? ''
    if (value !== '' && secretName.test(name)) runner.mask(value)
  }
  if (kubeconfig === '') return
  try {
    const text = await readKubeconfigFile(kubeconfig, runner.signal)
    for (const secret of readKubeconfig(text, { context: '', allowExec: [] }).secrets) runner.mask(secret)
  } catch {
    runner.signal.throwIfAborted()
    runner.line(
      '  ! what is secret in the kubeconfig is not known here: a program that prints it is not stopped from it',
    )
  }
}
