# madison: what the read lists have. $STATE/apt/available: name|version, newest first.
case ${1-} in
  madison)
    [ -e "$ROOT/var/lib/apt/lists/nvidia-container-toolkit" ] || exit 0
    awk -F'|' -v name="${2-}" '$1 == name { printf "%s | %s | https://nvidia.github.io/libnvidia-container/stable/deb/amd64  Packages\n", $1, $2 }' "$STATE/apt/available"
    ;;
  *)
    echo "E: Invalid operation ${1-}" >&2
    exit 100
    ;;
esac
