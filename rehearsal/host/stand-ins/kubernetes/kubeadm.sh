# kubeadm of an embedded host: versions here, everything that does something in the host itself.
[ $# -gt 0 ] || set -- --help
MINOR=${VERSION#v1.}
MINOR=${MINOR%%.*}
case $1 in
  version)
    case "$*" in
      *short*) echo "$VERSION" ;;
      *json*)
        printf '{\n  "clientVersion": {\n    "major": "1",\n    "minor": "%s",\n    "gitVersion": "%s",\n    "platform": "linux/%s"\n  }\n}\n' \
          "$MINOR" "$VERSION" "$ARCHITECTURE"
        ;;
      *) echo "kubeadm version: &version.Info{Major:\"1\", Minor:\"$MINOR\", GitVersion:\"$VERSION\", Platform:\"linux/$ARCHITECTURE\"}" ;;
    esac
    ;;
  join | reset) exec "$NODE" "$CLIENT" "$SOCKET" kubeadm "uid=${REHEARSAL_UID:-1000}" "$@" ;;
  *)
    echo "kubeadm: '$*' is not part of this embedded host" >&2
    exit 1
    ;;
esac
