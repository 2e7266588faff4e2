import type { CheckEntry } from '../join/index.ts'

const entry = (
  id: string,
  asks: string,
  remedy: string,
  isIgnorable: boolean,
  severity: CheckEntry['severity'] = 'fail',
): CheckEntry => ({ id, stage: 'preflight', severity, asks, remedy, isIgnorable })

/** What is asked before a node leaves, in this order. */
export const leaveCheckRegistry: readonly CheckEntry[] = [
  entry('leave.role', 'Is it an agent, and no server of the cluster?', 'servers are taken out by hand', false),
  entry('leave.machine', 'Is this machine the node of that name?', 'name the machine that is the node', false),
  entry(
    'leave.cluster',
    'Did the agent of this machine join this cluster?',
    'give the kubeconfig of its cluster',
    false,
  ),
  entry(
    'leave.alive',
    'With `host-gone`: has the node no heartbeat any more? Otherwise a warning when it has none',
    'remove it without `host-gone`, so that it is drained and uninstalled',
    false,
  ),
  entry(
    'leave.pods',
    'May every pod be asked to leave: managed, without emptyDir, with a budget that can allow it?',
    '`delete-emptydir-data`, `delete-unmanaged-pods`, another replica, or another budget',
    true,
  ),
  entry('leave.room', 'Is there another node for its pods?', 'none needed when they may wait', true, 'warn'),
  entry(
    'leave.volumes',
    'Does no claim have its data on this node alone?',
    'copy the data elsewhere, delete the claim, or name this check in `ignore-checks`: the data is deleted',
    true,
  ),
  entry(
    'leave.mounts',
    'Is nothing of anybody else mounted under the folders that leaving empties?',
    'unmount it, or mount it elsewhere; it is never unmounted here',
    false,
  ),
  entry(
    'leave.uninstaller',
    'Is there what takes the agent away?',
    'remove it by the means it was installed with',
    false,
  ),
]
