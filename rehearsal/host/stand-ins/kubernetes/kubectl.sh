# kubectl of an embedded host: it says its version, and nobody has given it a cluster.
case "${1-}" in
  version) printf 'Client Version: %s\nKustomize Version: v5.5.0\n' "$VERSION" ;;
  *)
    echo 'The connection to the server localhost:8080 was refused - did you specify the right host or port?' >&2
    exit 1
    ;;
esac
