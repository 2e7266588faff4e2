import type { Prerequisites } from '../../src/cluster-file/index.ts'
import { FolderHost, type Shell } from './k3s-install-host.ts'

/** What k3s2 of seed 003 is given, and settings besides. */
export const wish: Prerequisites = {
  packages: ['open-iscsi', 'jq'],
  services: ['iscsid'],
  modules: ['iscsi_tcp', 'dm_crypt'],
  sysctl: { 'vm.max_map_count': '262144', 'net.ipv4.ip_forward': '1' },
}

// Small stand-ins. The database of packages is a file of lines; open-iscsi brings a library and the unit iscsid.
const database = 'D=$ROOT/var/lib/dpkg/stand-in; touch "$D"'
const programs: Readonly<Record<string, string>> = {
  'dpkg-query': `
case "$*" in *Package*) cat "$ROOT/half" 2>/dev/null; exit 0 ;; esac
for name; do :; done
awk -v n="$name" '$1 == n { print "installed " $2 }' "$D"`,
  'apt-get': `
printf '%s\\n' "apt-get $*" >>"$ROOT/tmp/apt-calls"
echo "\${DEBIAN_FRONTEND:-} \${SYSTEMD_OFFLINE:-} \${NEEDRESTART_SUSPEND:-}" >>"$ROOT/tmp/apt-environment"
if [ -e "$ROOT/apt-asks" ] && read -r answer; then echo "$answer" >"$ROOT/tmp/answered"; fi
simulated=no verb=''
for word; do
  case $word in
    -s) simulated=yes ;;
    update | install) verb=$word ;;
    -*) ;;
    *)
      [ "$verb" = install ] || continue
      case $word in *-iscsi | jq) version=1 name=$word ;; *-) version='' name=\${word%-} ;; *) name=$word version=1 ;; esac
      case $name in open-iscsi) all='libopeniscsiusr open-iscsi' ;; *) all=$name ;; esac
      [ -n "$version" ] || all=$name
      if [ -e "$ROOT/apt-removes" ] && [ -n "$version" ] && [ "$simulated" = yes ]; then echo 'Remv tgt [1:1.0.80-1]'; fi
      for one in $all; do
        old=$(awk -v n="$one" '$1 == n { print $2 }' "$D")
        [ "$old" != "$version" ] || continue
        if [ "$simulated" = yes ]; then
          if [ -n "$version" ]; then echo "Inst $one ($version)"; else echo "Purg $one [$old]"; fi
          continue
        fi
        unit=$ROOT/etc/systemd/system/iscsid.service
        if [ "$one" = open-iscsi ]; then if [ -n "$version" ]; then echo '[Service]' >"$unit"; else rm -f "$unit"; fi; fi
        { awk -v n="$one" '$1 != n' "$D"; [ -z "$version" ] || echo "$one $version"; } | sort >"$ROOT/tmp/database"
        mv "$ROOT/tmp/database" "$D"
      done
      ;;
  esac
done
exit 0`,
  'apt-cache': `[ "$1" = pkgnames ] || exit 100
grep -e "^$2" "$ROOT/known-names" 2>/dev/null`,
  modprobe: `
list=$ROOT/proc/modules
if [ "$1" = -r ]; then
  grep -v "^$2 " "$list" >"$ROOT/tmp/modules"
  mv "$ROOT/tmp/modules" "$list"
else
  [ ! -e "$ROOT/module-fails" ] || { echo "modprobe: FATAL: Module $1 not found in directory /lib/modules/5.15.0-119-generic" >&2; exit 1; }
  echo "$1 16384 0 - Live 0x0000000000000000" >>"$list"
fi`,
}

/** A host with stand-ins for apt and modprobe, and the settings of a kernel. */
export function storageHost(shell: Shell = 'dash', spies: readonly string[] = []): FolderHost {
  const host = new FolderHost({ shell, spies, unit: 'iscsid' })
  for (const [name, text] of Object.entries(programs)) host.program(name, `#!/bin/sh\n${database}\n${text.trim()}\n`)
  host.write('var/lib/dpkg/stand-in', 'dmsetup 2:1.02.175-2.1ubuntu4\n')
  host.write('proc/modules', 'overlay 151552 0 - Live 0x0000000000000000\n')
  host.write('proc/sys/vm/max_map_count', '65530\n')
  host.write('proc/sys/net/ipv4/ip_forward', '0\n')
  host.setUnit('inactive', 'dead', 0)
  return host
}

/** What a run may change and an undo brings back, the state of the unit with it. */
export function stateOf(host: FolderHost): readonly string[] {
  const files = Object.entries(host.tree(['etc', 'usr', 'var/lib/dpkg', 'proc'])).map(
    ([path, look]) => `${path} ${look}`,
  )
  return files
}
