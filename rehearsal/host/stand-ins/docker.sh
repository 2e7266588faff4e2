# Triton runs in the one container of the machine with the card.
ID=$(sed -n 's/.*docker-\([0-9a-f]*\)\.scope.*/\1/p' "$ROOT/proc/2143/cgroup" 2> /dev/null)
case ${1-} in
  --version | -v) echo "Docker version 27.5.1" ;;
  ps)
    case "$*" in
      *-q*) printf '%s\n' "$ID" ;;
      *) printf '%s\n' tritonserver ;;
    esac
    ;;
  inspect) echo /tritonserver ;;
  exec)
    shift
    CONTAINER=$1
    shift
    case $ID in
      "$CONTAINER"*) ;;
      *)
        echo "Error response from daemon: No such container: $CONTAINER" >&2
        exit 1
        ;;
    esac
    # A container that lost its device rules, or whose driver is another one by now (nvidia-container-toolkit#48, #394).
    if [ -s "$STATE/gpu/lost-in-containers" ]; then
      echo 'Failed to initialize NVML: Unknown Error'
      exit 255
    fi
    exec "$@"
    ;;
  info | version) echo "Server Version: 27.5.1" ;;
  *)
    echo "docker: '${1-}' is not part of this embedded host" >&2
    exit 1
    ;;
esac
