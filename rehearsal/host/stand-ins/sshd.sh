# The effective configuration, as far as anybody asks: only root may read the host keys that are looked at first.
case " $* " in
  *' -T '*) ;;
  *)
    echo "sshd re-exec requires execution with an absolute path" >&2
    exit 255
    ;;
esac
if [ "${REHEARSAL_UID-}" != 0 ]; then
  echo "sshd: no hostkeys available -- exiting." >&2
  exit 1
fi
echo 'port 22'
echo 'usedns no'
echo "allowtcpforwarding $(cat "$STATE/forwarding")"
echo 'disableforwarding no'
