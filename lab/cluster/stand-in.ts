/** The stand-in of a k3s server: Kubernetes' own programs, behind a front that plays what k3s adds to them. */
import { randomBytes } from 'node:crypto'
import { joinToken } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { startControlPlane } from './control-plane.ts'
import { startFront } from './front.ts'
import type { Ground, GroundOptions } from './ground.ts'
import { startPasswordCollector } from './node-passwords.ts'
import { deployRuntimeClasses } from './packaged.ts'

/** On failure nothing is left running. @throws Error with a program's last lines */
export async function startStandIn(options: GroundOptions): Promise<Ground> {
  const { address, port, version } = options
  const plane = await startControlPlane({
    ...options,
    nowMs: Date.now(),
    // The Service `kubernetes` leads to this port at the front's address.
    ...(address.startsWith('127.') || port === 0 ? {} : { apiPort: port }),
  })
  const { api, pki } = plane
  const closers: (() => void | Promise<void>)[] = [plane.close]
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const password = randomBytes(16).toString('hex')
    let faults: ReadonlySet<FaultName> = new Set()
    const front = await startFront({
      ...{ address, port, pki, api, password, version },
      spoilsTokens: () => faults.has('wrong-token'),
      failure: plane.failure,
    })
    closers.push(front.close)
    const collector = await startPasswordCollector(api, options.onFailure)
    closers.push(collector.close)
    await deployRuntimeClasses(api)
    const caPem = pki.serverCa.bundlePem
    const serverToken = joinToken(caPem, `server:${password}`)
    return {
      server: `https://${address}:${front.port}`,
      caPem,
      serverToken,
      secrets: [serverToken, password],
      admin: pki.admin,
      api,
      requests: front.requests,
      forget: front.forget,
      issue: (names) => pki.serverCa.issue(names),
      collector,
      impostorPort: 6443,
      play: (wanted) => {
        faults = wanted
      },
      failure: plane.failure,
      close,
    }
  } catch (error) {
    await close()
    throw plane.failure() ?? error
  }
}
