import type { ClusterFile } from '../../src/cluster-file/index.ts'
import { privateKeyComplaint } from '../private-key.ts'
import { propertyOf } from './input-source.ts'
import type { KubeconfigEscInputs, Source, Values, WantedTunnel } from './inputs.ts'
import type { Settings } from './settings.ts'

/** Everybody uses this one (the owner's status summary, fix 1), and Pulumi wants it to stay. */
const defaultLocalPort = 16443

/** The key as text from the input, or as a property of the environment. Undefined: there is none, or a problem says why. */
function keyOf(
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
  source: Source | undefined,
): WantedTunnel['key'] | undefined {
  const given = values['tunnel-key']
  if (given !== undefined) {
    const text = given.trim()
    const complaint = privateKeyComplaint(text)
    if (complaint) settings.problems.push({ input: 'tunnel-key', ...complaint })
    return { text: `${text}\n` }
  }
  const written = file?.content.api?.tunnel?.['private-key-property']
  if (written === undefined || source?.kind !== 'esc') return undefined
  const property = propertyOf(settings.at('api', 'tunnel', 'private-key-property'), written, settings)
  return property === undefined ? undefined : { property }
}

/** A host or user that OpenSSH cannot take for an option or a second argument. */
function wordProblem(input: string, text: string | undefined, settings: Settings): void {
  if (text === undefined || /^[A-Za-z0-9_:[][A-Za-z0-9_.:[\]%-]{0,252}$/.test(text)) return
  settings.problems.push({ input, problem: 'holds characters that no name has', allowed: 'a name or an address' })
}

/**
 * How the server is reached. A tunnel that the cluster file only sketches (without a host key or a key) is not used unless somebody
 * asks for it; then everything that it lacks is a problem.
 */
export function tunnelOf(
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
  source: Source | undefined,
): Pick<KubeconfigEscInputs, 'connect' | 'tunnel'> {
  const written = file?.content.api?.tunnel
  const asked = values.connect ?? file?.content.kubeconfig?.connect
  // An IPv6 address is written in brackets in URLs, and without in SSH.
  const host = (values['tunnel-host'] ?? written?.host)?.replace(/^\[(.+)\]$/, '$1')
  const user = values['tunnel-user'] ?? written?.user
  const knownHosts = values['known-hosts'] ?? written?.['known-hosts']
  const key = asked === 'direct' ? undefined : keyOf(values, file, settings, source)
  wordProblem('tunnel-host', host, settings)
  wordProblem('tunnel-user', user, settings)
  const connect = asked ?? (host && user && knownHosts && key ? 'auto' : 'direct')
  if (connect === 'direct') {
    // An input for a tunnel that will not be used is probably a mistake; a line of the cluster file is not.
    if (asked === 'direct' && values['tunnel-host'] !== undefined)
      settings.problems.push({
        input: 'tunnel-host',
        problem: 'is given, but connect is direct',
        allowed: 'leave it out, or use connect tunnel or auto',
      })
    else if (asked === undefined && (values['tunnel-host'] ?? values['tunnel-key']) !== undefined) missing()
    return { connect: 'direct' }
  }
  missing()
  if (!host || !user || !knownHosts || !key) return { connect }
  const port = settings.pick('tunnel-port', values['tunnel-port'], written?.port) ?? 22
  const localPort = settings.pick('local-port', values['local-port'], written?.['local-port']) ?? defaultLocalPort
  settings.note('tunnel', `${user}@${host}`, values['tunnel-host'] === undefined ? settings.filePath : 'input')
  return { connect, tunnel: { host, port, user, localPort, knownHosts, key } }

  function missing(): void {
    const parts = [
      ['tunnel-host', host, 'the SSH server that the tunnel goes through'],
      ['tunnel-user', user, 'the user to log in as there'],
      [
        'known-hosts',
        knownHosts,
        'known_hosts lines that pin the host key of that SSH server: without a pin there is no connection',
      ],
      ['tunnel-key', key, 'the private key, from a secret, or api.tunnel.private-key-property in the cluster file'],
    ] as const
    for (const [input, value, allowed] of parts)
      if (value === undefined || value === '')
        settings.problems.push({ input, problem: 'is missing, and a tunnel is asked for', allowed })
  }
}
