# The kernel's log; Ubuntu lets only root read it.
if [ "${REHEARSAL_UID-}" != 0 ]; then
  echo 'dmesg: read kernel buffer failed: Operation not permitted' >&2
  exit 1
fi
echo '[    0.000000] Linux version 6.8.0-60-generic'
if [ -e "$STATE/dmesg" ]; then cat "$STATE/dmesg"; fi
