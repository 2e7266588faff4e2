# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# What earlier jobs left, and what stays from one to the next. The runner empties its _temp around each job and ends
# processes of the job; home, /tmp, tools and work folder it leaves alone (docs/runner.md).

check_leftovers() {
  _commands=" $(limited ps -u "$uid" -o comm= 2>/dev/null | head -n 500 | tr -c 'A-Za-z0-9._()\n-' '?' | sort -u | tr '\n' ' ')" || _commands=' '
  is_busy=no
  case $_commands in *' Runner.Worker '*) is_busy=yes ;; esac
  check_private_folders
  check_processes
  check_pulumi_login
  check_home
  check_persistence
}

check_private_folders() {
  _temp=$work/_temp _left=''
  for _path in "$ROOT$_temp"/k3s-gpu-actions-*; do
    if [ -e "$_path" ] || [ -L "$_path" ]; then _left="$_left ${_path##*/}"; fi
  done
  _old=''
  for _path in "$ROOT"/tmp/k3s-gpu-actions[-.]*; do
    if [ ! -d "$_path" ] || [ -L "$_path" ] || ! owns "${_path#"$ROOT"}"; then continue; fi
    # A job of a self-hosted runner ends after five days at most.
    [ -z "$(find "$_path" -maxdepth 0 -mtime +5 2>/dev/null)" ] || _old="$_old ${_path#"$ROOT"}"
  done
  if [ -n "$_left" ] && [ "$is_busy" = no ]; then
    fail runner.leftovers "$_temp holds$_left, and no job is running" 'a job was killed with its kubeconfig, keys or Pulumi token in place; the runner removes them before its next job, not sooner' \
      "sudo find $(typed "$_temp") -mindepth 1 -maxdepth 1 -name 'k3s-gpu-actions-*' -exec rm -rf {} +"
  elif [ -n "$_old" ]; then
    warn runner.leftovers "of jobs that are over:$_old" 'nothing secret, but nobody else removes it' "sudo find /tmp -maxdepth 1 -name 'k3s-gpu-actions[-.]*' -user $(typed "$user") -mtime +5 -exec rm -rf {} +"
  elif [ "$is_busy" = yes ]; then
    pass runner.leftovers 'a job is running; what lies there now is its own'
  else
    pass runner.leftovers 'jobs left nothing of ours'
  fi
}

# What runs while no job does: the listener with its service, and the user's systemd where it lingers.
check_processes() {
  _strange=''
  if [ "$_commands" = ' ' ] || [ "$is_busy" = yes ]; then return 0; fi
  for _command in $_commands; do
    case $_command in
      Runner.Listener | RunnerService.j* | runsvc.sh | run.sh | run-helper.sh | node | systemd | '(sd-pam)' | dbus-daemon) ;;
      *) _strange="$_strange $_command" ;;
    esac
  done
  if [ -n "$_strange" ]; then
    warn runner.processes "no job is running, but these programs of $user are:$_strange" 'a job left them, and they see the next one; a service that is stopped leaves them, too (KillMode=process)' \
      "ps -u $(typed "$user") -o pid,lstart,comm, and end what is nobody's"
  else
    pass runner.processes 'nothing runs but the runner'
  fi
}

check_pulumi_login() {
  [ -n "$home" ] || return 0
  if is_there "$home/.pulumi/credentials.json"; then
    fail runner.pulumi-login "$home/.pulumi/credentials.json is there" 'pulumi login left a token in clear, for every later job; these workflows give each job a PULUMI_HOME of its own' \
      "revoke the token in Pulumi Cloud, then: sudo rm $(typed "$home/.pulumi/credentials.json")"
  else
    pass runner.pulumi-login 'no token of Pulumi lies in the home'
  fi
}

check_home() {
  [ -n "$home" ] || return 0
  _found=''
  for _name in .kube/config .git-credentials .netrc .docker/config.json .config/gh/hosts.yml .aws/credentials .azure .config/gcloud .ssh/id_rsa .ssh/id_ecdsa .ssh/id_ed25519; do
    ! is_there "$home/$_name" || _found="$_found $_name"
  done
  if text_of "$home/.npmrc" | grep -q '_authToken\|_password\|_auth='; then _found="$_found .npmrc"; fi
  if text_of "$home/.gitconfig" | grep -qi 'sshcommand\|hookspath\|insteadof\|helper'; then _found="$_found .gitconfig"; fi
  if [ -n "$_found" ]; then
    warn runner.home "in $home:$_found" 'every job has it, and any job can have changed it' 'remove what no job needs; give the rest as secrets of an environment'
  else
    pass runner.home 'no keys and no log-ins of programs lie in the home'
  fi
}

check_persistence() {
  _found=''
  for _path in "/var/spool/cron/crontabs/$user" "/var/spool/cron/$user" "/var/lib/systemd/linger/$user" "$home/.config/systemd/user"; do
    ! is_there "$_path" || _found="$_found $_path"
  done
  if [ -n "$_found" ]; then
    warn runner.persistence "$user has$_found" 'a job can leave a program there that starts without any job' \
      "look at it, then: sudo crontab -u $(typed "$user") -r; sudo loginctl disable-linger $(typed "$user"); echo $(typed "$user") | sudo tee -a /etc/cron.deny"
  else
    pass runner.persistence "nothing starts as $user without a job"
  fi
}
