import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of a file on the runner, hexadecimal. */
export async function sha256OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash, { signal })
  return hash.digest('hex')
}

/**
 * Hash of one file in the output of sha256sum: `<hex>  <name>`, or `<hex> *<name>` in binary mode. Exact names only,
 * because `k3s` is also the end of other names. Undefined: no line, or lines that disagree. Pure.
 */
export function checksumOf(text: string, name: string): string | undefined {
  const hashes = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const [, hash, file] = /^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(line) ?? []
    if (hash !== undefined && file === name) hashes.add(hash.toLowerCase())
  }
  return hashes.size === 1 ? [...hashes][0] : undefined
}
