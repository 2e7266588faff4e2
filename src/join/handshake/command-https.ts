import type { Host } from '../../host/index.ts'
import {
  authority,
  connectionSeconds,
  type FaultKind,
  type HostAnswer,
  type HostHttps,
  HostHttpsFault,
  type HostRequest,
  kindOfReason,
  oneLine,
} from './host-https-model.ts'

/** What curl's exit codes say, for those that a handshake can meet. */
const curlKinds: Readonly<Record<string, FaultKind>> = {
  '5': 'name',
  '6': 'name',
  '7': 'connect',
  '28': 'timeout',
  '35': 'tls',
  '51': 'identity',
  '52': 'connect',
  '56': 'connect',
  '58': 'tls',
  '60': 'authority',
  '77': 'authority',
}

/** HTTPS by a program of the host itself, for hosts whose sshd forwards nothing. */
export class CommandHttps implements HostHttps {
  readonly via = 'host-command'
  readonly #host: Host
  readonly #script: string

  constructor(host: Host, script: string) {
    this.#host = host
    this.#script = script
  }

  async get(asked: HostRequest, signal: AbortSignal): Promise<HostAnswer> {
    const run = await this.#host.run({
      name: 'handshake',
      script: this.#script,
      env: {
        URL: `https://${authority(asked.address, asked.port)}${asked.path}`,
        CA_PEM: asked.caPem ?? '',
        CONNECT_SECONDS: String(connectionSeconds),
      },
      secrets: { AUTHORIZATION: asked.authorization ?? '' },
      privilege: 'user',
      timeoutMs: (connectionSeconds + 5) * 1000,
      signal,
    })
    const line = run.lines.findLast((one) => 'http' in one || 'error' in one)
    if (line?.http !== undefined) {
      return { status: Number(line.http), body: Buffer.from(String(line.body ?? ''), 'base64').toString('utf8') }
    }
    const said = oneLine(String(line?.message ?? run.stderr))
    if (line?.error === 'connect') {
      const known = curlKinds[String(line.curl)] ?? 'connect'
      const kind = known === 'connect' ? kindOfReason(said) : known
      const isIdentity = kind === 'authority' && /subject (alternative )?name|does not match/i.test(said)
      throw new HostHttpsFault(isIdentity ? 'identity' : kind, said || `curl exit code ${String(line.curl)}`)
    }
    throw new HostHttpsFault(
      'tool',
      said || `the script ended with ${run.exitCode}`,
      'allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host',
    )
  }

  async reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void> {
    try {
      await this.get({ address, port, path: '/version', caPem }, signal)
    } catch (error) {
      if (!(error instanceof HostHttpsFault) || error.kind !== 'identity') throw error
    }
  }
}
