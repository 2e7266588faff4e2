# shellcheck shell=sh
# Receives one file on standard input into a fresh folder that only this user can enter.
# NAME: the file's name, SIZE: its bytes. Prints {"path": …} without ROOT, as every path between runner and host.
discard_incomplete() { [ "$complete" = yes ] || rm -rf "$folder"; }

main() {
  umask 077
  if [ -n "$ROOT" ]; then mkdir -p "$ROOT/tmp"; fi
  folder=$(mktemp -d "$ROOT/tmp/k3s-gpu-actions.XXXXXX") || die upload-failed 'no folder could be made in /tmp'
  complete=no
  on_stop discard_incomplete
  cat >"$folder/$NAME" || die upload-failed "the file could not be written to $folder (is the disk full?)"
  received=$(wc -c <"$folder/$NAME")
  # The runner's end of the stream looks the same whether it is done or dead.
  if [ "$((received))" != "$SIZE" ]; then die upload-incomplete "$((received)) of $SIZE bytes arrived"; fi
  complete=yes
  path=$folder/$NAME
  emit path "${path#"$ROOT"}"
}
