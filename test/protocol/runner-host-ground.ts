import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const script = join(import.meta.dirname, '..', '..', '..', 'runner', 'check-runner-host.sh')

export interface Line {
  readonly verdict: string
  readonly id: string
  readonly found: string
  readonly cause: string
  readonly remedy: string
}

export interface HostReport {
  readonly code: number | null
  readonly text: string
  readonly errors: string
  readonly lines: readonly Line[]
  /** The first line of that check. */
  readonly of: (id: string) => Line | undefined
}

const folder = '/opt/actions-runner'
const unit = 'actions.runner.acme-oceanid.tethys.service'

/**
 * A machine with a runner on it: a tree of files and stand-ins for the programs that know the rest (id, getent, sudo, systemctl, nft, ps,
 * df, timedatectl, and stat for owners, so that the tests need no root). As it is made, nothing is wrong with it.
 */
export class RunnerHost {
  readonly ground = realpathSync(mkdtempSync(join(tmpdir(), "runner host's-")))
  readonly root = join(this.ground, 'root')
  readonly folder = folder
  readonly unit = unit
  readonly user: string
  #isRoot = true
  readonly #owned: string[] = []
  readonly #groups: string

  constructor(about: { readonly groups?: string; readonly uid?: number; readonly user?: string } = {}) {
    this.user = about.user ?? 'runner'
    this.#groups = about.groups ?? 'runner'
    const uid = about.uid ?? 4711
    mkdirSync(join(this.ground, 'bin'))
    this.file(
      `/etc/systemd/system/${unit}`,
      `[Service]\nExecStart=${folder}/runsvc.sh\nUser=${this.user}\nWorkingDirectory=${folder}\nKillMode=process\n`,
    )
    this.settings({ agentName: 'tethys', poolName: 'deploy', gitHubUrl: 'https://github.com/acme', ephemeral: true })
    this.file(
      `${folder}/bin/Runner.Listener.deps.json`,
      '{"targets":{".NETCoreApp,Version=v8.0/linux-x64":{"Runner.Listener/2.336.0":{}}}}',
    )
    this.file(`${folder}/.credentials_rsaparams`, '{}', 0o600)
    this.environment({ LANG: 'C.UTF-8', ACTIONS_RUNNER_HOOK_JOB_COMPLETED: '/usr/local/lib/hooks/job-completed.sh' })
    this.file('/usr/local/lib/hooks/job-completed.sh', '#!/bin/sh\n', 0o755)
    this.file('/proc/sys/kernel/yama/ptrace_scope', '1\n')
    this.file('/home/runner/.profile', '\n')
    this.program(
      'id',
      `case "$*" in -u) cat "$WORLD/self" ;; *) name=; for name; do :; done; [ "$name" = "${this.user}" ] || exit 1
       case $1 in -u) echo ${uid} ;; -G) echo ${uid} ;; -Gn) echo "${this.#groups}" ;; esac ;; esac`,
    )
    this.program('getent', `echo "${this.user}:x:${uid}:${uid}::/home/runner:/usr/sbin/nologin"`)
    this.program('sudo', `echo "User ${this.user} is not allowed to run sudo on tethys."`)
    this.properties({})
    this.program('nft', 'printf "table inet runner_egress {\\n meta skuid != 4711 accept\\n counter reject\\n}\\n"')
    this.program('ps', 'printf "Runner.Listener\\nnode\\nrunsvc.sh\\n"')
    this.free(40_000_000)
    for (const name of ['git', 'ssh']) this.program(name, ':')
    this.program('timedatectl', 'echo yes')
    this.program(
      'stat',
      `out=$(/usr/bin/stat "$@" 2>/dev/null) || exit 1
       for last; do :; done
       owner=0
       while IFS= read -r path; do [ "$path" != "$last" ] || owner=${uid}; done <"$WORLD/owned"
       case $2 in
         '%u %g %a') echo "$owner $owner \${out##* }" ;;
         %u) echo "$owner" ;;
         %U) [ "$owner" = 0 ] && echo root || echo "${this.user}" ;;
         *) echo "$out" ;;
       esac`,
    )
  }

  file(path: string, text: string, mode = 0o644): void {
    const at = join(this.root, path)
    mkdirSync(dirname(at), { recursive: true, mode: 0o755 })
    writeFileSync(at, text)
    chmodSync(at, mode)
  }

  /** A folder or file that belongs to the user of the jobs. */
  owned(path: string): void {
    this.#owned.push(join(this.root, path))
  }

  program(name: string, body: string): void {
    const at = join(this.ground, 'bin', name)
    writeFileSync(at, `#!/bin/sh\n${body}\n`)
    chmodSync(at, 0o755)
  }

  settings(settings: Readonly<Record<string, unknown>>): void {
    // The runner writes a byte order mark (File.WriteAllText with Encoding.UTF8).
    this.file(`${folder}/.runner`, `\uFEFF${JSON.stringify({ workFolder: '_work', ...settings }, undefined, 2)}`)
  }

  environment(variables: Readonly<Record<string, string>>): void {
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
    this.file(`${folder}/.env`, lines.join(''))
  }

  properties(changed: Readonly<Record<string, string>>): void {
    const all = {
      ActiveState: 'active',
      UnitFileState: 'enabled',
      NoNewPrivileges: 'yes',
      PrivateTmp: 'yes',
      ProtectSystem: 'strict',
      KillMode: 'mixed',
      Environment: '',
      ...changed,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(join(this.ground, 'properties'), lines.join(''))
    this.program('systemctl', 'cat "$WORLD/properties"')
  }

  free(kib: number): void {
    this.program(
      'df',
      `printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/sda1 99 9 ${kib} 1%% /\\n'`,
    )
  }

  /** Looked at by an ordinary user. */
  withoutRoot(): void {
    this.#isRoot = false
  }

  async look(options: readonly string[] = [], shell: readonly string[] = ['sh']): Promise<HostReport> {
    writeFileSync(join(this.ground, 'self'), this.#isRoot ? '0\n' : '1000\n')
    writeFileSync(join(this.ground, 'owned'), this.#owned.map((path) => `${path}\n`).join(''))
    const [program = 'sh', ...first] = shell
    const child = spawn(program, [...first, script, ...options], {
      env: { REHEARSAL: '1', ROOT: this.root, WORLD: this.ground, PATH: `${join(this.ground, 'bin')}:/usr/bin:/bin` },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    })
    const texts = ['', '']
    child.stdout.on('data', (data: Buffer) => {
      texts[0] += data.toString('latin1')
    })
    child.stderr.on('data', (data: Buffer) => {
      texts[1] += data.toString('latin1')
    })
    const [code] = (await once(child, 'close')) as [number | null]
    const [text = '', errors = ''] = texts
    const lines = parse(text)
    return { code, text, errors, lines, of: (id) => lines.find((line) => line.id === id) }
  }

  remove(): void {
    rmSync(this.ground, { recursive: true, force: true })
  }
}

function parse(text: string): readonly Line[] {
  return text.split(/\n(?=(?:pass|WARN|FAIL|skip) {2})/).flatMap((block) => {
    const [, verdict = '', id = '', found = ''] = /^(pass|WARN|FAIL|skip) {2}(\S+) +(.*)/.exec(block) ?? []
    if (verdict === '') return []
    const said = (name: string): string => new RegExp(`^ +${name} +(.*)$`, 'm').exec(block)?.[1] ?? ''
    return [{ verdict, id, found, cause: said('cause'), remedy: said('remedy') }]
  })
}
