import type { IssuedCertificate } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import type { Parts, Progress } from '../contract.ts'
import type { ApiClient } from './api-client.ts'
import type { PasswordCollector } from './node-passwords.ts'

export interface GroundOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd' | 'k3s'>
  /** For data, logs and certificates; made when missing. */
  readonly directory: string
  /** Where the server is met, and its port; 0: any free one. */
  readonly address: string
  readonly port: number
  /** What `/version` announces, where that is for us to say. */
  readonly version: string
  readonly progress: Progress
  /** Hears of what ends or fails behind everybody's back. */
  readonly onFailure: (error: unknown) => void
}

/** What a cluster stands on: the programs that are its server, and the ways to them. */
export interface Ground {
  /** `https://192.0.2.1:6443` */
  readonly server: string
  readonly caPem: string
  /** See LabCluster. */
  readonly issuerPem?: string
  readonly serverToken: string
  /** Every secret of the server itself. */
  readonly secrets: readonly string[]
  readonly admin: IssuedCertificate
  readonly api: ApiClient
  /** See LabCluster. */
  readonly requests: readonly string[]
  /** Empties `requests`. */
  forget(): void
  /** Server certificate for other servers of the lab. */
  issue(names: readonly string[]): Promise<IssuedCertificate>
  /** Who deletes the password of a deleted Node. */
  readonly collector: Pick<PasswordCollector, 'collected'>
  /** Where an impostor listens, when nothing else is said. */
  readonly impostorPort: number
  /** From now on, as far as the server itself has them. @throws Error when it cannot */
  play(faults: ReadonlySet<FaultName>): void
  /** What ended unasked, first one first. */
  failure(): Error | undefined
  close(): Promise<void>
}
