case ${1-} in
  -I | --all-ip-addresses) echo "$(cat "$STATE/address") " ;;
  -i | --ip-address) echo 127.0.1.1 ;;
  '' | -s | --short | -f | --fqdn) cat "$STATE/hostname" ;;
  -*)
    echo "hostname: invalid option -- '${1#-}'" >&2
    exit 4
    ;;
  *)
    echo "hostname: you must be root to change the host name" >&2
    exit 1
    ;;
esac
