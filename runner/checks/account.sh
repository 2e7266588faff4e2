# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# The account that jobs run as. Whoever can change a workflow runs programs as this user.

check_account() {
  if [ "$uid" = 0 ]; then
    fail runner.user "jobs run as $user (uid 0)" 'every job is root of this machine, and of the cluster where the machine is its server' \
      'sudo useradd --system --create-home --shell /usr/sbin/nologin runner; then install the service again: sudo ./svc.sh uninstall; sudo ./svc.sh install runner'
  elif [ -n "$unit" ]; then
    pass runner.user "jobs run as $user (uid $uid)"
  else
    warn runner.user "jobs run as $user (uid $uid), by no service of systemd" 'a runner that somebody started in a terminal has what that terminal had, and is gone after a reboot' \
      "cd $(typed "$folder") && sudo ./svc.sh install $(typed "$user") && sudo ./svc.sh start"
  fi
  check_groups
  check_sudo
  check_sockets
  check_alone
}

# Groups whose members become root: by a container that mounts the machine, by its disks, by the password hashes, by sudo.
check_groups() {
  _strong='' _curious=''
  for _group in $groups; do
    case $_group in
      root | sudo | wheel | admin | docker | podman | lxd | incus | incus-admin | libvirt | disk | shadow | kmem) _strong="$_strong $_group" ;;
      adm | systemd-journal | sudo-* | wireshark) _curious="$_curious $_group" ;;
    esac
  done
  if [ -n "$_strong" ]; then
    _first=${_strong# }
    _first=${_first%% *}
    fail runner.groups "$user is in$_strong" 'a member of that group becomes root of this machine' \
      "sudo gpasswd --delete $(typed "$user") $(typed "$_first"); then restart the runner's service, which keeps the old groups"
  elif [ -n "$_curious" ]; then
    warn runner.groups "$user is in$_curious" 'its members read logs of the whole machine, which may hold secrets' \
      "sudo gpasswd --delete $(typed "$user") $(typed "${_curious##* }")"
  else
    pass runner.groups "$user is in $groups"
  fi
}

check_sudo() {
  if ! has sudo; then
    pass runner.sudo 'there is no sudo here'
  elif [ "$is_root" != yes ]; then
    skip runner.sudo 'only root sees the rules of other users: run this with sudo'
  else
    # As root, asking about another user, sudo wants no password (sudo(8), -l and -U).
    _rules=$(limited sudo -n -l -U "$user" 2>/dev/null | head -c 4096) || _rules=''
    case $_rules in
      *'may run the following commands'*)
        _rules=$(printf '%s' "$_rules" | sed -n '/may run the following/,$p' | sed 1d | head -n 3 | tr -s ' \n' ' ')
        _verdict=fail
        [ "$joins_this_host" = no ] || _verdict=warn
        worst $_verdict runner.sudo "$user may use sudo:$_rules" \
          'a job becomes root by it. k3s-join with transport local needs that on the machine that it joins; no other runner does' \
          "sudo visudo -f /etc/sudoers.d/<the file that names $(safe "$user")>, and take it out; --join-this-host says that it is meant"
        ;;
      *'is not allowed'*) pass runner.sudo "$user may not use sudo" ;;
      *) skip runner.sudo "sudo does not say what $user may: sudo -l -U $(typed "$user")" ;;
    esac
  fi
}

check_sockets() {
  _open='' _hidden=''
  for _socket in /run/docker.sock /run/podman/podman.sock /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock \
    /run/crio/crio.sock /run/buildkit/buildkitd.sock /var/lib/lxd/unix.socket /var/lib/incus/unix.socket /run/libvirt/libvirt-sock; do
    is_there "$_socket" || continue
    _code=0
    may w "$_socket" || _code=$?
    [ "$_code" != 0 ] || _open="$_open $_socket"
    [ "$_code" != 2 ] || _hidden="$_hidden $_socket"
  done
  if [ -n "$_open" ]; then
    fail runner.sockets "$user may write to$_open" 'whoever talks to a container engine starts a container that mounts the whole machine' \
      "take the user out of the socket's group, or: sudo chmod 660${_open%% *} $(typed "${_open##* }")"
  elif [ -n "$_hidden" ]; then
    skip runner.sockets "it cannot be told for$_hidden: run this with sudo, and look at getfacl"
  else
    pass runner.sockets 'no container engine can be reached'
  fi
}

# A process reads the memory and the environment of others of the same user, so jobs of two runners see each other's secrets.
check_alone() {
  _others=''
  for _unit in $(runner_units | head -n 50); do
    [ "$_unit" = "$unit" ] || [ "$(unit_setting "$_unit" User)" != "$user" ] || _others="$_others $_unit"
  done
  if [ -n "$_others" ]; then
    warn runner.alone "other runners are $user, too:$_others" 'a job of one reads the secrets of a job of the other, in /proc and in its folder' \
      'give every runner a user of its own'
  else
    pass runner.alone "no other runner of this machine is $user"
  fi
}
