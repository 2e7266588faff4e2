import {
  type Edits,
  type KubeconfigReading,
  readKubeconfig,
  type SelectedKubeconfig,
  type ServerProbe,
  serverChecks,
} from '../../src/kubeconfig/index.ts'
import { accessQuestions, probeServer } from '../../src/kubernetes/index.ts'
import { isLoopback } from '../loopback.ts'
import { settleChecks } from './checks.ts'
import type { Fetched, Loading } from './context.ts'
import { openTunnelOf } from './open-tunnel.ts'
import type { Place } from './place.ts'

/** How the cluster was reached, and what has to be written so that later steps reach it the same way. */
export interface Reached {
  readonly edits: Edits
  readonly server: string
  readonly isTunnel: boolean
  readonly probe: ServerProbe
}

const rightsFor: Readonly<Record<Loading['inputs']['purpose'], string>> = {
  any: '',
  join: 'it allows what a join needs',
  remove: 'it allows what a removal needs',
  verify: 'it allows what a verification needs',
  deploy: 'it allows everything',
}

/** The context as it will be written. */
function edited({ inputs }: Loading, reading: KubeconfigReading, edits: Edits): SelectedKubeconfig {
  return readKubeconfig(reading.render(edits), inputs.read).selected
}

/**
 * Whether a tunnel could help: nothing answered, or what answers at the runner's own loopback address is another cluster, which the
 * kubeconfig of a server node (https://127.0.0.1:6443) does not mean.
 */
function isOutOfReach({ server, dns, tcp, tls }: ServerProbe): boolean {
  return (
    dns.outcome === 'fail' || tcp.outcome === 'fail' || (tls.outcome === 'fail' && isLoopback(new URL(server).hostname))
  )
}

/** Reaches the API server as the inputs say, and proves it: names, port, certificate, credentials, rights, identity. */
export async function reach(
  loading: Loading,
  place: Place,
  reading: KubeconfigReading,
  fetched: Fetched,
): Promise<Reached> {
  const { run, inputs, signal } = loading
  const { edits, connect, tunnel, purpose, expectClusterUid } = inputs
  const access = accessQuestions(purpose)
  const { storeCommand } = fetched
  const context = {
    expectClusterUid,
    purpose,
    connect,
    ...(storeCommand === undefined ? {} : { setCommand: storeCommand }),
  }
  const direct = edited(loading, reading, edits)
  if (connect !== 'tunnel') {
    const probe = await look('Reach the cluster', direct, false)
    if (probe !== undefined) return { edits, server: direct.server, isTunnel: false, probe }
  }
  // Inputs without a complete tunnel never get here: connect is direct then.
  if (tunnel === undefined) throw new Error('there is no tunnel to open')
  const server = await openTunnelOf(loading, place, direct, tunnel, fetched.tunnelKey)
  const tunnelEdits = { ...edits, server }
  const through = edited(loading, reading, tunnelEdits)
  const probe = await look('Reach the cluster through the tunnel', through, true)
  if (probe === undefined) throw new Error('there is nothing to go on to')
  return { edits: tunnelEdits, server: through.server, isTunnel: true, probe }

  /** Undefined: out of reach, and the tunnel is next. */
  async function look(
    title: string,
    selected: SelectedKubeconfig,
    isTunnel: boolean,
  ): Promise<ServerProbe | undefined> {
    return await run.stage(title, async (say) => {
      const seen = await probeServer(selected, { access }, signal)
      if (connect === 'auto' && !isTunnel && isOutOfReach(seen)) {
        say(`  ${selected.server} cannot be reached from this runner: the tunnel is next`)
        return undefined
      }
      report(seen, selected, isTunnel)
      if (seen.http.outcome === 'pass') say(said(seen))
      settleChecks(loading, serverChecks(seen, { ...context, isTunnel }), say)
      return seen
    })
  }

  function said(seen: ServerProbe): string {
    const rights = seen.access.length > 0 && seen.access.every((one) => one.allowed) ? `; ${rightsFor[purpose]}` : ''
    const uid = seen.clusterUid === undefined ? '' : `; cluster ${seen.clusterUid}`
    return `  ${seen.version ?? 'something'} answers at ${seen.server}${rights}${uid}`
  }

  function report(seen: ServerProbe, selected: SelectedKubeconfig, isTunnel: boolean): void {
    run.outputs.server = selected.server
    run.outputs.reachable = String(
      seen.authentication.outcome === 'pass' ||
        (seen.authentication.outcome === 'skip' && seen.http.outcome === 'pass'),
    )
    run.outputs['cluster-uid'] = seen.clusterUid ?? ''
    run.facts.server = `${selected.server}${seen.version === undefined ? '' : `, ${seen.version}`}${isTunnel ? ', through the tunnel' : ''}`
    if (seen.clusterUid !== undefined) run.facts['cluster UID'] = seen.clusterUid
  }
}
