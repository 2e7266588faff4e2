# One root file system of fixed size, so that the answer does not depend on the machine that rehearses; and where $STATE/full
# names a folder, a small one there that is full.
KIND=blocks
FULL=
if [ -e "$STATE/full" ]; then FULL=$(cat "$STATE/full"); fi
ON=/
for word in "$@"; do
  case $word in
    -*i*) KIND=inodes ;;
    -*) ;;
    *)
      if [ ! -e "$word" ]; then
        echo "df: $word: No such file or directory" >&2
        exit 1
      fi
      if [ -n "$FULL" ]; then
        case $word/ in "$ROOT$FULL"/*) ON=$FULL ;; esac
      fi
      ;;
  esac
done
# The second disk of a storage machine.
if [ -e "$STATE/disk" ] && [ $KIND = blocks ]; then
  read -r path device total used free < "$STATE/disk"
  for word in "$@"; do
    if [ "$word" = "$ROOT$path" ]; then
      echo 'Filesystem     1024-blocks      Used Available Capacity Mounted on'
      echo "$device $total $used $free 1% $path"
      exit 0
    fi
  done
fi
if [ $KIND = inodes ]; then
  echo 'Filesystem       Inodes  IUsed    IFree IUse% Mounted on'
  if [ "$ON" = / ]; then
    echo '/dev/nvme0n1p2 61054976 812345 60242631    2% /'
  else
    echo "tmpfs           8213359      2  8213357    1% $ON"
  fi
else
  echo 'Filesystem     1024-blocks      Used Available Capacity Mounted on'
  if [ "$ON" = / ]; then
    echo '/dev/nvme0n1p2   960302096 214748364 696699032      24% /'
  else
    echo "tmpfs                   64        64         0     100% $ON"
  fi
fi
