import type { HostAccess } from '../cluster-file/index.ts'
import { HostError, messageOf } from './error.ts'
import { forwardError } from './failures.ts'
import { fingerprint, type HostKeyPins, type HostKeyVerdict, keyType } from './known-hosts.ts'

/** A host key that the host showed, and what was made of it. */
export interface OfferedKey {
  readonly key: Buffer
  readonly verdict: HostKeyVerdict
}

const consoleFiles: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ssh_host_ed25519_key.pub',
  'ssh-rsa': 'ssh_host_rsa_key.pub',
}

/** The error of a connection whose host key was not accepted. Shows what was offered and how to compare it. */
export function hostKeyError(
  label: string,
  access: HostAccess,
  pins: HostKeyPins,
  offered: readonly OfferedKey[],
): HostError {
  const last = offered.at(-1)
  const type = last === undefined ? '' : keyType(last.key)
  const file = consoleFiles[type] ?? (type.startsWith('ecdsa-') ? 'ssh_host_ecdsa_key.pub' : 'ssh_host_ed25519_key.pub')
  const compare = `compare on the console of ${access.address}: ssh-keygen -lf /etc/ssh/${file}`
  const evidence = [
    ...offered.map(({ key }) => `offered: ${keyType(key)} ${fingerprint(key)}`),
    ...pins.keys.map((pin) => `pinned: ${pin.type} ${fingerprint(Buffer.from(pin.key, 'base64'))}`),
    ...pins.fingerprints.map((text) => `pinned: ${text}`),
    ...pins.notes,
  ]
  const shown = last === undefined ? 'a key' : `${type} ${fingerprint(last.key)}`
  if (last?.verdict === 'revoked') {
    return new HostError('host-key-revoked', label, {
      title: 'the host key is revoked',
      cause: `the host shows ${shown}, which known_hosts marks as @revoked`,
      remedy: `do not connect: give the host new keys on its console and pin those; ${compare}`,
      evidence,
    })
  }
  if (last === undefined || last.verdict === 'mismatch') {
    const cause =
      last === undefined
        ? `the host has no key of a pinned type (${[...new Set(pins.keys.map((pin) => pin.type))].join(', ') || 'none'})`
        : `the host shows ${shown}, and ${access.hostKeySource || 'the pin'} has another`
    return new HostError('host-key-mismatch', label, {
      title: 'the host key is not the pinned one',
      cause: `${cause}: the host was installed anew, or somebody else answers in its place`,
      remedy: `${compare}; only when both are the same, pin the offered key`,
      evidence,
    })
  }
  return new HostError('host-key-unknown', label, {
    title: 'the host key is not known',
    cause: `nothing is pinned for ${access.address}${access.port === 22 ? '' : ` port ${access.port}`}, and the host shows ${shown}`,
    remedy: `${compare}; when both are the same, pin ${fingerprint(last.key)} or the known_hosts line: ${knownHostsName(access)} ${type} ${last.key.toString('base64')}`,
    evidence,
  })
}

function knownHostsName(access: HostAccess): string {
  return access.port === 22 ? access.address : `[${access.address}]:${access.port}`
}

/** The shape of ssh2's errors: `level` says where it failed, `code` is the system's. */
interface ClientError {
  readonly message: string
  readonly level?: string
  readonly code?: string | number
}

type Explanation = readonly [code: HostError['code'], title: string, cause: string, remedy: string]

function explain(error: ClientError, access: HostAccess, hasKey: boolean): Explanation {
  const { message } = error
  const place = `${access.address}:${access.port}`
  if (/encrypted private|no passphrase given|bad passphrase/i.test(message)) {
    return [
      'private-key-encrypted',
      'the private key cannot be used',
      'it is encrypted with a passphrase',
      'give a key without passphrase that only this host accepts (ssh-keygen -t ed25519 -N "" -f deploy-key)',
    ]
  }
  if (
    /cannot parse privatekey|malformed|unsupported key format|key integrity|privateKey value does not contain/i.test(
      message,
    )
  ) {
    return [
      'private-key-malformed',
      'the private key cannot be used',
      'its text is not a complete private key in OpenSSH or PEM form',
      'give the whole file, from -----BEGIN to -----END with all line breaks',
    ]
  }
  if (error.level === 'client-authentication') {
    return [
      'authentication-refused',
      'the host refused the log-in',
      hasKey
        ? `it does not accept this key for user ${access.user}`
        : `no private key was given for user ${access.user}`,
      `add the public half of the key (ssh-keygen -y -f KEY) to ~${access.user}/.ssh/authorized_keys on the host; the reason stands in its log: journalctl -u ssh -n 20`,
    ]
  }
  // node-ssh's own error for a connection that closed without one carries the code ETIMEDOUT.
  if (
    error.code === 'ECONNRESET' ||
    error.code === 'EPIPE' ||
    /before handshake|no response from server/i.test(message)
  ) {
    return [
      'connection-reset',
      'the host closed the connection',
      'it ended before the log-in (too many connections at once: MaxStartups, or a ban after failed log-ins)',
      'wait a minute and run it again; look at the SSH log of the host',
    ]
  }
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return [
        'name-not-found',
        'the name of the host cannot be resolved',
        `DNS has no answer for ${access.address} on this runner`,
        'correct the host, or use its address',
      ]
    case 'ECONNREFUSED':
      return [
        'connection-refused',
        'the host refused the connection',
        `nothing listens on ${place}`,
        'start the SSH server (systemctl enable --now ssh), or correct host and port',
      ]
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        'connection-failed',
        'there is no way to the host',
        `this runner has no route to ${place}, or the host is off`,
        'run the job on a runner in the same network, and look whether the host is on',
      ]
    case 'ETIMEDOUT':
      return [
        'connection-timeout',
        'the host did not answer',
        `no answer from ${place}`,
        'look whether the host is on and whether a firewall drops the port',
      ]
    default:
  }
  if (error.level === 'client-timeout' || /timed out|keepalive/i.test(message)) {
    return [
      'connection-timeout',
      'the host did not answer',
      `no complete SSH handshake with ${place} in time`,
      'look whether the host is on, overloaded, or behind a firewall that drops the port',
    ]
  }
  if (error.level === 'handshake' || error.level === 'protocol') {
    return [
      'handshake-failed',
      'the SSH handshake failed',
      message,
      'look whether this port is an SSH server and which algorithms it allows (sshd -T)',
    ]
  }
  return ['connection-failed', 'the connection failed', message, 'look at the SSH log of the host and run it again']
}

/** A failed connection in words. `error` is what node-ssh rejected with. */
export function connectionError(
  label: string,
  access: HostAccess,
  error: unknown,
  redact: (text: string) => string,
): HostError {
  const known: ClientError = { ...(error as object), message: messageOf(error) }
  const [code, title, cause, remedy] = explain(known, access, access.privateKey !== undefined)
  const isKey = code === 'private-key-encrypted' || code === 'private-key-malformed'
  return new HostError(
    code,
    label,
    { title, cause, remedy, evidence: isKey || known.message === cause ? [] : [known.message] },
    redact,
  )
}

/** RFC 4254 section 5.1. */
const administrativelyProhibited = 1
const connectFailed = 2

/** A direct-tcpip channel that the host did not open. `error` is ssh2's; its `reason` is the protocol's number. */
export function forwardingError(
  label: string,
  access: HostAccess,
  address: string,
  port: number,
  error: unknown,
): HostError {
  const reason = (error as { reason?: unknown } | null)?.reason
  const message = messageOf(error)
  const text = message.replace(/^\(SSH\) Channel open failure: /, '')
  if (reason === connectFailed) return forwardError(label, address, port, text)
  const cause = 'its SSH server prohibits it (AllowTcpForwarding no, or restrict in authorized_keys)'
  return new HostError('forwarding-refused', label, {
    title: 'the host does not forward connections',
    cause: reason === administrativelyProhibited ? cause : text,
    remedy: `allow it for ${access.user}: AllowTcpForwarding local in sshd_config`,
    evidence: [message],
  })
}

/** A session that the host did not open or start. */
export function channelError(label: string, doing: string, error: unknown): HostError {
  return new HostError('channel-refused', label, {
    title: `${doing} could not be started`,
    cause: 'the SSH server refused a session',
    remedy: 'allow the user to run commands (no ForceCommand, a real login shell, MaxSessions 10 or more)',
    evidence: [messageOf(error)],
  })
}
