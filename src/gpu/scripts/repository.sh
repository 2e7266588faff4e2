# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# The step add-repository: the toolkit's package repository and its key, for apply.sh.
# REPOSITORY: base URL. KEYS: fingerprints, words, one of which the repository's key must have. PREREQUISITES: packages, words.
# Layout, key and list: NVIDIA/libnvidia-container (branch gh-pages): gpgkey, stable/deb/nvidia-container-toolkit.list,
# stable/rpm/nvidia-container-toolkit.repo.

# fetch URL FILE: a small file; three tries. apt's own downloader knows the proxy that apt uses.
fetch() {
  protocols='=https'
  case $1 in
    http:*) protocols='=http,https' ;;
    file:*) protocols='=file' ;;
  esac
  for pause in 1 3 0; do
    rm -f "$2"
    if has curl && quietly curl -fsSL --proto "$protocols" --connect-timeout 15 --max-time 60 --max-filesize 65536 -o "$2" "$1"; then return 0; fi
    case $1 in https:* | http:*) if ! has curl && has wget && quietly wget -q -T 30 -t 1 -O "$2" "$1"; then return 0; fi ;; esac
    if [ -x "$ROOT/usr/lib/apt/apt-helper" ] && quietly "$ROOT/usr/lib/apt/apt-helper" download-file "$1" "$2"; then return 0; fi
    sleep "$pause"
  done
  return 1
}

# gpg with a home of its own: nobody's keys and settings take part.
own_gpg() {
  gpg --homedir "$gpg_home" --no-options --batch --no-tty --quiet --no-default-keyring --keyring "$gpg_home/keys.gpg" \
    --trust-model always "$@" 2>"$run/said" </dev/null 9>&-
}

# read_keys FILE: sets $fingerprints, of the primary keys in it, and $unusable, of those revoked or expired.
read_keys() {
  has gpg || die gpg-missing 'there is no gpg on this host, so the key of the repository cannot be compared'
  gpg_home=$run/gnupg
  rm -rf "$gpg_home"
  mkdir "$gpg_home"
  chmod 700 "$gpg_home"
  : >"$gpg_home/keys.gpg"
  own_gpg --import "$1" || :
  own_gpg --with-colons --fixed-list-mode --list-keys >"$run/keys" || :
  fingerprints=$(awk -F: '$1 == "pub" { primary = 1 } $1 == "sub" { primary = 0 } $1 == "fpr" && primary { print $10; primary = 0 }' "$run/keys" | tr '\n' ' ')
  unusable=$(awk -F: '$1 == "pub" && $2 ~ /^[red]/ { print $5 }' "$run/keys" | tr '\n' ' ')
}

# are_wanted FINGERPRINT...: there is one, and nothing but wanted ones.
are_wanted() {
  if [ $# = 0 ]; then return 1; fi
  for fingerprint in "$@"; do
    case " $KEYS " in *" $fingerprint "*) ;; *) return 1 ;; esac
  done
}

# A keyring with the wanted key is left alone. One with another key is not ours to replace: somebody put it there, for a
# mirror of his own, or so that apt trusts him.
install_key() {
  if is_there "$keyring"; then
    read_keys "$ROOT$keyring"
    # shellcheck disable=SC2086 # words are meant
    if are_wanted $fingerprints; then return 0; fi
    die keyring-differs "$keyring holds the key ${fingerprints:-of nobody }and not ${KEYS}; it was left as it is"
  fi
  fetch "$REPOSITORY/gpgkey" "$run/gpgkey" || { emit_said && die key-unreachable "the key of the repository could not be fetched from $REPOSITORY/gpgkey"; }
  read_keys "$run/gpgkey"
  # shellcheck disable=SC2086
  if ! are_wanted $fingerprints; then
    die key-differs "$REPOSITORY/gpgkey is the key ${fingerprints:-of nobody }and not ${KEYS}; nothing was installed"
  fi
  if [ -n "$unusable" ]; then die key-unusable "the key $unusable of $REPOSITORY/gpgkey is expired or revoked"; fi
  make_folder "${keyring%/*}"
  temporary "$keyring"
  # What gpg understood and compared, not the file as it came.
  case $MANAGER in
    apt) own_gpg --export >"$temp" || die key-unusable "gpg could not write the key: $(cat "$run/said")" ;;
    *) own_gpg --armor --export >"$temp" || die key-unusable "gpg could not write the key: $(cat "$run/said")" ;;
  esac
  # apt reads it as a user of its own.
  chmod 644 "$temp"
  preserve "$keyring"
  replace "$keyring"
  outcome=changed
}

# shellcheck disable=SC2016 # the variables are apt's and dnf's own
describe_repository() {
  case $MANAGER in
    apt) printf 'deb [signed-by=%s] %s/stable/deb/$(ARCH) /\n' "$keyring" "$REPOSITORY" ;;
    *) printf '[nvidia-container-toolkit]\nname=nvidia-container-toolkit\nbaseurl=%s/stable/rpm/$basearch\nrepo_gpgcheck=1\ngpgcheck=0\nenabled=1\ngpgkey=file://%s\n' "$REPOSITORY" "$keyring" ;;
  esac
}

# Its lines that mean something.
effective() { sed -e 's/[[:blank:]][[:blank:]]*/ /g' -e 's/^ //' -e 's/ $//' -e '/^#/d' -e '/^$/d'; }

write_list() {
  if [ -f "$ROOT$list" ]; then
    effective <"$ROOT$list" >"$run/found-list"
    if describe_repository | effective | cmp -s - "$run/found-list"; then return 0; fi
  fi
  make_folder "${list%/*}"
  temporary "$list"
  describe_repository >"$temp" || die write-failed "$list could not be written (is the disk full?)"
  chmod 644 "$temp"
  preserve "$list"
  replace "$list"
  outcome=changed
}

install_prerequisites() {
  missing=''
  for name in $PREREQUISITES; do
    if [ "$(installed_version "$name")" = - ]; then missing="$missing $name"; fi
  done
  if [ -z "$missing" ]; then return 0; fi
  # shellcheck disable=SC2086 # words are meant
  if ! install_packages $missing; then
    refresh all || :
    # shellcheck disable=SC2086
    install_packages $missing || { emit_said && die prerequisites-failed "these packages could not be installed:$missing"; }
  fi
  outcome=changed
}

add_repository() {
  outcome=unchanged
  case $MANAGER in
    apt) keyring=$apt_keyring list=$apt_list ;;
    dnf) keyring=$rpm_keyring list=$dnf_list ;;
    zypper) keyring=$rpm_keyring list=$zypper_list ;;
  esac
  # shellcheck disable=SC2046,SC2086 # words are meant
  settle_packages $toolkit_packages $PREREQUISITES $(begun_packages)
  install_prerequisites
  install_key
  write_list
  if [ "$outcome" = unchanged ]; then return 0; fi
  refresh own || { emit_said && die repository-unusable "the repository $REPOSITORY could not be read, or is not signed by its key"; }
}
