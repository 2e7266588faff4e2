# umount [-f] PATH: the table of mounts of an embedded host is a file. Where $STATE/umount-hangs is, it waits for a server that has gone,
# as the real one does on NFS (k3s-io/k3s#8520).
for word in "$@"; do path=$word; done
if [ "${REHEARSAL_UID-}" != 0 ]; then
  echo "umount: $path: must be superuser to unmount." >&2
  exit 32
fi
if [ -e "$STATE/umount-hangs" ]; then exec sleep 86400; fi
if ! awk -v path="$path" '$2 == path { found = 1 } END { exit !found }' "$ROOT/proc/mounts"; then
  echo "umount: $path: not mounted." >&2
  exit 32
fi
"$NODE" "$CLIENT" "$SOCKET" umount "$path"
