import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Host, ScriptResult, ScriptRun } from '../../src/host/index.ts'
import { outerArguments, renderInput, renderProgram } from '../../src/host/render.ts'
import { SessionOutput } from '../../src/host/session.ts'

const marker = '/etc/k3s-gpu-actions-throw-away'

/** Why the real apt cannot be tried here; undefined: it can. */
export function missingForApt(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a throw-away system'
  for (const program of ['unshare', 'nsenter', 'chroot', 'apt-get', 'dpkg-deb', 'gpg', 'curl', 'flock']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `there is no ${program} here`
  }
  const base = mkdtempSync(join(tmpdir(), 'gpu-apt-try-'))
  const tried = spawnSync('unshare', ['-m', 'sh', '-c', `set -e; ${mounts(base)}`], { encoding: 'utf8' })
  rmSync(base, { recursive: true, force: true })
  return tried.status === 0 ? undefined : `no overlay can be mounted here: ${tried.stderr.trim()}`
}

const mounts = (base: string): string =>
  `mount -t tmpfs none ${base}; mkdir ${base}/upper ${base}/work ${base}/root;
   mount -t overlay overlay -o lowerdir=/,upperdir=${base}/upper,workdir=${base}/work ${base}/root`

// A unit that runs, whose restarts are counted. systemctl itself says nothing in a system that is none.
const systemctl = `#!/bin/sh
echo "systemctl $*" >>/var/log/calls
case $1 in
  show) printf 'ActiveState=active\\nMainPID=%s\\n' "$(cat /var/log/pid)" ;;
  restart) echo $(($(cat /var/log/pid) + 1)) >/var/log/pid ;;
esac
exit 0
`

/**
 * This machine with its real apt and dpkg, in a layer that is thrown away: scripts run as root of it, without ROOT. A process
 * of a mount namespace of its own keeps it; nothing outside of it is ever written.
 */
export class ThrowAwaySystem implements Host {
  readonly label = 'oceanid@192.0.2.7'
  readonly counts = { sessions: 0, forwards: 0 }
  readonly #base = mkdtempSync(join(tmpdir(), 'gpu-apt-'))
  #keeper: ChildProcess | undefined

  static async open(): Promise<ThrowAwaySystem> {
    const system = new ThrowAwaySystem()
    const root = `${system.#base}/root`
    const script = `set -e; ${mounts(system.#base)}; mount --bind /proc ${root}/proc; mount --bind /dev ${root}/dev
      touch ${root}${marker}; echo ready; exec sleep 600`
    const keeper = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    system.#keeper = keeper
    await once(keeper.stdout, 'data')
    system.sh(
      `mkdir -p /run/systemd/system /run/lock /etc/udev/rules.d
      rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/* /var/lib/apt/lists/*
      echo 'Acquire::http::Proxy "DIRECT"; APT::Sandbox::User "root";' >/etc/apt/apt.conf.d/00-here
      rm -f /usr/bin/systemctl /var/log/calls
      cat >/usr/bin/systemctl && chmod 755 /usr/bin/systemctl && echo 77 >/var/log/pid`,
      systemctl,
    )
    return system
  }

  /** What another process of a shell in the system prints. Throws when it fails. */
  sh(script: string, input = ''): string {
    return execFileSync('nsenter', this.#inside(['sh', '-ec', script]), {
      encoding: 'utf8',
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  /** The same for what talks to a server of this process. */
  async shAsync(script: string): Promise<void> {
    const child = spawn('nsenter', this.#inside(['sh', '-ec', script]), { stdio: 'ignore' })
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new Error(`${script}: exit code ${code}`)
  }

  #inside(command: readonly string[]): string[] {
    const enter = [`--mount=/proc/${this.#keeper?.pid}/ns/mnt`, 'chroot', `${this.#base}/root`]
    // Never on the machine itself, whatever goes wrong before.
    const guard = `test -e ${marker} || exit 99; exec "$@"`
    return [
      ...enter,
      '/usr/bin/env',
      '-i',
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      '/bin/sh',
      '-c',
      guard,
      'sh',
      ...command,
    ]
  }

  /** Packages of our story with version and state, and everything below /etc and the keyrings. */
  picture(): string {
    return this.sh(`dpkg-query -W -f='\${Package} \${db:Status-Abbrev}\${db:Status-Want} \${Version}\\n' | grep -E 'nvidia|kga-' || :
      apt-mark showhold
      find /etc /usr/share/keyrings /usr/bin/nvidia* -not -path '/etc/ld.so.cache' \\( -type f -o -type l \\) -exec ls -ln --time-style=+ {} + 2>/dev/null | awk '{ $5 = ""; print }' || :
      find /etc /usr/share/keyrings -type f -not -path '/etc/ld.so.cache' -exec sha256sum {} + | sort`)
  }

  async run(run: ScriptRun): Promise<ScriptResult> {
    this.counts.sessions += 1
    const collected = new SessionOutput(run.onLine)
    const child = spawn('nsenter', this.#inside(['sh', ...outerArguments]), { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => collected.stdout(chunk))
    child.stderr.on('data', (chunk: Buffer) => collected.stderr(chunk))
    child.stdin.on('error', () => undefined)
    const program = renderProgram(run.script, run.env ?? {}, run.secrets ?? {}, { type: 'input' })
    child.stdin.write(
      renderInput({ program, privilege: 'user', timeoutMs: run.timeoutMs, sudoPassword: '', input: 'open' }),
    )
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    collected.end()
    return { exitCode: code ?? (signal === 'SIGKILL' ? 137 : 143), lines: collected.lines, stderr: collected.errors }
  }

  async upload(): Promise<string> {
    throw new Error('nothing is uploaded')
  }

  async forward(): Promise<Duplex> {
    throw new Error('nothing is forwarded')
  }

  async close(): Promise<void> {
    this.#keeper?.kill('SIGKILL')
    rmSync(this.#base, { recursive: true, force: true })
  }
}

const names = [
  'nvidia-container-toolkit',
  'nvidia-container-toolkit-base',
  'libnvidia-container-tools',
  'libnvidia-container1',
]

// As NVIDIA's scripts do (NVIDIA/nvidia-container-toolkit:packaging/debian/nvidia-container-toolkit-base.postinst): writes a
// configuration and asks systemd to reload. A flag of the test kills everything that runs, in the middle of the installation.
const postinst = `#!/bin/sh
set -e
case $1 in configure) ;; *) exit 0 ;; esac
mkdir -p /etc/nvidia-container-runtime
[ -e /etc/nvidia-container-runtime/config.toml ] || echo '# made by the package' >/etc/nvidia-container-runtime/config.toml
echo "offline=\${SYSTEMD_OFFLINE:-} frontend=$DEBIAN_FRONTEND needrestart=$NEEDRESTART_SUSPEND" >>/var/log/postinst
if [ -e /tmp/kill-now ]; then rm -f /tmp/kill-now; kill -9 0; fi
if [ -e /tmp/fail-now ]; then exit 1; fi
`

/** A repository of NVIDIA's layout with four tiny packages in two versions and one that they need, signed by a key of its own. */
export class TinyRepository {
  readonly fingerprint: string
  readonly #base = mkdtempSync(join(tmpdir(), 'gpu-repository-'))
  #server: Server | undefined
  url = ''
  /** Somebody between the host and the repository changes what was signed. */
  isTampered = false

  constructor() {
    this.#gpg(['--batch', '--passphrase', '', '--quick-gen-key', 'tiny', 'rsa2048', 'sign', 'never'])
    const listed = this.#gpg(['--with-colons', '--list-keys'])
    this.fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? ''
    mkdirSync(join(this.#base, 'www'))
    writeFileSync(join(this.#base, 'www/gpgkey'), this.#gpg(['--armor', '--export']))
    this.#makePackages()
  }

  #gpg(args: readonly string[], input = ''): string {
    const home = join(this.#base, 'gnupg')
    mkdirSync(home, { recursive: true, mode: 0o700 })
    return execFileSync('gpg', ['--homedir', home, '--no-tty', '--quiet', ...args], {
      encoding: 'utf8',
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  }

  #makePackages(): void {
    const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
    const folder = join(this.#base, 'www/stable/deb', architecture)
    mkdirSync(folder, { recursive: true })
    const stanzas: string[] = []
    const make = (name: string, version: string, fields: readonly string[]): void => {
      const tree = join(this.#base, 'tree')
      rmSync(tree, { recursive: true, force: true })
      const put = (path: string, text: string): void => {
        mkdirSync(dirname(join(tree, path)), { recursive: true })
        writeFileSync(join(tree, path), text, { mode: 0o755 })
      }
      put(
        'DEBIAN/control',
        `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: tiny\nDescription: tiny\n${fields.map((field) => `${field}\n`).join('')}`,
      )
      put(`usr/share/doc/${name}/version`, version)
      if (name === 'nvidia-container-toolkit-base') {
        put('DEBIAN/postinst', postinst)
        put('usr/bin/nvidia-container-runtime', '#!/bin/sh\n')
        put('usr/bin/nvidia-ctk', '#!/bin/sh\necho "nvidia-ctk $*" >>/var/log/calls\n')
      }
      const file = `${name}_${version}_${architecture}.deb`
      execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-b', tree, join(folder, file)], { stdio: 'ignore' })
      const bytes = readFileSync(join(folder, file))
      const control = execFileSync('dpkg-deb', ['-f', join(folder, file)], { encoding: 'utf8' })
      stanzas.push(`${control}Filename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`)
    }
    for (const version of ['1.17.8-1', '1.20.0-1']) {
      make('libnvidia-container1', version, [])
      make('libnvidia-container-tools', version, [`Depends: libnvidia-container1 (>= ${version})`])
      make('nvidia-container-toolkit-base', version, ['Depends: kga-needed'])
      make('nvidia-container-toolkit', version, [
        `Depends: nvidia-container-toolkit-base (= ${version}), libnvidia-container-tools (>= ${version})`,
        'Breaks: kga-victim',
      ])
    }
    // Only three of four: a repository in the middle of an upload.
    for (const name of names.slice(1)) make(name, '1.21.0-1', name.endsWith('base') ? ['Depends: kga-needed'] : [])
    make('kga-needed', '1', [])
    make('kga-victim', '1', [])
    const packages = Buffer.from(stanzas.join('\n'))
    writeFileSync(join(folder, 'Packages'), packages)
    const release = `Architectures: ${architecture}\nCodename: stable\nDate: ${new Date().toUTCString()}\nSHA256:\n ${sha256(packages)} ${packages.length} Packages\n`
    writeFileSync(join(folder, 'InRelease'), this.#gpg(['--batch', '--passphrase', '', '--clearsign'], release))
  }

  async serve(): Promise<void> {
    const server = createServer((request, response) => {
      const path = join(this.#base, 'www', decodeURIComponent((request.url ?? '/').split('?')[0] ?? ''))
      if (!path.startsWith(join(this.#base, 'www')) || !statSync(path, { throwIfNoEntry: false })?.isFile()) {
        response.writeHead(404).end()
        return
      }
      const bytes = readFileSync(path)
      const isSigned = path.endsWith('InRelease')
      response.writeHead(200).end(this.isTampered && isSigned ? bytes.toString().replace('stable', 'unstab') : bytes)
    })
    this.#server = server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server?.close()
    this.#server?.closeAllConnections()
    spawnSync('gpgconf', ['--homedir', join(this.#base, 'gnupg'), '--kill', 'all'])
    rmSync(this.#base, { recursive: true, force: true })
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
