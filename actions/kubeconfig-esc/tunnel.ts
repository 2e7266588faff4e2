import { superviseTunnel } from '../../src/tunnel/index.ts'

/** The detached process of a tunnel: `node dist/kubeconfig-esc/tunnel.js STATE-FILE NONCE`. Prints nothing: nobody reads it. */
export async function tunnel(): Promise<number> {
  const [stateFile = '', nonce = ''] = process.argv.slice(2)
  return await superviseTunnel(stateFile, nonce)
}
