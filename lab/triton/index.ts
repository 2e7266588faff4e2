/** A real Triton on the lab's loopback address, with one small model. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '../../rehearsal/workflow/index.ts'
import type { TritonPart } from '../contract.ts'

export interface TritonServer {
  readonly url: string
  /** Name of the model that answers SUM = A + B, FP32, one dimension. */
  readonly model: string
  close(): Promise<void>
}

const ports = { http: 8000, grpc: 8001, metrics: 8002 } as const

/** Resolves when it says that it is ready. `directory` gets the models and the log. */
export async function startTriton(part: TritonPart, directory: string): Promise<TritonServer> {
  const models = join(directory, 'models')
  mkdirSync(directory, { recursive: true })
  cpSync(join(repositoryRoot, 'lab', 'parts', 'triton-model'), models, { recursive: true })
  const logFile = join(directory, 'triton.log')
  const log = openSync(logFile, 'w')
  const child = spawn(
    part.program,
    [
      `--model-repository=${models}`,
      `--backend-directory=${part.backends}`,
      '--exit-timeout-secs=5',
      ...Object.entries(ports).flatMap(([name, port]) => [`--${name}-address=127.0.0.1`, `--${name}-port=${port}`]),
    ],
    { env: { PATH: process.env.PATH ?? '', ...part.environment }, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`tritonserver ended with ${code}:\n${readFileSync(logFile, 'utf8').slice(-4000)}`)),
    )
  })
  failed.catch(() => undefined)
  const url = `http://127.0.0.1:${ports.http}`
  const deadline = performance.now() + 60_000
  try {
    for (;;) {
      // It opens its port only when every model has finished loading.
      const isReady = await fetch(`${url}/v2/health/ready`).then(
        (response) => response.status === 200,
        () => false,
      )
      if (isReady) return { url, model: 'sum', close }
      if (performance.now() > deadline)
        throw new Error(`tritonserver was not ready within 60 s:\n${readFileSync(logFile, 'utf8').slice(-4000)}`)
      await Promise.race([failed, sleep(50)])
    }
  } catch (error) {
    await close()
    throw error
  }
}
