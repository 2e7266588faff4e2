# dpkg-query over $ROOT/var/lib/dpkg, which has dpkg's own format.
MODE=
# shellcheck disable=SC2016 # dpkg fills these in
FORMAT='${Package}\t${Version}\n'
while [ $# -gt 0 ]; do
  case $1 in
    -W | --show) MODE=show ;;
    -S | --search) MODE=search ;;
    -L | --listfiles) MODE=list ;;
    -f | --showformat)
      FORMAT=$2
      shift
      ;;
    -f?*) FORMAT=${1#-f} && FORMAT=${FORMAT#=} ;;
    --showformat=*) FORMAT=${1#*=} ;;
    --) ;;
    -*)
      echo "dpkg-query: error: unknown option $1" >&2
      exit 2
      ;;
    *) break ;;
  esac
  shift
done
DATABASE=$ROOT/var/lib/dpkg
CODE=0
case $MODE in
  show)
    PATTERNS=
    for word in "$@"; do PATTERNS="$PATTERNS $word"; done
    # Globs of the arguments as regular expressions; a plain name that is not there is a complaint.
    awk -v patterns="$PATTERNS" -v format="$FORMAT" '
      function expression(glob) { gsub(/[.+]/, "\\\\&", glob); gsub(/\*/, ".*", glob); gsub(/\?/, ".", glob); return "^" glob "$" }
      function show() {
        if (package == "") return
        split(status, word, " ")
        wanted = count == 0
        for (i = 1; i <= count; i++) if (package ~ expression(glob[i])) { wanted = 1; seen[i] = 1 }
        if (wanted) {
          line = format
          gsub(/\$\{Package\}|\$\{binary:Package\}/, package, line)
          gsub(/\$\{Version\}/, version, line)
          gsub(/\$\{Architecture\}/, "amd64", line)
          gsub(/\$\{db:Status-Abbrev\}/, substr(word[1], 1, 1) substr(word[3], 1, 1) " ", line)
          gsub(/\$\{db:Status-Status\}/, word[3], line)
          gsub(/\$\{db:Status-Want\}/, word[1], line)
          gsub(/\$\{Status\}/, status, line)
          gsub(/\\t/, "\t", line)
          gsub(/\\n/, "\n", line)
          printf "%s", line
        }
        package = version = status = ""
      }
      BEGIN { count = split(patterns, glob, " ") }
      /^Package: / { show(); package = substr($0, 10) }
      /^Version: / { version = substr($0, 10) }
      /^Status: / { status = substr($0, 9) }
      END {
        show()
        for (i = 1; i <= count; i++) if (!(i in seen)) { print "dpkg-query: no packages found matching " glob[i] > "/dev/stderr"; missing = 1 }
        exit missing
      }' "$DATABASE/status" || CODE=$?
    ;;
  search)
    for path in "$@"; do
      found=
      for list in "$DATABASE"/info/*.list; do
        if [ -f "$list" ] && grep -qxF "$path" "$list"; then
          found=${list##*/}
          printf '%s: %s\n' "${found%.list}" "$path"
        fi
      done
      if [ -z "$found" ]; then
        echo "dpkg-query: no path found matching pattern $path" >&2
        CODE=1
      fi
    done
    ;;
  list) for name in "$@"; do cat "$DATABASE/info/$name.list" || CODE=1; done ;;
  *)
    echo 'dpkg-query: error: need an action option' >&2
    exit 2
    ;;
esac
exit "$CODE"
