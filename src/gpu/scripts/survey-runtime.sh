# shellcheck shell=sh
# Part of gpu-runtime's survey: what k3s finds when it starts, what it made of it, and the device files that containers get.
# k3s's own survey comes before it: $unit_name, $unit_program and $shown are what it found. $mark is that of survey.sh.
# shellcheck disable=SC2154

# gpu_property NAME: from $shown, what systemctl show said of the unit.
gpu_property() {
  value="
${shown:-}"
  case $value in *"
$1="*) ;; *) return 0 ;; esac
  value=${value#*"
$1="}
  printf '%s' "${value%%"
"*}"
}

gpu_containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

# Where k3s looks for programs: two places of its own, then PATH of its process (k3s-io/k3s pkg/agent/containerd/config_linux.go,
# runtimesPath). Without a process: the PATH that systemd gives a service (systemd.exec(5)). Of the environment, which holds
# the token, nothing but PATH leaves the pipe.
gpu_search_path() {
  path=''
  pid=$(gpu_property MainPID)
  case $pid in
    '' | 0 | *[!0-9]*) ;;
    *) if [ -r "$ROOT/proc/$pid/environ" ]; then path=$(tr '\000' '\n' <"$ROOT/proc/$pid/environ" 2>/dev/null | sed -n '/^PATH=/{s///;s/^\(.\{4096\}\).*/\1/;p;q;}') || path=''; fi ;;
  esac
  printf '%s' "/usr/local/nvidia/toolkit:/opt/kwasm/bin:${path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
}

# Every runtime of the toolkit that is there: along the search path first, then where people put it and k3s does not look.
gpu_runtimes() {
  search=$(gpu_search_path)
  others=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/nvidia/bin:/usr/local/cuda/bin:/opt/nvidia/toolkit:/opt/bin:/run/current-system/sw/bin
  found='' done=:
  set -f
  IFS=:
  # shellcheck disable=SC2086 # folders are wanted
  set -- $search $others
  unset IFS
  set +f
  for folder in "$@"; do
    case $folder in /*) ;; *) continue ;; esac
    case $done in *":$folder:"*) continue ;; esac
    done="$done$folder:"
    for name in nvidia-container-runtime nvidia-container-runtime.cdi nvidia-container-runtime-experimental; do
      path=${folder%/}/$name
      if [ -f "$ROOT$path" ] && [ -x "$ROOT$path" ]; then found="$found${found:+
}$path"; fi
    done
  done
  owners=''
  if [ -n "$found" ]; then
    set -f
    IFS='
'
    # shellcheck disable=SC2086 # one path a line
    set -- $found
    unset IFS
    set +f
    case $(package_manager) in
      # "nvidia-container-toolkit-base: /usr/bin/nvidia-container-runtime"
      apt) owners=$(limited 10 dpkg-query -S "$@" 2>/dev/null </dev/null) || : ;;
      dnf | zypper)
        for path in "$@"; do
          owner=$(limited 10 rpm -qf --qf '%{NAME}' "$path" 2>/dev/null </dev/null) || continue
          owners="$owners$owner: $path
"
        done
        ;;
    esac
  fi
  emit fact gpu.runtimes search "$search" paths "$found" owners "$owners"
}

# default-runtime in k3s's files, in the order in which it reads them (pkg/configfilearg): "path\001value" a line.
gpu_default_runtimes() {
  set -- "$ROOT/etc/rancher/k3s/config.yaml"
  for file in "$ROOT/etc/rancher/k3s/config.yaml.d"/.[!.]* "$ROOT/etc/rancher/k3s/config.yaml.d"/*; do
    case $file in *.yaml | *.yml) if [ -f "$file" ] && [ -r "$file" ]; then set -- "$@" "$file"; fi ;; esac
  done
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then shift; fi
  [ $# -gt 0 ] || return 0
  lines=$(awk '
    match($0, /^["\047]?default-runtime["\047]?[ \t]*:([ \t]|$|\r)/) {
      value = substr($0, RLENGTH + 1)
      sub(/\r$/, "", value)
      gsub(/^[ \t]+|[ \t]+$/, "", value)
      if (value ~ /^"[^"]*"/) { sub(/^"/, "", value); sub(/".*/, "", value) }
      else if (value ~ /^\047[^\047]*\047/) { sub(/^\047/, "", value); sub(/\047.*/, "", value) }
      else { sub(/^#.*/, "", value); sub(/[ \t]+#.*/, "", value) }
      if (count++ < 64) printf "%s\001%s\n", FILENAME, substr(value, 1, 200)
    }' "$@" 2>/dev/null) || lines=''
  while IFS= read -r line; do
    case $line in *"$mark"*) ;; *) continue ;; esac
    path=${line%%"$mark"*}
    emit fact gpu.default-runtime place "${path#"$ROOT"}" value "${line#*"$mark"}"
  done <<END
$lines
END
}

# gpu_text PATH: a file's first 64 KiB without what stands for a secret: values of keys for passwords and tokens, also over
# several lines, and users and passwords in URLs. The hash is that of the file as it is.
gpu_text() {
  head -c 65536 "$1" | awk '
    function ends(text, quote) { return index(text, quote) > 0 }
    quote != "" { if (ends($0, quote)) quote = ""; next }
    tolower($0) ~ /(password|passwd|identity_?token|registrytoken|auth|secret|token)[a-z0-9_-]*["\047]?[ \t]*=/ {
      at = index($0, "\"\"\"")
      if (at && !ends(substr($0, at + 3), "\"\"\"")) quote = "\"\"\""
      at = index($0, "\047\047\047")
      if (at && !ends(substr($0, at + 3), "\047\047\047")) quote = "\047\047\047"
      next
    }
    tolower($0) ~ /(authorization|proxy-auth|cookie|x-[a-z-]*(token|key))["\047]?[ \t]*=/ { next }
    { print }' | gpu_without_credentials
}

gpu_containerd() {
  for name in config.toml config.toml.tmpl config-v3.toml.tmpl; do
    path=$gpu_containerd_folder/$name
    if [ ! -f "$ROOT$path" ] || [ ! -r "$ROOT$path" ]; then continue; fi
    text=$(gpu_text "$ROOT$path" && printf x) || text=x
    sum=$(limited 10 sha256sum <"$ROOT$path" 2>/dev/null) || sum=''
    emit fact gpu.containerd name "$name" path "$path" sha256 "${sum%% *}" text "${text%x}"
  done
}

# The handlers that the running containerd knows, of `crictl info`, which is JSON with an indent of two: names under
# runtimeHandlers (kubernetes-sigs/cri-tools cmd/crictl/util.go), and keys of config.containerd.runtimes, which older ones
# have alone (containerd/containerd internal/cri/config). The rest, which may hold passwords of registries, stays here.
gpu_handlers() {
  program=${unit_program:-}
  case ${unit_name:-}$(gpu_property ActiveState) in
    k3sactive | k3s-agentactive)
      case $program in */k3s) program=$ROOT$program ;; *) program=k3s ;; esac
      set -- "$program" crictl info
      ;;
    # Without an address it tries one socket after the other, with a warning for each.
    *) if gpu_has_own_containerd; then set -- crictl --runtime-endpoint unix:///run/containerd/containerd.sock info; else return 0; fi ;;
  esac
  has "$1" || return 0
  names=$(limited 5 "$@" 2>/dev/null </dev/null | head -c 1048576 | awk '
    function name(text) { gsub(/^[ \t]*"|"[^"]*$/, "", text); return text }
    /^  "/ { top = $1 }
    /^    "/ { second = $1 }
    /^      "/ { third = $1 }
    /^{/ { answered = 1 }
    top == "\"runtimeHandlers\":" && /^      "name": "/ { text = $0; sub(/^      "name": "/, "", text); sub(/".*/, "", text); if (text != "") print text }
    top == "\"config\":" && second == "\"containerd\":" && third == "\"runtimes\":" && /^        "[^"]*": {/ { text = $0; sub(/^ *"/, "", text); sub(/".*/, "", text); print text }
    END { if (answered) print "\001" }' | head -c 16384) || names=''
  case $names in *"$mark"*) emit fact gpu.handlers names "${names%"$mark"*}" ;; esac
}

# Character devices that nvidia-ctk makes links for (NVIDIA/nvidia-container-toolkit:cmd/nvidia-ctk/system/create-dev-char-symlinks/all.go;
# not those of NVSwitch, GPUDirect Storage or vGPU, which would be missing again at every look), and whether /dev/char has a link to each: runc looks for it when systemd manages control
# groups, and a container loses a device without one at the next daemon-reload (NVIDIA/nvidia-container-toolkit#48).
gpu_device_links() {
  missing='' rule=false
  # shellcheck disable=SC2012 # what find says of a device is not the same everywhere
  for line in $(ls -dln "$ROOT/dev"/nvidia* "$ROOT/dev/nvidia-caps"/* 2>/dev/null | awk '
    # "crw-rw-rw- 1 0 0 195, 0 Nov 21 08:00 /dev/nvidia0"
    /^c/ && $NF ~ /\/nvidia([0-9]+|ctl|-modeset|-uvm|-uvm-tools|-caps\/nvidia-cap[0-9]+)$/ && count++ < 256 { major = $5; sub(/,$/, "", major); print major ":" $6 ":" $NF }'); do
    path=${line#*:*:}
    number=${line%":$path"}
    if [ ! -e "$ROOT/dev/char/$number" ] && [ ! -L "$ROOT/dev/char/$number" ]; then missing="$missing ${path#"$ROOT"}"; fi
  done
  if grep -Eqs '^[^#]*create-dev-char-symlinks' "$ROOT/etc/udev/rules.d"/*.rules "$ROOT/usr/lib/udev/rules.d"/*nvidia*.rules \
    "$ROOT/lib/udev/rules.d"/*nvidia*.rules; then rule=true; fi
  emit fact gpu.device-links missing "${missing# }" rule:n "$rule"
}

# Files whose name says that they are ours; the one of k3s-join is k3s's to tell.
gpu_own_files() {
  set --
  for path in "$ROOT/etc/rancher/k3s/config.yaml.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \
    "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* \
    "$ROOT/etc/yum.repos.d"/*k3s-gpu-actions* "$ROOT/etc/zypp/repos.d"/*k3s-gpu-actions* \
    "$ROOT/usr/share/keyrings"/*k3s-gpu-actions*; do
    case $path in */50-k3s-gpu-actions.yaml) continue ;; esac
    if [ -f "$path" ] && [ -r "$path" ]; then set -- "$@" "$path"; fi
  done
  if [ $# -gt 0 ]; then limited 10 sha256sum "$@" 2>/dev/null </dev/null; fi | while read -r sum path; do
    path=${path#\*}
    emit fact gpu.own-file path "${path#"$ROOT"}" sha256 "$sum"
  done
}
