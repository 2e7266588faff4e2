/** A real Triton on the lab's loopback address, on the processor, with models of the lab's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '../../rehearsal/workflow/index.ts'
import type { TritonPart } from '../contract.ts'
import { type LabModel, layModels } from './repository.ts'

export type { LabModel } from './repository.ts'

export interface TritonServer {
  readonly url: string
  readonly metricsUrl: string
  /** Name of the model that answers SUM = A + B, FP32, one dimension; only where no other models were asked for. */
  readonly model: string
  /** Kills the process in which a model of the python backend runs, as a crash in it does. */
  killModel(name: string): Promise<void>
  close(): Promise<void>
}

export interface TritonServerOptions {
  /** Default: the one that adds. */
  readonly models?: readonly LabModel[]
  /** Further arguments, e.g. `--model-control-mode=explicit`. */
  readonly arguments?: readonly string[]
}

const ports = { http: 8000, grpc: 8001, metrics: 8002 } as const

/** Resolves when it says that it is ready. `directory` gets the models and the log. */
export async function startTriton(
  part: TritonPart,
  directory: string,
  options: TritonServerOptions = {},
): Promise<TritonServer> {
  const models = join(directory, 'models')
  mkdirSync(models, { recursive: true })
  if (options.models === undefined)
    cpSync(join(repositoryRoot, 'lab', 'parts', 'triton-model'), models, { recursive: true })
  else layModels(models, options.models)
  const logFile = join(directory, 'triton.log')
  const log = openSync(logFile, 'w')
  const child = spawn(
    part.program,
    [
      `--model-repository=${models}`,
      `--backend-directory=${part.backends}`,
      '--exit-timeout-secs=1',
      ...Object.entries(ports).flatMap(([name, port]) => [`--${name}-address=127.0.0.1`, `--${name}-port=${port}`]),
      ...(options.arguments ?? []),
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
  const server: TritonServer = {
    url,
    metricsUrl: `http://127.0.0.1:${ports.metrics}/metrics`,
    model: 'sum',
    killModel: (name) => killStub(child.pid ?? 0, join(models, name)),
    close,
  }
  const deadline = performance.now() + 60_000
  try {
    for (;;) {
      // It opens its port only when every model that it loads by itself has finished loading.
      const isReady = await fetch(`${url}/v2/health/ready`).then(
        (response) => response.status === 200,
        () => false,
      )
      if (isReady) return server
      if (performance.now() > deadline)
        throw new Error(`tritonserver was not ready within 60 s:\n${readFileSync(logFile, 'utf8').slice(-4000)}`)
      await Promise.race([failed, sleep(50)])
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The backend starts one process for each instance of a model, with the path of the model's file as its argument. */
async function killStub(parent: number, model: string): Promise<void> {
  const stub = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .find((pid) => {
      try {
        const isChild = new RegExp(`^PPid:\\s+${parent}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))
        return isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${model}/`)
      } catch {
        // Ended meanwhile.
        return false
      }
    })
  if (stub === undefined) throw new Error(`no process runs the model ${model}`)
  process.kill(Number(stub), 'SIGKILL')
  const gone = performance.now() + 5000
  while (readStatus(stub) !== undefined && !/^State:\s+Z/m.test(readStatus(stub) ?? '')) {
    if (performance.now() > gone) throw new Error(`process ${stub} of ${model} does not end`)
    await sleep(20)
  }
}

function readStatus(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return undefined
  }
}
