# What the installed k3s stand-in program runs. The agent itself is simulated by the host, where systemd starts it.
VERSION=${K3S_STANDIN_VERSION:-unknown}

# fatal TEXT: as crictl ends (kubernetes-sigs/cri-tools: logrus), with quotes escaped.
fatal() {
  echo 'time="'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'" level=fatal msg="'"$1"'"' >&2
  exit 1
}

case ${1-} in
  --version | -v)
    echo "k3s version $VERSION (stand-in)"
    echo "go version go1.24 (stand-in)"
    ;;
  agent)
    echo "k3s stand-in: the agent of this embedded host runs as the unit k3s-agent, not in the foreground" >&2
    exit 1
    ;;
  crictl)
    shift
    if [ "${REHEARSAL_UID-}" != 0 ] || [ ! -e "$STATE/crictl-info" ]; then
      echo 'time="'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \"unix:///run/k3s/containerd/containerd.sock\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/k3s/containerd/containerd.sock: connect: no such file or directory\""' >&2
      exit 1
    fi
    case ${1-} in
      info) cat "$STATE/crictl-info" ;;
      pods) ;;
      # $STATE/containers: id|namespace|pod|container|gpu.
      ps)
        case "$*" in
          *-q*) cut -d'|' -f1 "$STATE/containers" ;;
          *) awk -F'|' 'BEGIN { print "CONTAINER           STATE     NAME                POD" } { printf "%-19s Running   %-19s %s\n", substr($1, 1, 13), $4, $3 }' "$STATE/containers" ;;
        esac
        ;;
      inspect | exec)
        WHAT=$1
        shift
        while :; do
          case ${1-} in
            --output | -o | --template) shift 2 ;;
            -*) shift ;;
            *) break ;;
          esac
        done
        ID=${1-}
        [ $# -eq 0 ] || shift
        ROW=$(awk -F'|' -v id="$ID" 'id != "" && index($1, id) == 1' "$STATE/containers")
        if [ -z "$ROW" ]; then
          fatal "execing command in container: rpc error: code = NotFound desc = an error occurred when try to find container \\\"$ID\\\": not found"
        fi
        # One template only is asked for: namespace/pod/container.
        if [ "$WHAT" = inspect ]; then
          printf '%s\n' "$ROW" | awk -F'|' '{ print $2 "/" $3 "/" $4 }'
          exit 0
        fi
        case $ROW in
          *'|gpu') ;;
          *) fatal "execing command in container: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \\\"${1-}\\\": executable file not found in \$PATH" ;;
        esac
        # A container that lost its device rules says so on standard output (nvidia-container-toolkit#48).
        if [ -s "$STATE/gpu/lost-in-containers" ]; then
          echo 'Failed to initialize NVML: Unknown Error'
          fatal 'execing command in container: command terminated with exit code 255'
        fi
        code=0
        "$@" || code=$?
        if [ "$code" != 0 ]; then fatal "execing command in container: command terminated with exit code $code"; fi
        ;;
      *)
        echo "k3s stand-in: crictl ${1-} is not part of this embedded host" >&2
        exit 1
        ;;
    esac
    ;;
  kubectl | ctr)
    echo "k3s stand-in: $1 is not part of this embedded host" >&2
    exit 1
    ;;
  *)
    echo "No help topic for '${1-}'" >&2
    exit 3
    ;;
esac
