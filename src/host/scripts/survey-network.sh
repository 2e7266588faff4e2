# shellcheck shell=sh
# Part of the survey: how the machine is connected, and what stands in the way.

# 6443 API server, 6444 the agent's own load balancer, 10250 kubelet.
survey_ports() {
  if has ss && sockets=$(limited 5 ss -lntp 2>/dev/null); then
    printf '%s\n' "$sockets" | awk '
      {
        count = split($4, address, ":")
        port = address[count]
        if (port != "6443" && port != "6444" && port != "10250") next
        name = ""; pid = 0
        if (match($0, /users:\(\(".*/)) {
          owner = substr($0, RSTART + 9)
          if (match(owner, /",pid=[0-9]+/)) { name = substr(owner, 1, RSTART - 1); pid = substr(owner, RSTART + 6, RLENGTH - 6) }
        }
        if (!seen[port " " pid]++) print port, pid, name
      }'
  else
    # State 0A is LISTEN; ports in hexadecimal. The owner would need a walk through every process, so it stays open.
    cat "$ROOT/proc/net/tcp" "$ROOT/proc/net/tcp6" 2>/dev/null | awk '
      $4 == "0A" {
        split($2, address, ":")
        port = address[2] == "192B" ? 6443 : address[2] == "192C" ? 6444 : address[2] == "280A" ? 10250 : 0
        if (port && !seen[port]++) print port, 0, ""
      }'
  fi | while read -r port pid name; do
    owner='' detail=''
    owner_of "$pid"
    emit fact port port:n "$port" pid:n "$pid" process "$name" owner "$owner" detail "$detail"
  done
}

survey_route() {
  route='' known=false
  if has ip; then
    if route=$(limited 5 ip -o route show default 2>/dev/null); then known=true; fi
    [ -n "$route" ] || route=$(limited 5 ip -o -6 route show default 2>/dev/null) || :
  fi
  if [ -n "$route" ]; then
    via='' device='' source=''
    set -f
    # The first of several default routes is the preferred one; its words are wanted.
    # shellcheck disable=SC2086
    set -- ${route%%"
"*}
    while [ $# -gt 1 ]; do
      case $1 in
        via) via=$2 ;;
        dev) device=$2 ;;
        src) source=$2 ;;
      esac
      shift
    done
    if [ -z "$source" ] && [ -n "$via" ]; then
      source=$(limited 5 ip -o route get "$via" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }') || source=''
    fi
    emit fact route via "$via" device "$device" source "$source"
  elif [ -r "$ROOT/proc/net/route" ]; then
    known=true
    while read -r device destination gateway _ _ _ _ mask _; do
      [ "$destination$mask" = 0000000000000000 ] || continue
      # The gateway is a 32-bit number in the byte order of the machine: little-endian wherever k3s runs.
      a=${gateway%??????} b=${gateway#??} c=${gateway#????} d=${gateway#??????}
      b=${b%????} c=${c%??}
      emit fact route via "$((0x$d)).$((0x$c)).$((0x$b)).$((0x$a))" device "$device" source ''
      return 0
    done <"$ROOT/proc/net/route"
  fi
  if [ -z "$route" ] && [ "$known" = true ]; then emit fact no-route known:n true; fi
}

survey_addresses() {
  if has ip && addresses=$(limited 5 ip -o addr show scope global 2>/dev/null); then
    printf '%s\n' "$addresses" | awk '$3 == "inet" || $3 == "inet6" { sub(/\/.*/, "", $4); print $4 }'
  else
    hostname -I 2>/dev/null | tr ' ' '\n'
  fi | while IFS= read -r address; do
    if [ -n "$address" ]; then emit fact address address "$address"; fi
  done
}

# Which servers each file names that a resolver may be told to use: none where there is no file. A line without an address is -.
survey_resolver() {
  for path in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    readable=false servers=''
    if [ ! -e "$ROOT$path" ]; then
      readable=true
    elif [ -r "$ROOT$path" ]; then
      readable=true
      servers=$(awk '
        { sub(/\r$/, "") }
        /^nameserver[ \t\f]/ && count < 16 { printf "%s%s", count++ ? " " : "", $2 == "" ? "-" : $2 }' "$ROOT$path") || readable=false
    fi
    emit fact resolver path "$path" readable:n "$readable" servers "$servers"
  done
}

# bounded: not more of standard input than a person would write.
bounded() { awk 'NR <= 256 { print substr($0, 1, 200) }'; }

# Which firewall is active, and its rules in its own words. Nothing is asked that would load a part of the kernel.
survey_firewall() {
  if has ufw || [ -e "$ROOT/etc/ufw/ufw.conf" ]; then
    state=unknown rules=''
    # ufw's own note of whether it is enabled saves starting it; everybody may read it, only root may ask it.
    if grep -Eqs '^ENABLED=["'\'']?no' "$ROOT/etc/ufw/ufw.conf"; then
      state=inactive
    elif has ufw; then
      rules=$(limited 10 ufw status verbose 2>/dev/null </dev/null | bounded) || rules=''
      case $rules in
        'Status: active'*) state=active ;;
        'Status: inactive'*) state=inactive rules='' ;;
        *) rules='' ;;
      esac
    fi
    if [ "$state" = unknown ] && grep -Eqs '^ENABLED=["'\'']?yes' "$ROOT/etc/ufw/ufw.conf"; then state=active; fi
    emit fact firewall name ufw state "$state" rules "$rules"
  fi
  if has firewall-cmd; then
    state=unknown rules=''
    if has systemctl; then
      case $(limited 5 systemctl is-active firewalld.service 2>/dev/null) in
        active | activating | reloading) state=active ;;
        inactive | failed | deactivating | unknown) state=inactive ;;
      esac
    fi
    if [ "$state" = active ] && [ "$(id -u)" = 0 ]; then
      # Zones that are in use, in words like "  ports: 10250/tcp 8472/udp".
      rules=$(limited 15 firewall-cmd --list-all-zones 2>/dev/null </dev/null | awk '
        /^[^ \t]/ { isUsed = /\(.*active.*\)/ }
        isUsed && /^[^ \t]|^[ \t]+(target|interfaces|sources|services|ports|rule )/' | bounded) || rules=''
    fi
    emit fact firewall name firewalld state "$state" rules "$rules"
  fi
  # Chains alone, where the kernel has nftables already: which of them drops what no rule allows.
  if [ "$(id -u)" = 0 ] && has nft && { [ -d "$ROOT/sys/module/nf_tables" ] || grep -q '^nf_tables ' "$ROOT/proc/modules" 2>/dev/null; }; then
    rules=$(limited 5 nft list chains 2>/dev/null </dev/null | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      /hook input/ && /policy drop/ { print table " " chain }' | bounded) || rules=''
    if [ -n "$rules" ]; then emit fact firewall name nftables state active rules "$rules"; fi
  fi
}

# Whether sshd forwards connections for this user, in sshd's own words: yes, no, local or remote. It answers root alone.
survey_sshd() {
  [ "$(id -u)" = 0 ] || return 0
  program=$(command -v sshd) || return 0
  forwarding=$(limited 5 "$program" -T -C "user=${SUDO_USER:-root},host=localhost,addr=127.0.0.1" 2>/dev/null </dev/null |
    awk '
      $1 == "allowtcpforwarding" && forwarding == "" { forwarding = $2 }
      $1 == "disableforwarding" && $2 == "yes" { isDisabled = 1 }
      END { if (forwarding != "") print isDisabled ? "no" : forwarding }') || forwarding=''
  if [ -n "$forwarding" ]; then emit fact sshd forwarding "$forwarding"; fi
}
