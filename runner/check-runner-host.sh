#!/bin/sh
# Looks at a machine that a self-hosted runner of GitHub Actions is on, and prints a report: what a job could do there, what
# earlier jobs left, what is missing. Changes nothing, starts nothing of the runner's, sends nothing to any network.
#
#   sudo ./check-runner-host.sh [--folder DIR] [--user NAME] [--join-this-host]
#
# Exit code: 0 nothing failed, 1 something failed, 2 nothing could be checked. docs/runner.md says more.
# Run it from a folder that only root writes (it usually runs as root): sudo cp -r runner /usr/local/lib/k3s-gpu-actions-runner
set -eu
LC_ALL=C
export LC_ALL
umask 077
# ROOT and the stand-ins on PATH belong to the tests.
if [ -z "${REHEARSAL:-}" ]; then
  ROOT=''
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  export PATH
fi
ROOT=${ROOT:-}

usage() {
  cat <<'TEXT'
sudo ./check-runner-host.sh [--folder DIR] [--user NAME] [--join-this-host]

  --folder DIR       where the runner is installed; otherwise every runner that is a service of systemd is looked at
  --user NAME        the user that jobs run as; otherwise the one of its service, or the owner of the folder
  --join-this-host   this very machine is joined by k3s-join with transport local, so the user needs sudo here

Exit code: 0 nothing failed, 1 something failed, 2 nothing could be checked.
TEXT
}

given_folder='' given_user=''
joins_this_host=no
# shellcheck disable=SC2034 # checks/account.sh reads joins_this_host
while [ $# -gt 0 ]; do
  case $1 in
    --folder | --user)
      [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 2; }
      if [ "$1" = --folder ]; then given_folder=$2; else given_user=$2; fi
      shift 2
      ;;
    --join-this-host) joins_this_host=yes && shift ;;
    --help | -h) usage && exit 0 ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done
case $given_folder in
  '' | /*) given_folder=${given_folder%/} ;;
  *)
    echo '--folder has to be an absolute path, e.g. /opt/actions-runner' >&2
    exit 2
    ;;
esac

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
for part in report rights facts account installation environment machine leftovers; do
  # shellcheck source=/dev/null
  . "$here/checks/$part.sh"
done

is_root=no
[ "$(id -u)" != 0 ] || is_root=yes

# look_at UNIT FOLDER: everything about one runner.
look_at() {
  _user=${given_user:-$(unit_setting "$1" User)}
  [ -n "$_user" ] || _user=$(stat -c %U -- "$ROOT$2" 2>/dev/null) || _user=''
  printf '\nrunner in %s%s\n\n' "$(safe "$2")" "${1:+, service $(safe "$1")}"
  if [ ! -d "$ROOT$2" ] || { [ ! -e "$ROOT$2/bin" ] && [ ! -e "$ROOT$2/.runner" ]; }; then
    fail runner.folder "there is no runner in $2" 'neither bin nor .runner is there, or they cannot be seen from here' \
      'name its folder: --folder /opt/actions-runner; or run this with sudo'
    return
  fi
  if [ -z "$_user" ] || ! know_runner "$1" "$2" "$_user"; then
    fail runner.user "the user ${_user:-of the runner} is not known here" "its service says User=${_user:-}" 'name it: --user runner'
    return
  fi
  check_account
  check_installation
  check_environment
  check_cluster_files
  check_leftovers
}

printf 'runner host %s, looked at by %s\n' "$(safe "$(uname -n)")" "$(if [ "$is_root" = yes ]; then echo root; else echo 'an ordinary user: some of it is for root only'; fi)"
units=$(runner_units | head -n 20)
found=no
for unit_name in ${units:-}; do
  runner_folder=$(unit_setting "$unit_name" WorkingDirectory)
  runner_folder=${runner_folder%/}
  [ -n "$runner_folder" ] || continue
  [ -z "$given_folder" ] || [ "$given_folder" = "$runner_folder" ] || continue
  look_at "$unit_name" "$runner_folder"
  found=yes
done
if [ "$found" = no ] && [ -n "$given_folder" ]; then
  look_at '' "$given_folder"
  found=yes
fi
if [ "$found" = no ]; then
  printf '\nno runner was found: no service actions.runner.*.service. Name its folder: --folder /opt/actions-runner\n' >&2
  exit 2
fi
printf '\nthe machine\n\n'
check_machine
verdict
