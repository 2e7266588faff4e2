ADDRESS=$(cat "$STATE/address")
GATEWAY=$(cat "$STATE/gateway")
DEVICE=$(cat "$STATE/device")
NETWORK=${ADDRESS%.*}
FAMILY=any
ONE_LINE=false
while [ $# -gt 0 ]; do
  case $1 in
    -4) FAMILY=4 ;;
    -6) FAMILY=6 ;;
    -o | -oneline) ONE_LINE=true ;;
    -j | -json | -br | -brief | -N | -s) ;;
    -V)
      echo "ip utility, iproute2-5.15.0"
      exit 0
      ;;
    *) break ;;
  esac
  shift
done
OBJECT=${1-}
[ $# -eq 0 ] || shift
case $OBJECT in
  r | route | ro)
    [ "$FAMILY" != 6 ] || exit 0
    case "$*" in
      get\ *)
        shift
        while [ "${1-}" = to ]; do shift; done
        # What is on the machine's own network has no gateway.
        VIA=" via $GATEWAY"
        case $1 in "$NETWORK".*) VIA= ;; esac
        LINE="$1$VIA dev $DEVICE src $ADDRESS uid ${REHEARSAL_UID:-1000} "
        if $ONE_LINE; then printf '%s\\    cache \n' "$LINE"; else printf '%s\n    cache \n' "$LINE"; fi
        ;;
      *default*) echo "default via $GATEWAY dev $DEVICE proto dhcp src $ADDRESS metric 100" ;;
      *)
        echo "default via $GATEWAY dev $DEVICE proto dhcp src $ADDRESS metric 100"
        echo "$NETWORK.0/24 dev $DEVICE proto kernel scope link src $ADDRESS metric 100"
        ;;
    esac
    ;;
  a | addr | address)
    GLOBAL=false
    case "$*" in *scope\ global*) GLOBAL=true ;; esac
    if $ONE_LINE; then
      $GLOBAL || [ "$FAMILY" = 6 ] || echo '1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever'
      [ "$FAMILY" = 6 ] || printf '%s\n' "2: $DEVICE    inet $ADDRESS/24 brd $NETWORK.255 scope global dynamic noprefixroute $DEVICE\\       valid_lft 84000sec preferred_lft 84000sec"
    else
      if ! $GLOBAL; then
        echo '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000'
        [ "$FAMILY" = 6 ] || echo '    inet 127.0.0.1/8 scope host lo'
      fi
      echo "2: $DEVICE: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000"
      [ "$FAMILY" = 6 ] || echo "    inet $ADDRESS/24 brd $NETWORK.255 scope global dynamic noprefixroute $DEVICE"
    fi
    ;;
  l | link)
    echo '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000'
    echo "2: $DEVICE: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000"
    ;;
  *)
    echo "Object \"$OBJECT\" is unknown, try \"ip help\"." >&2
    exit 1
    ;;
esac
