/** `kubeadm reset -f` of a worker: words and order of fixtures/kubeadm/40-reset.out. It leaves CNI's configuration, and the Node. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { header } from '../kubelet.ts'
import { has, paths, remove } from './files.ts'
import type { KubeadmCall, KubeadmGround } from './join.ts'
import { criSocketOf } from './preflight.ts'

const folders = [paths.manifests, '/var/lib/kubelet', '/etc/kubernetes/pki']
const files = [
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/super-admin.conf',
  paths.kubeletConf,
  paths.bootstrapConf,
  '/etc/kubernetes/controller-manager.conf',
  '/etc/kubernetes/scheduler.conf',
]

export async function resetNode({ words, print }: KubeadmCall, ground: KubeadmGround): Promise<number> {
  const { root, systemctl, isRoot } = ground
  const say = (text: string): void => print('stdout', `${text}\n`)
  const given = words.indexOf('--cri-socket')
  try {
    criSocketOf(root, given < 0 ? undefined : words[given + 1])
  } catch (error) {
    print('stderr', `${(error as Error).message}\nTo see the stack trace of this error execute with --v=5 or higher\n`)
    return 1
  }
  if (!isRoot()) {
    print(
      'stderr',
      'error execution phase preflight: [preflight] Some fatal errors occurred:\n\t[ERROR IsPrivilegedUser]: user is not running as root\n[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`\nTo see the stack trace of this error execute with --v=5 or higher\n',
    )
    return 1
  }
  say('[preflight] Running pre-flight checks')
  print(
    'stderr',
    `${header('W', new Date(), process.pid, 'removeetcdmember.go:106')} [reset] No kubeadm config, using etcd pod spec to get data directory\n`,
  )
  say('[reset] Deleted contents of the etcd data directory: /var/lib/etcd')
  say('[reset] Stopping the kubelet service')
  await systemctl('stop', 'kubelet.service')
  say('[reset] Unmounting mounted directories in "/var/lib/kubelet"')
  say(`[reset] Deleting contents of directories: [${folders.join(' ')}]`)
  for (const folder of folders) empty(root, folder)
  say(`[reset] Deleting files: [${files.join(' ')}]`)
  for (const file of files) remove(root, file)
  say(`
The reset process does not perform cleanup of CNI plugin configuration,
network filtering rules and kubeconfig files.

For information on how to perform this cleanup manually, please see:
    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/
`)
  return 0
}

function empty(root: string, folder: string): void {
  if (!has(root, folder)) return
  for (const name of readdirSync(join(root, folder))) rmSync(join(root, folder, name), { recursive: true, force: true })
}
