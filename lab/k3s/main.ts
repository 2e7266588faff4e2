/** STAND-IN for the `k3s` program of a lab host. The released file's own stand-in hands over here whatever it is asked. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runAgent } from './agent.ts'
import { containerdSocket, program } from './folders.ts'
import { Exit, say } from './journal.ts'

const version = process.env.K3S_STANDIN_VERSION ?? 'unknown'

async function main(words: readonly string[]): Promise<number> {
  const [command = '', ...rest] = words
  switch (command) {
    case '--version':
    case '-v':
      process.stdout.write(`k3s version ${version} (stand-in)\ngo version go1.24 (stand-in)\n`)
      return 0
    case 'agent':
      return agent(words)
    case 'ctr':
      return handOver('ctr', ['-a', containerdSocket, '-n', 'k8s.io', ...rest])
    case 'kubectl':
      return handOver('kubectl', rest)
    case 'crictl':
      return handOver('crictl', rest)
    default:
      process.stderr.write(`No help topic for '${command}'\n`)
      return 3
  }
}

async function agent(words: readonly string[]): Promise<number> {
  // As k3s's own, whose command line shows no token either.
  process.title = 'k3s-agent'
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('K3S_STANDIN_')) environment[name] = value
  }
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  try {
    await runAgent({ command: ['/usr/local/bin/k3s', ...words], environment, version, signal: ending.signal })
    return 0
  } catch (error) {
    if (error instanceof Exit) return error.status
    say('fatal', `Error: ${(error as Error).message}`)
    return 1
  }
}

/** Runs a real program in the place of this one, as far as its caller can tell. */
function handOver(name: string, words: readonly string[]): Promise<number> {
  if (!existsSync(program(name))) {
    process.stderr.write(`k3s stand-in: ${name} is not part of this host\n`)
    return Promise.resolve(1)
  }
  const child = spawn(program(name), words, { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

// Sockets of the load balancer stay open, and nothing waits for them.
process.exit(await main(process.argv.slice(2)))
