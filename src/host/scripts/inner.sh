# shellcheck shell=sh
# Runs as the wanted user, under timeout: sh -c '<this>' k3s-gpu-actions '<this>' STATE PROBLEM.
# Reads "k3s-gpu-actions-begin BYTES" and exactly that many bytes of script from standard input; what follows is the script's own input.

# GNU timeout leads a process group of its own; busybox timeout does not, and the guard must never signal more
# than this script and its children (a local run shares its first group with the runner).
# shellcheck disable=SC2034 # KGA_GROUP is read by library.sh
read -r _ _ _ _ group _ </proc/$$/stat
if [ "$group" = $$ ] || [ "$group" = "$PPID" ]; then
  KGA_GROUP=own
elif command -v setsid >/dev/null 2>&1; then
  exec setsid sh -c "$1" k3s-gpu-actions "$@"
else
  KGA_GROUP=shared
fi

# A password that sudo did not ask for after all is dropped here, unread.
while IFS= read -r line; do
  case $line in "k3s-gpu-actions-begin "*) break ;; esac
done
size=${line#k3s-gpu-actions-begin }
line=""

# A shell that read its script from standard input would read ahead, in blocks, into what follows.
if dd bs=1 count=0 iflag=fullblock </dev/null >/dev/null 2>&1; then
  script=$(dd bs="$size" count=1 iflag=fullblock 2>/dev/null)
else
  script=$(dd bs=1 count="$size" 2>/dev/null)
fi
case $script in
  *"#end") ;;
  *) exit 74 ;;
esac
SUDO_STATE=$2 SUDO_PROBLEM=$3
export SUDO_STATE SUDO_PROBLEM
set --
eval "$script"
