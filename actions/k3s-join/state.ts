import type { Runner } from '../../src/runner/index.ts'

/** The only place that knows the keys of the state that main leaves for post. No secret is ever saved. */
const keys = { tokenId: 'token-id', kubeconfig: 'kubeconfig', context: 'context' } as const

/** What post needs to delete a token that a killed main left behind. */
export interface TokenRecord {
  readonly tokenId: string
  readonly kubeconfig: string
  readonly context: string
}

/** Called before the token is created, so that post knows it whatever happens. */
export function saveTokenRecord(runner: Runner, record: TokenRecord): void {
  runner.saveState(keys.kubeconfig, record.kubeconfig)
  runner.saveState(keys.context, record.context)
  runner.saveState(keys.tokenId, record.tokenId)
}

/** Called when the token is gone, so that post has nothing to do. The runner keeps the last value of a name. */
export function clearTokenRecord(runner: Runner): void {
  runner.saveState(keys.tokenId, '')
}

/** Undefined: main made no token, or deleted it itself. */
export function readTokenRecord(runner: Runner): TokenRecord | undefined {
  const tokenId = runner.state(keys.tokenId)
  if (tokenId === '') return undefined
  return { tokenId, kubeconfig: runner.state(keys.kubeconfig), context: runner.state(keys.context) }
}
