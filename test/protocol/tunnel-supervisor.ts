/** What the bundle's stub does: the detached stage of a tunnel. Started by the tests. */
import { superviseTunnel } from '../../src/tunnel/index.ts'

process.exit(await superviseTunnel(process.argv[2] ?? '', process.argv[3] ?? ''))
