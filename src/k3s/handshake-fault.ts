import type { Check } from '../report/index.ts'
import { authority, type FaultKind, type HostHttpsFault } from './host-https-model.ts'

export interface FaultContext {
  readonly id: string
  readonly question: string
  readonly address: string
  readonly port: number
  /** Label of the host, for the evidence. */
  readonly host: string
  readonly fault: HostHttpsFault
  /** Whether the runner itself reaches the address; undefined: nobody asked. */
  readonly runnerReaches: boolean | undefined
}

type Words = readonly [found: string, cause: string, remedy: string]

function words(kind: Exclude<FaultKind, 'connect' | 'timeout' | 'tool'>, address: string): Words {
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
        `use an address the certificate names, or add ${address} to tls-san of the k3s server`,
      ]
    case 'tls':
      return ['does not speak TLS as a k3s server does', elsewhere, 'check host and port of `server`']
    case 'protocol':
      return ['does not answer as a k3s server does', elsewhere, 'check host and port of `server`']
  }
}

function unreachable(context: FaultContext, where: string): Words {
  const { port, runnerReaches } = context
  const aside =
    runnerReaches === undefined
      ? ''
      : runnerReaches
        ? ' (the runner itself can reach it)'
        : ' (the runner cannot reach it either)'
  return [
    'cannot be reached from the host',
    `port ${port}/tcp is closed or filtered between the host and the server${aside}`,
    runnerReaches === false
      ? `check that the server is running and listens on ${where}`
      : `allow ${port}/tcp from the host's public address, or set \`server\` to an address the host can reach`,
  ]
}

/** What a fault between host and server means for a person. Pure. */
export function faultCheck(context: FaultContext): Check {
  const { id, question, fault, host, address, port } = context
  const evidence = [`${host}: ${fault.message}`]
  if (fault.kind === 'tool') {
    const remedy = fault.remedy ?? 'see the evidence'
    return { id, verdict: 'error', question, found: 'could not be asked', cause: fault.message, remedy, evidence }
  }
  const where = authority(address, port)
  const [found, cause, remedy] =
    fault.kind === 'connect' || fault.kind === 'timeout' ? unreachable(context, where) : words(fault.kind, address)
  return { id, verdict: 'fail', question, found: `${where} ${found}`, cause, remedy, evidence }
}
