import { isIP } from 'node:net'
import { TunnelError, type TunnelFault } from './error.ts'
import type { Destination, TunnelRequest } from './model.ts'
import { fileNames } from './state.ts'

/**
 * Arguments of ssh, which runs in the tunnel's folder: file names are relative, because ssh splits paths in options at spaces
 * and expands `%` and `${}` in them (ssh_config(5), TOKENS). No configuration of user or system, no agent, no shared connection,
 * no known_hosts but ours, nothing that asks, nothing that runs a command. DEBUG1, because the fingerprint of an offered key and
 * the moment of authentication are told there only; what is kept of it: ssh-words.ts.
 */
export function sshArguments(to: Destination): readonly string[] {
  const options = [
    'BatchMode=yes',
    'ExitOnForwardFailure=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${fileNames.knownHosts}`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'VerifyHostKeyDNS=no',
    'PreferredAuthentications=publickey',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'AddKeysToAgent=no',
    'ForwardAgent=no',
    'ControlMaster=no',
    'ControlPath=none',
    'PermitLocalCommand=no',
    'CanonicalizeHostname=no',
    'Compression=no',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=3',
    'ConnectTimeout=15',
    'ConnectionAttempts=1',
    'LogLevel=DEBUG1',
  ]
  return [
    ...['-F', 'none', '-N', '-T', '-x', '-a'],
    ...options.flatMap((option) => ['-o', option]),
    ...['-i', fileNames.key],
    ...['-p', String(to.port)],
    ...['-l', to.user],
    ...['-L', `127.0.0.1:${to.localPort}:${to.target}`],
    ...['--', to.host],
  ]
}

const isName = (text: string): boolean => /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?$/.test(text)
const isHost = (text: string): boolean => isIP(text) !== 0 || isName(text)
const isPort = (port: number): boolean => Number.isSafeInteger(port) && port >= 1 && port <= 65_535

function refused(code: TunnelFault['code'], cause: string, remedy: string): TunnelError {
  return new TunnelError({ code, title: 'the tunnel was not opened', cause, remedy, evidence: [] })
}

/** ssh itself says nothing of it where it cannot ask (BatchMode). PEM says so in words; openssh-key-v1 names its cipher first. */
function isEncrypted(privateKey: string): boolean {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(privateKey)) return true
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)/.exec(privateKey)?.[1] ?? ''
  const bytes = Buffer.from(body, 'base64')
  const magic = 'openssh-key-v1\0'
  if (bytes.toString('latin1', 0, magic.length) !== magic || bytes.length < magic.length + 4) return false
  const start = magic.length + 4
  return bytes.toString('latin1', start, start + bytes.readUInt32BE(magic.length)) !== 'none'
}

/** @throws TunnelError for what ssh would take for something else, or must not be tried at all */
export function validate(request: TunnelRequest): void {
  if (!isHost(request.host) || !isHost(request.target.host)) {
    throw refused(
      'tunnel-failed',
      `${JSON.stringify(request.host)} or ${JSON.stringify(request.target.host)} is neither a host name nor an IP address`,
      'set tunnel-host to the name or address alone, without user, scheme or port',
    )
  }
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,63}\$?$/.test(request.user)) {
    throw refused('tunnel-failed', `${JSON.stringify(request.user)} is no user name`, 'correct tunnel-user')
  }
  if (![request.port, request.localPort, request.target.port].every(isPort)) {
    throw refused('tunnel-failed', 'a port is not between 1 and 65535', 'correct tunnel-port, local-port or the server')
  }
  const pins = request.knownHosts.split(/\r?\n/).filter((line) => /^\s*[^#\s]/.test(line))
  if (!pins.some((line) => /^(@cert-authority\s+)?\S+\s+\S+\s+[A-Za-z0-9+/]{40,}={0,2}(\s|$)/.test(line.trim()))) {
    throw refused(
      'tunnel-host-key',
      `no host key of ${request.host} is pinned: known-hosts ${pins.length === 0 ? 'is empty' : 'has no host key line'}`,
      `set known-hosts to what ssh-keyscan -t ed25519 ${request.host} prints, after comparing its fingerprint with the one on the server’s console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`,
    )
  }
  if (!/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(request.privateKey.trim())) {
    throw refused(
      'tunnel-authentication',
      'tunnel-key is no private key in OpenSSH or PEM form',
      'give the whole file, from -----BEGIN to -----END with all line breaks',
    )
  }
  if (isEncrypted(request.privateKey)) {
    throw refused(
      'tunnel-authentication',
      'the private key is encrypted with a passphrase',
      'give a key without passphrase that only this tunnel uses: ssh-keygen -t ed25519 -N "" -f tunnel-key',
    )
  }
  if (!Number.isFinite(request.lifetimeMs) || request.lifetimeMs < 1000) {
    throw refused('tunnel-failed', 'its lifetime is under a second', 'give it the time that the job needs')
  }
}

/** As ssh wants a file of text: OpenSSH reads no key whose last line is not ended, nor one with carriage returns. */
export function asFile(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`
}
