/** A process on a runner that has certificate verification switched off. argv: server, file of the kubeconfig's CA. Started by verification.test.ts. */
import { readFileSync } from 'node:fs'
import { openSelected, probeServer } from '../../src/kubernetes/index.ts'
import { proveReadiness } from '../../src/tunnel/readiness.ts'
import { selectedKubeconfig } from './kubernetes-probe-world.ts'

const [, , server = '', caFile = ''] = process.argv
const caPem = readFileSync(caFile, 'utf8')
const { signal } = new AbortController()
const selected = selectedKubeconfig(server, caPem)

const { tls } = await probeServer(selected, { access: [] }, signal)
const fault = await proveReadiness({
  to: { host: 'tethys', port: 22, user: 'tunnel', localPort: Number(new URL(server).port), target: '127.0.0.1:6443' },
  server: { caPem, tlsServerName: '' },
  refusal: () => undefined,
  ended: () => undefined,
  onMilestone: () => undefined,
  signal,
})
const cluster = await openSelected(selected, signal)
const nodes = await cluster.nodes(signal).then(
  () => 'answered',
  (error: { code?: string }) => error.code,
)
process.stdout.write(JSON.stringify({ probe: tls.reason, tunnel: fault?.code, nodes }))
process.exit(0)
