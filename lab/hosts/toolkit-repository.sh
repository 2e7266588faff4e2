#!/bin/sh
# Makes a package repository of NVIDIA's layout on a lab host: a key of its own, four small packages of one version, signed
# lists. The packages hold what the lab gives its hosts in the place of NVIDIA's programs.
#
#   toolkit-repository.sh FOLDER VERSION LAB
#
# FOLDER becomes the root of the repository; LAB is the folder of the lab's programs. Prints the key's fingerprint.
set -eu
FOLDER=$1
VERSION=$2
LAB=$3
ARCHITECTURE=$(dpkg --print-architecture)
LISTS=$FOLDER/stable/deb/$ARCHITECTURE
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$LISTS"

# A home of its own, which is gone at the end.
GNUPGHOME=$WORK/gnupg
export GNUPGHOME
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-gen-key 'the lab of k3s-gpu-actions' ed25519 sign never
gpg --armor --export >"$FOLDER/gpgkey"

# package NAME DEPENDS: from $WORK/NAME, where its files lie already.
package() {
  mkdir -p "$WORK/$1/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s-1\nArchitecture: %s\nMaintainer: the lab\n' "$1" "$VERSION" "$ARCHITECTURE"
    if [ -n "$2" ]; then printf 'Depends: %s\n' "$2"; fi
    printf 'Description: stand-in of the lab\n'
  } >"$WORK/$1/DEBIAN/control"
  file=$1_$VERSION-1_$ARCHITECTURE.deb
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$WORK/$1" "$LISTS/$file" >/dev/null
  {
    cat "$WORK/$1/DEBIAN/control"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$LISTS/$file")" "$(sha256sum "$LISTS/$file" | cut -d ' ' -f 1)"
  } >>"$LISTS/Packages"
}

BASE=$WORK/nvidia-container-toolkit-base
mkdir -p "$BASE/usr/bin" "$BASE/DEBIAN"
install -m 755 "$LAB/bin/nvidia-container-runtime" "$BASE/usr/bin/nvidia-container-runtime"
if [ -e "$LAB/toolkit/nvidia-ctk" ]; then
  install -m 755 "$LAB/toolkit/nvidia-ctk" "$BASE/usr/bin/nvidia-ctk"
else
  printf '#!/bin/sh\necho "NVIDIA Container Toolkit CLI version %s"\n' "$VERSION" >"$BASE/usr/bin/nvidia-ctk"
  chmod 755 "$BASE/usr/bin/nvidia-ctk"
fi
# As NVIDIA's own (NVIDIA/nvidia-container-toolkit packaging/debian): it writes a configuration, and systemd is to reload.
cat >"$BASE/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
mkdir -p /etc/nvidia-container-runtime
[ -e /etc/nvidia-container-runtime/config.toml ] || echo '# written by the package' >/etc/nvidia-container-runtime/config.toml
systemctl daemon-reload || :
END
chmod 755 "$BASE/DEBIAN/postinst"
package nvidia-container-toolkit-base ''
package libnvidia-container1 ''
package libnvidia-container-tools "libnvidia-container1 (>= $VERSION-1)"
package nvidia-container-toolkit "nvidia-container-toolkit-base (= $VERSION-1), libnvidia-container-tools (>= $VERSION-1)"

{
  printf 'Origin: the lab\nDate: %s\nSHA256:\n' "$(LC_ALL=C date -Ru | sed 's/+0000/UTC/')"
  printf ' %s %s Packages\n' "$(sha256sum "$LISTS/Packages" | cut -d ' ' -f 1)" "$(stat -c %s "$LISTS/Packages")"
} >"$WORK/Release"
gpg --batch --quiet --clearsign --output "$LISTS/InRelease" "$WORK/Release"
gpgconf --kill all 2>/dev/null || :
gpg --with-colons --list-keys | awk -F: '$1 == "fpr" { print $10; exit }'
