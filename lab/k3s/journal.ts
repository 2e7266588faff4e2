/** Lines of the agent itself, as k3s's logger writes them; systemd takes them from standard error into the journal. */
export type Level = 'info' | 'warning' | 'error' | 'fatal'

export function say(level: Level, message: string): void {
  const at = `${new Date().toISOString().slice(0, 19)}Z`
  process.stderr.write(`time="${at}" level=${level} msg=${JSON.stringify(message)}\n`)
}

/** Ends the agent with a status; whatever there was to say has been said. */
export class Exit extends Error {
  readonly status: number
  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}
