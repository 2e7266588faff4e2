/** What a runner meets besides the cluster, GitHub itself and the machines: Pulumi Cloud, GitHub's OIDC issuer, the way over SSH, and Triton behind Cloudflare. */
import { randomBytes } from 'node:crypto'
import { delimiter, join } from 'node:path'
import type { Cluster, IssuedCertificate } from './cluster/index.ts'
import type { Endpoint, FaultName, HostNetwork, HostWorld, WorldOptions } from './contract.ts'
import { type Pulumi, pulumiName } from './esc/index.ts'
import { startOceanid } from './esc/oceanid.ts'
import { type IdTokens, idTokenNames, startIdTokens } from './github/id-tokens.ts'
import { type DeployWorld, layDeployWorld } from './pulumi/index.ts'
import type { Site } from './sites/index.ts'
import { startTriton, type TritonWorld } from './triton/index.ts'
import { laySsh, opensshProgram, startTunnelHost, type TunnelHost } from './tunnel/index.ts'

/** Name of the tunnel that leads to calypso's Triton, in clusters/oceanid.yaml. */
const tritonName = 'gpu.boathou.se'

/** Names that the servers out there answer for; a certificate has to have them. */
export const outsideNames = [...idTokenNames, pulumiName, tritonName] as const

/** User of the tunnel, on the machine of the API server; it has no shell. */
const tunnelUser = 'tunnel'

export interface OutsideOptions {
  readonly directory: string
  /** For `outsideNames`. */
  readonly certificate: IssuedCertificate
  readonly cluster: Cluster
  readonly site: Site
  /** Its machines, by name. */
  readonly hosts: Readonly<Record<string, Pick<HostWorld, 'clientPrivateKey'>>>
  readonly server: { readonly host: string; readonly port: number }
  /** The view of the machine that the API server runs on. */
  readonly network: HostNetwork
  readonly faults: ReadonlySet<FaultName>
  /** See WorldOptions. */
  readonly kubeconfig?: WorldOptions['kubeconfig']
}

export interface Outside {
  /** Pulumi Cloud, with the environment that holds the kubeconfig and the SSH keys. */
  readonly pulumi: Pulumi
  /** GitHub's OIDC issuer. */
  readonly idTokens: IdTokens
  /** The SSH server of the tunnel to the API server. */
  readonly tunnelHost: TunnelHost
  /** Triton on calypso, behind Cloudflare Access. */
  readonly triton: TritonWorld
  /** The stack that Pulumi deploys, with the programs that do it. */
  readonly deploy: DeployWorld
}

export interface StartedOutside extends Outside {
  readonly endpoints: readonly Endpoint[]
  /** Secrets of the repository: the service token that Access lets through, and the passphrase of the stack. */
  readonly secrets: Readonly<Record<string, string>>
  /** Environment of the runner's machine. */
  readonly machine: Readonly<Record<string, string>>
  /** What GitHub's machines are given of it: the programs that lead to the world, and nowhere else. */
  readonly hosted: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts all of it; what was started is closed again when a part does not. */
export async function startOutside(options: OutsideOptions): Promise<StartedOutside> {
  const { certificate, site, cluster, hosts, faults, server, network } = options
  const started: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.close()
  }
  try {
    const idTokens = await startIdTokens({ certificate })
    started.push(idTokens)
    const tunnelHost = await startTunnelHost(tunnelUser, network)
    started.push(tunnelHost)
    const bin = join(options.directory, 'bin')
    const deploy = layDeployWorld({ directory: options.directory, programs: bin, cluster })
    const pulumi = await startOceanid({
      certificate,
      cluster,
      site,
      hosts,
      server: `https://${server.host}:${server.port}`,
      faults,
      verify: idTokens.verify,
      ...(site.esc && { further: { [`${site.esc.prefix}:tunnel_ssh_key`]: tunnelHost.clientPrivateKey } }),
      stacks: deploy.answer,
      refusesLogin: deploy.refusesLogin,
      kubeconfig: options.kubeconfig,
    })
    started.push(pulumi)
    // As long as Cloudflare's, and of the same look.
    const access = {
      clientId: `${randomBytes(16).toString('hex')}.access`,
      clientSecret: randomBytes(32).toString('hex'),
    }
    const triton = await startTriton({ certificate, access })
    started.push(triton)
    // Where OpenSSH is missing, there is no tunnel: the action says so.
    const openssh = opensshProgram()
    if (openssh !== undefined) laySsh(bin, openssh, { [`${server.host}:22`]: tunnelHost.port })
    const programs = { PATH: [bin, process.env.PATH ?? ''].join(delimiter), REHEARSAL_PULUMI: deploy.program }
    return {
      pulumi,
      idTokens,
      tunnelHost,
      triton,
      secrets: {
        ACCESS_CLIENT_ID: access.clientId,
        ACCESS_CLIENT_SECRET: access.clientSecret,
        PULUMI_CONFIG_PASSPHRASE: deploy.passphrase,
      },
      endpoints: [
        { host: pulumiName, port: 443, to: pulumi.port },
        { host: tritonName, port: 443, to: triton.port },
        ...idTokenNames.map((host) => ({ host, port: 443, to: idTokens.port })),
      ],
      machine: programs,
      hosted: programs,
      deploy,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
