import type { Runner } from '../../src/runner/index.ts'

/** The only place that knows the keys of the state that main leaves for post. No secret is ever saved. */
const keys = {
  tokenId: 'token-id',
  kubeconfig: 'kubeconfig',
  context: 'context',
  cordonedNode: 'cordoned-node',
  cordonedUid: 'cordoned-uid',
  cordonedBy: 'cordoned-by',
} as const

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

/** What post needs to open a node again that a killed main had closed, and not stopped yet. */
export interface CordonRecord {
  readonly node: string
  readonly uid: string
  /** The run that closed it, as its annotation says. */
  readonly runId: string
  readonly kubeconfig: string
  readonly context: string
}

/** Called before the node is closed, so that post knows it whatever happens. */
export function saveCordonRecord(runner: Runner, record: CordonRecord): void {
  runner.saveState(keys.kubeconfig, record.kubeconfig)
  runner.saveState(keys.context, record.context)
  runner.saveState(keys.cordonedUid, record.uid)
  runner.saveState(keys.cordonedBy, record.runId)
  runner.saveState(keys.cordonedNode, record.node)
}

/** Called when the node is open again, or its agent is about to be stopped: then it stays closed. */
export function clearCordonRecord(runner: Runner): void {
  runner.saveState(keys.cordonedNode, '')
}

/** Undefined: main closed no node, or it is not to be opened. */
export function readCordonRecord(runner: Runner): CordonRecord | undefined {
  const node = runner.state(keys.cordonedNode)
  if (node === '') return undefined
  return {
    node,
    uid: runner.state(keys.cordonedUid),
    runId: runner.state(keys.cordonedBy),
    kubeconfig: runner.state(keys.kubeconfig),
    context: runner.state(keys.context),
  }
}
