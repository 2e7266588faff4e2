/** `npm run lab [-- command]`: the scenarios against real parts, in namespaces of their own. */
import { help, readArguments, UsageError } from './command-line/arguments.ts'

const interrupted = new AbortController()
let code = 130

function onSignal(signal: NodeJS.Signals): void {
  code = signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129
  interrupted.abort(new Error(`ended by ${signal}`))
}

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const command = readArguments(args)
  if (command.name === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (command.name === 'shell')
    return await (await import('./command-line/stand.ts')).shell(command.host, command.command)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  const { signal } = interrupted
  switch (command.name) {
    case 'list':
      return await (await import('./command-line/list.ts')).list()
    case 'suite':
      return await (await import('./command-line/session.ts')).runSession({ k3s: command.k3s, signal })
    case 'run':
      return await (await import('./command-line/session.ts')).runSession({
        only: command.scenarios,
        k3s: command.k3s,
        signal,
      })
    case 'up':
      return await (await import('./command-line/stand.ts')).up(command.k3s, signal)
    case 'down':
      return await (await import('./command-line/stand.ts')).down()
    case 'status':
      return await (await import('./command-line/stand.ts')).status()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (interrupted.signal.aborted) process.exitCode = code
  else {
    process.exitCode = error instanceof UsageError ? 2 : 1
    process.stderr.write(`${(error as Error).message}\n`)
  }
}
