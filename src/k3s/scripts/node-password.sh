# shellcheck shell=sh
# What the agent proves its name with, for the runner's memory alone: nothing is written down, no program gets it as an
# argument or in its environment. k3s reads the whole file and cuts white space off its ends (pkg/agent/config).

main() {
  path=$ROOT/etc/rancher/node/password
  if [ ! -e "$path" ]; then
    emit password '' present:n false
    return 0
  fi
  # A password of k3s has 32 characters; what is longer than a line of text is none.
  text=$(head -c 4097 "$path" 2>/dev/null) || die password-unreadable 'the password of the node could not be read'
  if [ ${#text} -gt 4096 ]; then die password-unreadable 'what lies at /etc/rancher/node/password is too long to be a password'; fi
  emit password "$text" present:n true
}
