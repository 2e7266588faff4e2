/** A main step of its own: opens what it is told on its standard input, and ends as a door does. Started by the tests. */
import { text } from 'node:stream/consumers'
import { openTunnel, type TunnelPlace, type TunnelRequest } from '../../src/tunnel/index.ts'

const { request, place } = JSON.parse(await text(process.stdin)) as { request: TunnelRequest; place: TunnelPlace }
const tunnel = await openTunnel(request, place, AbortSignal.timeout(30_000))
process.stdout.write(tunnel.milestones.map((one) => one.text).join('\n'), () => process.exit(0))
