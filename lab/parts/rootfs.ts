/** The tree below every host: a small Debian with systemd, sshd and sudo that belongs to no machine yet. */
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipe } from './cache.ts'
import { mirrorOf, type Release } from './debian.ts'

/** Goes into the key of this part: changes with what `makeNeutral` does. */
const edition = '1'

const packages = [
  'ca-certificates',
  'curl',
  'dbus',
  // Whoever adds a package repository compares its key; the lab signs one of its own.
  'gpg',
  'gpg-agent',
  'iproute2',
  'iptables',
  'jq',
  'kmod',
  // Node's only library that a minimal Debian lacks.
  'libstdc++6',
  'openssh-server',
  'procps',
  'sudo',
  'systemd',
  'systemd-sysv',
] as const

/** Units that would fire in the first minutes, wait for a network that is set from outside, or change the machine's kernel. */
const masked = [
  'apt-daily-upgrade.timer',
  'apt-daily.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'logrotate.timer',
  'man-db.timer',
  'systemd-networkd-wait-online.service',
  // The kernel is the machine's, not the host's: its settings and modules are left alone, its debugging is not needed.
  'modprobe@.service',
  'dev-hugepages.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-binfmt.service',
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  // A login prompt on a console that nobody looks at.
  'console-getty.service',
  'getty.target',
] as const

export function rootfsRecipe(release: Release): Recipe {
  return {
    part: 'rootfs',
    title: `Debian ${release.codename} for hosts`,
    from: [edition, release.codename, process.arch, ...packages, ...masked],
    async make(workshop, folder) {
      const mirror = await mirrorOf(workshop, release)
      // debootstrap mounts into the tree and leaves that behind when it is killed: its mounts and processes are its own,
      // and end with it.
      const alone = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=KILL', '--mount-proc']
      const what = ['--variant=minbase', `--include=${packages.join(',')}`, release.codename, folder]
      await workshop.run({
        program: 'unshare',
        arguments: [...alone, 'debootstrap', ...what, ...(mirror === undefined ? [] : [mirror])],
        isFetch: true,
      })
      await makeNeutral(folder)
    },
  }
}

/** Nothing of the machine that built the tree, nothing that two hosts may not share, and nothing that would start on its own. */
export async function makeNeutral(tree: string): Promise<void> {
  const etc = (name: string): string => join(tree, 'etc', name)
  for (const name of await readdir(etc('ssh'))) if (name.startsWith('ssh_host_')) await rm(etc(`ssh/${name}`))
  // Empty, not absent: systemd makes one for each host and does not take the boot for the first of a factory-fresh machine.
  await replace(etc('machine-id'), '')
  await rm(join(tree, 'var/lib/dbus/machine-id'), { force: true })
  await replace(etc('hostname'), 'localhost\n')
  await replace(etc('hosts'), '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n')
  await replace(etc('resolv.conf'), '# There are no name servers here.\n')
  for (const name of ['var/cache/apt', 'var/lib/apt/lists', 'var/log', 'var/cache/debconf', 'tmp', 'var/tmp', 'run']) {
    for (const entry of await readdir(join(tree, name))) await rm(join(tree, name, entry), { recursive: true })
  }
  for (const name of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial']) {
    await mkdir(join(tree, name), { recursive: true })
  }
  await mkdir(etc('systemd/system'), { recursive: true })
  for (const unit of masked) {
    await rm(etc(`systemd/system/${unit}`), { force: true })
    await symlink('/dev/null', etc(`systemd/system/${unit}`))
  }
}

/** debootstrap leaves some of these as links out of the tree. */
async function replace(file: string, text: string): Promise<void> {
  await rm(file, { force: true })
  await writeFile(file, text)
  await chmod(file, 0o644)
}
