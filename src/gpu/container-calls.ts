import { type Host, surveyScript } from '../host/index.ts'
import type { ContainerCall } from './model.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

const runtimes: ReadonlySet<unknown> = new Set(['k3s', 'crictl', 'docker', 'podman'])
const outcomes: ReadonlySet<unknown> = new Set(['ok', 'failed', 'not-asked'])

/**
 * Runs `nvidia-smi -L` in every container that has the GPU (at most 32, and for 40 s), through the container's own runtime, in one
 * session. Changes nothing. Rejects with HostError, or HostStepError when the script did not end well.
 */
export async function askContainers(
  host: Host,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<readonly ContainerCall[]> {
  const result = await host.run({
    name: 'container-calls',
    script: [surveyScript, scripts['container-calls']].join('\n'),
    env: {},
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'asking the containers for the GPU', result)
  if (error) throw error
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return result.lines.flatMap((line) => {
    if (!outcomes.has(line.container_call) || !runtimes.has(line.runtime)) return []
    return [
      {
        runtime: line.runtime as ContainerCall['runtime'],
        id: text(line.id),
        name: text(line.name).trim(),
        outcome: line.container_call as ContainerCall['outcome'],
        said: text(line.said).trim(),
      },
    ]
  })
}
