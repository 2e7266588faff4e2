/** NVIDIA's package repository in the lab's network: made on a machine by its own dpkg and gpg, and served over HTTP. */
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { pipeline } from 'node:stream'
import { addresses, hostFolder, type LabHost } from '../contract.ts'
import { must } from './gpu-machine.ts'

const folder = '/srv/toolkit-repository'
const port = 8080

export interface Repository {
  readonly url: string
  /** Of its key. */
  readonly fingerprint: string
  /** Paths that were asked for, in their order. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export async function openRepository(host: LabHost, version: string): Promise<Repository> {
  const script = `${hostFolder}/source/lab/hosts/toolkit-repository.sh`
  const fingerprint = (await must(host, ['sh', script, folder, version, hostFolder])).trim()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url ?? '/'))
    requests.push(path)
    const file = join(host.root, folder, path)
    if (request.method !== 'GET' || !existsSync(file) || path.endsWith('/')) {
      response.writeHead(404).end()
      return
    }
    pipeline(createReadStream(file), response, () => undefined)
  })
  server.listen(port, addresses.server)
  await once(server, 'listening')
  return {
    url: `http://${addresses.server}:${port}`,
    fingerprint,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
