/** The real containerd as k3s's child, with the configuration that k3s would render for it. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { containerdConfig, renderConfig } from '../../rehearsal/host/containerd-base.ts'
import { hostFolder } from '../contract.ts'
import { type Child, startChild } from './children.ts'
import { agentFolder, containerdSocket, program, write } from './folders.ts'
import { say } from './journal.ts'
import { findRuntimes } from './runtimes.ts'

const root = `${agentFolder}/containerd`
/** Exists once the lab's own images were imported; it goes with the agent's folder, and so do the images. */
const imported = `${agentFolder}/containerd/imported`

/**
 * Writes the configuration and starts containerd; resolves at once.
 * @param path PATH of the agent itself: that of its children begins with the lab's own programs
 * @throws Error in k3s's words where the default runtime is not among those that were found
 */
export function startContainerd(
  defaultRuntime: string,
  path: string | undefined,
  environment: Readonly<Record<string, string>>,
): Child {
  const found = findRuntimes(path)
  for (const [handler, program] of Object.entries(found))
    say('info', `Found ${handler} container runtime at ${program}`)
  if (defaultRuntime !== '' && found[defaultRuntime] === undefined)
    throw new Error(`default runtime ${defaultRuntime} was not found`)
  const { text, template } = renderConfig('/', {
    defaultRuntime,
    // The root of a lab host lies on an overlay already, and another one cannot be laid on top of it.
    snapshotter: 'native',
    cni: `${hostFolder}/cni`,
    programs: { runc: program('runc'), ...found },
    // The machine may lack CAP_SYS_RESOURCE, and runc would fail to lower a container's score.
    runtimeLines: ['restrict_oom_score_adj = true'],
  })
  write(containerdConfig, text)
  if (template !== undefined) say('info', `Using containerd config template at ${template}`)
  const log = `${root}/containerd.log`
  say('info', `Logging containerd to ${log}`)
  const words = ['-c', containerdConfig, '-a', containerdSocket, '--state', '/run/k3s/containerd', '--root', root]
  say('info', `Running containerd ${words.join(' ')}`)
  return startChild({ name: 'containerd', program: program('containerd'), words, environment, log })
}

/** Resolves with true when containerd answers on its socket, with false when it ended before. */
export async function awaitContainerd(child: Child): Promise<boolean> {
  let hasEnded = false
  const ended = child.ended.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    if (await answers(containerdSocket)) return true
    await Promise.race([ended, sleep(20)])
  }
  return false
}

/** A socket of an earlier containerd stays behind as a file that refuses. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Imports the lab's images once, and those of `agent/images`, where an administrator may have put some, at every start. */
export async function importImages(environment: Readonly<Record<string, string>>): Promise<void> {
  const own = `${hostFolder}/images`
  const isFirst = !existsSync(imported)
  for (const folder of isFirst ? [own, `${agentFolder}/images`] : [`${agentFolder}/images`]) {
    if (!existsSync(folder)) continue
    const files = readdirSync(folder).filter((name) => name.endsWith('.tar'))
    await Promise.all(files.map((name) => importImage(`${folder}/${name}`, environment)))
  }
  if (isFirst) write(imported, '')
}

async function importImage(file: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const since = performance.now()
  const words = ['-a', containerdSocket, '-n', 'k8s.io', 'images', 'import', '--local', '--snapshotter', 'native', file]
  try {
    await promisify(execFile)(program('ctr'), words, { env: { ...environment } })
    say('info', `Imported images from ${file} in ${(performance.now() - since).toFixed(6)}ms`)
  } catch (error) {
    const said = (error as Error & { stderr?: string }).stderr ?? (error as Error).message
    say('error', `Error encountered while importing ${file}: ${said.trim()}`)
  }
}
