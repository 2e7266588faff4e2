import type { Check } from '../../report/index.ts'
import {
  authority,
  type ConnectionFault,
  type FaultKind,
  type HostHttpsFault,
  isOfConnection,
} from './host-https-model.ts'

export interface FaultContext {
  readonly id: string
  readonly question: string
  readonly address: string
  readonly port: number
  /** What should have answered, for people: `k3s server`, `API server`. */
  readonly server: string
  /** Where the names of its certificate are written, for people: `tls-san of the k3s server`. */
  readonly namesIn: string
  /** Label of the host, for the evidence. */
  readonly host: string
  readonly fault: HostHttpsFault
  /** Whether the runner itself reaches the address; undefined: nobody asked. */
  readonly runnerReaches: boolean | undefined
}

type Words = readonly [found: string, cause: string, remedy: string]

function words(kind: Exclude<FaultKind, ConnectionFault | 'tool'>, { address, server, namesIn }: FaultContext): Words {
  const elsewhere = 'another service listens there, or a proxy is in between'
  switch (kind) {
    case 'name':
      return [
        'does not resolve on the host',
        'the host has no DNS answer for that name',
        'use an IP address as `server`, or mend DNS on the host',
      ]
    case 'authority':
      return [
        'shows a certificate of another authority',
        'another server answers at that address, or something in between opens TLS',
        'compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again',
      ]
    case 'identity':
      return [
        'shows a certificate for other names',
        'the server certificate is not issued for that address',
        `use an address the certificate names, or add ${address} to ${namesIn}`,
      ]
    case 'tls':
      return [`does not speak TLS as a ${server} does`, elsewhere, 'check host and port of `server`']
    case 'protocol':
      return [`does not answer as a ${server} does`, elsewhere, 'check host and port of `server`']
  }
}

/** What the host saw of the way to the server: no answer, a refusal and no way at all have different remedies. */
const ways: Readonly<Record<ConnectionFault, readonly [found: string, cause: string]>> = {
  timeout: [
    'does not answer the host',
    'packets from the host get lost: a firewall between it and the server drops them',
  ],
  refused: ['refuses connections from the host', 'nothing listens on that port, or a firewall rejects the host'],
  route: ['has no way from the host', 'the host has no route to that network'],
  connect: ['cannot be reached from the host', 'connections from the host end before they are made'],
}

function unreachable(kind: ConnectionFault, { port, runnerReaches }: FaultContext, where: string): Words {
  const [found, cause] = ways[kind]
  const aside =
    runnerReaches === undefined
      ? ''
      : runnerReaches
        ? ' (the runner itself can reach it)'
        : ' (the runner cannot reach it either)'
  const way = kind === 'route' ? 'give the host a route there' : `allow ${port}/tcp from the host's public address`
  return [
    found,
    `${cause}${aside}`,
    runnerReaches === false
      ? `check that the server is running and listens on ${where}`
      : `${way}, or set \`server\` to an address the host can reach`,
  ]
}

/** What a fault between host and server means for a person. Pure. */
export function faultCheck(context: FaultContext): Check {
  const { id, question, fault, host, address, port } = context
  const evidence = [`${host}, ${authority(address, port)}: ${fault.message}`]
  if (fault.kind === 'tool') {
    const remedy = fault.remedy ?? 'see the evidence'
    return { id, verdict: 'error', question, found: 'could not be asked', cause: fault.message, remedy, evidence }
  }
  const where = authority(address, port)
  const [found, cause, remedy] = isOfConnection(fault.kind)
    ? unreachable(fault.kind, context, where)
    : words(fault.kind, context)
  return { id, verdict: 'fail', question, found: `${where} ${found}`, cause, remedy, evidence }
}
