# shellcheck shell=sh
# What of k3s is installed: k3s's part of the survey, called at the end of the generic one. Changes nothing.
# Only key names and the kind of a token leave the host, never the token. apply.sh reads the unit with the same split_exec.

k3s_unit_folder=/etc/systemd/system

# mode_of FILE: 600, 755, 4755 …, from ls, because stat has other options on every system.
mode_of() {
  _mode=$(ls -ld "$1" 2>/dev/null) || return 1
  printf '%s\n' "$_mode" | awk '
    function digit(text, high) {
      value = 0
      if (substr(text, 1, 1) == "r") value += 4
      if (substr(text, 2, 1) == "w") value += 2
      if (substr(text, 3, 1) ~ /[xst]/) value += 1
      if (substr(text, 3, 1) ~ /[sStT]/) special += high
      return value
    }
    NR == 1 {
      special = 0
      user = digit(substr($1, 2, 3), 4)
      group = digit(substr($1, 5, 3), 2)
      other = digit(substr($1, 8, 3), 1)
      printf "%s%d%d%d\n", special ? special : "", user, group, other
    }'
}

# split_exec <UNIT: the command line of the one ExecStart, taken apart so that it can be put together again byte by byte.
# One line a piece, its line breaks written as \001: "before" and "after" hold the rest of the file, "gap" what stands
# between two words, "word" a word as it is written, "text" the same word as systemd reads it (systemd.service(5):
# single and double quotes, backslash escapes, continuation lines with comments between them).
# Exit code 1: no ExecStart or several; 2: quotes that do not end, or escapes in a form that is not known here.
split_exec() {
  awk '
    function say(kind, value) {
      gsub(/\n/, "\001", value)
      print kind " " value
    }
    # 1: the line goes on in the next one.
    function continues(line) { return line ~ /\\$/ }
    {
      if (inside) {
        command = command "\n" $0
        # A comment between continuation lines ends nothing.
        if ($0 !~ /^[ \t]*[#;]/) inside = continues($0)
        next
      }
      if (other) {
        if ($0 !~ /^[ \t]*[#;]/) other = continues($0)
      } else if ($0 ~ /^[ \t]*\[/) {
        section = $0
      } else if ($0 !~ /^[ \t]*[#;]/) {
        if (section ~ /^[ \t]*\[Service\]/ && match($0, /^[ \t]*ExecStart[ \t]*=[ \t]*/)) {
          if (length($0) > RLENGTH) {
            found++
            head = substr($0, 1, RLENGTH)
            command = substr($0, RLENGTH + 1)
            before = rest
            rest = ""
            inside = continues($0)
            next
          }
        } else other = continues($0)
      }
      rest = rest $0 "\n"
    }
    END {
      if (found != 1) exit 1
      before = before head
      count = 0
      state = "gap"
      piece = ""
      plain = ""
      quote = ""
      isNew = 0
      for (at = 1; at <= length(command); at++) {
        char = substr(command, at, 1)
        following = substr(command, at + 1, 1)
        if (isNew && quote == "") {
          # First character of a continuation line: a comment is part of the gap.
          isNew = 0
          if (match(substr(command, at), /^[ \t]*[#;][^\n]*\n?/)) {
            if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
            piece = piece substr(command, at, RLENGTH)
            at += RLENGTH - 1
            isNew = 1
            continue
          }
        }
        if (char == "\\" && (following == "\n" || at == length(command))) {
          if (quote != "") exit 2
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char following
          at++
          isNew = 1
          continue
        }
        if (quote == "" && (char == " " || char == "\t" || char == "\n" || char == "\r")) {
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char
          continue
        }
        if (state == "gap") { kinds[++count] = "gap"; raw[count] = piece; state = "word"; piece = ""; plain = "" }
        piece = piece char
        if (char == "\\") {
          if (following !~ /["\\ \047]/) {
            # \n, \x20 and their like: nothing that k3s is given needs them; they stay as they are written.
            plain = plain char following
          } else plain = plain following
          piece = piece following
          at++
        } else if (quote == "" && (char == "\"" || char == "\047")) quote = char
        else if (char == quote) quote = ""
        else plain = plain char
      }
      if (quote != "") exit 2
      if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; piece = "" }
      kinds[++count] = "gap"
      raw[count] = piece
      say("before", before)
      for (at = 1; at <= count; at++) {
        say(kinds[at], raw[at])
        if (kinds[at] == "word") say("text", read[at])
      }
      say("after", rest)
    }'
}

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

k3s_binary() {
  for path in /usr/local/bin/k3s /opt/bin/k3s; do
    if [ ! -f "$ROOT$path" ] || [ ! -x "$ROOT$path" ]; then continue; fi
    # "k3s version v1.33.4+k3s1 (148243c4)"
    said=$(timeout 10 "$ROOT$path" --version 2>/dev/null </dev/null) || said=''
    version=''
    case $said in
      'k3s version '*)
        version=${said#k3s version }
        version=${version%%[!A-Za-z0-9.+-]*}
        ;;
    esac
    emit fact k3s.binary path "$path" version "$version" sha256 "$(sha256 "$ROOT$path" 2>/dev/null)"
    return 0
  done
}

# property NAME: from $shown, the output of systemctl show.
k3s_property() {
  printf '%s\n' "$shown" | sed -n "s/^$1=//p"
}

# k3s_changed UNIT_PATH: files that are newer than the start of the main process, which runs with what was there before.
# A unit without that time tells when it became active, which is a little later.
k3s_changed() {
  since=$(k3s_property ExecMainStartTimestamp)
  [ -n "$since" ] || since=$(k3s_property ActiveEnterTimestamp)
  # "Sat 2026-11-21 08:05:16 UTC"; date takes nothing at all for today's midnight.
  case $since in ???\ [0-9]*-*-*\ [0-9]*:*:*\ UTC) since=${since#* } ;; *) return 0 ;; esac
  since=$(date -u -d "${since% *}" +%s 2>/dev/null) || return 0
  for path in /usr/local/bin/k3s /opt/bin/k3s "$1" "$1.env" /etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml; do
    [ -f "$ROOT$path" ] || continue
    time=$(stat -c %Y "$ROOT$path" 2>/dev/null) || continue
    if [ "$time" -gt "$since" ]; then emit fact k3s.changed path "$path"; fi
  done
}

k3s_server_unit() {
  present=false
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -e "$ROOT$folder/systemd/system/k3s.service" ]; then present=true; fi
  done
  emit fact k3s.server-unit present:n "$present"
}

k3s_unit() {
  has systemctl || return 0
  for name in k3s-agent k3s; do
    # TZ: timestamps come as local time, with names of zones that date does not all know.
    shown=$(TZ=UTC0 timeout 10 systemctl show "$name.service" -p FragmentPath -p ActiveState -p SubState -p NRestarts -p NeedDaemonReload -p UnitFileState -p ExecMainStartTimestamp -p ActiveEnterTimestamp 2>/dev/null) || shown=''
    path=$(k3s_property FragmentPath)
    # A file that systemd has not read yet is there all the same.
    if [ -z "$path" ] && [ -f "$ROOT$k3s_unit_folder/$name.service" ]; then path=$k3s_unit_folder/$name.service; fi
    [ -n "$path" ] || continue
    active=$(k3s_property ActiveState) sub=$(k3s_property SubState) restarts=$(k3s_property NRestarts)
    enabled=false reload=false
    case $(k3s_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
    if [ "$(k3s_property NeedDaemonReload)" = yes ]; then reload=true; fi
    sum='' words=''
    if [ -r "$ROOT$path" ]; then
      sum=$(sha256 "$ROOT$path") || sum=''
      words=$(k3s_arguments "$ROOT$path") || words=''
    fi
    emit fact k3s.unit name "$name" path "$path" sha256 "$sum" arguments "$words" active "${active:-inactive}" sub "${sub:-dead}" \
      enabled:n "$enabled" restarts:n "${restarts:-0}" needs_reload:n "$reload"
    k3s_environment "$path.env"
    case $active in active | activating | reloading) k3s_changed "$path" ;; esac
    return 0
  done
  # An env file without its unit is what an interrupted installer leaves.
  k3s_environment "$k3s_unit_folder/k3s-agent.service.env"
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
}

# config.yaml, then config.yaml.d by name: the order in which k3s reads them (pkg/configfilearg).
k3s_config() {
  k3s_config_file /etc/rancher/k3s/config.yaml
  for file in "$ROOT/etc/rancher/k3s/config.yaml.d"/.[!.]* "$ROOT/etc/rancher/k3s/config.yaml.d"/*; do
    case $file in *.yaml | *.yml) k3s_config_file "${file#"$ROOT"}" ;; esac
  done
  own=$ROOT/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml
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

survey_distribution() {
  for part in binary unit server_unit config rest; do
    ("k3s_$part") || :
  done
}
