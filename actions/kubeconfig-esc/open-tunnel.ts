import { dirname, join } from 'node:path'
import type { SelectedKubeconfig } from '../../src/kubeconfig/index.ts'
import { formatDuration } from '../../src/report/index.ts'
import { openTunnel } from '../../src/tunnel/index.ts'
import { RunFailure } from '../failure.ts'
import { isLoopback } from '../loopback.ts'
import { privateKeyComplaint } from '../private-key.ts'
import type { Loading } from './context.ts'
import type { WantedTunnel } from './inputs.ts'
import type { Place } from './place.ts'

/** As long as a job of GitHub's own machines may run; on others, the job's end comes first. */
const lifetimeMs = 6 * 3_600_000

/** What ssh and its supervisor need of the environment. RUNNER_TRACKING_ID lets the runner end them when the job is over. */
const inherited = ['PATH', 'LANG', 'RUNNER_TRACKING_ID', 'SystemRoot'] as const

/** The API server as the SSH server sees it: its own loopback where the kubeconfig names the same machine, or a loopback address. */
export function targetOf(server: string, tunnelHost: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(server)
  const host = isLoopback(hostname) || hostname === tunnelHost ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '')
  return { host, port: port === '' ? 443 : Number(port) }
}

function keyOf(tunnel: WantedTunnel, fetched: string | undefined): string {
  if ('text' in tunnel.key) return tunnel.key.text
  const complaint = privateKeyComplaint((fetched ?? '').trim())
  if (complaint === undefined) return fetched ?? ''
  throw new RunFailure({
    code: 'tunnel-authentication',
    title: `the key for the tunnel through ${tunnel.host} cannot be used: it ${complaint.problem}`,
    cause: 'the property of the ESC environment holds something else',
    remedy: `store ${complaint.allowed}`,
    evidence: [],
  })
}

/** Opens the tunnel; resolves with the server's address on this runner. */
export async function openTunnelOf(
  { run, inputs, signal }: Loading,
  place: Place,
  selected: SelectedKubeconfig,
  tunnel: WantedTunnel,
  fetchedKey: string | undefined,
): Promise<string> {
  const { environment } = run.runner
  const target = targetOf(selected.server, tunnel.host)
  return await run.stage(`Open a tunnel through ${tunnel.user}@${tunnel.host}`, async (say) => {
    const { folder } = await place.open(inputs)
    const { host, port, user, localPort, knownHosts } = tunnel
    const { server, milestones } = await openTunnel(
      {
        host,
        port,
        user,
        privateKey: keyOf(tunnel, fetchedKey),
        knownHosts,
        localPort,
        target,
        lifetimeMs,
        server: { caPem: selected.caPem, tlsServerName: selected.tlsServerName },
      },
      {
        folder,
        nonce: place.nonce,
        worker: place.worker,
        label: run.label,
        // The stub beside the one that the runner started.
        supervisor: [process.execPath, join(dirname(process.argv[1] ?? ''), 'tunnel.js')],
        environment: Object.fromEntries(
          inherited.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
        ),
      },
      signal,
    )
    say(`  ${server} → ${target.host}:${target.port}`)
    for (const { text, atMs } of milestones) say(`  ${formatDuration(atMs).padStart(8)}  ${text}`)
    run.facts.tunnel = `${user}@${host}, ${server} → ${target.host}:${target.port}`
    return server
  })
}
