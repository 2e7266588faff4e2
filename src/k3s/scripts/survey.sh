# shellcheck shell=sh
# What of k3s is installed: k3s's part of the survey, called at the end of the generic one. Changes nothing.
# Only key names, the settings of survey-settings.sh and the kind of a token leave the host, never the token. unit-file.sh
# and survey-settings.sh come before it; apply.sh reads the unit with the same split_exec.

# What the generic survey looks at for k3s: where it and its kubelet keep their data, and parts of the kernel that k3s
# loads itself (pkg/agent/syssetup), besides vxlan, which its default network is made of.
# shellcheck disable=SC2034
data_folders='/var/lib/rancher /var/lib/rancher/k3s /var/lib/kubelet'
# shellcheck disable=SC2034
kernel_modules='overlay br_netfilter nf_conntrack vxlan'

k3s_unit_folder=/etc/systemd/system
k3s_own_config=/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml

# The words after the program, one a line; what stands for a secret is ***. The list of secret arguments is that of
# k3s's own masking (pkg/nodeconfig) and --vpn-auth, which holds a join key.
k3s_arguments() {
  split_exec <"$1" | awk '
    $1 != "text" { next }
    {
      word = substr($0, 6)
      if (!seen++) next
      name = word
      sub(/=.*/, "", name)
      # Go reads -token like --token.
      bare = name
      sub(/^--?/, "", bare)
      isSecret = name ~ /^-/ && bare ~ /^(token|t|agent-token|cluster-secret|datastore-endpoint|etcd-s3-access-key|etcd-s3-secret-key|etcd-s3-session-token|vpn-auth)$/
      if (hideNext) { print "***"; hideNext = 0 }
      else if (isSecret && word ~ /=/) print name "=***"
      else { print word; hideNext = isSecret }
    }'
}

k3s_emit_binary() {
  version='' sum=''
  if [ -f "$ROOT$1" ] && [ -x "$ROOT$1" ]; then
    sum=$(sha256 "$ROOT$1" 2>/dev/null) || sum=''
    # A wrapper is not asked: nobody knows what it does with an argument that it does not expect.
    case $1 in
      */k3s)
        # "k3s version v1.33.4+k3s1 (148243c4)"
        said=$(timeout 10 "$ROOT$1" --version 2>/dev/null </dev/null) || said=''
        case $said in
          'k3s version '*)
            version=${said#k3s version }
            version=${version%%[!A-Za-z0-9.+-]*}
            ;;
        esac
        ;;
    esac
  fi
  emit fact k3s.binary path "$1" version "$version" sha256 "$sum"
}

# The program that the unit starts, also where it is missing, unless it is missing from the usual place.
k3s_binary() {
  case $unit_program in
    '') set -- /usr/local/bin/k3s /opt/bin/k3s ;;
    /usr/local/bin/k3s) set -- /usr/local/bin/k3s ;;
    *)
      k3s_emit_binary "$unit_program"
      return 0
      ;;
  esac
  for path in "$@"; do
    if [ ! -f "$ROOT$path" ] || [ ! -x "$ROOT$path" ]; then continue; fi
    k3s_emit_binary "$path"
    return 0
  done
}

# property NAME: from $shown, the output of systemctl show.
k3s_property() {
  printf '%s\n' "$shown" | sed -n "s/^$1=//p"
}

# k3s_program UNIT FILE: the program that systemd starts, whose command line is in the file. Of the property only the
# path leaves the pipe, since arguments can be secret.
k3s_program() {
  _program=$(timeout 10 systemctl show "$1.service" -p ExecStart 2>/dev/null | sed -n 's/^ExecStart={ path=\(\/[^;]*[^; ]\) *;.*/\1/p' | tail -n 1)
  if [ -z "$_program" ] && [ -r "$ROOT$2" ]; then
    _program=$(split_exec <"$ROOT$2" | awk '$1 == "text" { sub(/^text [-@:+!|]*/, ""); print; exit }')
  fi
  case $_program in /*) printf '%s\n' "$_program" ;; esac
}

# The unit that this survey is about, an agent's before a server's. Sets $unit_name (empty: there is none), $shown,
# $unit_fragment and $unit_program, and $unit_file: another file than the fragment where a drop-in gives the command
# line, since that one counts.
k3s_find_unit() {
  unit_name='' unit_fragment=$k3s_unit_folder/k3s-agent.service unit_file='' unit_program='' shown=''
  has systemctl || return 0
  for name in k3s-agent k3s; do
    # TZ: timestamps come as local time, with names of zones that date does not all know.
    shown=$(TZ=UTC0 timeout 10 systemctl show "$name.service" -p FragmentPath -p DropInPaths -p ActiveState -p SubState -p MainPID \
      -p NRestarts -p NeedDaemonReload -p UnitFileState -p ExecMainStartTimestamp -p ActiveEnterTimestamp 2>/dev/null) || shown=''
    file=$(k3s_property FragmentPath)
    # A file that systemd has not read yet is there all the same.
    if [ -z "$file" ] && [ -f "$ROOT$k3s_unit_folder/$name.service" ]; then file=$k3s_unit_folder/$name.service; fi
    [ -n "$file" ] || continue
    unit_name=$name unit_fragment=$file unit_file=$file
    for drop_in in $(k3s_property DropInPaths); do
      if grep -Eqs '^[[:blank:]]*ExecStart[[:blank:]]*=[[:blank:]]*[^[:blank:]]' "$ROOT$drop_in"; then unit_file=$drop_in; fi
    done
    unit_program=$(k3s_program "$name" "$unit_file") || unit_program=''
    return 0
  done
}

k3s_unit() {
  [ -n "$unit_name" ] || return 0
  active=$(k3s_property ActiveState) sub=$(k3s_property SubState) restarts=$(k3s_property NRestarts)
  enabled=false reload=false
  case $(k3s_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  if [ "$(k3s_property NeedDaemonReload)" = yes ]; then reload=true; fi
  sum='' words=''
  if [ -r "$ROOT$unit_file" ]; then
    sum=$(sha256 "$ROOT$unit_file") || sum=''
    words=$(k3s_arguments "$ROOT$unit_file") || words=''
  fi
  emit fact k3s.unit name "$unit_name" path "$unit_file" sha256 "$sum" arguments "$words" active "${active:-inactive}" sub "${sub:-dead}" \
    enabled:n "$enabled" restarts:n "${restarts:-0}" needs_reload:n "$reload"
}

# An env file without its unit is what an interrupted installer leaves.
k3s_env() { k3s_environment "$unit_fragment.env"; }

# k3s_process_start PID: seconds since the epoch, by the clock as it is now: one that was wrong at boot does not matter.
# proc(5): field 22 of stat counts ticks from boot, suspended time included, as uptime does.
k3s_process_start() {
  case $1 in '' | 0) return 1 ;; esac
  if [ ! -r "$ROOT/proc/$1/stat" ] || [ ! -r "$ROOT/proc/uptime" ]; then return 1; fi
  IFS= read -r stat <"$ROOT/proc/$1/stat"
  read -r uptime _ <"$ROOT/proc/uptime"
  now=$(date +%s%3N)
  # busybox knows no %N. Rather late than early: no change may be seen where there is none.
  case $now in *[!0-9]* | ?????????? | '') now=$(date +%s)999 ;; esac
  hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
  # The name of the program, in brackets, may hold spaces and brackets.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ $# -ge 20 ] || return 1
  case ${20}${uptime%%.*}${uptime##*.}$hertz in *[!0-9]*) return 1 ;; esac
  printf '%s\n' $(((now - ${uptime%%.*} * 1000 - (1${uptime##*.} - 100) * 10 + ${20} * 1000 / hertz + 50) / 1000))
}

# The same as systemd noted it; a unit without that time tells when it became active, which is a little later.
k3s_noted_start() {
  since=$(k3s_property ExecMainStartTimestamp)
  [ -n "$since" ] || since=$(k3s_property ActiveEnterTimestamp)
  # "Sat 2026-11-21 08:05:16 UTC"; date takes nothing at all for today's midnight.
  case $since in ???\ [0-9]*-*-*\ [0-9]*:*:*\ UTC) since=${since#* } ;; *) return 1 ;; esac
  date -u -d "${since% *}" +%s 2>/dev/null
}

# Files that are newer than the start of the main process, which runs with what was there before.
k3s_changed() {
  case $(k3s_property ActiveState) in active | activating | reloading) ;; *) return 0 ;; esac
  since=$(k3s_process_start "$(k3s_property MainPID)") || since=$(k3s_noted_start) || return 0
  if [ "$unit_file" = "$unit_fragment" ]; then unit_file=''; fi
  for path in "${unit_program:-/usr/local/bin/k3s}" "$unit_fragment" "$unit_file" "$unit_fragment.env" "$k3s_own_config"; do
    if [ ! -f "$ROOT$path" ]; then continue; fi
    time=$(date -r "$ROOT$path" +%s 2>/dev/null) || continue
    if [ "$time" -gt "$since" ]; then emit fact k3s.changed path "$path"; fi
  done
}

# A unit that was masked, a link to /dev/null, cannot be started.
k3s_server_unit() {
  present=false
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -f "$ROOT$folder/systemd/system/k3s.service" ]; then present=true; fi
  done
  emit fact k3s.server-unit present:n "$present"
}

# Length and characters of a word: k3s_is 6 TEXT, with [a-z0-9] only.
k3s_is() {
  [ "${#2}" -eq "$1" ] || return 1
  case $2 in *[!a-z0-9]*) return 1 ;; esac
}

# Kind of $1 as k3s reads tokens (pkg/clientaccess/token.go); sets $kind.
k3s_token_kind() {
  kind=short rest=$1
  case $1 in
    '') kind=none && return 0 ;;
    K10*::*)
      rest=${1#K10}
      pin=${rest%%::*} rest=${rest#*::}
      if ! k3s_is 64 "$pin"; then return 0; fi
      case $pin in *[!0-9a-f]*) return 0 ;; esac
      case $rest in
        server:?*) kind=server && return 0 ;;
        node:?*) kind=agent && return 0 ;;
      esac
      ;;
  esac
  case $rest in
    *.*) if k3s_is 6 "${rest%%.*}" && k3s_is 16 "${rest#*.}"; then kind=bootstrap; fi ;;
  esac
}

# Reads an EnvironmentFile: sets $keys, $url and $token. Values may be quoted whole; the last line of a key counts.
# Starts no program, as its caller must not before the secrets are unset: a name that the login environment exports
# stays exported when it is given a value.
k3s_read_environment() {
  keys='' url='' token=''
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[! 	]*}"}
    case $line in
      '' | '#'* | ';'*) continue ;;
      [A-Za-z_]*=*) ;;
      *) continue ;;
    esac
    key=${line%%=*} value=${line#*=}
    case $key in *[!A-Za-z0-9_]*) continue ;; esac
    case " $keys " in *" $key "*) ;; *) keys="$keys $key" ;; esac
    value=${value%"${value##*[! 	]}"}
    case $value in
      \"*\") value=${value#\"} value=${value%\"} ;;
      \'*\') value=${value#\'} value=${value%\'} ;;
    esac
    case $key in
      K3S_URL) url=$value ;;
      K3S_TOKEN) token=$value ;;
    esac
  done <"$1"
  keys=${keys# }
}

k3s_environment() {
  [ -f "$ROOT$1" ] || return 0
  mode=$(mode_of "$ROOT$1") || mode=''
  if [ -r "$ROOT$1" ]; then
    k3s_read_environment "$ROOT$1"
    k3s_token_kind "$token"
    unset token line value rest
    emit fact k3s.environment path "$1" sha256 "$(sha256 "$ROOT$1")" mode "$mode" keys "$keys" url "$url" token_kind "$kind"
  else
    emit fact k3s.environment path "$1" sha256 '' mode "$mode" keys '' url '' token_kind none
  fi
}

k3s_config_file() {
  [ -f "$ROOT$1" ] || return 0
  keys='' sum=''
  if [ -r "$ROOT$1" ]; then
    sum=$(sha256 "$ROOT$1") || sum=''
    keys=$(awk '
      match($0, /^["\047]?[A-Za-z0-9][A-Za-z0-9_.-]*\+?["\047]?[ \t]*:([ \t]|$|\r)/) {
        key = substr($0, 1, RLENGTH)
        sub(/[ \t]*:[ \t\r]?$/, "", key)
        gsub(/["\047]/, "", key)
        if (!seen[key]++) printf "%s%s", count++ ? " " : "", key
      }' "$ROOT$1") || keys=''
  fi
  emit fact k3s.config path "$1" sha256 "$sum" mode "$(mode_of "$ROOT$1")" keys "$keys"
  case " $keys " in *' node-label'* | *' node-taint'* | *' kubelet-arg'*) k3s_settings "$ROOT$1" "$1" ;; esac
}

# config.yaml, then config.yaml.d by name: the order in which k3s reads them (pkg/configfilearg).
k3s_config() {
  k3s_config_file /etc/rancher/k3s/config.yaml
  for file in "$ROOT/etc/rancher/k3s/config.yaml.d"/.[!.]* "$ROOT/etc/rancher/k3s/config.yaml.d"/*; do
    case $file in *.yaml | *.yml) k3s_config_file "${file#"$ROOT"}" ;; esac
  done
  own=$ROOT$k3s_own_config
  if [ -r "$own" ]; then
    text=$(cat "$own" && printf x)
    emit fact k3s.own-config text "${text%x}"
  fi
}

k3s_rest() {
  present=false
  if [ -e "$ROOT/etc/rancher/node/password" ]; then present=true; fi
  emit fact k3s.node-password present:n "$present"
  for name in config.toml.tmpl config-v3.toml.tmpl; do
    path=/var/lib/rancher/k3s/agent/etc/containerd/$name
    [ -f "$ROOT$path" ] || continue
    base=false
    if grep -Eq '\{\{-? *template +"base"' "$ROOT$path" 2>/dev/null; then base=true; fi
    emit fact k3s.template path "$path" sha256 "$(sha256 "$ROOT$path" 2>/dev/null)" base:n "$base"
  done
}

# The policy of the package k3s-selinux, where the official installer looks for it, or where the system keeps what it loads.
k3s_selinux() {
  [ -d "$ROOT/sys/fs/selinux" ] || return 0
  present=false
  for path in "$ROOT/usr/share/selinux/packages/k3s.pp" "$ROOT/usr/share/selinux/packages/k3s.pp.bz2" "$ROOT/var/lib/selinux"/*/active/modules/*/k3s; do
    if [ -e "$path" ]; then present=true; fi
  done
  emit fact k3s.selinux-policy present:n "$present"
}

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env changed server_unit config selinux rest; do
    ("k3s_$part") || :
  done
}
