/** The questions that Triton can be asked, each as one HTTP request. What comes back is judged elsewhere. */
import type { HttpAnswer, HttpClient } from '../http/index.ts'
import { type InferQuestion, inferBytes } from './infer-request.ts'

export interface TritonClient {
  readonly http: HttpClient
  live(signal: AbortSignal, isAnonymous?: boolean): Promise<HttpAnswer>
  ready(signal: AbortSignal): Promise<HttpAnswer>
  server(signal: AbortSignal): Promise<HttpAnswer>
  index(signal: AbortSignal): Promise<HttpAnswer>
  modelReady(signal: AbortSignal): Promise<HttpAnswer>
  model(signal: AbortSignal, isAnonymous?: boolean): Promise<HttpAnswer>
  config(signal: AbortSignal): Promise<HttpAnswer>
  statistics(signal: AbortSignal): Promise<HttpAnswer>
  infer(question: InferQuestion, signal: AbortSignal): Promise<HttpAnswer>
  /** Asks to load a model that cannot exist: does nothing, and shows whether the control of models is open. */
  loadNothing(name: string, signal: AbortSignal, isAnonymous: boolean): Promise<HttpAnswer>
  /** Metrics under the same name, as a stranger asks for them. */
  strangersMetrics(signal: AbortSignal): Promise<HttpAnswer>
}

export interface TritonPatience {
  /** Milliseconds for everything but an inference. */
  readonly askMs: number
  readonly inferMs: number
}

const json = { 'content-type': 'application/json' }

/** JSON costs fifty times its size in memory while it is read. The index of five thousand models is shorter. */
const mostAsked = 2 * 1024 * 1024
export const mostInferred = { json: 4 * 1024 * 1024, binary: 32 * 1024 * 1024 } as const

/** @param version empty: whichever the server chooses */
export function openTriton(http: HttpClient, model: string, version: string, patience: TritonPatience): TritonClient {
  const named = `/v2/models/${encodeURIComponent(model)}`
  const path = version === '' ? named : `${named}/versions/${encodeURIComponent(version)}`
  const get = (at: string, signal: AbortSignal, isAnonymous = false): Promise<HttpAnswer> =>
    http.ask({ method: 'GET', path: at, timeoutMs: patience.askMs, isAnonymous, maximumBytes: mostAsked }, signal)
  const post = (at: string, text: string, signal: AbortSignal, isAnonymous = false): Promise<HttpAnswer> =>
    http.ask(
      {
        method: 'POST',
        path: at,
        headers: json,
        body: Buffer.from(text),
        timeoutMs: patience.askMs,
        isAnonymous,
        maximumBytes: mostAsked,
      },
      signal,
    )
  return {
    http,
    live: (signal, isAnonymous) => get('/v2/health/live', signal, isAnonymous),
    ready: (signal) => get('/v2/health/ready', signal),
    server: (signal) => get('/v2', signal),
    // All models, also those that are not ready: their reasons are why it is asked.
    index: (signal) => post('/v2/repository/index', '{"ready":false}', signal),
    modelReady: (signal) => get(`${path}/ready`, signal),
    model: (signal, isAnonymous) => get(path, signal, isAnonymous),
    config: (signal) => get(`${path}/config`, signal),
    statistics: (signal) => get(`${path}/stats`, signal),
    infer: (question, signal) =>
      http.ask(
        {
          method: 'POST',
          path: `${path}/infer`,
          ...inferBytes(question),
          timeoutMs: patience.inferMs,
          maximumBytes: mostInferred[question.wants],
        },
        signal,
      ),
    loadNothing: (name, signal, isAnonymous) =>
      post(`/v2/repository/models/${encodeURIComponent(name)}/load`, '{}', signal, isAnonymous),
    strangersMetrics: (signal) => get('/metrics', signal, true),
  }
}
