import type { Mutant } from './model.ts'

const host = 'test/protocol/leave-host.long.test.ts'
const plan = 'test/unit/leave-plan.test.ts'
const drain = 'test/unit/leave-drain.test.ts'

/** What leaving a cluster adds to the promises. */
export const leaving: readonly Mutant[] = [
  {
    promise: 8,
    breaks: 'the uninstaller makes systemd reload, which takes the GPU from others',
    file: 'src/leave/scripts/leave-steps.sh',
    find: 'LC_ALL=C SYSTEMD_OFFLINE=1 "$@"',
    replace: 'LC_ALL=C "$@"',
    killedBy: { file: host, name: 'k3s leaves a host (dash) stops, uninstalls, and leaves nothing of itself or of us' },
  },
  {
    promise: 2,
    breaks: 'an agent is taken away while somebody has something mounted below',
    file: 'src/leave/scripts/mounts.sh',
    find: '  if is_clear; then return 0; fi\n',
    replace: '  return 0\n',
    killedBy: {
      file: host,
      name: 'k3s leaves a host (dash) touches nothing while something of somebody else is mounted below',
    },
  },
  {
    promise: 10,
    breaks: 'no copy of an uninstaller is kept that deletes itself',
    file: 'src/k3s/scripts/leave.sh',
    find: '      mv -f "$kept/uninstall.sh.part" "$kept/uninstall.sh"\n',
    replace: '      ln -sf "$ROOT$path" "$kept/uninstall.sh"\n',
    killedBy: {
      file: host,
      name: 'k3s leaves a host (bash) ends an uninstaller that hangs, and goes on from there with the copy that it kept',
    },
  },
  {
    promise: 2,
    breaks: 'a budget that never lets a pod go is waited for',
    file: 'src/leave/drain-plan.ts',
    find: '  if (disruptionsAllowed > 0 || !wantsAll) return undefined\n',
    replace: '  if (disruptionsAllowed > 0 || !wantsAll || wantsAll) return undefined\n',
    killedBy: {
      file: plan,
      name: 'budgets names the pod and its budget when that can never let it go, before anything is cordoned',
    },
  },
  {
    promise: 2,
    breaks: 'a pod that comes back keeps the run waiting for its volumes',
    file: 'src/leave/await-volumes.ts',
    find: "if (rulePod(pod, wishes).type !== 'stays') resolve",
    replace: "if (rulePod(pod, wishes).type === 'stops') resolve",
    killedBy: { file: drain, name: 'volumes of a node are not waited for when a pod came back: it holds them' },
  },
  {
    promise: 2,
    breaks: 'a live node is cleared from the cluster as if its machine were gone',
    file: 'src/leave/checks-identity.ts',
    find: "answered('leave.alive', question, !isAlive,",
    replace: "answered('leave.alive', question, true,",
    killedBy: {
      file: plan,
      name: 'what is asked before a node leaves believes host-gone only of a node without heartbeat',
    },
  },
]
