import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { accounts, withAccounts } from './accounts.ts'
import { type HostFile, type MachineDescription, machineFiles } from './files.ts'
import { knownHostsLine, makeClientKey, makeHostKey, passwordHash } from './keys.ts'

/** What a client needs to know of a machine that was furnished. */
export interface Furnished {
  readonly knownHosts: string
  readonly clientPrivateKey: string
  readonly operatorPassword: string
}

/** Makes the mounted tree of a machine that does not run yet its own: names, keys, accounts, hardware. */
export async function furnish(
  root: string,
  machine: Pick<MachineDescription, 'name' | 'address' | 'hasGpu' | 'faults' | 'systemUuid' | 'distribution'> & {
    /** Of a k3s that was released: nothing on the machine stands in for it. */
    readonly isReleased?: boolean
  },
): Promise<Furnished> {
  const operatorPassword = randomBytes(12).toString('base64url')
  const [client, operatorHash] = await Promise.all([
    makeClientKey(root),
    passwordHash(root, operatorPassword),
    makeHostKey(root, machine.name),
  ])
  const files = machineFiles({
    ...machine,
    machineId: randomBytes(16).toString('hex'),
    containerId: randomBytes(32).toString('hex'),
    publicKey: client.publicKey,
    ...(machine.isReleased
      ? {}
      : { k3sStandIn: readFileSync(join(repositoryRoot, 'lab/hosts/k3s-standin.sh'), 'utf8') }),
  })
  for (const [path, file] of Object.entries(files)) lay(join(root, path), file)
  addAccounts(root, operatorHash)
  return { knownHosts: knownHostsLine(root, machine.address), clientPrivateKey: client.privateKey, operatorPassword }
}

function lay(path: string, file: HostFile): void {
  mkdirSync(dirname(path), { recursive: true })
  // In the shared tree it may be a link to another file, or a file that must not be written through.
  rmSync(path, { force: true })
  if (file.link !== undefined) {
    symlinkSync(file.link, path)
    return
  }
  writeFileSync(path, file.text ?? '')
  // Apart, because the mode of a new file depends on the umask.
  chmodSync(path, file.mode ?? 0o644)
  if (file.owner === undefined) return
  for (const owned of [path, dirname(path)]) chownSync(owned, file.owner, file.owner)
}

function addAccounts(root: string, operatorHash: string): void {
  const read = (name: string): string => readFileSync(join(root, 'etc', name), 'utf8')
  const texts = withAccounts({ passwd: read('passwd'), group: read('group'), shadow: read('shadow') }, operatorHash)
  // Written in place: owner and mode stay.
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(root, 'etc', name), text)
  for (const { name, uid } of accounts) chownSync(join(root, 'home', name), uid, uid)
}
