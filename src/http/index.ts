export { answerKind } from './answer-kind.ts'
export { type HttpClientOptions, openHttpClient } from './client.ts'
export { HttpFault } from './fault.ts'
export type * from './model.ts'
