import type { Host } from '../../host/index.ts'
import { CommandHttps } from './command-https.ts'
import { ForwardedHttps } from './forwarded-https.ts'
import {
  codeOf,
  describeError,
  type HostAnswer,
  type HostHttps,
  HostHttpsFault,
  type HostRequest,
} from './host-https-model.ts'

export * from './host-https-model.ts'

/** Forwarding, until the host says that it does not allow it; from then on the script. */
class AdaptiveHttps implements HostHttps {
  readonly #host: Host
  readonly #script: string | undefined
  #current: HostHttps

  constructor(host: Host, script: string | undefined) {
    this.#host = host
    this.#script = script
    this.#current = new ForwardedHttps(host)
  }

  get via(): HostHttps['via'] {
    return this.#current.via
  }

  async get(asked: HostRequest, signal: AbortSignal): Promise<HostAnswer> {
    return await this.#adapting((https) => https.get(asked, signal))
  }

  async reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void> {
    await this.#adapting((https) => https.reach(address, port, caPem, signal))
  }

  async #adapting<T>(attempt: (https: HostHttps) => Promise<T>): Promise<T> {
    try {
      return await attempt(this.#current)
    } catch (error) {
      if (codeOf(error) !== 'forwarding-refused') throw error
      if (this.#script === undefined) {
        throw new HostHttpsFault(
          'tool',
          describeError(error),
          'allow forwarding for this user in sshd_config (AllowTcpForwarding local)',
        )
      }
      this.#current = new CommandHttps(this.#host, this.#script)
      return await attempt(this.#current)
    }
  }
}

/** HTTPS from the host's position. `script`: the text of https.sh of src/host, for hosts whose sshd forwards nothing. */
export function hostHttps(host: Host, script?: string): HostHttps {
  return new AdaptiveHttps(host, script)
}
