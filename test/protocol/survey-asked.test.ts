import { afterEach, expect, it } from '@jest/globals'
import { surveyScript } from '../../src/host/index.ts'
import { FolderHost, type Shell } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

const main =
  'main() { said=$(asked 4 nvidia-smi) && code=0 || code=$?; emit said "$said" code:n "$code"; emit finished yes; }'

it.each<Shell>(['dash', 'busybox'])(
  'a program is not waited for by %s once it has ended, though its child keeps the pipe open',
  async (shell) => {
    const host = new FolderHost({ shell })
    hosts.push(host)
    host.program('nvidia-smi', "#!/bin/sh\necho 'Unable to determine the device handle'\nsleep 8 &\nexit 15\n")
    const startedAt = performance.now()
    const { lines } = await host.run({
      name: 'asked',
      script: [surveyScript, main].join('\n'),
      privilege: 'root',
      timeoutMs: 20_000,
      signal: new AbortController().signal,
    })
    expect(lines[0]).toEqual({ said: 'Unable to determine the device handle', code: 15 })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  },
)
