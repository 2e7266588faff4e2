/** dpkg's database of an embedded host, in dpkg's own format: the stand-ins of dpkg-query, apt-get and apt-mark read and write it. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface PackageRow {
  readonly name: string
  readonly version: string
  readonly isHeld: boolean
  /** Paths that belong to it. */
  readonly files: readonly string[]
  /** How far dpkg has come with it; default: installed. */
  readonly status?: 'installed' | 'half-configured'
}

const database = 'var/lib/dpkg/status'
/** The script that makes the toolkit's programs when apt-get installs them, too. */
const runtimeText = '#!/bin/sh\n# STAND-IN of nvidia-container-runtime, for embedded hosts only.\nexec runc "$@"\n'

/** What NVIDIA/nvidia-container-toolkit:packaging/debian/nvidia-container-toolkit-base.install names, as far as anybody looks. */
export const toolkitFiles: Readonly<Record<string, readonly string[]>> = {
  'nvidia-container-toolkit': ['/usr/bin/nvidia-container-runtime-hook'],
  'nvidia-container-toolkit-base': [
    '/usr/bin/nvidia-container-runtime',
    '/usr/bin/nvidia-ctk',
    '/usr/bin/nvidia-cdi-hook',
  ],
  'libnvidia-container-tools': ['/usr/bin/nvidia-container-cli'],
  'libnvidia-container1': ['/usr/lib/x86_64-linux-gnu/libnvidia-container.so.1'],
}

/** What packages of a storage node bring, as far as anybody looks. */
export const storageFiles: Readonly<Record<string, readonly string[]>> = {
  'open-iscsi': ['/lib/systemd/system/iscsid.service', '/usr/sbin/iscsid'],
}

export function toolkitRows(version: string, isHeld: boolean): readonly PackageRow[] {
  return Object.entries(toolkitFiles).map(([name, files]) => ({ name, version, isHeld, files }))
}

function paragraph({ name, version, isHeld, status = 'installed' }: PackageRow): string {
  return [
    `Package: ${name}`,
    `Status: ${isHeld ? 'hold' : 'install'} ok ${status}`,
    'Architecture: amd64',
    `Version: ${version}`,
    '',
    '',
  ].join('\n')
}

/** nvidia-ctk says which one it is (NVIDIA/nvidia-container-toolkit, cmd/nvidia-ctk). */
function textOf(path: string, version: string): string {
  if (path.endsWith('/iscsid.service'))
    return '[Unit]\nDescription=iSCSI initiator daemon (iscsid)\n\n[Service]\nType=notify\nExecStart=/usr/sbin/iscsid\n\n[Install]\nWantedBy=sysinit.target\n'
  if (!path.endsWith('/nvidia-ctk')) return runtimeText
  const bare = version.replace(/-.*$/, '')
  return `#!/bin/sh\n# STAND-IN of nvidia-ctk, for embedded hosts only.\ncase "$*" in\n  --version) echo "NVIDIA Container Toolkit CLI version ${bare}" ;;\n  'system create-dev-char-symlinks --create-all') ;;\n  'runtime configure '*) shift 2; exec nvidia-ctk-standin "$@" ;;\n  *) echo "nvidia-ctk: '$*' is not part of this embedded host" >&2; exit 1 ;;\nesac\n`
}

/** Adds or replaces packages with their files; takes others away. */
export function layPackages(root: string, rows: readonly PackageRow[], removed: readonly string[] = []): void {
  const path = join(root, database)
  const before = existsSync(path) ? readFileSync(path, 'utf8').split('\n\n') : []
  const gone = new Set([...removed, ...rows.map(({ name }) => name)])
  const kept = before.filter((text) => text.trim() !== '' && !gone.has(/^Package: (.*)$/m.exec(text)?.[1] ?? ''))
  mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true })
  writeFileSync(path, [...kept.map((text) => `${text}\n\n`), ...rows.map(paragraph)].join(''))
  for (const name of removed) rmSync(join(root, `var/lib/dpkg/info/${name}.list`), { force: true })
  for (const { name, version, files } of rows) {
    writeFileSync(join(root, `var/lib/dpkg/info/${name}.list`), files.map((file) => `${file}\n`).join(''))
    for (const file of files) {
      // What nvidia-smi is on these machines stands in their PATH already.
      if (file.endsWith('/nvidia-smi')) continue
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), textOf(file, version), { mode: 0o755 })
    }
  }
}
