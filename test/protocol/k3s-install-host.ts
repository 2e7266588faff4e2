import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { promisedTrees, treesOf } from '../../rehearsal/trees.ts'
import type { Host, ScriptResult, ScriptRun } from '../../src/host/index.ts'
import { outerArguments, renderInput, renderProgram } from '../../src/host/render.ts'
import { SessionOutput } from '../../src/host/session.ts'

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** A program that plays k3s: it only knows its version. */
export const program = (version = 'v1.33.4+k3s1'): string => `#!/bin/sh\necho "k3s version ${version} (stand-in)"\n`

/** What the official installer does with download, start and enable skipped, for a host below ROOT. Records its environment. */
export const installer = (extra = ''): string => `#!/bin/sh
set -e
[ "$INSTALL_K3S_SKIP_DOWNLOAD$INSTALL_K3S_SKIP_START$INSTALL_K3S_SKIP_ENABLE$INSTALL_K3S_EXEC" = truetruetrueagent ] || { echo "[ERROR]  wrong variables" >&2; exit 1; }
env >"$ROOT/tmp/installer-environment"
cd "$ROOT/usr/local/bin"
for name in kubectl crictl ctr; do [ -e $name ] || ln -sf k3s $name; done
for name in k3s-killall.sh k3s-agent-uninstall.sh; do echo '#!/bin/sh' >$name; chmod 755 $name; done
units=$ROOT/etc/systemd/system
systemctl disable k3s-agent >/dev/null 2>&1 || true
rm -f "$units/k3s-agent.service" "$units/k3s-agent.service.env"
${extra}
touch "$units/k3s-agent.service.env"
chmod 0600 "$units/k3s-agent.service.env"
cat >"$units/k3s-agent.service" <<END
[Install]
WantedBy=multi-user.target

[Service]
Type=notify
EnvironmentFile=-/etc/systemd/system/k3s-agent.service.env
ExecStart=/usr/local/bin/k3s \\\\
    agent \\\\

END
`

// The unit's state is a file of properties; every call and its environment are recorded.
const systemctl = (state: string, unitName: string): string => `#!/bin/sh
S=${state} PATH=/usr/bin:/bin
printf '%s\\n' "systemctl $*" >>"$S/calls"
env >>"$S/environments"
unit=$S/unit
say() { printf 'ActiveState=%s\\nSubState=%s\\nMainPID=%s\\nExecMainPID=%s\\nNRestarts=0\\nResult=success\\nExecMainStatus=0\\n' "$@" >"$unit.new"; mv "$unit.new" "$unit"; }
[ -e "$unit" ] || say inactive dead 0 0
verb=$1
shift
link=$ROOT/etc/systemd/system/multi-user.target.wants/${unitName}.service
case $verb in
  show)
    wanted=
    while [ $# -gt 0 ]; do case $1 in -p) wanted="$wanted|$2" && shift ;; esac; shift; done
    {
    cat "$unit"
    loaded=not-found path=
    if [ -e "$ROOT/etc/systemd/system/${unitName}.service" ]; then loaded=loaded path=/etc/systemd/system/${unitName}.service; fi
    [ -e "$S/needs-reload" ] && echo NeedDaemonReload=yes || echo NeedDaemonReload=no
    echo "LoadState=$loaded"
    echo "FragmentPath=$path"
    if [ -L "$link" ]; then echo UnitFileState=enabled; else echo UnitFileState=disabled; fi
    } | grep -E "^(\${wanted#|})="
    ;;
  daemon-reload) rm -f "$S/needs-reload" ;;
  enable)
    [ ! -e "$S/enable-fails" ] || exit 1
    mkdir -p "\${link%/*}"
    [ -L "$link" ] || ln -s /etc/systemd/system/${unitName}.service "$link"
    ;;
  disable) rm -f "$link" ;;
  start | restart)
    [ ! -e "$S/start-fails" ] || { echo "Failed to $verb ${unitName}.service: Unit ${unitName}.service not found." >&2; exit 5; }
    [ ! -e "$S/restart-later" ] || exit 0
    read -r pid 2>/dev/null <"$S/pid" || pid=100
    echo $((pid + 1)) >"$S/pid"
    say activating start $((pid + 1)) $((pid + 1))
    ;;
  stop) say inactive dead 0 0 ;;
esac
exit 0
`

// A fixed text, then whatever the test appends to the file.
const journalctl = (state: string): string => `#!/bin/sh
printf '%s\\n' "journalctl $*" >>"${state}/calls"
[ ! -e "${state}/journal-fails" ] || { echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1; }
exec tail -n +1 -f "${state}/journal"
`

/** Wraps a program: its arguments and environment are recorded, and at a chosen call the whole session is killed as by kill -9. */
const spy = (state: string, path: string): string => `#!/bin/sh
S=${state}
printf '%s\\n' "$0 $*" >>"$S/calls"
/usr/bin/env >>"$S/environments"
count=0
read -r count 2>/dev/null <"$S/count" || :
count=$((count + 1))
echo "$count" >"$S/count"
at=0
read -r at 2>/dev/null <"$S/kill-at" || :
[ "$count" != "$at" ] || kill -9 0
exec ${path} "$@"
`

export type Shell = 'dash' | 'bash' | 'busybox'

/** A login environment that exports names which the scripts use, and what the installer would capture. */
const names =
  'K3S_TOKEN K3S_URL INSTALL_K3S_EXEC CONTAINERD_LOG_LEVEL TOKEN CONFIG INSTALLER AUTHORIZATION token line value rest text words shown'
const loginEnvironment = Object.fromEntries(names.split(' ').map((name) => [name, 'of-the-login']))

/** A host that is a folder: scripts run in the real transport's frame with a local shell, and no network is there. */
export class FolderHost implements Host {
  readonly label = 'oceanid@192.0.2.7'
  readonly counts = { sessions: 0, forwards: 0 }
  readonly root: string
  readonly state: string
  readonly #base: string
  readonly #bin: string
  /** Standard output and error of every session, as they came. */
  output = ''

  constructor(
    options: {
      readonly shell?: Shell
      readonly spies?: readonly string[]
      readonly without?: readonly string[]
      /** Default: k3s-agent. */
      readonly unit?: string
    } = {},
  ) {
    this.#base = mkdtempSync(join(tmpdir(), 'k3s-install-'))
    this.root = join(this.#base, 'root')
    this.state = join(this.#base, 'state')
    this.#bin = join(this.#base, 'bin')
    for (const folder of [
      'etc/systemd/system/multi-user.target.wants',
      'usr/local/bin',
      'opt',
      'root',
      'home/oceanid',
      'var/lib',
      'run/systemd/system',
      'tmp',
      'proc',
    ]) {
      mkdirSync(join(this.root, folder), { recursive: true })
    }
    for (const folder of [this.state, this.#bin]) mkdirSync(folder)
    this.write('proc/mounts', '/dev/sda1 / ext4 rw 0 0\n')
    this.write('etc/hostname', 'calypso\n')
    writeFileSync(join(this.state, 'journal'), '')
    const missing = new Set(options.without)
    for (const folder of ['/bin', '/usr/bin']) {
      for (const name of readdirSync(folder)) {
        if (!missing.has(name) && !existsSync(join(this.#bin, name)) && usual.has(name))
          symlinkSync(join(folder, name), join(this.#bin, name))
      }
    }
    const shell = options.shell ?? 'dash'
    rmSync(join(this.#bin, 'sh'), { force: true })
    symlinkSync(`/usr/bin/${shell}`, join(this.#bin, 'sh'))
    // On a busybox host the tools are busybox's as well.
    if (shell === 'busybox') {
      for (const name of usual) {
        if (name === 'sh' || name === 'setsid' || missing.has(name) || !busyboxHas.has(name)) continue
        rmSync(join(this.#bin, name), { force: true })
        symlinkSync('/usr/bin/busybox', join(this.#bin, name))
      }
    }
    for (const name of options.spies ?? []) this.program(name, spy(this.state, `/usr/bin/${name}`))
    this.program('systemctl', systemctl(this.state, options.unit ?? 'k3s-agent'))
    this.program('journalctl', journalctl(this.state))
  }

  program(name: string, text: string): void {
    rmSync(join(this.#bin, name), { force: true })
    writeFileSync(join(this.#bin, name), text, { mode: 0o755 })
  }

  /** Path on the host → text of the file; undefined when it is not there. */
  read(path: string): string | undefined {
    const file = join(this.root, path)
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }

  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
  }

  append(path: string, text: string | Buffer): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'a' })
  }

  rename(path: string, to: string): void {
    renameSync(join(this.root, path), join(this.root, to))
  }

  link(path: string, target: string): void {
    symlinkSync(target, join(this.root, path))
  }

  remove(path: string): void {
    rmSync(join(this.root, path))
  }

  mode(path: string): string {
    return (lstatSync(join(this.root, path)).mode & 0o7777).toString(8)
  }

  /** What Host.upload leaves: a file of the user in a folder of its own. */
  stage(text: string): string {
    const folder = mkdtempSync(join(this.root, 'tmp/k3s-gpu-actions.'))
    writeFileSync(join(folder, 'k3s'), text)
    return `${folder.slice(this.root.length)}/k3s`
  }

  calls(): readonly string[] {
    const file = join(this.state, 'calls')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }

  /** Everything that child processes were told: arguments and environments. */
  told(): string {
    return ['calls', 'environments']
      .map((name) => join(this.state, name))
      .filter(existsSync)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
  }

  flag(name: string, text = ''): void {
    writeFileSync(join(this.state, name), text)
  }

  unflag(name: string): void {
    rmSync(join(this.state, name), { force: true })
  }

  appendJournal(text: string): void {
    writeFileSync(join(this.state, 'journal'), text, { flag: 'a' })
  }

  setUnit(active: string, sub: string, pid: number, more = ''): void {
    writeFileSync(
      join(this.state, 'unit'),
      `ActiveState=${active}\nSubState=${sub}\nMainPID=${pid}\nExecMainPID=${pid}\nNRestarts=0\nResult=success\nExecMainStatus=0\n${more}`,
    )
  }

  /** Content, mode and owner of everything below the folders. */
  tree(folders: readonly string[] = promisedTrees): Readonly<Record<string, string>> {
    return treesOf(this.root, folders)
  }

  async run(run: ScriptRun): Promise<ScriptResult> {
    this.counts.sessions += 1
    const collected = new SessionOutput(run.onLine)
    const child = spawn(join(this.#bin, 'sh'), outerArguments, {
      env: { PATH: this.#bin, HOME: join(this.root, 'root'), ROOT: this.root, REHEARSAL: '1', ...loginEnvironment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8')
    }
    child.stdout.on('data', (chunk: Buffer) => {
      keep(chunk)
      collected.stdout(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      keep(chunk)
      collected.stderr(chunk)
    })
    child.stdin.on('error', () => undefined)
    const program = renderProgram(run.script, run.env ?? {}, run.secrets ?? {}, { type: 'input' })
    child.stdin.write(
      renderInput({ program, privilege: 'user', timeoutMs: run.timeoutMs, sudoPassword: '', input: 'open' }),
    )
    const onAbort = () => child.stdin.end()
    run.signal.addEventListener('abort', onAbort, { once: true })
    const exitCode = await new Promise<number>((resolve) =>
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143))),
    )
    run.signal.removeEventListener('abort', onAbort)
    collected.end()
    if (run.signal.aborted) throw new Error('cancelled')
    return { exitCode, lines: collected.lines, stderr: collected.errors }
  }

  /** Command lines of processes that still have to do with this host, after they had two seconds to end. */
  async leftProcesses(): Promise<readonly string[]> {
    const look = (): string[] =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
          try {
            return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
          } catch {
            return []
          }
        })
        .filter((line) => line.includes(this.#base))
    const deadline = Date.now() + 2000
    while (look().length > 0 && Date.now() < deadline) await delay(20)
    return look()
  }

  async upload(): Promise<string> {
    throw new Error('tests stage their files')
  }

  async forward(): Promise<Duplex> {
    throw new Error('there is no network here')
  }

  async close(): Promise<void> {
    rmSync(this.#base, { recursive: true, force: true })
  }
}

/** Programs that a small Linux host has. */
const usual = new Set(
  'awk basename base64 cat chmod cmp cp cut date dd dirname env false find flock grep head id kill ln ls mawk mkdir mkfifo mktemp mv printf ps readlink rm rmdir sed setsid sh sha256sum sleep sort stat tail tee test timeout touch tr true uname wc'.split(
    ' ',
  ),
)
const busyboxHas = new Set(
  'awk basename base64 cat chmod cmp cp cut date dd dirname env false find grep head id ln ls mkdir mkfifo mktemp mv printf readlink rm rmdir sed sha256sum sleep sort stat tail tee test timeout touch tr true uname wc'.split(
    ' ',
  ),
)
