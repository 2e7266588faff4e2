# kubelet of an embedded host, as far as a shell calls it; its unit is the host's own.
case "${1-}" in
  --version | --version=true) echo "Kubernetes $VERSION" ;;
  *)
    echo "kubelet: only the unit of an embedded host starts one" >&2
    exit 1
    ;;
esac
