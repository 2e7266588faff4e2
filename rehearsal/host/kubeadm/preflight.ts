/** The checks of `kubeadm join` (cmd/kubeadm/app/preflight), in its order and words, as far as fixtures/kubeadm shows them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { JoinWish } from './arguments.ts'
import { endpoints, has, noRuntime, paths, read, swaps } from './files.ts'

export interface PreflightGround {
  readonly root: string
  readonly hostname: string
  readonly isRoot: boolean
  /** Ports that are open on this machine. */
  readonly ports: readonly number[]
  readonly isKubeletEnabled: boolean
}

interface Problem {
  readonly name: string
  readonly text: string
  readonly isWarning?: true
}

/** @returns lines of standard error, and whether kubeadm goes on */
export function preflight(
  wish: JoinWish,
  ground: PreflightGround,
): { readonly lines: readonly string[]; readonly isFatal: boolean } {
  const problems = [...found(ground)].map((problem) =>
    wish.ignored.has(problem.name.toLowerCase()) || wish.ignored.has('all') ? { ...problem, isWarning: true } : problem,
  )
  const warnings = problems.filter(({ isWarning }) => isWarning).map(({ name, text }) => `\t[WARNING ${name}]: ${text}`)
  const errors = problems.filter(({ isWarning }) => !isWarning).map(({ name, text }) => `\t[ERROR ${name}]: ${text}`)
  if (errors.length === 0) return { lines: warnings, isFatal: false }
  const head = 'error execution phase preflight: [preflight] Some fatal errors occurred:'
  const advice =
    '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`'
  return { lines: [...warnings, head, ...errors, advice], isFatal: true }
}

const fileName = (path: string): string => `FileAvailable-${path.replaceAll('/', '-')}`

function* found({ root, hostname, isRoot, ports, isKubeletEnabled }: PreflightGround): Generator<Problem> {
  // Alone: nothing else is looked at (fixtures/kubeadm/64-not-root.err).
  if (!isRoot) {
    yield { name: 'IsPrivilegedUser', text: 'user is not running as root' }
    return
  }
  const manifests = join(root, paths.manifests)
  if (existsSync(manifests) && readdirSync(manifests).length > 0)
    yield { name: `DirAvailable-${paths.manifests.replaceAll('/', '-')}`, text: `${paths.manifests} is not empty` }
  for (const path of [paths.kubeletConf, paths.bootstrapConf])
    if (has(root, path)) yield { name: fileName(path), text: `${path} already exists` }
  if (read(root, '/proc/sys/net/ipv4/ip_forward')?.trim() !== '1')
    yield {
      name: 'FileContent--proc-sys-net-ipv4-ip_forward',
      text: '/proc/sys/net/ipv4/ip_forward contents are not set to 1',
    }
  if (swaps(root).length > 0)
    yield {
      name: 'Swap',
      text: 'swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node',
      isWarning: true,
    }
  if (!(read(root, '/etc/hosts') ?? '').includes(hostname))
    yield { name: 'Hostname', text: `hostname ${JSON.stringify(hostname)} could not be reached`, isWarning: true }
  if (!has(root, '/usr/bin/kubelet'))
    yield {
      name: 'KubeletVersion',
      text: "couldn't get kubelet version: cannot execute 'kubelet --version': executable file not found in $PATH",
    }
  if (!isKubeletEnabled)
    yield {
      name: 'Service-Kubelet',
      text: "kubelet service is not enabled, please run 'systemctl enable kubelet.service'",
      isWarning: true,
    }
  if (ports.includes(10250)) yield { name: 'Port-10250', text: 'Port 10250 is in use' }
  if (has(root, paths.caFile)) yield { name: fileName(paths.caFile), text: `${paths.caFile} already exists` }
}

/** Which runtime is it? @throws Error with kubeadm's words for two of them (fixtures/kubeadm/70-two-crisockets.err) */
export function criSocketOf(root: string, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted
  const present = endpoints(root)
  if (present.length < 2) return present[0] ?? 'unix:///var/run/containerd/containerd.sock'
  throw new Error(
    `found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field in the kubeadm configuration file: ${present.join(', ')}`,
  )
}

/** What kubeadm says, and goes on, when nobody answers at the socket (fixtures/kubeadm/62-containerd-down.err). */
export function runtimeWarning(root: string): string | undefined {
  if (has(root, paths.containerdSocket)) return undefined
  return `checks.go:1062] [preflight] WARNING: Couldn't create the interface used for talking to the container runtime: failed to create new CRI runtime service: ${noRuntime}`
}
