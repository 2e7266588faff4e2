# containerd of an embedded host, as far as a shell calls it; its unit is the host's own.
case "${1-}" in
  --version | -v) echo "containerd containerd.io $CONTAINERD 05044ec0a9a75232cad458027ca83437aae3f4da" ;;
  config)
    case "${2-}" in
      dump) exec "$NODE" "$CLIENT" "$SOCKET" containerd "$@" ;;
      *) exit 1 ;;
    esac
    ;;
  *)
    echo "containerd: only the unit of an embedded host starts one" >&2
    exit 1
    ;;
esac
