# Listening TCP sockets; owners only for root, as the kernel has it. Rows: protocol|local|peer|owner.
HEADER=true
OWNERS=false
for word in "$@"; do
  case $word in
    --no-header) HEADER=false ;;
    --processes) OWNERS=true ;;
    --*) ;;
    -*)
      case $word in *H*) HEADER=false ;; esac
      case $word in *p*) OWNERS=true ;; esac
      ;;
  esac
done
[ "${REHEARSAL_UID-}" = 0 ] || OWNERS=false
if $HEADER; then echo 'State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process'; fi
awk -F'|' -v owners="$OWNERS" '{ printf "LISTEN 0      4096   %s  %s%s\n", $1, $2, owners == "true" && $3 != "" ? " users:((" $3 "))" : "" }' "$STATE/sockets"
