case ${1-} in
  --version | -v) echo "Docker version 27.5.1" ;;
  ps) printf '%s\n' tritonserver ;;
  info | version) echo "Server Version: 27.5.1" ;;
  *)
    echo "docker: '${1-}' is not part of this embedded host" >&2
    exit 1
    ;;
esac
