import type { Mutant } from './model.ts'

const plan = 'test/unit/join-plan.test.ts'

/** No restart and no daemon-reload without a printed reason, and none under a foreign process on the GPU. */
export const noSurprise: readonly Mutant[] = [
  {
    promise: 8,
    breaks: 'the agent is restarted under a process that uses the GPU',
    file: 'src/join/gpu-safety.ts',
    find: 'if (!mayBeUsed || risky.length === 0 || allowGpuDisruption) return []',
    replace: 'if (!mayBeUsed || risky.length < 9 || allowGpuDisruption) return []',
    killedBy: {
      file: 'test/bundle/k3s-join-living-cluster.long.test.ts',
      name: 'a node that was joined by hand is not restarted while tritonserver in docker uses the GPU, unless that is allowed',
    },
  },
  {
    promise: 8,
    breaks: 'a GPU whose processes cannot be listed counts as free',
    file: 'src/join/gpu-safety.ts',
    find: 'users.length > 0 || (gpu.pciDevices > 0 && !gpu.areProcessesKnown)',
    replace: 'users.length > 0',
    killedBy: { file: plan, name: 'a GPU whose processes cannot be listed counts as used: a restart needs consent' },
  },
  {
    promise: 8,
    breaks: 'a daemon-reload does not count as a disturbance',
    file: 'src/join/gpu-safety.ts',
    find: "['restart', 'reload'].includes(change.kind)",
    replace: "['restart'].includes(change.kind)",
    killedBy: {
      file: plan,
      name: 'a daemon-reload alone can take the GPU from running containers, so it needs consent like a restart',
    },
  },
  {
    promise: 8,
    breaks: 'enabling the unit reloads systemd',
    file: 'src/k3s/scripts/apply.sh',
    find: 'if ! timeout 30 systemctl enable',
    replace: 'if ! timeout 60 systemctl daemon-reload || ! timeout 30 systemctl enable',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'a host whose sh is dash gets everything that a join needs, has nothing to do the second time, and is as before when it is undone',
    },
  },
  {
    promise: 8,
    breaks: 'the installer reloads systemd',
    file: 'src/k3s/scripts/apply.sh',
    find: 'LC_ALL=C SYSTEMD_OFFLINE=1',
    replace: 'LC_ALL=C',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'what must not happen lets no token or material of a secret kind into arguments or environments of any program',
    },
  },
  {
    promise: 8,
    breaks: 'what the plan does not announce is carried out',
    file: 'actions/k3s-join/changes.ts',
    find: 'if (!isPlanned(planned, id)) throw',
    replace: 'if (!isPlanned(planned, id) && join.inputs.dryRun) throw',
    killedBy: {
      file: 'test/unit/gate.test.ts',
      name: 'the gate for changes carries out nothing that the plan does not announce',
    },
  },
]
