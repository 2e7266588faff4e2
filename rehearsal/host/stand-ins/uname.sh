NODE=$(cat "$STATE/hostname")
MACHINE=$(cat "$STATE/machine")
KERNEL=$(cat "$STATE/kernel")
[ $# -gt 0 ] || set -- -s
OUT=
for word in "$@"; do
  case $word in
    -a | --all) OUT="$OUT Linux $NODE $KERNEL #1 SMP PREEMPT_DYNAMIC $MACHINE $MACHINE $MACHINE GNU/Linux" ;;
    -s | --kernel-name) OUT="$OUT Linux" ;;
    -n | --nodename) OUT="$OUT $NODE" ;;
    -r | --kernel-release) OUT="$OUT $KERNEL" ;;
    -v | --kernel-version) OUT="$OUT #1 SMP PREEMPT_DYNAMIC" ;;
    -m | --machine | -p | -i) OUT="$OUT $MACHINE" ;;
    -o | --operating-system) OUT="$OUT GNU/Linux" ;;
    -sr | -rs) OUT="$OUT Linux $KERNEL" ;;
    -rm | -mr) OUT="$OUT $KERNEL $MACHINE" ;;
    -sm | -ms) OUT="$OUT Linux $MACHINE" ;;
    -srm) OUT="$OUT Linux $KERNEL $MACHINE" ;;
    *)
      echo "uname: invalid option -- '${word#-}'" >&2
      exit 1
      ;;
  esac
done
echo "${OUT# }"
