/** What a runner meets besides the cluster, GitHub's downloads and calypso: Pulumi Cloud, GitHub's OIDC issuer, and the way over SSH. */
import { join } from 'node:path'
import type { Cluster, IssuedCertificate } from './cluster/index.ts'
import type { Endpoint, FaultName, HostNetwork, HostWorld } from './contract.ts'
import { type Pulumi, pulumiName } from './esc/index.ts'
import { startOceanid } from './esc/oceanid.ts'
import { type IdTokens, idTokenNames, startIdTokens } from './github/id-tokens.ts'
import { laySsh, opensshProgram, startTunnelHost, type TunnelHost } from './tunnel/index.ts'

/** Names that the servers out there answer for; a certificate has to have them. */
export const outsideNames = [...idTokenNames, pulumiName] as const

/** User of the tunnel, on the machine of the API server; it has no shell. */
const tunnelUser = 'tunnel'

export interface OutsideOptions {
  readonly directory: string
  /** For `outsideNames`. */
  readonly certificate: IssuedCertificate
  readonly cluster: Cluster
  readonly calypso: Pick<HostWorld, 'clientPrivateKey'>
  readonly server: { readonly host: string; readonly port: number }
  /** The view of the machine that the API server runs on. */
  readonly network: HostNetwork
  readonly faults: ReadonlySet<FaultName>
}

export interface Outside {
  /** Pulumi Cloud, with the environment that holds the kubeconfig and the SSH keys. */
  readonly pulumi: Pulumi
  /** GitHub's OIDC issuer. */
  readonly idTokens: IdTokens
  /** The SSH server of the tunnel to the API server. */
  readonly tunnelHost: TunnelHost
}

export interface StartedOutside extends Outside {
  readonly endpoints: readonly Endpoint[]
  /** Environment of the runner's machine. */
  readonly machine: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts all of it; what was started is closed again when a part does not. */
export async function startOutside(options: OutsideOptions): Promise<StartedOutside> {
  const { certificate, cluster, calypso, faults, server, network } = options
  const started: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.close()
  }
  try {
    const idTokens = await startIdTokens({ certificate })
    started.push(idTokens)
    const tunnelHost = await startTunnelHost(tunnelUser, network)
    started.push(tunnelHost)
    const pulumi = await startOceanid({
      certificate,
      cluster,
      calypso,
      server: `https://${server.host}:${server.port}`,
      faults,
      verify: idTokens.verify,
      further: { 'oceanid-cluster:tunnel_ssh_key': tunnelHost.clientPrivateKey },
    })
    started.push(pulumi)
    // Where OpenSSH is missing, there is no tunnel: the action says so.
    const openssh = opensshProgram()
    const toHost = { [`${server.host}:22`]: tunnelHost.port }
    return {
      pulumi,
      idTokens,
      tunnelHost,
      endpoints: [
        { host: pulumiName, port: 443, to: pulumi.port },
        ...idTokenNames.map((host) => ({ host, port: 443, to: idTokens.port })),
      ],
      machine: openssh === undefined ? {} : { PATH: laySsh(join(options.directory, 'bin'), openssh, toHost) },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
