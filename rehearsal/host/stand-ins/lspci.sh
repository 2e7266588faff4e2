case "$*" in
  *-n*) cat "$STATE/lspci.numeric" ;;
  *) cat "$STATE/lspci" ;;
esac
