# The tree belongs to the person who rehearses; who would own the file is written down instead.
for word in "$@"; do
  case $word in
    -*) ;;
    /*) [ -e "$word" ] || { echo "chown: cannot access '$word': No such file or directory" >&2 && exit 1; } ;;
  esac
done
printf '%s\n' "$*" >> "$STATE/chown.log"
