# setsid where the machine has none: the command runs in the session that it is in.
while [ $# -gt 0 ]; do
  case $1 in -*) shift ;; *) break ;; esac
done
exec "$@"
