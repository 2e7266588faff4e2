import './dirname.ts'

/** The doors: one bundle, each action behind its own lazy import, so that none pays for another's packages. */
const doors = {
  'k3s-join': {
    main: async () => (await import('./k3s-join/main.ts')).main,
    post: async () => (await import('./k3s-join/post.ts')).post,
  },
} as const

export type ActionName = keyof typeof doors
export type StageName = 'main' | 'post'

/**
 * Runs one stage of one action and ends the process with its exit code.
 * Left-over sockets or timers must not keep a step alive, and nothing that went wrong may pass as success.
 */
export async function run(action: ActionName, stage: StageName): Promise<never> {
  let exitCode = 1
  try {
    const door = await doors[action][stage]()
    exitCode = await door()
  } catch (error) {
    // A door catches what it can explain; what arrives here is our bug. Post only warns.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const { reportBug } = await import('./bug.ts')
    exitCode = reportBug(action, stage, text)
  }
  process.exit(exitCode)
}
