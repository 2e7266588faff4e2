# date of a machine whose clock is ten minutes ahead. What is asked about another time than now is answered as ever.
for word in "$@"; do
  case $word in -d* | --date* | -r* | --reference* | -f* | --file*) exec "$REAL" "$@" ;; esac
done
if "$REAL" -d '+10 minutes' > /dev/null 2>&1; then exec "$REAL" -d '+10 minutes' "$@"; fi
# The date of BSD and macOS.
exec "$REAL" -v+10M "$@"
