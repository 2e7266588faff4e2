# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# What every job of this runner gets in its environment: .env of the runner, and Environment= of its service. Names are
# shown, values never.

check_environment() {
  if is_there "$folder/.env" && ! text_of "$folder/.env" >/dev/null; then
    fail runner.env "$folder/.env is no ordinary file" 'whoever put that there wants another file to be read in its place' "ls -l $(typed "$folder/.env"), and make it anew"
    return
  fi
  _all=$environment$(printf '\n'; value_of Environment "$unit_properties" | tr ' ' '\n' | tr -d '"')
  _names=" $(names_of "$_all" | head -n 200 | tr '\n' ' ')"
  _secret='' _loader='' _blind='' _open='' _says=''
  for _name in $_names; do
    case $_name in
      ACTIONS_ALLOW_UNSECURE_COMMANDS | ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS | NODE_TLS_REJECT_UNAUTHORIZED | GIT_SSL_NO_VERIFY) _open="$_open $_name" ;;
      PULUMI_K8S_DELETE_UNREACHABLE | PULUMI_K8S_SKIP_UPDATE_UNREACHABLE) _blind="$_blind $_name" ;;
      LD_PRELOAD | NODE_OPTIONS | BASH_ENV | ENV | GIT_SSH_COMMAND | GIT_CONFIG_GLOBAL) _loader="$_loader $_name" ;;
      DEPLOY_TARGET | CLUSTER_UID | GITHUB_* | RUNNER_* | CI) _says="$_says $_name" ;;
      *TOKEN* | *SECRET* | *PASSW* | *PASSPHRASE* | *PRIVATE_KEY* | *CREDENTIAL* | *API_KEY* | *ACCESS_KEY*) _secret="$_secret $_name" ;;
    esac
  done
  _clean=yes
  judge "$_secret" fail 'every job has it, of every workflow, and it is in the environment of every program' \
    'take it out; give it as a secret of an environment, or by OIDC (docs/esc.md)'
  judge "$_open" fail 'it takes a protection away that the jobs count on (commands in logs, certificates)' 'take it out'
  judge "$_blind" fail 'Pulumi then forgets resources that it cannot reach, or takes what it last knew for what is there' 'take it out; see docs/deploy-guard.md'
  judge "$_says" fail 'the deploy guard asks the job for it; a machine that says it for every job takes the question away' 'take it out; the workflow says it'
  judge "$_loader" warn 'it runs code of its own in every program of every job' 'take it out, unless you know why it is there'
  [ "$_clean" = no ] || pass runner.env "$(if [ "$_names" = ' ' ]; then echo 'nothing is set for all jobs'; else echo "sets$_names"; fi)"
  check_kubeconfig_variable "$(value_of KUBECONFIG "$_all")"
  check_hook "$(value_of ACTIONS_RUNNER_HOOK_JOB_COMPLETED "$_all")" "$(value_of ACTIONS_RUNNER_HOOK_JOB_STARTED "$_all")"
  check_archive_cache "$(value_of ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE "$_all")"
}

# judge NAMES VERDICT CAUSE REMEDY
judge() {
  [ -n "$1" ] || return 0
  _clean=no
  "$2" runner.env "sets$1" "$3" "$4 ($folder/.env, or the service's Environment=)"
}

check_kubeconfig_variable() {
  [ -n "$1" ] || return 0
  _mode=$(stat -c '%a' -- "$ROOT$1" 2>/dev/null) || _mode=''
  if [ -n "$_mode" ] && [ $((0$_mode & 63)) -ne 0 ]; then
    fail runner.kubeconfig "KUBECONFIG leads to $1 with mode $_mode" 'others on this machine read it' "sudo chmod 600 $(typed "$1")"
  else
    warn runner.kubeconfig "KUBECONFIG leads to $1" 'every job of this runner has that cluster, whatever the trust policy says' \
      'put it into Pulumi ESC, and let kubeconfig-esc place it for one job (docs/esc.md)'
  fi
}

# The hook runs as the user of the jobs; a job that may change it changes what the runner runs after the next one.
check_hook() {
  for _hook in "$1" "$2"; do
    [ -n "$_hook" ] || continue
    case $_hook in
      /*.sh | /*.ps1) ;;
      *)
        fail runner.hook "the hook is $_hook" 'the runner wants an absolute path that ends in .sh' 'write the whole path, e.g. /usr/local/lib/k3s-gpu-actions-runner/job-completed.sh'
        return
        ;;
    esac
    if ! [ -f "$ROOT$_hook" ]; then
      fail runner.hook "$_hook is not there" 'a missing hook fails every job' "install it, or take the line out of $folder/.env"
      return
    elif may_replace "$_hook"; then
      fail runner.hook "$user may change or replace $_hook" 'a job leaves something there that runs in the next one' \
        "sudo chown root:root $(typed "$_hook") && sudo chmod 755 $(typed "$_hook"); and its folder"
      return
    fi
  done
  if [ -n "$1" ]; then
    pass runner.hook "after each job: $1"
  else
    warn runner.hook 'nothing runs after a job' 'what a killed job left is removed by the next one only' \
      "add to $folder/.env: ACTIONS_RUNNER_HOOK_JOB_COMPLETED=/usr/local/lib/k3s-gpu-actions-runner/job-completed.sh, and restart the service"
  fi
}

# Archives found there are unpacked and run without any comparison (actions/runner: src/Runner.Worker/ActionManager.cs).
check_archive_cache() {
  [ -n "$1" ] || return 0
  if [ ! -d "$ROOT$1" ]; then
    warn runner.archive-cache "$1 is not there" 'actions are downloaded for every job' "sudo install -d -m 755 $(typed "$1")"
    return
  fi
  _bad=''
  if may_replace "$1"; then _bad=$1; else
    _bad=$(find "$ROOT$1" -maxdepth 4 \( -user "$uid" -o -perm -0002 \) ! -type l -print 2>/dev/null | head -n 1)
    _bad=${_bad#"$ROOT"}
  fi
  if [ -n "$_bad" ]; then
    fail runner.archive-cache "$user may change $_bad" 'what lies there under the name of a commit is run as that action, by later jobs, unchecked' \
      "sudo chown -R root:root $(typed "$1") && sudo chmod -R go-w $(typed "$1"), and fill it anew"
  else
    pass runner.archive-cache "$1 is not the jobs' to change"
  fi
}
