# shellcheck shell=sh
# What of k3s on a host is not the agent that leaves, for the survey and for the last look. Changes nothing.

# other_units: the first unit that the uninstaller takes for one of k3s, by its name (k3s-io/k3s install.sh, create_killall
# and create_uninstall); nothing when there is none.
other_units() {
  for path in "$ROOT"/etc/systemd/system/k3s*.service "$ROOT"/etc/init.d/k3s*; do
    case $path in */k3s-agent.service | */system/k3s.service) continue ;; esac
    if [ -e "$path" ] || [ -L "$path" ]; then
      printf '%s\n' "${path#"$ROOT"}"
      return 0
    fi
  done
}

# server_traces: data of a cluster, which goes with /var/lib/rancher/k3s, or a unit of an agent that runs a server.
server_traces() {
  if [ -n "$(ls -A "$ROOT/var/lib/rancher/k3s/server/db" 2>/dev/null)" ]; then
    echo /var/lib/rancher/k3s/server/db
  elif tr '\\\n' '  ' <"$ROOT/etc/systemd/system/k3s-agent.service" 2>/dev/null |
    grep -Eq "ExecStart=[^[:blank:]]*k3s[\"']?[[:blank:]]+[\"']?server[\"']?([[:blank:]]|\$)"; then
    echo '/etc/systemd/system/k3s-agent.service, which runs a server'
  fi
}
