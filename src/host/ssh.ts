import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'ssh2'
import type { HostAccess } from '../cluster-file/index.ts'
import { abortedError, messageOf, redactor } from './error.ts'
import { fingerprint, type HostKeyPins, hostKeyAlgorithms, judgeHostKey, keyType, readPins } from './known-hosts.ts'
import type { Host } from './model.ts'
import { connectionError, hostKeyError, type OfferedKey } from './ssh-failures.ts'
import { SshHost } from './ssh-host.ts'

const readyTimeoutMs = 15_000
/** sshd drops new connections at random while many are not yet logged in (MaxStartups). */
const attempts = 3

/**
 * Opens the one connection to a host over SSH, with a key and a pinned host key. There is no way around the pin.
 * Rejects with HostError. Only a connection that the host dropped before the log-in is tried again.
 */
export async function connectSsh(access: HostAccess, signal: AbortSignal): Promise<Host> {
  const label = `${access.user}@${access.address}${access.port === 22 ? '' : `:${access.port}`}`
  const redact = redactor([access.privateKey, access.sudoPassword])
  const pins = readPins(access.knownHosts ?? '', access.hostKeyFingerprints, access.address, access.port)
  const rejected: OfferedKey[] = []
  for (let attempt = 1; ; ) {
    const attempted = await open(access, pins, rejected, signal)
    if (signal.aborted) {
      attempted.connection.destroy()
      throw abortedError(label, 'connecting', signal)
    }
    const { connection, error, offered } = attempted
    if (error === undefined && offered?.verdict === 'accepted') {
      return new SshHost({ connection, label, access, redact, hostKeyFingerprint: fingerprint(offered.key) })
    }
    connection.destroy()
    if (offered !== undefined && offered.verdict !== 'accepted') {
      rejected.push(offered)
      // A fingerprint may belong to another key of the same host than the one that it showed first.
      const isWorthAnother = offered.verdict === 'mismatch' && pins.fingerprints.length > 0
      if (isWorthAnother && remaining(pins, rejected).length > 0) continue
      throw hostKeyError(label, access, pins, rejected)
    }
    if (isWithoutCommonKeyType(error) && (rejected.length > 0 || pins.keys.length > 0)) {
      throw hostKeyError(label, access, pins, rejected)
    }
    const failure = connectionError(label, access, error, redact)
    if (failure.code !== 'connection-reset' || attempt >= attempts) throw failure
    await delay(250 * attempt, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw abortedError(label, 'connecting', signal)
    attempt += 1
  }
}

function remaining(pins: HostKeyPins, rejected: readonly OfferedKey[]): readonly string[] {
  return hostKeyAlgorithms(
    pins,
    rejected.map(({ key }) => keyType(key)),
  )
}

function isWithoutCommonKeyType(error: unknown): boolean {
  return messageOf(error).includes('no matching host key format')
}

interface Attempt {
  readonly connection: Client
  readonly error?: unknown
  readonly offered?: OfferedKey
}

/** One connection, up to the end of the log-in. Never rejects for what the host does. */
async function open(
  access: HostAccess,
  pins: HostKeyPins,
  rejected: readonly OfferedKey[],
  signal: AbortSignal,
): Promise<Attempt> {
  const { NodeSSH } = await import('node-ssh')
  const ssh = new NodeSSH()
  let offered: OfferedKey | undefined
  const connecting = ssh.connect({
    host: access.address,
    port: access.port,
    username: access.user,
    // Secrets often lose their last line break or gain carriage returns on the way through a form.
    ...(access.privateKey !== undefined && { privateKey: `${access.privateKey.replaceAll('\r\n', '\n').trim()}\n` }),
    authHandler: access.privateKey === undefined ? ['none'] : ['publickey'],
    algorithms: { serverHostKey: [...remaining(pins, rejected)] as never },
    hostVerifier: (key: Buffer) => {
      offered = { key, verdict: judgeHostKey(pins, key) }
      return offered.verdict === 'accepted'
    },
    readyTimeout: readyTimeoutMs,
    keepaliveInterval: 5000,
    keepaliveCountMax: 3,
  })
  const connection = ssh.connection as Client
  // Without this a script's small writes wait for delayed acknowledgements: 40 ms a channel.
  connection.setNoDelay(true)
  // node-ssh removes its own listener once connected; a later error without listener would end the process.
  connection.on('error', () => undefined)
  const onAbort = () => connection.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    await connecting
    return { connection, ...(offered && { offered }) }
  } catch (error) {
    return { connection, error, ...(offered && { offered }) }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
