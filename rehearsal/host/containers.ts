/** Containers that k3s's containerd runs on an embedded host: what of them stands below /proc, and what the stand-in of crictl knows. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningContainer } from '../kubelet/pods.ts'
import { mount, unmount } from './mounts.ts'
import { removeProcess } from './process-files.ts'
import { addGpuProcess, removeGpuProcess } from './programs.ts'

export class Containers {
  readonly #root: string
  readonly #state: string
  readonly #running = new Map<string, { readonly pid: number; readonly container: RunningContainer }>()
  #nextPid = 40_001

  constructor(root: string, state: string) {
    this.#root = root
    this.#state = state
    this.#list()
  }

  /** One that runs already stays as it is: containers do not end with the k3s that started them. */
  started(container: RunningContainer): void {
    if (this.#running.has(container.podUid)) return
    const pid = this.#nextPid++
    this.#running.set(container.podUid, { pid, container })
    const folder = join(this.#root, 'proc', String(pid))
    mkdirSync(join(folder, 'root/dev'), { recursive: true })
    writeFileSync(join(folder, 'comm'), `${container.name.slice(0, 15)}\n`)
    const slice = `kubepods-besteffort-pod${container.podUid.replaceAll('-', '_')}.slice`
    writeFileSync(
      join(folder, 'cgroup'),
      `0::/kubepods.slice/kubepods-besteffort.slice/${slice}/cri-containerd-${container.id}.scope\n`,
    )
    mount(
      this.#root,
      container.mounts.map((one) => (one.type === 'ext4' ? { ...one, files: { 'data.db': 'rows\n' } } : one)),
    )
    if (container.hasGpu) writeFileSync(join(folder, 'root/dev/nvidiactl'), '')
    if (container.computes) addGpuProcess(this.#state, { pid, name: container.name })
    this.#list()
  }

  ended(podUid: string): void {
    const found = this.#running.get(podUid)
    if (found === undefined) return
    this.#running.delete(podUid)
    removeProcess(this.#root, found.pid)
    unmount(
      this.#root,
      found.container.mounts.map(({ path }) => path),
    )
    if (found.container.computes) removeGpuProcess(this.#state, found.pid)
    this.#list()
  }

  /** All are killed, and what is mounted for them stays. */
  killed(): void {
    for (const { pid, container } of this.#running.values()) {
      removeProcess(this.#root, pid)
      if (container.computes) removeGpuProcess(this.#state, pid)
    }
    this.#running.clear()
    this.#list()
  }

  #list(): void {
    const rows = [...this.#running.values()].map(({ container: { id, namespace, pod, name, hasGpu } }) =>
      [id, namespace, pod, name, hasGpu ? 'gpu' : ''].join('|'),
    )
    writeFileSync(join(this.#state, 'containers'), rows.map((row) => `${row}\n`).join(''))
  }
}
