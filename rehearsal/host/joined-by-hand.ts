import { spawn } from 'node:child_process'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject, ObjectStore } from '../contract.ts'
import { installerText, k3sProgram } from './released.ts'
import type { JobResult } from './systemd.ts'

export interface ByHand {
  readonly version: string
  readonly server: string
  readonly token: string
  /** Node name. */
  readonly name: string
}

export interface ByHandOptions extends ByHand {
  readonly root: string
  /** Environment of a root shell on the host. */
  readonly variables: Readonly<Record<string, string>>
  readonly architecture: string
}

/** The taint that was set with kubectl afterwards. */
export const byHandTaint = { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' } as const

/** Files that the person left, relative to the root; a day old, because it happened long ago. */
export const byHandFiles: readonly string[] = [
  'usr/local/bin/k3s',
  'etc/systemd/system/k3s-agent.service',
  'etc/systemd/system/k3s-agent.service.env',
]

/** How the installer was called: words after `sh -s -`, and its environment. */
export function byHandCall(options: ByHand): {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
} {
  const labels = [`oceanid.node/name=${options.name}`, 'oceanid.node/gpu=nvidia-rtx-4090']
  return {
    words: ['agent', ...labels.flatMap((label) => ['--node-label', label])],
    environment: {
      K3S_TOKEN: options.token,
      K3S_URL: options.server,
      INSTALL_K3S_VERSION: options.version,
      INSTALL_K3S_SKIP_DOWNLOAD: 'true',
      INSTALL_K3S_SKIP_START: 'true',
    },
  }
}

/** Makes them a day old. */
export function ageByHandFiles(root: string): void {
  const yesterday = new Date(Date.now() - 86_400_000)
  for (const path of byHandFiles) utimesSync(join(root, path), yesterday, yesterday)
}

/**
 * What a person leaves behind who follows "Manual Calypso K3s Join Procedure": the server's own token in the environment
 * file, and the labels as arguments of the unit. The agent is not started here.
 */
export async function joinByHand(options: ByHandOptions): Promise<void> {
  writeFileSync(join(options.root, 'usr/local/bin/k3s'), k3sProgram(options.version, options.architecture), {
    mode: 0o755,
  })
  const { words, environment } = byHandCall(options)
  const child = spawn('/bin/sh', ['-s', '-', ...words], {
    env: { ...options.variables, ...environment },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (chunk: string) => {
    complaints += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(installerText())
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`the installer's stand-in ended with ${code}: ${complaints}`)
  ageByHandFiles(options.root)
}

export interface BecomingNode {
  readonly name: string
  readonly objects: ObjectStore
  /** Starts the agent's unit; resolves when systemd is done with it, which may be never. */
  readonly start: () => Promise<JobResult>
  readonly journal: () => string
  readonly limitMs: number
}

/**
 * Starts the agent that a person installed, and sets the taint as the person did with kubectl once the Node was Ready.
 * @throws Error with the unit's journal when that does not happen within the limit: k3s waits for ever for a server that refuses it
 */
export async function becomeNode(machine: BecomingNode): Promise<void> {
  const { name, objects, limitMs } = machine
  const over = new AbortController()
  const late = sleep(limitMs, 'late' as const, { signal: over.signal })
  const failure = (why: string): Error => new Error(`${name} was joined by hand, but ${why}\n${machine.journal()}`)
  const tooLate = `nothing came of it in ${limitMs / 1000} s`
  try {
    const job = await Promise.race([machine.start(), late])
    if (job === 'late') throw failure(tooLate)
    if (job.code !== 0) throw failure(`its agent did not start: ${job.stderr}`)
    for (;;) {
      const node = objects.get(`nodes/${name}`)
      if (node !== undefined && isReady(node)) {
        objects.put(`nodes/${name}`, { ...node, spec: { ...(node.spec as object), taints: [byHandTaint] } })
        return
      }
      if ((await Promise.race([sleep(10), late])) === 'late') throw failure(tooLate)
    }
  } finally {
    late.catch(() => undefined)
    over.abort()
  }
}

/** Of no Node: no. */
export function isReady(node: KubernetesObject | undefined): boolean {
  const { conditions = [] } = (node?.status ?? {}) as { conditions?: { type: string; status: string }[] }
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}
