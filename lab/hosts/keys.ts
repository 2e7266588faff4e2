import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from './command.ts'

const hostKey = '/etc/ssh/ssh_host_ed25519_key'

/** Makes the host key of a mounted tree, with its own ssh-keygen; keys of other kinds are thrown away. */
export async function makeHostKey(root: string, name: string): Promise<void> {
  const folder = join(root, 'etc/ssh')
  for (const file of readdirSync(folder)) if (file.startsWith('ssh_host_')) rmSync(join(folder, file))
  await mustRun(['chroot', root, ...keygen(hostKey, `root@${name}`)])
}

/** Words that make a new host key on the running machine, in the place of the old one. */
export const rotateHostKey: readonly (readonly string[])[] = [
  ['rm', hostKey, `${hostKey}.pub`],
  keygen(hostKey, 'rotated'),
  ['systemctl', 'restart', 'ssh.service'],
]

/** Line of known_hosts with the host key of a mounted tree. */
export function knownHostsLine(root: string, address: string): string {
  const [type, key] = readFileSync(join(root, `${hostKey}.pub`), 'utf8').split(' ')
  return `${address} ${type} ${key}`
}

/** A key pair in OpenSSH's formats, as people save them in a secret; nothing of it stays in the tree. */
export async function makeClientKey(
  root: string,
): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const file = '/root/.client-key'
  try {
    await mustRun(['chroot', root, ...keygen(file, 'runner')])
    return {
      privateKey: readFileSync(join(root, file), 'utf8'),
      publicKey: readFileSync(join(root, `${file}.pub`), 'utf8').trim(),
    }
  } finally {
    for (const path of [file, `${file}.pub`]) rmSync(join(root, path), { force: true })
  }
}

/** crypt(3) of a password that goes by standard input, by the tree's own openssl. */
export async function passwordHash(root: string, password: string): Promise<string> {
  return (await mustRun(['chroot', root, 'openssl', 'passwd', '-6', '-stdin'], { input: `${password}\n` })).trim()
}

function keygen(file: string, comment: string): readonly string[] {
  return ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]
}
