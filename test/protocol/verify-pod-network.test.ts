/**
 * The script that asks about the network from within a pod, with the tools of several images. What busybox prints was seen of busybox
 * 1.35 against a name server of ours; its exit code is also that of the question for an IPv6 address, so it does not count.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from '@jest/globals'
import { scripts } from '../../src/verify/scripts.generated.ts'

const folder = mkdtempSync(join(tmpdir(), 'pod-network-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'etc'))
writeFileSync(
  join(folder, 'etc/resolv.conf'),
  'search ns.svc.example.org svc.example.org example.org\nnameserver 10.43.0.10\n',
)
const posix = ['sed', 'head', 'tail', 'tr', 'cut', 'grep', 'true', 'env']
let images = 0

/** A folder of programs, as an image has them: POSIX tools, and what is given here. */
async function run(
  programs: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const path = join(folder, `image-${++images}`)
  mkdirSync(path)
  for (const name of posix) symlinkSync(join('/usr/bin', name), join(path, name))
  const all = { sleep: 'exit 0', timeout: 'shift; exec "$@"', ...programs }
  for (const [name, text] of Object.entries(all))
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', scripts['pod-network']], {
    env: { PATH: path, ROOT: folder, KUBERNETES_SERVICE_HOST: '10.43.0.1', KUBERNETES_SERVICE_PORT: '443', ...env },
  })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^k3s-gpu-actions\/pod-network /, ''))
}

const found = 'printf "Server: 10.43.0.10\\n\\nName: %s\\nAddress: 10.43.0.1\\n\\n*** no AAAA\\n" "$1"; exit 1'
const unknown = 'echo "** server can\'t find $1: NXDOMAIN"; exit 1'

it.each([
  [
    'busybox',
    { nslookup: found, nc: 'case "$*" in "-w 8 10.43.0.1 443") exit 0;; esac; exit 1' },
    'dns ok',
    'service ok',
  ],
  [
    'busybox with nc -z',
    { nslookup: found, nc: 'case "$*" in --help) echo " -z";; "-z -w 8 10.43.0.1 443") exit 0;; *) exit 1;; esac' },
    'dns ok',
    'service ok',
  ],
  [
    'busybox without a way',
    { nslookup: unknown, nc: 'echo "nc: timed out"; exit 1' },
    "dns failed ** server can't find kubernetes.default.svc.example.org.: NXDOMAIN",
    'service failed nc: timed out',
  ],
  ['python', { python3: 'exit 0' }, 'dns ok', 'service ok'],
  [
    'python that fails',
    { python3: 'echo Traceback; echo "gaierror: x" >&2; exit 1' },
    'dns failed gaierror: x',
    'service failed gaierror: x',
  ],
  ['bash with getent', { getent: 'exit 0', bash: 'exit 0' }, 'dns ok', 'service ok'],
  ['an old timeout', { python3: 'exit 0', timeout: 'exit 1' }, 'dns ok', 'service ok'],
  [
    'a trouble that passes',
    { python3: `test -e ${folder}/once || { : >${folder}/once; exit 1; }` },
    'dns ok',
    'service ok',
  ],
])('%s', async (_name, programs, dns, service) => {
  expect(await run(programs as Record<string, string>)).toEqual(['asks 10.43.0.10', dns, service])
})

it('says when there is nothing to ask with, or nobody to ask', async () => {
  expect(await run({ nslookup: found })).toEqual(['asks 10.43.0.10', 'tools none'])
  const lines = await run({ python3: 'exit 0' }, { KUBERNETES_SERVICE_HOST: '' })
  expect(lines[2]).toMatch(/^service failed the pod knows no/)
})

it('keeps what a program says to one short line', async () => {
  const [, dns] = await run({
    python3: 'i=0; while [ $i -lt 50 ]; do printf 0123456789abcdef; i=$((i+1)); done; exit 1',
  })
  expect(dns?.length).toBeLessThan(310)
})
