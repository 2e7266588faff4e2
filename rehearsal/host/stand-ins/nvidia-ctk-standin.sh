# What the installed stand-in of nvidia-ctk calls for `runtime configure`: the embedded host itself writes the files.
if [ "${REHEARSAL_UID-}" != 0 ]; then
  echo "time=\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" level=error msg=\"unable to flush config: failed to open config file: permission denied\"" >&2
  exit 1
fi
exec "$NODE" "$CLIENT" "$SOCKET" nvidia-ctk "$@"
