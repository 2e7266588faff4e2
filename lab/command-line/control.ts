/** Speaks to the lab's inside over its unix socket. */

import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Progress } from '../contract.ts'
import type { LabStatus, ScenarioResult } from '../inside/model.ts'

function ask(state: string, method: 'GET' | 'POST', path: string, signal?: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath: join(state, 'control'),
      method,
      path,
      // One question, one connection: nothing is kept open that an end of the lab would break.
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    })
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.end()
  })
}

/** @throws when nobody answers */
export async function askStatus(state: string, timeoutMs = 5_000): Promise<LabStatus> {
  return JSON.parse(await text(await ask(state, 'GET', '/status', AbortSignal.timeout(timeoutMs)))) as LabStatus
}

/** Ends the lab in order. @throws when nobody answers in time */
export async function askStop(state: string, timeoutMs: number): Promise<void> {
  await text(await ask(state, 'POST', '/stop', AbortSignal.timeout(timeoutMs)))
}

function resultIn(line: string): ScenarioResult | undefined {
  if (!line.startsWith('{"outcome":')) return undefined
  try {
    return JSON.parse(line) as ScenarioResult
  } catch {
    return undefined
  }
}

/**
 * Follows an answer with progress.
 * @returns its result; `failed` when the lab ended before it gave one
 * @throws when nobody answers, or the signal says so
 */
async function follow(answer: IncomingMessage, progress: Progress): Promise<ScenarioResult> {
  let result: ScenarioResult | undefined
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })) {
      result = resultIn(line)
      if (result === undefined) progress(line)
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
  }
  if (result !== undefined) return result
  return { outcome: 'failed', text: 'the lab ended while this ran' }
}

/** Progress of a lab that comes up. */
export async function followStart(state: string, progress: Progress, signal: AbortSignal): Promise<ScenarioResult> {
  return await follow(await ask(state, 'GET', '/start', signal), progress)
}

/** Runs one scenario. */
export async function followRun(
  state: string,
  name: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  let answer: IncomingMessage
  try {
    answer = await ask(state, 'POST', `/run/${name}`, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { outcome: 'failed', text: `the lab does not answer: ${(error as Error).message}` }
  }
  return await follow(answer, progress)
}
