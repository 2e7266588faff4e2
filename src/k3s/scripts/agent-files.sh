# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# What k3s's changes of a host are about: the agent's unit and its files. change-log.sh comes after it.
# Lines of its own in the change log: absent, listed, unlisted PATH: what k3s itself writes when it runs, as it was (agent-data.sh).

runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=k3s-agent.service
unit_path=/etc/systemd/system/k3s-agent.service
environment_path=/etc/systemd/system/k3s-agent.service.env
config_path=/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml
link_path=/etc/systemd/system/multi-user.target.wants/k3s-agent.service

note_before() { note_agent_data; }

# former_tokens: what may hold a former token, of every run that left something here, one a line: the backups of unit and
# env file that hold one, and what a killed run never came to name or delete. Undoing a run uses only the former.
former_tokens() {
  for _run in "$runs_folder"/*; do
    [ -d "$_run" ] || continue
    for copy in "$_run/backups"/* "$_run/unit-pieces"; do
      if [ ! -f "$copy" ] || [ -L "$copy" ]; then continue; fi
      number=${copy##*/}
      named=$(sed -n "s|^replaced $number /|/|p" "$_run/log" 2>/dev/null) || named=''
      case $named in
        '') ;;
        /etc/systemd/system/*)
          grep -Eqs '^[[:blank:]]*K3S_(AGENT_)?TOKEN[[:blank:]]*=.|(^|[^A-Za-z-])--?((agent-)?token|t)['\''"]?([ =]|$)' "$copy" || continue
          ;;
        *) continue ;;
      esac
      printf '%s\n' "$copy"
    done
  done
  for copy in "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*.new "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*.undo; do
    if [ -f "$copy" ]; then printf '%s\n' "$copy"; fi
  done
}
