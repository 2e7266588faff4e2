# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# The runner itself: its version, where it is registered, what a job could change of it for the next one.

minimum_version=2.336.0 # `uses: $/...` (docs/runner.md)

check_installation() {
  check_version
  check_registration
  check_keeps_nothing
  check_credentials
  check_service
}

# Never by running it: this script is often root, and the user of the jobs could have put another program there. After an
# update `bin` is a link to bin.<version> (actions/runner: src/Misc/layoutbin/update.sh.template); otherwise .NET's list of
# what the program is made of names it (src/dir.proj publishes with Version=<version of the runner>).
runner_version() {
  if [ -L "$ROOT$folder/bin" ]; then
    readlink -- "$ROOT$folder/bin" | sed -n 's|.*/bin\.\([0-9][0-9.]*\)$|\1|p'
  else
    text_of "$folder/bin/Runner.Listener.deps.json" | sed -n 's|.*"Runner\.Listener/\([0-9][0-9.]*\)".*|\1|p' | head -n 1
  fi
}

# is_older A B
is_older() {
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$1" ]
}

check_version() {
  _version=$(runner_version | head -c 40) || _version=''
  if [ -z "$_version" ]; then
    skip runner.version "it cannot be told without running it: sudo -u $(typed "$user") $(typed "$folder/bin/Runner.Listener") --version; $minimum_version or newer is needed"
  elif is_older "$_version" "$minimum_version"; then
    # shellcheck disable=SC2016 # a workflow's words
    fail runner.version "$_version" 'it does not know `uses: $/...`, by which these workflows name their own actions; GitHub refuses runners that are much older than the newest' \
      'let it update itself (without --disableupdate it does when a job comes), or install the newest release of actions/runner'
  else
    pass runner.version "$_version"
  fi
}

check_registration() {
  _url=$(field gitHubUrl) _group=$(field poolName)
  _path=${_url#*://*/}
  case $_path in
    "$_url" | '') skip runner.registration 'where it is registered is not written here (a just-in-time runner keeps it elsewhere)' ;;
    enterprises/* | [!/]*)
      case ${_path%/} in
        enterprises/*) _level='an enterprise' ;;
        */*) _level='one repository' ;;
        *) _level='an organization' ;;
      esac
      if [ "$_level" = 'one repository' ]; then
        warn runner.registration "one repository: $_url" \
          'every workflow on every branch of it can name this runner; a runner of a repository has no group that would limit that' \
          'let only trusted people push to it, keep it private, and let the trust policy decide what a job may read (docs/esc.md); or register it to an organization, in a group of its own'
      elif [ "${_group:-Default}" = Default ]; then
        fail runner.registration "$_level: $_url, group Default" 'every repository that the group Default is open to can run its jobs here' \
          'make a group for this repository and these workflows, and register again: ./config.sh ... --runnergroup NAME'
      else
        pass runner.registration "$_level: $_url, group $_group"
      fi
      ;;
    *) skip runner.registration "not understood: $_url" ;;
  esac
}

# What a job writes into the runner's own folder the next job runs in: its programs, .env, .path.
check_keeps_nothing() {
  if [ "$is_ephemeral" = yes ]; then
    pass runner.ephemeral 'it takes one job; what makes it anew has to wipe its folder, its home and /tmp'
    return
  fi
  _open=''
  for _name in .env .path run.sh runsvc.sh bin externals; do
    if is_there "$folder/$_name" && may_replace "$folder/$_name"; then _open="$_open $_name"; fi
  done
  if [ -n "$_open" ]; then
    warn runner.ephemeral "it takes one job after the other, and $user may change$_open" \
      'what a job changes there the next job runs in, with the secrets of that one' \
      'register it with --ephemeral, and make folder, home and /tmp anew for every job (docs/runner.md)'
  else
    warn runner.ephemeral 'it takes one job after the other' 'home, work folder and tools that jobs installed stay from one to the next' \
      'register it with --ephemeral (docs/runner.md)'
  fi
  if has_others_write "$folder"; then
    fail runner.folder "others than $user may write into $folder" 'they can put programs there that jobs run' "sudo chmod go-w $(typed "$folder")"
  fi
}

# has_others_write PATH: group or everybody.
has_others_write() {
  _mode=$(stat -c '%a' -- "$ROOT$1" 2>/dev/null) || return 1
  [ $((0$_mode & 18)) -ne 0 ]
}

# The key by which the runner is known to GitHub. config.sh makes it 0600 (src/Runner.Listener/Configuration/RSAFileKeyManager.cs).
check_credentials() {
  for _name in .credentials_rsaparams .credentials; do
    is_there "$folder/$_name" || continue
    _mode=$(stat -c '%a' -- "$ROOT$folder/$_name" 2>/dev/null) || continue
    [ "$_name" = .credentials ] || [ $((0$_mode & 63)) -eq 0 ] || {
      fail runner.credentials "$folder/$_name has mode $_mode" 'with that key another machine takes the jobs of this runner, and their secrets' \
        "sudo chmod 600 $(typed "$folder/$_name"); remove and register the runner again if others work on this machine"
      return
    }
  done
  if is_there "$folder/.credentials_rsaparams"; then pass runner.credentials 'only its user reads its key'; fi
}

check_service() {
  [ -n "$unit" ] || return 0
  if [ -z "$unit_properties" ]; then
    skip runner.service "systemctl says nothing of $unit"
    return
  fi
  _state=$(value_of ActiveState "$unit_properties") _enabled=$(value_of UnitFileState "$unit_properties")
  if [ "$_state" != active ] || [ "$_enabled" != enabled ]; then
    warn runner.service "$unit is ${_state:-unknown} and ${_enabled:-unknown}" 'jobs wait for it, for 24 hours at most' \
      "sudo systemctl enable --now $(typed "$unit")"
  else
    pass runner.service "$unit is active and enabled"
  fi
  _missing=''
  [ "$(value_of NoNewPrivileges "$unit_properties")" = yes ] || [ "$joins_this_host" = yes ] || _missing="$_missing NoNewPrivileges"
  [ "$(value_of PrivateTmp "$unit_properties")" = yes ] || _missing="$_missing PrivateTmp"
  case $(value_of ProtectSystem "$unit_properties") in strict | full | yes) ;; *) _missing="$_missing ProtectSystem" ;; esac
  case $(value_of KillMode "$unit_properties") in process | none) _missing="$_missing KillMode=mixed" ;; esac
  if [ -n "$_missing" ]; then
    warn runner.sandbox "its service lacks$_missing" 'systemd can keep a job from becoming root, from the rest of the machine, and from staying when the service stops' \
      "sudo install -D -m 644 hardening.conf $(typed "/etc/systemd/system/$unit.d/hardening.conf") && sudo systemctl daemon-reload, and restart it when it is idle"
  else
    pass runner.sandbox 'systemd keeps jobs from new privileges and from the system'
  fi
}
