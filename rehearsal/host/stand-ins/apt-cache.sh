# shellcheck shell=sh
# madison: what the lists have that apt-get read, newest first as their makers have it.
case ${1-} in
  madison)
    for list in "$ROOT/var/lib/apt/lists"/*_Packages; do
      [ -e "$list" ] || continue
      source=${list##*/}
      source=https://$(printf '%s' "${source%_Packages}" | tr _ /)
      awk -v name="${2-}" -v source="$source" '
        /^Package: / { is = $2 == name }
        is && /^Version: / { printf "%s | %s | %s  Packages\n", name, $2, source }' "$list"
    done
    ;;
  # All names that begin so, of packages that the lists have.
  pkgnames)
    for list in "$ROOT/var/lib/apt/lists"/*_Packages; do
      [ -e "$list" ] || continue
      sed -n 's/^Package: //p' "$list" | while IFS= read -r name; do
        case $name in "${2-}"*) printf '%s\n' "$name" ;; esac
      done
    done
    ;;
  *)
    echo "E: Invalid operation ${1-}" >&2
    exit 100
    ;;
esac
