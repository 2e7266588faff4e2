# What the installed k3s stand-in program runs. The agent itself is simulated by the host, where systemd starts it.
VERSION=${K3S_STANDIN_VERSION:-unknown}
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
      ps | pods) ;;
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
