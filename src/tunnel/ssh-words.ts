import type { TunnelFault } from './error.ts'
import type { Destination } from './model.ts'

/** What is kept of DEBUG1: the offered key, whether it was accepted, where the forwarding listens. */
const telling =
  /^(Server host key: |Authenticated to |Local forwarding listening on |Connection established|found matching key)/
const lineLimit = 300

/** One line that ssh printed → what is worth keeping of it, or nothing. Server's text is among it: one bounded, printable line. */
export function significant(line: string): string | undefined {
  const text = line.replace(/[^\u0020-\u007e\u00a1-\uffff]+/g, ' ').trim()
  const debug = /^debug\d: (.*)$/.exec(text)
  if (debug && !telling.test(debug[1] ?? '')) return undefined
  const kept = debug?.[1] ?? text
  if (kept === '' || /^OpenSSH_\d/.test(kept) || /^@+$/.test(kept)) return undefined
  return kept.length > lineLimit ? `${kept.slice(0, lineLimit - 1)}…` : kept
}

/** The port is bound and the login done: ssh binds its forwardings after it (ssh.c, ssh_session2). */
export function tellsOfListening(line: string, { localPort }: Destination): boolean {
  return line === `Local forwarding listening on 127.0.0.1 port ${localPort}.`
}

/** The SSH server did not open a connection to the target (channels.c, channel_input_open_failure) → its reason. */
export function refusalIn(line: string): string | undefined {
  return /^channel \d+: open failed: (.*)$/.exec(line)?.[1]
}

type Row = readonly [
  matches: RegExp,
  code: TunnelFault['code'],
  cause: (to: Destination, evidence: string) => string,
  remedy: (to: Destination) => string,
]

const at = (to: Destination): string => `${to.host}${to.port === 22 ? '' : ` port ${to.port}`}`
const offered = (evidence: string): string => {
  const [, type, print] = /Server host key: (\S+) (SHA256:\S+)/.exec(evidence) ?? []
  return print === undefined ? 'a key' : `${type} ${print}`
}
const compare = (to: Destination): string =>
  `compare it with the one on the console of ${to.host}: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (or the file of its type); only when both are the same, put the line of ssh-keyscan ${to.port === 22 ? '' : `-p ${to.port} `}${to.host} into known-hosts`
const log = (to: Destination): string => `look at the SSH log of ${to.host}: journalctl -u ssh -n 20`

/** First match wins. Words of OpenSSH: sshconnect.c, sshconnect2.c, sshkey errors, packet.c, clientloop.c, channels.c, misc.c. */
const rows: readonly Row[] = [
  [
    /REVOKED HOST KEY|revoked host key/i,
    'tunnel-host-key',
    (to, evidence) => `${at(to)} shows ${offered(evidence)}, which known-hosts marks as @revoked`,
    () => 'do not connect: give the server new host keys on its console, and pin those',
  ],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    'tunnel-host-key',
    (to, evidence) =>
      `${at(to)} shows ${offered(evidence)}, and known-hosts has another: it was installed anew, or somebody else answers in its place`,
    compare,
  ],
  [
    /Host key verification failed|host key is known for/i,
    'tunnel-host-key',
    (to, evidence) => `known-hosts pins no key for ${at(to)}, which shows ${offered(evidence)}`,
    compare,
  ],
  [
    /no matching host key type found/i,
    'tunnel-host-key',
    (to) => `${at(to)} has no host key of a type that ssh accepts`,
    () => 'give the server an Ed25519 host key: ssh-keygen -A on it, and pin that',
  ],
  [
    /Load key .*: (?!Permission)/,
    'tunnel-authentication',
    () => 'the private key is damaged: its text is not a complete key in OpenSSH or PEM form',
    () => 'give the whole file, from -----BEGIN to -----END with all line breaks',
  ],
  [
    /Permission denied|Too many authentication failures|No more authentication methods/i,
    'tunnel-authentication',
    (to) => `${at(to)} does not accept this key for user ${to.user}`,
    (to) =>
      `add the public half of tunnel-key (ssh-keygen -y -f KEY) to ~${to.user}/.ssh/authorized_keys there: restrict,port-forwarding,permitopen="${to.target}" ssh-ed25519 …; ${log(to)}`,
  ],
  [
    /Address already in use|cannot listen to port/i,
    'tunnel-port-busy',
    (to) => `port ${to.localPort} of the runner is taken`,
    () => 'end what holds it, or set local-port to a free one',
  ],
  [
    /administratively prohibited/i,
    'tunnel-forward-refused',
    (to) => `${at(to)} lets ${to.user} in, and forwards no connection to ${to.target}`,
    (to) =>
      `allow it there: AllowTcpForwarding local in sshd_config, and port-forwarding,permitopen="${to.target}" before the key in ~${to.user}/.ssh/authorized_keys`,
  ],
  [
    /Could not resolve hostname/i,
    'tunnel-unreachable',
    (to) => `the name ${to.host} does not resolve on this runner`,
    () => 'correct tunnel-host, or use its address',
  ],
  [
    /connect to host .*Connection refused/i,
    'tunnel-unreachable',
    (to) => `nothing listens on ${at(to)}`,
    () => 'start the SSH server there (systemctl enable --now ssh), or correct tunnel-host and tunnel-port',
  ],
  [
    /No route to host|Network is unreachable/i,
    'tunnel-unreachable',
    (to) => `this runner has no route to ${at(to)}, or it is off`,
    () => 'look whether the SSH server is on, and whether this runner may reach its network',
  ],
  [
    /Timeout, server .* not responding/i,
    'tunnel-unreachable',
    (to) => `${at(to)} did not answer any more: its network is gone, or it stands still`,
    () => 'look whether the SSH server is on and reachable, then run it again',
  ],
  [
    /Connection timed out|Operation timed out|timed out during banner exchange/i,
    'tunnel-unreachable',
    (to) => `${at(to)} does not answer: it is off, or a firewall drops the packets`,
    () => 'look whether the SSH server is on, and allow its port from this runner’s address',
  ],
  [
    /kex_exchange_identification|Connection (closed|reset)|closed by remote host|Broken pipe|Connection to .* aborted/i,
    'tunnel-unreachable',
    (to) =>
      `${at(to)} closed the connection: restarted, too many connections at once (MaxStartups), or a ban (fail2ban)`,
    log,
  ],
  [
    /no matching (key exchange|cipher|mac|compression)|Unable to negotiate/i,
    'tunnel-unreachable',
    (to) => `ssh and ${at(to)} have no algorithm in common`,
    () => 'look at the algorithms that the SSH server allows: sshd -T',
  ],
  [
    /No user exists for uid|You don't exist, go away/i,
    'tunnel-failed',
    () => 'the user that this runner runs as has no entry in its passwd file, and OpenSSH does not start without',
    () => 'run the job as a user that the machine knows, or add the entry to the container’s /etc/passwd',
  ],
  [
    /Bad configuration option|unknown option|illegal option|Unsupported option/i,
    'tunnel-failed',
    () => 'this runner’s ssh does not know an option that the tunnel needs: it is too old, or no OpenSSH',
    () => 'install an OpenSSH of version 7.6 or newer on the runner',
  ],
]

const titles: Readonly<Partial<Record<TunnelFault['code'], (to: Destination) => string>>> = {
  'tunnel-host-key': (to) => `the host key of ${at(to)} is not the pinned one`,
  'tunnel-authentication': (to) => `the SSH server ${to.host} did not let the tunnel in`,
  'tunnel-unreachable': (to) => `the SSH server ${to.host} cannot be reached`,
  'tunnel-forward-refused': (to) => `the SSH server ${to.host} does not forward to ${to.target}`,
  'tunnel-port-busy': (to) => `port ${to.localPort} on the runner is taken`,
}

/** The last lines, which is where the reason of an end stands. */
export const lastOf = (lines: readonly string[], count = 8): readonly string[] => lines.slice(-count)

/** Why ssh ended before a tunnel stood, from what it printed. Pure. */
export function explainSsh(lines: readonly string[], to: Destination, ending: string): TunnelFault {
  const text = lines.join('\n')
  const row = rows.find(([matches]) => matches.test(text))
  const code = row?.[1] ?? 'tunnel-failed'
  return {
    code,
    title: titles[code]?.(to) ?? `the tunnel over ${at(to)} did not come to be`,
    cause: row?.[2](to, text) ?? `ssh ended (${ending}) for a reason that is not known here`,
    remedy: row?.[3](to) ?? 'see the evidence: ssh’s own last words',
    evidence: [...lastOf(lines), `ssh ended: ${ending}`],
  }
}

/** Why a connection through a standing tunnel was not forwarded. `reason` is the SSH server's. Pure. */
export function explainRefusal(reason: string, to: Destination): TunnelFault {
  const evidence = [`${to.host}: open failed: ${reason}`]
  if (/^connect failed/.test(reason)) {
    return {
      code: 'tunnel-unreachable',
      title: `the tunnel stands, and the API server behind it cannot be reached`,
      cause: `${to.host} has no connection to ${to.target}: ${reason.replace(/^connect failed:? ?/, '') || 'connect failed'}`,
      remedy: `look on ${to.host} whether the API server runs and listens there: ss -ltn, systemctl status k3s`,
      evidence,
    }
  }
  const row = rows.find(([matches]) => matches.test(reason))
  const code = row?.[1] ?? 'tunnel-failed'
  return {
    code,
    title: titles[code]?.(to) ?? `the SSH server ${to.host} opens no connection to ${to.target}`,
    cause: row?.[2](to, reason) ?? `it answered: ${reason}`,
    remedy: row?.[3](to) ?? log(to),
    evidence,
  }
}
