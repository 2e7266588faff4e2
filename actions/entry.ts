import './dirname.ts'

/** The doors: one bundle, each action behind its own lazy import, so that none pays for another's packages. */
const doors = {
  'k3s-join': {
    main: async () => (await import('./k3s-join/main.ts')).main,
    post: async () => (await import('./k3s-join/post.ts')).post,
  },
  'gpu-runtime': {
    main: async () => (await import('./gpu-runtime/main.ts')).main,
  },
  'verify-cluster': {
    main: async () => (await import('./verify-cluster/main.ts')).main,
  },
  'kubeconfig-esc': {
    main: async () => (await import('./kubeconfig-esc/main.ts')).main,
    post: async () => (await import('./kubeconfig-esc/post.ts')).post,
    // No stage of the runner's: the process that main leaves behind, so that the tunnel ends with the job whatever becomes of it.
    tunnel: async () => (await import('./kubeconfig-esc/tunnel.ts')).tunnel,
  },
  'deploy-stack': {
    main: async () => (await import('./deploy-stack/main.ts')).main,
    post: async () => (await import('./deploy-stack/post.ts')).post,
  },
} as const satisfies Record<string, Partial<Record<StageName, () => Promise<() => Promise<number>>>>>

export type StageName = 'main' | 'post' | 'tunnel'
type Doors = typeof doors
export type ActionName = keyof Doors

/**
 * Runs one stage of one action and ends the process with its exit code.
 * Left-over sockets or timers must not keep a step alive, and nothing that went wrong may pass as success.
 */
export async function run<Action extends ActionName>(
  action: Action,
  stage: keyof Doors[Action] & StageName,
): Promise<never> {
  let exitCode = 1
  try {
    const open = doors[action][stage] as () => Promise<() => Promise<number>>
    exitCode = await (await open())()
  } catch (error) {
    // A door catches what it can explain; what arrives here is our bug. Post only warns.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const { reportBug } = await import('./bug.ts')
    exitCode = reportBug(action, stage, text)
  }
  process.exit(exitCode)
}
