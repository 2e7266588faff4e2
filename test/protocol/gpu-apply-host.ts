import type { RuntimeMaterial } from '../../src/gpu/apply.ts'
import { type HostStep, hostSteps, toolkitPackages } from '../../src/gpu/model.ts'
import { FolderHost, type Shell, sha256 } from './k3s-install-host.ts'

/** Every step of a run that prepares a host. */
export const all: readonly HostStep[] = hostSteps.filter(
  // The one is of a containerd that is no part of k3s, the other takes away what one of these makes.
  (step) => step !== 'configure-runtime' && step !== 'remove-default-runtime',
)

export const key = 'C95B321B61E88C1809C4F759DDCAE044F796ECB0'
export const containerd = '/var/lib/rancher/k3s/agent/etc/containerd'
export const template = '[plugins.cri.containerd.runtimes.nvidia]\n'
export const templateSum = sha256(template)

// Small stand-ins; the real ones are tried in gpu-apply-apt.long.test.ts. The database of packages is a file of lines.
const database = 'D=$ROOT/var/lib/dpkg/stand-in; H=$ROOT/var/lib/dpkg/holds; touch "$D" "$H"'
const programs: Readonly<Record<string, string>> = {
  'dpkg-query': `
case "$*" in *' nvidia'* | *' lib'* | *' curl'* | *' gpg'*) ;; *) cat "$ROOT/half" 2>/dev/null; exit 0 ;; esac
for name; do :; done
awk -v n="$name" '$1 == n { print "installed " $2 }' "$D"`,
  'apt-cache': `
for name; do :; done
[ -s "$ROOT/var/lib/apt/lists/known" ] && printf '%s | 1.20.0-1 | repository\\n' "$name"
exit 0`,
  'apt-mark': `
case $1 in
  showhold) cat "$H" ;;
  hold) echo "$2" >>"$H" ;;
  unhold) grep -vxF "$2" "$H" >"$ROOT/tmp/holds"; mv "$ROOT/tmp/holds" "$H" ;;
esac
exit 0`,
  'apt-get': `
simulated=no verb=''
echo "\${SYSTEMD_OFFLINE:-} \${DEBIAN_FRONTEND:-} \${NEEDRESTART_SUSPEND:-}" >>"$ROOT/tmp/apt-environment"
[ ! -e "$ROOT/apt-fails" ] || { echo 'E: Unable to correct problems, you have held broken packages.'; exit 100; }
for word; do
  case $word in
    -s) simulated=yes ;;
    update | install) verb=$word ;;
    -*) ;;
    *=* | *-)
      [ "$verb" = install ] || continue
      name=\${word%%=*} version=\${word#*=}
      case $word in *=*) ;; *) name=\${word%-} version= ;; esac
      old=$(awk -v n="$name" '$1 == n { print $2 }' "$D")
      [ "$old" != "$version" ] || continue
      if [ "$simulated" = yes ]; then
        if [ -n "$version" ]; then echo "Inst $name \${old:+[$old] }($version)"; else echo "Purg $name [$old]"; fi
      else
        { awk -v n="$name" '$1 != n' "$D"; [ -z "$version" ] || echo "$name $version"; } | sort >"$ROOT/tmp/database"
        mv "$ROOT/tmp/database" "$D"
      fi
      ;;
  esac
done
[ "$verb" != update ] || { mkdir -p "$ROOT/var/lib/apt/lists" && echo yes >"$ROOT/var/lib/apt/lists/known"; }
exit 0`,
  // A key is a file that holds its fingerprint.
  gpg: `
home='' list=no file=''
while [ $# -gt 0 ]; do
  case $1 in
    --homedir) home=$2; shift ;;
    --import) cat "$2" >"$home/imported" ;;
    --list-keys) printf 'pub:-:4096:1:X:1:::-:::scESC:\\nfpr:::::::::%s:\\n' "$(cat "$home/imported")" ;;
    --export) printf '%s\\n' "$(cat "$home/imported")" ;;
  esac
  shift
done
exit 0`,
  curl: `
while [ $# -gt 0 ]; do case $1 in -o) file=$2; shift ;; esac; url=$1; shift; done
[ "$url" = https://nvidia.github.io/libnvidia-container/gpgkey ] || exit 6
printf '%s' "$(cat "$ROOT/served-key")" >"$file"`,
  'nvidia-ctk': `
[ ! -e "$ROOT/ctk-fails" ] || { echo 'missing required device major nvidia-frontend'; exit 1; }
mkdir -p "$ROOT/dev/char"; touch "$ROOT/dev/char/195:0"`,
}

/** A host with stand-ins for apt, gpg, curl and nvidia-ctk; a harmful template and a runtime in /usr/bin. */
export function gpuHost(shell: Shell = 'dash', spies: readonly string[] = []): FolderHost {
  const host = new FolderHost({ shell, spies })
  for (const [name, text] of Object.entries(programs)) host.program(name, `#!/bin/sh\n${database}\n${text.trim()}\n`)
  host.write('served-key', key)
  host.write('etc/apt/sources.list', 'deb http://archive.example stable main\n')
  host.write('var/lib/dpkg/stand-in', '')
  host.write('var/lib/dpkg/holds', '')
  host.write('usr/bin/nvidia-container-runtime', '#!/bin/sh\n', 0o755)
  host.write(`${containerd}/config.toml.tmpl`, template, 0o600)
  host.setUnit('active', 'running', 77)
  return host
}

const promised = ['etc', 'usr', 'var/lib/rancher', 'var/lib/dpkg']

/** What a run may change and an undo brings back. */
export function stateOf(host: FolderHost): Readonly<Record<string, string>> {
  return host.tree(promised)
}

export const material = (runId: string, change: Partial<RuntimeMaterial> = {}): RuntimeMaterial => ({
  runId,
  holder: 'a run',
  steps: all,
  unit: 'k3s-agent',
  packageManager: 'apt',
  toolkitVersion: '1.20.0',
  repository: { url: 'https://nvidia.github.io/libnvidia-container', keys: [key] },
  prerequisites: [],
  hold: toolkitPackages,
  templates: [{ path: `${containerd}/config.toml.tmpl`, sha256: templateSum }],
  searchPath: ['/usr/local/nvidia/toolkit', '/opt/kwasm/bin', '/usr/bin'],
  program: '',
  defaultRuntime: 'keep',
  ...change,
})
