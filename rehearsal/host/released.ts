import { readSource } from './source.ts'

/** Large enough to fill every buffer between the runner and the host several times; the real one has some 70 MB. */
const programBytes = 4 * 1024 * 1024

/**
 * Contents of the released `k3s` file of the embedded world: a shell program that prints the version and hands everything
 * else to the host's stand-in. `version` as k3s writes it (`v1.33.4+k3s1`), `architecture` as Go names it (`amd64`).
 * Throws on anything that could not be a version, because the text becomes part of a shell program.
 */
export function k3sProgram(version: string, architecture: string): Buffer {
  if (!/^v\d+\.\d+\.\d+[-+.a-z0-9]*$/.test(version)) throw new Error(`not a k3s version: ${JSON.stringify(version)}`)
  if (!/^[a-z0-9]+$/.test(architecture)) throw new Error(`not an architecture: ${JSON.stringify(architecture)}`)
  const text = readSource('k3s.sh').replace('@VERSION@', version).replace('@ARCHITECTURE@', architecture)
  // Never read by the shell: the program ends in an exec before it.
  return Buffer.concat([Buffer.from(text), Buffer.alloc(programBytes - Buffer.byteLength(text), '# filler\n')])
}

/** Text of the stand-in for k3s's official installer; it works only below a ROOT. */
export function installerText(): string {
  return readSource('installer.sh')
}

/** Version of a `k3sProgram`, or undefined when the bytes are something else. */
export function versionOfProgram(text: string): string | undefined {
  return /^K3S_STANDIN_VERSION='([^']+)'$/m.exec(text)?.[1]
}
